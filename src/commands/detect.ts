/** detect: what init would know of a project before anybody is asked. */
import { AnswersError, type Problem } from '../answers/problem.ts';
import { FIELDS } from '../answers/schema.ts';
import { type Choice, detect as detectIn, differing, folderText } from '../detect/index.ts';
import type { ReadProject } from '../system/project.ts';
import { readProject } from '../system/project.ts';
import type { Terminal } from '../system/terminal.ts';
import { UNITS } from '../units.ts';
import { findings } from '../wizard/findings.ts';
import { type Detection, rootOf } from '../words/detection.ts';
import { whichApp } from './choice.ts';
import { type Command, type Invocation, projectDir } from './command.ts';

export const detect: Command = {
  usage: 'detect [dir] [flags]',
  summary:
    'Says what the project in dir (default: this folder) is, as init reads it: each value with how sure it is and where it stands. It writes nothing, and runs nothing of the project.',
  takesAnswers: false,
  options: {
    framework: {
      type: 'string',
      placeholder: 'UNIT',
      help: 'Read it as an app of this framework, where there are several.',
    },
    root: {
      type: 'string',
      placeholder: 'DIR',
      help: 'Read the app that is started in this folder, where there are several.',
    },
    json: { type: 'boolean', help: "One JSON document on standard output; people's text on standard error." },
  },
  run,
};

/** 0 where one app is meant, 1 where none was found, or none of several is clearly meant. */
async function run(invocation: Invocation): Promise<number> {
  const { values, terminal, problems } = invocation;
  if (problems.length > 0) throw new AnswersError(problems);
  const project = readProject(projectDir(invocation));
  const { framework, root } = values;
  const choice = detectIn(project, UNITS, { framework, root });
  const wrong = wrongWishes(values, project, choice);
  if (wrong.length > 0) throw new AnswersError(wrong);
  show(terminal, project, choice);
  const status = choice.detection === undefined ? 1 : 0;
  if (values.json === true) terminal.document(documentOf(status, project, choice));
  return status;
}

/** A framework that there is none of, or a folder that no app is started in. */
function wrongWishes(values: Invocation['values'], project: ReadProject, choice: Choice): Problem[] {
  const { framework, root } = values;
  const known = FIELDS.framework?.schema.safeParse(framework);
  if (framework !== undefined && known?.success === false)
    return [
      {
        path: 'framework',
        source: '--framework',
        value: framework,
        message: known.error.issues[0]?.message ?? '',
        kind: 'invalid',
      },
    ];
  if (framework !== undefined && choice.found.length === 0)
    return [wrongWish('framework', framework, 'is the framework of no app here', project)];
  const isThere = choice.found.some((one) => rootOf(one) === folderText(root));
  return root === undefined || isThere
    ? []
    : [wrongWish('root', root, 'is no folder that an app is started in', project)];
}

/** What is wrong, and which apps there are, whatever was wished. */
function wrongWish(path: string, value: unknown, what: string, project: ReadProject): Problem {
  const shown = detectIn(project, UNITS).found.map((one) => `${one.framework} in ${rootOf(one) ?? '.'}`);
  const there = shown.length === 0 ? 'no app was found' : `there is ${shown.join(', ')}`;
  return { path, source: `--${path}`, value, message: `${what}; ${there}`, kind: 'invalid' };
}

function show(terminal: Terminal, project: ReadProject, { detection, because, rivals, found }: Choice): void {
  if (because !== undefined) terminal.say(`${because}.\n`);
  if (rivals.length > 0) {
    terminal.say(`${project.name} has ${found.length} apps, and none is clearly meant: ${hint(rivals)}.`);
    for (const rival of rivals) terminal.say(`\n${findings(place(project, rival), rival)}`);
  } else terminal.say(findings(project.name, detection));
  for (const path of project.unreadable)
    terminal.say(`\nNote: ${path || 'the folder itself'} cannot be read`);
  for (const path of project.outside)
    terminal.say(`\nNote: ${path} is a link that leads out of the project, and is not read`);
}

function hint(rivals: readonly Detection[]): string {
  return whichApp(rivals)
    .message.replace(/^.*\. (?=Give)/s, '')
    .replace(/^G/, 'g');
}

function place({ name }: ReadProject, detection: Detection): string {
  const root = rootOf(detection) ?? '.';
  return `${root === '.' ? name : `${name}/${root}`}, as ${detection.framework}`;
}

/** What scripts read; documented in docs/detect.md. */
function documentOf(status: number, { name, unreadable, outside }: ReadProject, choice: Choice): object {
  const { detection, because, found, rivals } = choice;
  const asksFor = differing(rivals);
  return {
    status,
    project: name,
    apps: found.map((one) => ({
      framework: one.framework,
      root: rootOf(one) ?? null,
      app: one.answers.app ?? { kind: 'absent' },
      chosen: one === detection,
    })),
    because: because ?? null,
    asksFor,
    ...(detection && {
      framework: detection.framework,
      answers: detection.answers,
      facts: detection.facts,
      settings: detection.settings,
      notTaken: detection.notTaken ?? [],
      warnings: detection.warnings,
    }),
    unreadable,
    outside,
  };
}
