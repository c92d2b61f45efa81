/** Which of several apps of a project is meant: by what a person said, by what the project shows, or by asking. */

import { places } from '../answers/detected.ts';
import type { Problem } from '../answers/problem.ts';
import type { Given, Layer } from '../answers/resolve.ts';
import { FIELDS } from '../answers/schema.ts';
import type { Field } from '../contract/field.ts';
import { type Choice, detect, differing, placesOf } from '../detect/index.ts';
import { UNITS } from '../units.ts';
import { type Detection, rootOf } from '../words/detection.ts';
import type { ProjectFiles } from '../words/project-files.ts';

/** The app that the answers name, or the one that is clearly meant. */
export function chosenApp(layers: readonly Layer[], project: ProjectFiles): Choice {
  return detect(project, UNITS, { framework: saidOf(layers, 'framework'), root: saidOf(layers, 'root') });
}

function saidOf(layers: readonly Layer[], name: string): unknown {
  return layers.find(({ answers }) => Object.hasOwn(answers, name))?.answers[name]?.value;
}

/** Everything else that is found hangs on this, so it is asked for before the wizard begins: one answer at a time. */
export async function askWhich(rivals: readonly Detection[]): Promise<Record<string, Given>> {
  const [{ ask }, { createPrompter }] = await Promise.all([
    import('../wizard/question.ts'),
    import('../system/prompter.ts'),
  ]);
  const [name = 'framework'] = differing(rivals);
  const options = rivals.map((one) => {
    const from = placesOf(one);
    const value = name === 'root' ? (rootOf(one) ?? '.') : one.framework;
    return { value, when: from.length > 0 ? 'found' : 'found in the project', from };
  });
  const value = await ask(createPrompter(), {
    field: FIELDS[name] as Field,
    ...{ current: undefined, fallback: undefined },
    found: { kind: 'one-of', options: options.filter((one, index) => isFirst(one, index, options)) },
    note: `Several ${name === 'root' ? 'apps' : 'frameworks'} were found. Take the one of the live site.`,
    objection: () => undefined,
  });
  return { [name]: { value, source: 'your reply' } };
}

function isFirst(one: { value: string }, index: number, all: readonly { value: string }[]): boolean {
  return all.findIndex(({ value }) => value === one.value) === index;
}

/** What to say where several apps are found, and none is clearly meant. */
export function whichApp(rivals: readonly Detection[]): Problem {
  const [name = 'framework'] = differing(rivals);
  const found = rivals.map((one) => {
    const where = places(placesOf(one).slice(0, 1));
    const value = name === 'root' ? `${rootOf(one) ?? '.'}: ${one.framework}` : one.framework;
    return `${value}${where === '' ? '' : ` (${where})`}`;
  });
  const flag = differing(rivals).map((one) => (one === 'root' ? '--root DIR' : '--framework UNIT'));
  return {
    path: name,
    message: `is one of several that were found: ${found.join(', ')}. Give ${flag.join(' or ')}`,
    kind: 'missing',
  };
}
