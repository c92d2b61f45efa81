/** The one way in which every real tool is asked: find, stage, prepare, run, read. The effects are injected. */

import type {
  Reading,
  StagedFile,
  Staging,
  ToolResult,
  TreeFile,
  Validator,
  Versions,
} from '../contract/validator.ts';
import { atLeast } from '../contract/values.ts';
import type { Code } from '../words/diagnostics.ts';
import type { Finding } from '../words/finding.ts';

/** The effects that checking needs; src/system/processes.ts has the real ones. */
export interface ToolRunner {
  /** This process may do anything: some tools behave differently then. */
  root: boolean;
  /** Absolute paths of the programs of that name that may be run, and of those that may not: a project may have put them there. */
  find(tool: string, lookup: Pick<Validator, 'alsoIn' | 'oftenIn'>): Promise<FoundPrograms>;
  /**
   * Makes an empty temporary folder, hands over its absolute path without symbolic links, and removes it again,
   * whatever happens. Rejects with `CannotStage` where there is no room for one, and with what `use` rejects with.
   */
  withStage<T>(use: (stage: string) => Promise<T>): Promise<T>;
  /** Writes a file with its parent folders. Rejects with `CannotStage`. */
  write(path: string, text: string, mode?: number): Promise<void>;
  /** Runs a program in the C locale, with nothing around it that a project could have put there. Never rejects: what goes wrong is in the result. */
  run(command: readonly string[], options: RunOptions): Promise<ToolResult>;
}

/** What is said of a validator. */
type Told = Pick<Validator, 'tool' | 'checks' | 'package' | 'from'>;

interface FoundPrograms {
  programs: string[];
  passedOver: string[];
}

export interface RunOptions {
  /** Default: the top of the file system. */
  cwd?: string;
  environment?: Record<string, string>;
}

/** The stage could not be written: a full disk, for instance. The message says which path and why. */
export class CannotStage extends Error {
  override readonly name = 'CannotStage';
}

export interface CheckOptions<Seen> {
  /** What the validators see of the plan. */
  plan: Seen;
  files: readonly TreeFile[];
  validators: readonly Validator<Seen>[];
  runner: ToolRunner;
}

/**
 * Asks every validator, all at the same time, about the files on disk.
 * The findings are ordered by tool, file and line, each once; the same input and tools give the same findings.
 * Never rejects because of a tool: one that is missing, too old, or fails to work gives a finding `unchecked`.
 */
export async function check<Seen>({
  plan,
  files,
  validators,
  runner,
}: CheckOptions<Seen>): Promise<Finding[]> {
  const found = await Promise.all(validators.map((validator) => ask({ plan, files, validator, runner })));
  return sortFindings(found.flat());
}

