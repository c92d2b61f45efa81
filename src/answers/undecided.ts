/**
 * Answers that nobody gave: read in the project, or a default. The answers file has them too, for people to see and
 * change; kept beside, they tell a later run what is still nobody's decision, so that it follows the project.
 */

import * as z from 'zod/mini';
import { same } from '../words/value.ts';
import { DEFAULT, type Given, type Layer } from './resolve.ts';

/** By the answer's name, the value as it was written to the answers file. */
const values = z.catch(z.record(z.string(), z.unknown()), {});

const UNDECIDED_FILE = z.object({ project: values, default: values });

export type Undecided = z.infer<typeof UNDECIDED_FILE>;

/** What the first run settles: whoever has a clone in a folder of another name has the same app. */
const SETTLED = 'name';
/** Where what the first run settled has its value from. */
export const EARLIER_RUN = 'an earlier run';

/**
 * What of the answers nobody gave.
 *
 * @param fromProject The sources that are places in the project.
 */
export function undecidedOf(
  answers: Readonly<Record<string, unknown>>,
  sources: Readonly<Record<string, string>>,
  fromProject: readonly string[],
): Undecided {
  const read = new Set([EARLIER_RUN, ...fromProject]);
  const pick = (wanted: (name: string) => boolean) =>
    Object.fromEntries(Object.entries(answers).filter(([name]) => wanted(name)));
  return {
    project: pick((name) => read.has(sources[name] ?? '')),
    default: pick((name) => sources[name] === DEFAULT),
  };
}

/** The record of an earlier run; an empty one where there is none, or none that can be read. */
export function readUndecided(text: string | undefined): Undecided {
  // It only spares the person a question; without it every answer in the file counts as decided.
  const empty = { project: {}, default: {} };
  if (text === undefined) return empty;
  try {
    return UNDECIDED_FILE.safeParse(JSON.parse(text)).data ?? empty;
  } catch {
    return empty;
  }
}

/**
 * Parts the answers of an earlier run: what a person decided or changed since, and defaults that hold until the project
 * says otherwise. What was read in the project is left out, since it is read anew, but for what the first run settles.
 */
export function partEarlier(
  answers: Readonly<Record<string, Given>>,
  undecided: Undecided,
): { decided: Layer; defaults: Layer; settled: Record<string, unknown> } {
  const stands = (values: Record<string, unknown>, name: string, given: Given) =>
    Object.hasOwn(values, name) && same(values[name], given.value);
  const entries = Object.entries(answers);
  const defaults = entries.filter(([name, given]) => stands(undecided.default, name, given));
  const decided = entries.filter(
    ([name, given]) => !stands(undecided.default, name, given) && !stands(undecided.project, name, given),
  );
  const settled = entries.filter(
    ([name, given]) => name === SETTLED && stands(undecided.project, name, given),
  );
  return {
    settled: Object.fromEntries(settled.map(([name, { value }]) => [name, value])),
    decided: { insistent: true, answers: Object.fromEntries(decided) },
    defaults: {
      insistent: false,
      answers: Object.fromEntries(defaults.map(([name, { value }]) => [name, { value, source: DEFAULT }])),
    },
  };
}
