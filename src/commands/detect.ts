/** detect: what init would know of a project before anybody is asked. */
import { AnswersError } from '../answers/problem.ts';
import { detect as detectIn } from '../core.ts';
import { type Choice, differing } from '../detect/index.ts';
import type { ReadProject } from '../system/project.ts';
import { readProject } from '../system/project.ts';
import type { Terminal } from '../system/terminal.ts';
import { findings } from '../wizard/findings.ts';
import { type Detection, rootOf } from '../words/detection.ts';
import type { Diagnostic } from '../words/diagnostic.ts';
import { GROUPS } from '../words/not-taken.ts';
import { flagsFor, noProject, whichApp, wrongWishes } from './choice.ts';
import { type Command, type Invocation, projectDir } from './command.ts';
import { readingFindings } from './reading.ts';
import { documentOf } from './report.ts';

export const detect: Command = {
  usage: 'detect [dir] [flags]',
  summary:
    'Shows what init reads in the project in dir (default: this folder): each value, how sure it is and where it was found. It writes nothing, and runs nothing in the project.',
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
    json: {
      type: 'boolean',
      help: 'One JSON document on standard output; text for people on standard error.',
    },
  },
  run,
};

/** 0 where one app is meant, 1 where none was found, or none of several is clearly meant. */
async function run(invocation: Invocation): Promise<number> {
  const { values, terminal, problems } = invocation;
  if (problems.length > 0) throw new AnswersError(problems);
  const project = readProject(projectDir(invocation));
  const { framework, root } = values;
  const choice = detectIn(project, { framework, root });
  const wrong = wrongWishes({ framework, root }, project, choice);
  if (wrong.length > 0) throw new AnswersError(wrong);
  show(terminal, project, choice);
  const status = choice.detection === undefined ? 1 : 0;
  if (values.json === true)
    terminal.document(documentOf(status, findingsOf(project, choice), saidOf(project, choice)));
  return status;
}

function show(terminal: Terminal, project: ReadProject, { detection, because, rivals, found }: Choice): void {
  if (because !== undefined) terminal.say(`${because}.\n`);
  if (rivals.length > 0) {
    terminal.say(
      `${project.name} has ${found.length} apps, and none is clearly meant: give ${flagsFor(rivals)}.`,
    );
    for (const rival of rivals) terminal.say(`\n${findings(place(project, rival), rival)}`);
  } else terminal.say(findings(project.name, detection));
  for (const path of project.unreadable)
    terminal.say(`\nNote: ${path || 'the folder itself'} cannot be read`);
  for (const path of project.outside)
    terminal.say(`\nNote: ${path} is a link that leads out of the project, and is not read`);
}

function place({ name }: ReadProject, detection: Detection): string {
  const root = rootOf(detection) ?? '.';
  return `${root === '.' ? name : `${name}/${root}`}, as ${detection.framework}`;
}

/** Why no app is taken, and what was odd. */
function findingsOf(project: ReadProject, { detection, rivals }: Choice): Diagnostic[] {
  const open = rivals.length > 0 ? whichApp(rivals) : noProject(project.folder);
  return [
    ...(detection === undefined ? [open] : []),
    ...readingFindings(project).concat(detection?.warnings ?? []),
  ];
}

/** What scripts read; documented in docs/detect.md. */
function saidOf({ name, unreadable, outside }: ReadProject, choice: Choice): object {
  const { detection, because, found, rivals } = choice;
  const asksFor = differing(rivals);
  return {
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
      ...(detection.services && { services: detection.services }),
      facts: detection.facts,
      settings: detection.settings,
      notTaken: (detection.notTaken ?? []).map((one) => ({ ...one, remedy: GROUPS[one.group].remedy })),
      decided: detection.decided ?? [],
      warnings: detection.warnings,
    }),
    unreadable,
    outside,
  };
}
