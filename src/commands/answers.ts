/** The answers of a run: from flags, files, an earlier run, the project and a person, and what of them nobody gave. */
import { join, resolve } from 'node:path';
import { places, projectLayers } from '../answers/detected.ts';
import { readAnswersFile } from '../answers/file.ts';
import { answersFromFlags } from '../answers/flags.ts';
import { reasonOf } from '../answers/open.ts';
import { AnswersError, type Problem, problem } from '../answers/problem.ts';
import {
  DEFAULT,
  type Given,
  type Layer,
  missing,
  type Resolution,
  resolveAnswers,
} from '../answers/resolve.ts';
import { FIELDS } from '../answers/schema.ts';
import { EARLIER_RUN, partEarlier, readUndecided, undecidedOf } from '../answers/undecided.ts';
import { withBrought } from '../core.ts';
import type { Choice } from '../detect/index.ts';
import { type KitFile, UNDECIDED } from '../kit/changes.ts';
import { UserError } from '../system/error.ts';
import { readStandardInput } from '../system/terminal.ts';
import { readNamedFile, readTextFile } from '../system/tree.ts';
import { ANSWERS_FILE } from '../words/answers-file.ts';
import { type Detection, rootOf } from '../words/detection.ts';
import { askWhich, chosenApp, noProject, whichApp } from './choice.ts';
import type { Invocation } from './command.ts';
import type { Places } from './places.ts';

interface Collected {
  resolution: Resolution;
  /** The project, read as of the framework that the answers name. */
  choice: Choice;
}

/** Flags win over --answers, which wins over the answers file of an earlier run, then the project, then defaults. */
export async function collectAnswers(invocation: Invocation, places: Places): Promise<Collected> {
  const { values, terminal } = invocation;
  const flags = answersFromFlags(values);
  const problems: Problem[] = [...invocation.problems, ...flags.problems];
  const layers: Layer[] = [{ insistent: true, answers: flags.answers }];
  let readable = true;
  const read = ({ text, shown }: AnswersText) => {
    const file = readAnswersFile(text, shown);
    problems.push(...file.problems);
    readable &&= file.problems.length === 0;
    return file.answers;
  };
  const given = await givenAnswers(values.answers);
  if (given !== undefined) layers.push({ insistent: true, answers: read(given) });
  const earlier = earlierAnswers(places);
  const before = earlier === undefined ? {} : read(earlier);
  const parts = partEarlier(before, readUndecided(readTextFile(places.out, UNDECIDED)));
  layers.push(parts.decided);
  const mayAsk = asks(invocation) && problems.length === 0;
  let choice = chosenApp(layers, places.project);
  // Two apps of one folder differ in their framework, which is asked for after the folder.
  for (let asked = 0; mayAsk && choice.rivals.length > 0 && asked < 2; asked++) {
    layers.unshift({ insistent: true, answers: await askWhich(choice.rivals) });
    choice = chosenApp(layers, places.project);
  }
  const { detection } = choice;
  const other = otherApp(before, layers, detection);
  if (other !== undefined)
    terminal.say(
      `${places.shownOut} holds the deployment of ${other}, which this replaces; --out DIR keeps both.\n`,
    );
  if (choice.because !== undefined) terminal.say(`${choice.because}.\n`);
  const fromProject = projectLayers(places.project, choice);
  const isNamed = layers.some(({ answers }) => Object.hasOwn(answers, 'name'));
  layers.push(
    ...(other === undefined ? fromProject.map((layer) => settledIn(layer, parts.settled)) : fromProject),
  );
  const [kept, ofFolder] = [parts.settled.name, fromProject.at(-1)?.answers.name?.value];
  if (!isNamed && other === undefined && kept !== undefined && kept !== ofFolder)
    terminal.say(`The name ${String(kept)} is kept from the earlier run; --name gives another.\n`);
  // What was a default for another app is none for this one.
  if (other === undefined) layers.push(parts.defaults);

  if (mayAsk) return { resolution: await askTheRest(layers, detection, places), choice };
  const resolution = resolveAnswers(layers);
  // What a file has that cannot be read is not known to be missing.
  const wrong = resolution.problems
    .filter(({ kind }) => readable || kind !== 'missing')
    .map((one) => (detection === undefined ? ofNoGuess(one, resolution) : one));
  const all = [...problems, ...wrong];
  // What else is missing may be found once it is known where.
  if (choice.rivals.length > 0 && readable) {
    const others = all.filter(({ kind, path }) => kind !== 'missing' || path === 'domains');
    throw new AnswersError([whichApp(choice.rivals), ...others]);
  }
  if (all.length > 0) {
    const explained = all.map((one) => withReason(one, detection));
    throw new AnswersError([...(readable ? whyMissing(detection, all, places) : []), ...explained]);
  }
  return { resolution: withBrought(resolution, detection), choice };
}

/** What a framework alone asks for is not missing where nobody has named one: the framework is. */
function ofNoGuess(one: Problem, { sources }: Resolution): Problem {
  const isOfFramework = FIELDS[one.path]?.when?.some(({ answer }) => answer === 'framework') === true;
  return isOfFramework && one.kind === 'missing' && sources.framework === DEFAULT
    ? missing('framework')
    : one;
}

