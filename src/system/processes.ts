/** Programs of this machine, and a temporary folder for them to work in: the effects behind src/check/. */
import { lstatSync, rmSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CannotStage, type RunOptions, type ToolRunner } from '../check/run.ts';
import type { ToolResult } from '../contract/validator.ts';
import { fileReason } from './error.ts';
import { environmentFor, findPrograms, type Trust } from './programs.ts';
import { isAlive, SIGNALS } from './signals.ts';

/** Seconds that a tool may take. nginx may wait for name servers, the others answer at once. */
const LONGEST = 60;
/** Characters of a tool's words that are kept. */
const MOST_OUTPUT = 4_000_000;

export interface ToolsOptions extends Trust {
  /** Further variables for the programs. */
  environment?: Record<string, string>;
  /** Seconds that a program may take. */
  longest?: number;
}

/** The tools of this machine. */
export function systemTools(options: ToolsOptions = {}): ToolRunner {
  return {
    root: process.getuid?.() === 0,
    find: async (tool, lookup) => findPrograms(tool, lookup, options),
    withStage,
    write,
    run: (command, given) => run(command, given, options),
  };
}

/** Stages that exist now: should the process be ended, they go too. */
const stages = new Set<string>();

async function withStage<T>(use: (stage: string) => Promise<T>): Promise<T> {
  const stage = await makeStage();
  watch(stage);
  try {
    return await use(stage);
  } finally {
    await rm(stage, { recursive: true, force: true });
    unwatch(stage);
  }
}

async function makeStage(): Promise<string> {
  try {
    await sweep(tmpdir());
    return await realpath(await mkdtemp(join(tmpdir(), `deploy-scaffold-${process.pid}-`)));
  } catch (error) {
    throw cannotStage(error, tmpdir());
  }
}

/**
 * Removes what a run left that was killed: its folder's name has its process's number. In a container's shared folder the
 * number may be that of a living process elsewhere, but no run takes an hour. What cannot be removed is in nobody's way.
 */
async function sweep(folder: string): Promise<void> {
  const own = process.getuid?.();
  for (const name of await readdir(folder)) {
    const pid = Number(/^deploy-scaffold-(\d+)-\w{6}$/.exec(name)?.[1] ?? 0);
    if (pid === 0 || isAlive(pid)) continue;
    const path = join(folder, name);
    const stat = lstatSync(path, { throwIfNoEntry: false });
    const isOld = stat !== undefined && Date.now() - stat.mtimeMs > LEFT_OVER;
    if (!isOld || !stat.isDirectory() || stat.uid !== own) continue;
    await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Milliseconds. */
const LEFT_OVER = 3_600_000;

function cannotStage(error: unknown, path: string): unknown {
  const reason = fileReason(error);
  return reason === undefined
    ? error
    : new CannotStage(`${path} cannot be written: ${reason}`, { cause: error });
}

function watch(stage: string): void {
  if (stages.size === 0) {
    process.on('exit', removeStages);
    for (const signal of SIGNALS) process.on(signal, endBy);
  }
  stages.add(stage);
}

function unwatch(stage: string): void {
  stages.delete(stage);
  if (stages.size === 0) stopWatching();
}

function stopWatching(): void {
  process.off('exit', removeStages);
  for (const signal of SIGNALS) process.off(signal, endBy);
}

function removeStages(): void {
  for (const stage of stages) rmSync(stage, { recursive: true, force: true });
}

/** Somebody else may handle the signal; where nobody does, it ends the process as it would have without us. */
function endBy(signal: NodeJS.Signals): void {
  removeStages();
  stopWatching();
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
}

async function write(path: string, text: string, mode = 0o644): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    await chmod(path, mode);
  } catch (error) {
    throw cannotStage(error, path);
  }
}

/** Loads execa only here: commands that run no program need not wait for it. */
async function run(
  command: readonly string[],
  given: RunOptions,
  options: ToolsOptions,
): Promise<ToolResult> {
  const { execa } = await import('execa');
  const [program = '', ...words] = command;
  const longest = options.longest ?? LONGEST;
  const result = await execa(program, words, {
    env: { ...options.environment, ...given.environment, ...environmentFor(options) },
    extendEnv: false,
    // Some programs read what lies where they are called, and that may be the project.
    cwd: given.cwd ?? '/',
    stdin: 'ignore',
    reject: false,
    stripFinalNewline: false,
    timeout: longest * 1000,
    forceKillAfterDelay: 2000,
    maxBuffer: MOST_OUTPUT,
  });
  const failure = failureOf(program, longest, result);
  return {
    exitCode: result.exitCode ?? -1,
    stdout: String(result.stdout ?? ''),
    stderr: String(result.stderr ?? ''),
    ...(failure !== undefined && { failure }),
  };
}

interface Ended {
  exitCode?: number | undefined;
  signal?: string | undefined;
  timedOut: boolean;
  isMaxBuffer: boolean;
  originalMessage?: string | undefined;
}

/** Why there is nothing to read; undefined where the program ended by itself. */
function failureOf(program: string, longest: number, result: Ended): string | undefined {
  if (result.timedOut) return `${program} did not end within ${longest} s`;
  if (result.isMaxBuffer) return `${program} wrote more than ${MOST_OUTPUT} characters`;
  if (result.signal !== undefined) return `${program} was ended by ${result.signal}`;
  return result.exitCode === undefined
    ? `${program} could not be started: ${result.originalMessage ?? ''}`
    : undefined;
}