/** Findings by tool, file and line, each once. Findings about no file come before those about one. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  const keyed = new Map(findings.map((finding) => [JSON.stringify(sortKey(finding)), finding]));
  return [...keyed.values()].sort((a, b) => compareKeys(sortKey(a), sortKey(b)));
}

type SortKey = readonly [string, string, number, string, string];

function sortKey({ tool, file = '', line = 0, level, message }: Finding): SortKey {
  return [tool, file, line, level, message];
}

function compareKeys(a: SortKey, b: SortKey): number {
  for (const [index, left] of a.entries()) {
    const right = b[index] as string | number;
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}

interface Question<Seen> {
  plan: Seen;
  files: readonly TreeFile[];
  validator: Validator<Seen>;
  runner: ToolRunner;
}

async function ask<Seen>(question: Question<Seen>): Promise<Finding[]> {
  const { plan, files, validator } = question;
  return [...(validator.judge?.({ plan, files }) ?? []), ...(await askTool(question))];
}

async function askTool<Seen>(question: Question<Seen>): Promise<Finding[]> {
  const { plan, files, validator, runner } = question;
  const nothing =
    validator.prepare({ plan, files, stage: '/', tool: validator.tool, root: runner.root }) === undefined;
  if (nothing) return [];
  const risks = files.filter(({ edited }) => edited).flatMap((file) => riskFinding(validator, file));
  if (risks.length > 0) return risks;
  const found = await runner.find(validator.tool, validator);
  const passedOver = passedOverFindings(validator, found);
  const chosen = await chooseTool(question, found);
  if ('finding' in chosen) return [...passedOver, chosen.finding];
  try {
    return [...passedOver, ...(await runner.withStage((stage) => inStage(question, chosen, stage)))];
  } catch (error) {
    if (!(error instanceof CannotStage)) throw error;
    return [
      ...passedOver,
      unchecked(validator, `${error.message}, so it is not known`, 'Make room, or set TMPDIR.'),
    ];
  }
}

interface Tool {
  path: string;
  versions?: Versions;
}

/** The program to ask: of several, the one whose version is the host's, or else the newest enough. */
async function chooseTool<Seen>(
  question: Question<Seen>,
  { programs: paths }: FoundPrograms,
): Promise<Tool | { finding: Finding }> {
  const { validator } = question;
  const [first] = paths;
  if (first === undefined) return { finding: missing(validator) };
  if (!validator.version) return { path: first };
  const answers = await Promise.all(paths.map((path) => versionOf(question, path)));
  const known = answers.filter((answer) => 'versions' in answer);
  const best =
    known.find(({ versions }) => versions.here === versions.wanted) ??
    known.find(({ versions }) => !isOlder(versions)) ??
    known[0];
  if (best === undefined) return { finding: (answers[0] as { finding: Finding }).finding };
  if (validator.version.older === 'skip' && isOlder(best.versions)) {
    return { finding: tooOld(validator, best.versions) };
  }
  return best;
}

async function versionOf<Seen>(
  { plan, validator, runner }: Question<Seen>,
  path: string,
): Promise<Required<Tool> | { finding: Finding }> {
  const version = validator.version as NonNullable<Validator<Seen>['version']>;
  const result = await runner.run([path, ...version.arguments], {});
  const here = version.pattern.exec(words(result))?.[1];
  if (here !== undefined) return { path, versions: { here, wanted: version.wanted(plan) } };
  const said = firstLine(result);
  const problem = `${path} does not say its version (${said}), so it is not known`;
  return {
    finding: unchecked(validator, problem, `See that "${path} ${version.arguments.join(' ')}" works.`),
  };
}

/** Is the tool older than the host's, by major or minor number? Smaller steps change nothing that is checked. */
export function isOlder({ here, wanted }: Versions): boolean {
  return !atLeast(majorMinor(here), majorMinor(wanted));
}

function majorMinor(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}

async function inStage<Seen>(question: Question<Seen>, tool: Tool, stage: string): Promise<Finding[]> {
  const { plan, files, validator, runner } = question;
  const staging = validator.prepare({ plan, files, stage, tool: tool.path, root: runner.root });
  if (staging === undefined) return [];
  for (const file of staging.files) await runner.write(`${stage}/${file.path}`, file.text, file.mode);
  const options = { cwd: stage, environment: staging.environment ?? {} };
  const failed = await prepareStage(staging, runner, options);
  if (failed) return [unchecked(validator, `${failed}, so it is not known`, 'Make the command work here.')];
  const result = await runner.run(staging.command, options);
  if (result.failure !== undefined) {
    return [unchecked(validator, `${result.failure}, so it is not known`, `See that ${tool.path} works.`)];
  }
  return validator.read(result, reading(question, staging, stage, tool));
}

/** What is wrong with the first command that failed; undefined where all went well. */
async function prepareStage(
  { before = [] }: Staging,
  runner: ToolRunner,
  options: RunOptions,
): Promise<string | undefined> {
  for (const command of before) {
    const result = await runner.run(command, options);
    if (result.failure !== undefined || result.exitCode !== 0) {
      return `"${command[0]} ${command[1] ?? ''}" failed: ${result.failure ?? firstLine(result)}`;
    }
  }
  return undefined;
}

