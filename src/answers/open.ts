/** Answers that the project leaves open: what it says is of several values, or cannot be known. */
import type { Detection } from '../words/detection.ts';
import type { Finding } from '../words/finding.ts';
import type { Value } from '../words/value.ts';
import { shown } from './notation.ts';
import { DEFAULT, type Resolution } from './resolve.ts';
import { flagOf } from './schema.ts';

/** What was found, and is not an answer. */
export type Open = Extract<Value<unknown>, { kind: 'unknown' | 'one-of' }>;

/** Why what was found is not an answer, for people: "there are a and b". */
export function reasonOf(name: string, found: Open): string {
  return found.kind === 'unknown'
    ? found.because
    : `there are ${found.options.map(({ value }) => shown(name, value)).join(' and ')}`;
}

/** Answers that the project leaves open and nobody gave: a default is no more than a guess at them. */
export function openFindings(detection: Detection | undefined, { answers, sources }: Resolution): Finding[] {
  return Object.entries(detection?.answers ?? {}).flatMap(([name, found]): Finding[] => {
    if (found.kind !== 'unknown' && found.kind !== 'one-of') return [];
    if (!Object.hasOwn(answers, name) || sources[name] !== DEFAULT) return [];
    const [place] = found.kind === 'unknown' ? found.from : (found.options[0]?.from ?? []);
    return [
      {
        code: 'project-leaves-open',
        tool: 'project',
        level: 'warning',
        ...(place && { file: place.file, line: place.line }),
        message: `the project leaves "${name}" open (${reasonOf(name, found)}), so the default was taken: ${shown(name, answers[name])}`,
        remedy: `See that it fits, or say otherwise with --${flagOf(name)}.`,
      },
    ];
  });
}
