/** init: detect, ask, render, check, write. */
import { join, relative, resolve } from 'node:path';
import { detectedLayer, places } from '../answers/detected.ts';
import { readAnswersFile, writeAnswersFile } from '../answers/file.ts';
import { ANSWERS_FILE } from '../answers/file-name.ts';
import { answersFromFlags } from '../answers/flags.ts';
import { AnswersError, type Problem } from '../answers/problem.ts';
import { DEFAULT, type Layer, type Resolution, resolveAnswers } from '../answers/resolve.ts';
import { flagOf } from '../answers/schema.ts';
import { partEarlier, readUndecided, undecidedOf } from '../answers/undecided.ts';
import { appName } from '../answers/values.ts';
import type { Finding } from '../check/finding.ts';
import { type Detection, rootOf } from '../detect/detection.ts';
import type { Value } from '../detect/value.ts';
import { BASE_FOLDER, type Change, changesOf, type KitFile } from '../kit/changes.ts';
import { renderKit } from '../kit/kit.ts';
import { makePlan } from '../plan/plan.ts';
import type { Plan } from '../plan/schema.ts';
import { UserError } from '../system/error.ts';
import type { ReadProject } from '../system/project.ts';
import { readStandardInput, type Terminal } from '../system/terminal.ts';
import { listFiles, readFiles, readTextFile, writeFiles } from '../system/tree.ts';
import { shown as shownValue } from '../wizard/findings.ts';
import { askWhich, chosenApp, whichApp } from './choice.ts';
import type { Command, Invocation } from './command.ts';
import { allFindings, judge, showJudgement } from './judgement.ts';
import { findPlaces, type Places } from './places.ts';
import { showChanges, verdict } from './report.ts';
import { templates } from './templates.ts';

export const init: Command = {
  usage: 'init [dir] [flags]',
  summary:
    'Reads the project in dir (default: this folder), asks what it cannot know, and writes the deployment to dir/deploy. Without a terminal, or with --yes, it asks nothing.',
  takesAnswers: true,
  options: {
    yes: { type: 'boolean', short: 'y', help: 'Ask nothing: take what was found, then the defaults.' },
    answers: {
      type: 'string',
      placeholder: 'FILE',
      help: 'Answers from a YAML or JSON file, - for standard input; flags win over it.',
    },
    out: { type: 'string', placeholder: 'DIR', help: 'Where to write; default: dir/deploy.' },
    'dry-run': { type: 'boolean', help: 'Show what would be written; write nothing.' },
    json: { type: 'boolean', help: "One JSON document on standard output; people's text on standard error." },
    'no-check': { type: 'boolean', help: 'Do not run the real tools.' },
    strict: { type: 'boolean', help: 'A tool that is missing is a failure, not a warning.' },
  },
  run,
};

async function run(invocation: Invocation): Promise<number> {
  const { values, terminal } = invocation;
  const places = findPlaces(invocation);
  const { resolution, detection, isOneOfSeveral } = await collectAnswers(invocation, places);
  const plan = makePlan(resolution.answers);
  const files = kitWithBase(plan, resolution, places.out);
  const dryRun = values['dry-run'] === true;
  const changes = await settled(changesOnDisk(files, places.out), invocation);

  if (!dryRun) {
    const undecided = undecidedFile(resolution, projectLayers(places.project, detection, isOneOfSeveral));
    write(places.out, files, changes, undecided);
  }
  showChanges(terminal, changes, places.shownOut, dryRun);
  const subject = values['no-check'] === true ? 'nothing' : dryRun ? 'rendered' : 'on disk';
  const judgement = await judge(plan, detection, places, subject);
  judgement.findings.push(...openFindings(detection, resolution));
  showJudgement(terminal, judgement, plan.framework.title);
  if (!dryRun) showNext(terminal, places);
  const status = verdict(judgement.findings, values.strict === true);
  if (values.json === true) {
    terminal.document({
      status,
      out: places.shownOut,
      answers: resolution.answers,
      sources: resolution.sources,
      files: changes.map(({ path, kind }) => ({ path, change: kind })),
      findings: allFindings(judgement, plan.framework.title),
      settings: judgement.advice,
    });
  }
  return status;
}

/** Answers that the project leaves open and nobody gave: a default is no more than a guess at them. */
function openFindings(detection: Detection | undefined, { answers, sources }: Resolution): Finding[] {
  return Object.entries(detection?.answers ?? {}).flatMap(([name, found]): Finding[] => {
    if (found.kind !== 'unknown' && found.kind !== 'one-of') return [];
    if (!Object.hasOwn(answers, name) || sources[name] !== DEFAULT) return [];
    const [place] = found.kind === 'unknown' ? found.from : (found.options[0]?.from ?? []);
    return [
      {
        tool: 'project',
        level: 'warning',
        ...(place && { file: place.file, line: place.line }),
        message: `the project leaves "${name}" open (${reasonOf(found)}), so the default was taken: ${shownValue(name, answers[name])}`,
        remedy: `See that it fits, or say otherwise with --${flagOf(name)}.`,
      },
    ];
  });
}