function reading<Seen>(
  { plan, files }: Question<Seen>,
  staging: Staging,
  stage: string,
  { versions }: Tool,
): Reading<Seen> {
  const shown = new Map(staging.files.map((file) => [`${stage}/${file.path}`, file.shown]));
  return {
    plan,
    files,
    locate: (path) => shown.get(path.startsWith('/') ? path : `${stage}/${path.replace(/^\.\//, '')}`),
    clean: (text) => withoutStage(text, staging.files, stage),
    ...(versions && { versions }),
  };
}

/** Longest paths first, so that one which begins another does not break it. */
function withoutStage(text: string, files: readonly StagedFile[], stage: string): string {
  const known = files
    .flatMap(({ path, shown }) => (shown === undefined ? [] : [{ path: `${stage}/${path}`, shown }]))
    .sort((a, b) => b.path.length - a.path.length);
  const mapped = known.reduce((rest, { path, shown }) => rest.replaceAll(path, shown), text);
  return mapped.replaceAll(stage, '');
}

/** Everything that a tool wrote. */
export function words({ stdout, stderr }: ToolResult): string {
  return `${stdout}\n${stderr}`;
}

/** The first line that a tool wrote, for messages. */
export function firstLine(result: ToolResult): string {
  const line = words(result)
    .split('\n')
    .map((text) => text.trim())
    .find((text) => text !== '');
  return result.failure ?? line ?? `exit status ${result.exitCode}, without a word`;
}

/** The finding for a validator that could not judge: `problem` is the sentence up to "… so it is not known". */
function unchecked(
  { tool, checks }: Told,
  problem: string,
  remedy: string,
  code: Code = 'tool-failed',
): Finding {
  return { code, tool, level: 'unchecked', message: `${problem} ${checks}`, remedy };
}

function missing(validator: Told): Finding {
  return unchecked(
    validator,
    `${validator.tool} is not here, so it is not known`,
    `Install ${validator.from === 'PyPI' ? `${validator.package} from PyPI` : `the Debian package ${validator.package}`}, or name a folder that has it with --tools.`,
    'tool-missing',
  );
}

/** What a project may have put there is not run unasked. Where another program answers, it makes no difference. */
function passedOverFindings({ tool }: Told, { passedOver }: FoundPrograms): Finding[] {
  return passedOver.map((path) => ({
    code: 'tool-passed-over',
    tool,
    level: 'warning',
    message: `${path} was passed over: it belongs to the project, or its PATH entry is relative`,
    remedy: `A project is read, never run. To use it anyway: --tools ${path.slice(0, path.lastIndexOf('/'))}`,
  }));
}

/** A file that somebody edited, and that the tool would not only read. */
function riskFinding(validator: Told & Pick<Validator, 'risk'>, file: TreeFile): Finding[] {
  const risk = validator.risk(file);
  if (risk === undefined) return [];
  const { tool, checks } = validator;
  return [
    {
      ...{
        code: 'edit-not-judged',
        tool,
        level: 'unchecked',
        file: file.shown,
        ...(risk.line !== undefined && { line: risk.line }),
      },
      message: `this cannot be checked here: the file was edited, and ${risk.because}; so it is not known ${checks}`,
      remedy:
        'Nothing of a project is run. On the host, ask the tool before you touch anything live, as the installer does.',
    },
  ];
}

function tooOld(validator: Told, { here, wanted }: Versions): Finding {
  const { tool } = validator;
  return unchecked(
    validator,
    `${tool} ${here} is here and the host will have ${wanted}, so it is not known`,
    `On the host, ask the tool before you touch anything live, as the installer does. To know now, check on a machine with ${tool} ${wanted}.`,
    'tool-too-old',
  );
}
