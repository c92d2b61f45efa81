/** Which of several apps of a project is meant: by what a person said, by what the project shows, or by asking. */

import { places } from '../answers/detected.ts';
import { type Problem, problem } from '../answers/problem.ts';
import type { Given, Layer } from '../answers/resolve.ts';
import { FIELDS, giving } from '../answers/schema.ts';
import type { Field } from '../contract/field.ts';
import { detect } from '../core.ts';
import { type Choice, differing, folderText, placesOf, type Wish } from '../detect/index.ts';
import { type Detection, rootOf } from '../words/detection.ts';
import type { ProjectFiles } from '../words/project-files.ts';

/** The app that the answers name, or the one that is clearly meant. */
export function chosenApp(layers: readonly Layer[], project: ProjectFiles): Choice {
  return detect(project, { framework: saidOf(layers, 'framework'), root: saidOf(layers, 'root') });
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
  const remedy = `Give ${flagsFor(rivals)}`;
  const message = `is one of several that were found: ${found.join(', ')}. ${remedy}`;
  return problem('several-apps', { path: name, message, remedy: `${remedy}.` });
}

/** The flags that would take one of them: "--root DIR or --framework UNIT". */
export function flagsFor(rivals: readonly Detection[]): string {
  return differing(rivals).map(giving).join(' or ');
}

/** What to say where no app is found, and nobody has said what it is. */
export function noProject(folder: string): Problem {
  return problem('no-project', {
    path: folder,
    message:
      'has no project that deploy-scaffold can read (no Django manage.py and no Flask app, for instance): name another folder, or say what it is',
    remedy: `Name another folder, or say what it is: ${giving('framework')}.`,
  });
}

/** A framework that there is none of, or a folder that no app is started in. */
export function wrongWishes({ framework, root }: Wish, project: ProjectFiles, { found }: Choice): Problem[] {
  const known = FIELDS.framework?.schema.safeParse(framework);
  if (framework !== undefined && known?.success === false) {
    const message = known.error.issues[0]?.message ?? '';
    const remedy = `Give another, or leave it out: ${giving('framework')}.`;
    return [problem('answer-invalid', { ...wished('framework', framework), message, remedy })];
  }
  if (framework !== undefined && found.length === 0)
    return [wrongWish('framework', framework, 'is not the framework of any app here', project)];
  const isThere = found.some((one) => rootOf(one) === folderText(root));
  return root === undefined || isThere
    ? []
    : [wrongWish('root', root, 'is not a folder that an app is started in', project)];
}

/** What is wrong, and which apps there are, whatever was wished. */
function wrongWish(path: string, value: unknown, what: string, project: ProjectFiles): Problem {
  const shown = detect(project).found.map((one) => `${one.framework} in ${rootOf(one) ?? '.'}`);
  const there = shown.length === 0 ? 'no app was found' : `there is ${shown.join(', ')}`;
  const remedy = 'Name one of the apps that there are, or leave it out.';
  return problem('no-such-app', { ...wished(path, value), message: `${what}; ${there}`, remedy });
}

function wished(path: string, value: unknown) {
  return { path, source: `--${path}`, value };
}