/** What was read in the project, with what an earlier run settled of it. */
function settledIn(layer: Layer, settled: Readonly<Record<string, unknown>>): Layer {
  const answers = Object.entries(layer.answers).map(([name, given]): [string, Given] => [
    name,
    Object.hasOwn(settled, name) ? { value: settled[name], source: EARLIER_RUN } : given,
  ]);
  return { ...layer, answers: Object.fromEntries(answers) };
}

/** The app that the earlier run was for, where it is another: by its framework and its folder. */
function otherApp(
  before: Layer['answers'],
  layers: readonly Layer[],
  detection: Detection | undefined,
): string | undefined {
  const said = (name: string) =>
    layers.find(({ answers }) => Object.hasOwn(answers, name))?.answers[name]?.value;
  const [framework, root] = [before.framework?.value, before.root?.value];
  if (detection === undefined || framework === undefined) return undefined;
  const isSame =
    framework === (said('framework') ?? detection.framework) &&
    (root === undefined || root === (said('root') ?? rootOf(detection) ?? root));
  return isSame ? undefined : `another app (${String(framework)} in ${String(root)})`;
}

/** What is missing though something was found: why that is not an answer. */
function withReason(one: Problem, detection: Detection | undefined): Problem {
  const found = one.kind === 'missing' ? detection?.answers[one.path] : undefined;
  if (found?.kind !== 'unknown' && found?.kind !== 'one-of') return one;
  const because = reasonOf(one.path, found);
  const where = places(found.kind === 'unknown' ? found.from : found.options.flatMap(({ from }) => from));
  const message = `${one.message} The project leaves it open: ${because}${where === '' ? '' : ` (${where})`}`;
  return { ...one, message };
}

/** Is there somebody to ask, who did not say otherwise? */
export function asks({ values, terminal }: Invocation): boolean {
  return terminal.interactive && values.yes !== true && values.json !== true;
}

interface AnswersText {
  text: string;
  /** The file's name for messages. */
  shown: string;
}

/** What --answers names. */
async function givenAnswers(given: unknown): Promise<AnswersText | undefined> {
  if (given === '-') return { text: await readStandardInput(), shown: 'standard input' };
  if (typeof given !== 'string') return undefined;
  const text = readNamedFile(resolve(given));
  if (text !== undefined) return { text, shown: given };
  throw new UserError(
    'answers-file-missing',
    `there is no file ${given}`,
    'Give a YAML or JSON file to --answers.',
  );
}

/** The answers file of an earlier run. */
function earlierAnswers({ out, shownOut }: Places): AnswersText | undefined {
  const text = readTextFile(out, ANSWERS_FILE);
  return text === undefined ? undefined : { text, shown: join(shownOut, ANSWERS_FILE) };
}

/**
 * The answers of the deployment that is there.
 *
 * @throws UserError where there is none, AnswersError where its answers do not hold.
 */
export function deployedAnswers(places: Places): Resolution {
  const earlier = earlierAnswers(places);
  if (earlier === undefined)
    throw new UserError(
      'no-deployment',
      `there is no deployment in ${places.shownOut}`,
      'Write one first: deploy-scaffold init',
    );
  const { answers, problems } = readAnswersFile(earlier.text, earlier.shown);
  if (problems.length > 0) throw new AnswersError(problems);
  const resolution = resolveAnswers([{ insistent: true, answers }]);
  if (resolution.problems.length > 0) throw new AnswersError(resolution.problems);
  return resolution;
}

/** The record of answers that nobody gave, for the next run. */
export function undecidedFile({ answers, sources }: Resolution, layers: readonly Layer[]): KitFile {
  const fromProject = layers.flatMap((layer) => Object.values(layer.answers).map(({ source }) => source));
  const undecided = undecidedOf(answers, sources, fromProject);
  return { path: UNDECIDED, text: `${JSON.stringify(undecided, null, 2)}\n`, mode: 0o644 };
}

/** What the project's folder lacks, where answers are missing that are mostly found there. */
function whyMissing(
  detection: Detection | undefined,
  problems: readonly Problem[],
  { project }: Places,
): Problem[] {
  if (!problems.some(({ kind, path }) => kind === 'missing' && path !== 'domains')) return [];
  const unread = project.unreadable.map((path) => path || 'the folder itself').join(', ');
  return [
    ...(detection === undefined ? [noProject(project.folder)] : []),
    ...(unread === ''
      ? []
      : [
          problem('project-unreadable', {
            path: project.folder,
            message: `has parts that may not be read: ${unread}`,
            remedy: 'Run this as a user who may read the project.',
          }),
        ]),
  ];
}

async function askTheRest(
  layers: readonly Layer[],
  detection: Detection | undefined,
  places: Places,
): Promise<Resolution> {
  const [{ runWizard }, { createPrompter }] = await Promise.all([
    import('../wizard/wizard.ts'),
    import('../system/prompter.ts'),
  ]);
  return runWizard({
    ...{ layers, detection, prompter: createPrompter(), project: places.project.name },
    complete: (resolution) => withBrought(resolution, detection),
  });
}