const UNDECIDED = `${BASE_FOLDER}/undecided.json`;

interface Collected {
  resolution: Resolution;
  /** The project, read as of the framework that the answers name. */
  detection: Detection | undefined;
  /** The repository has further apps. */
  isOneOfSeveral: boolean;
}

/** Flags win over --answers, which wins over the answers file of an earlier run, then the project, then defaults. */
async function collectAnswers(invocation: Invocation, places: Places): Promise<Collected> {
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
  const parts = partEarlier(before, readUndecided(readTextFile(join(places.out, UNDECIDED))));
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
  const isOneOfSeveral = choice.found.length > 1;
  layers.push(...projectLayers(places.project, detection, isOneOfSeveral));
  // What was a default for another app is none for this one.
  if (other === undefined) layers.push(parts.defaults);

  if (mayAsk) return { resolution: await askTheRest(layers, detection, places), detection, isOneOfSeveral };
  const resolution = resolveAnswers(layers);
  // What a file has that cannot be read is not known to be missing.
  const wrong = resolution.problems.filter(({ kind }) => readable || kind !== 'missing');
  const all = [...problems, ...wrong];
  // What else is missing may be found once it is known where.
  if (choice.rivals.length > 0) {
    const others = all.filter(({ kind, path }) => kind !== 'missing' || path === 'domains');
    throw new AnswersError([whichApp(choice.rivals), ...others]);
  }
  if (all.length > 0) {
    const explained = all.map((problem) => withReason(problem, detection));
    throw new AnswersError([...(readable ? whyMissing(detection, all, places) : []), ...explained]);
  }
  return { resolution, detection, isOneOfSeveral };
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

/** What is missing though something was found: why that is no answer. */
function withReason(problem: Problem, detection: Detection | undefined): Problem {
  const found = problem.kind === 'missing' ? detection?.answers[problem.path] : undefined;
  if (found?.kind !== 'unknown' && found?.kind !== 'one-of') return problem;
  const because = reasonOf(found);
  const where = places(found.kind === 'unknown' ? found.from : found.options.flatMap(({ from }) => from));
  const message = `${problem.message} The project leaves it open: ${because}${where === '' ? '' : ` (${where})`}`;
  return { ...problem, message };
}

function reasonOf(found: Extract<Value<unknown>, { kind: 'unknown' | 'one-of' }>): string {
  return found.kind === 'unknown'
    ? found.because
    : `there are ${found.options.map(({ value }) => String(value)).join(' and ')}`;
}

/** Is there somebody to ask, who did not say otherwise? */
function asks({ values, terminal }: Invocation): boolean {
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
  const text = readTextFile(resolve(given));
  if (text !== undefined) return { text, shown: given };
  throw new UserError(`there is no file ${given}`, 'Give a YAML or JSON file to --answers.');
}

/** The answers file of an earlier run. */
function earlierAnswers({ out, shownOut }: Places): AnswersText | undefined {
  const text = readTextFile(join(out, ANSWERS_FILE));
  return text === undefined ? undefined : { text, shown: join(shownOut, ANSWERS_FILE) };
}

/** What the project itself says. */
function projectLayers(
  project: ReadProject,
  detection: Detection | undefined,
  isOneOfSeveral: boolean,
): Layer[] {
  const root = detection === undefined ? undefined : rootOf(detection);
  const own = isOneOfSeveral && root !== undefined && root !== '.' ? [root] : [];
  const name = { insistent: false, answers: nameFrom([project.name, ...own].join('-')) };
  return detection === undefined ? [name] : [detectedLayer(detection), name];
}

/** The record of answers that nobody gave, for the next run. */
function undecidedFile({ answers, sources }: Resolution, layers: readonly Layer[]): KitFile {
  const fromProject = new Set(
    layers.flatMap((layer) => Object.values(layer.answers).map(({ source }) => source)),
  );
  const undecided = undecidedOf(answers, sources, fromProject);
  return { path: UNDECIDED, text: `${JSON.stringify(undecided, null, 2)}\n`, mode: 0o644 };
}

/** The app's name from the project's folder, and from its own where there are several; as far as that can be one. */
function nameFrom(folder: string): Layer['answers'] {
  const name = folder
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 31)
    .replace(/-+$/, '');
  // A folder called "news" or "app" would otherwise ask for the name of something that the host has.
  const free = [name, `${name}-app`].find((candidate) => appName.safeParse(candidate).success);
  return free === undefined ? {} : { name: { value: free, source: "the folder's name" } };
}

/** What the project's folder lacks, where answers are missing that are mostly found there. */
function whyMissing(
  detection: Detection | undefined,
  problems: readonly Problem[],
  { project }: Places,
): Problem[] {
  const lacks = (message: string): Problem => ({ path: project.folder, message, kind: 'missing' });
  if (!problems.some(({ kind, path }) => kind === 'missing' && path !== 'domains')) return [];
  const unread = project.unreadable.map((path) => path || 'the folder itself').join(', ');
  return [
    ...(detection === undefined
      ? [
          lacks(
            'holds no project that deploy-scaffold can read (no manage.py of Django and no app of Flask, for instance)',
          ),
        ]
      : []),
    ...(unread === '' ? [] : [lacks(`has parts that may not be read: ${unread}`)]),
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
  return runWizard({ layers, detection, prompter: createPrompter(), project: places.project.name });
}

/** The kit, the answers file among it, and a copy of each file as the base for the next run. */
function kitWithBase(plan: Plan, { answers, sources }: Resolution, out: string): KitFile[] {
  return [
    {
      path: ANSWERS_FILE,
      text: writeAnswersFile(answers, sources, readTextFile(join(out, ANSWERS_FILE))),
      mode: 0o644,
    },
    ...renderKit(plan, templates),
  ];
}

/** The files as last written; the record of answers is none of them. */
function baseFiles(out: string): string[] {
  return listFiles(join(out, BASE_FOLDER)).filter((path) => `${BASE_FOLDER}/${path}` !== UNDECIDED);
}

function changesOnDisk(files: readonly KitFile[], out: string): Change[] {
  const known = baseFiles(out);
  const base = readFiles(join(out, BASE_FOLDER), known);
  const disk = readFiles(out, [...new Set([...files.map((file) => file.path), ...known])]);
  // The answers file is a person's own to edit; what it says has been taken over already.
  const answers = disk.get(ANSWERS_FILE);
  if (answers !== undefined) base.set(ANSWERS_FILE, answers);
  return changesOf(files, disk, base);
}

/** Edited files are shown and asked about; where nobody can be asked, they stop everything. */
async function settled(changes: Change[], invocation: Invocation): Promise<Change[]> {
  const { values, terminal } = invocation;
  const edited = changes.filter((change) => change.kind === 'edited');
  if (edited.length === 0 || values['dry-run'] === true) return changes;
  const { showEdits, askAboutEdits } = await import('./edits.ts');
  showEdits(edited, terminal);
  if (!asks(invocation)) {
    const names = edited.map((change) => change.path).join(', ');
    throw new UserError(
      `these files were edited since deploy-scaffold wrote them, and would be overwritten: ${names}`,
      'Nothing was written. Move your edits elsewhere or delete the files, then run this again; or write to another folder with --out.',
      1,
    );
  }
  return askAboutEdits(changes);
}

function write(out: string, files: readonly KitFile[], changes: readonly Change[], undecided: KitFile): void {
  const isSame = readTextFile(join(out, undecided.path)) === undecided.text;
  const kept = new Set(changes.filter((change) => change.kind === 'edited').map((change) => change.path));
  const changed = new Set(
    changes.filter(({ kind }) => kind === 'new' || kind === 'updated').map((change) => change.path),
  );
  const gone = changes.filter((change) => change.kind === 'gone').map((change) => change.path);
  const baseOf = (path: string) => `${BASE_FOLDER}/${path}`;
  const generated = files.filter((file) => file.path !== ANSWERS_FILE);
  const onDisk = readFiles(
    join(out, BASE_FOLDER),
    generated.map((file) => file.path),
  );
  // A kept edit keeps the base that it was made on: that is what it must one day be merged with.
  const wanted = new Set(files.map((file) => file.path));
  const staleBases = baseFiles(out).filter((path) => !wanted.has(path) && !kept.has(path));
  const base = generated.filter((file) => !kept.has(file.path) && onDisk.get(file.path)?.text !== file.text);
  writeFiles(
    out,
    [
      ...files.filter((file) => changed.has(file.path) && !kept.has(file.path)),
      ...base.map((file) => ({ ...file, path: baseOf(file.path), mode: 0o644 })),
      ...(isSame ? [] : [undecided]),
    ],
    [...gone, ...staleBases.map(baseOf)],
  );
}

function showNext(terminal: Terminal, { project, out, shownOut }: Places): void {
  terminal.say();
  const installer = relative(project.folder, join(out, 'install.sh'));
  terminal.say(`Next: read ${join(shownOut, 'README.md')}.`);
  terminal.say(`Then, in a copy of the project on the host: sudo sh ${installer}`);
}
