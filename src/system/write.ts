/**
 * Writes to the output folder all or nothing, by a run that is killed as well: what is decided is noted, and finished by
 * the next run.
 */
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fchmodSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { Cancelled } from '../wizard/cancelled.ts';
import { UserError } from './error.ts';
import { isAlive, noticeSignals } from './signals.ts';
import { readTextFile } from './tree.ts';
import { coded, isThere, isWayPlain, makeFolder, makeWay, removeEmptyFolders, unusable } from './ways.ts';

/** A file to be written; the path is relative to the output folder. */
export interface FileToWrite {
  path: string;
  text: string;
  mode: number;
}

/** What is to be done, as it is kept until it is done. */
interface Step {
  path: string;
  /** Of the file to be written; a file without one is to go. */
  mode?: number;
  /** A digest of what is in the place when this is decided; null for nothing. */
  was: string | null;
}

/** Files of a run are collected here, by its process, and count for nothing. */
const STAGE = /^\.deploy-scaffold-stage-(\d+)$/;

/** The stage, once its name is this, counts: what it holds is put in place, by a later run if it must be. */
const DECIDED = '.deploy-scaffold-decided';

const JOURNAL = 'journal.json';

/** Milliseconds that no run writes for: the number of its process is another's by then. */
const LONGEST_RUN = 600_000;

/** What is to be done, and who began it. */
interface Journal {
  pid: number;
  /** The folder that it was written in, as `identityOf` has it. */
  folder: string;
  steps: Step[];
}

/**
 * Writes and removes files of a folder. All texts are on the disk before the first file changes. One rename decides: a
 * run that is ended before it has changed nothing, and what one leaves undone after it `finishWriting` does. A failure
 * on the way puts everything back.
 *
 * @throws UserError that names the file and the reason; Cancelled where the person stopped it.
 */
export async function writeFiles(
  folder: string,
  files: readonly FileToWrite[],
  remove: readonly string[],
): Promise<void> {
  if (files.length === 0 && remove.length === 0) return;
  const signals = noticeSignals();
  const made: string[] = [];
  const stage = join(folder, `.deploy-scaffold-stage-${process.pid}`);
  try {
    const steps = stageFiles(folder, stage, files, remove, made);
    if (await signals.caught()) {
      clear([stage], made);
      throw new Cancelled();
    }
    decide(folder, stage, made);
    putInPlace(folder, steps, made);
    if (await signals.caught())
      throw new Cancelled('Cancelled: the files are written, and were not checked.');
  } finally {
    signals.stop();
  }
}

/**
 * Finishes what an earlier run had decided and was ended before it was done; clears away what one had only begun.
 * A file that somebody changed since then stays as it is.
 *
 * @param isOurs Is it a path that deploy-scaffold may write to? A repository may carry anything.
 * @returns Whether something was finished.
 * @throws UserError where that is not possible.
 */
export function finishWriting(folder: string, isOurs: (path: string) => boolean): boolean {
  const decided = join(folder, DECIDED);
  try {
    for (const name of existsSync(folder) ? readdirSync(folder) : []) {
      const pid = Number(STAGE.exec(name)?.[1] ?? 0);
      const isOver = pid !== 0 && (pid === process.pid || !isAlive(pid));
      if (isOver) rmSync(join(folder, name), { recursive: true, force: true });
    }
    if (lstatSync(decided, { throwIfNoEntry: false }) === undefined) return false;
  } catch (error) {
    throw unusable(error, folder, 'written');
  }
  const steps = readJournal(decided, isOurs);
  if (steps === undefined) {
    // All was done but for this.
    clear([decided], []);
    return false;
  }
  const untouched = steps.map((step, index) => {
    const target = join(folder, step.path);
    const isChanged = !isThere(join(decided, `${index}.old`)) && digest(target) !== step.was;
    return isChanged && isThere(target) ? undefined : step;
  });
  putInPlace(folder, untouched, []);
  return true;
}

/** Has an earlier run left something decided and not done? Changes nothing. @throws UserError as `readFiles` does. */
export function isUnfinished(folder: string): boolean {
  const decided = join(folder, DECIDED);
  try {
    const stat = lstatSync(decided, { throwIfNoEntry: false });
    return stat !== undefined && (!stat.isDirectory() || isThere(join(decided, JOURNAL)));
  } catch (error) {
    throw unusable(error, folder, 'read');
  }
}

/** The steps of a run that was ended; undefined where it had come to clearing away. */
function readJournal(decided: string, isOurs: (path: string) => boolean): Step[] | undefined {
  const text = readTextFile(decided, JOURNAL);
  if (text === undefined && lstatSync(decided).isDirectory()) return undefined;
  const journal = journalIn(text ?? '', isOurs);
  if (journal === undefined || journal.folder !== identityOf(decided))
    throw new UserError(
      'run-foreign',
      `${decided} was not left there by a run of deploy-scaffold: it came with a repository, or a copy of the folder`,
      'Nothing of it was carried out. Remove it, and run this again.',
      1,
    );
  const { pid, steps } = journal;
  const age = Date.now() - statSync(join(decided, JOURNAL)).mtimeMs;
  if (pid !== process.pid && age < LONGEST_RUN && isAlive(pid))
    throw busy(dirname(decided), `process ${pid}`);
  return steps;
}

function journalIn(text: string, isOurs: (path: string) => boolean): Journal | undefined {
  let journal: Partial<Record<keyof Journal, unknown>> | null;
  try {
    journal = JSON.parse(text);
  } catch {
    return undefined;
  }
  const isStep = ({ path, mode, was }: Partial<Record<keyof Step, unknown>>) =>
    typeof path === 'string' &&
    isOurs(path) &&
    !path.split('/').includes('..') &&
    (mode === undefined || mode === 0o644 || mode === 0o755) &&
    (was === null || typeof was === 'string');
  const isJournal =
    Number.isInteger(journal?.pid) &&
    Array.isArray(journal?.steps) &&
    journal.steps.every((step) => step !== null && typeof step === 'object' && isStep(step));
  return isJournal ? (journal as Journal) : undefined;
}

/**
 * What a folder keeps when it is renamed and no copy of it has: its number on the disk and when it was made. A
 * repository may carry a journal, and cannot know these.
 */
function identityOf(folder: string): string {
  const { ino, birthtimeNs } = lstatSync(folder, { bigint: true });
  return `${ino}-${birthtimeNs}`;
}

function busy(folder: string, who: string): UserError {
  return new UserError(
    'run-under-way',
    `${who} is writing to ${folder}`,
    'Wait until that has ended, and run this again.',
    1,
  );
}

/** Puts all texts on the disk, beside the places where they are to be. */
function stageFiles(
  folder: string,
  stage: string,
  files: readonly FileToWrite[],
  remove: readonly string[],
  made: string[],
): Step[] {
  let at = folder;
  try {
    makeFolder(folder, made);
    mkdirSync(stage);
    const steps: Step[] = [];
    for (const [index, { path, text, mode }] of files.entries()) {
      at = join(folder, path);
      writeDurably(join(stage, `${index}.new`), text, mode);
      steps.push({ path, mode, was: digest(at) });
    }
    for (const path of remove) steps.push({ path, was: digest(join(folder, path)) });
    at = join(folder, JOURNAL);
    const journal: Journal = { pid: process.pid, folder: identityOf(stage), steps };
    writeDurably(join(stage, JOURNAL), JSON.stringify(journal), 0o644);
    keepNames(stage);
    return steps;
  } catch (error) {
    throw unusable(error, at, 'written', stateAfter(clear([stage], made)));
  }
}

function decide(folder: string, stage: string, made: string[]): void {
  try {
    renameSync(stage, join(folder, DECIDED));
    keepNames(folder);
  } catch (error) {
    // Another run has decided since this one looked.
    if (/^(?:ENOTEMPTY|EEXIST)$/.test(String((error as NodeJS.ErrnoException).code))) {
      clear([stage], made);
      throw busy(folder, 'another run');
    }
    throw unusable(error, folder, 'written', stateAfter(clear([stage], made)));
  }
}

/** Does what was decided, step by step; a step that is done already, or that is none, changes nothing. */
function putInPlace(folder: string, steps: readonly (Step | undefined)[], made: string[]): void {
  const decided = join(folder, DECIDED);
  let at = folder;
  try {
    for (const [index, step] of steps.entries()) {
      if (step === undefined) continue;
      at = join(folder, step.path);
      const [next, old] = [join(decided, `${index}.new`), join(decided, `${index}.old`)];
      const isDone = step.mode === undefined ? !isWayPlain(folder, dirname(step.path)) : !isThere(next);
      if (isDone) continue;
      makeWay(folder, dirname(step.path), made);
      if (statSync(at, { throwIfNoEntry: false })?.isDirectory()) throw coded('EISDIR');
      if (isThere(at) && !isThere(old)) renameSync(at, old);
      if (step.mode !== undefined) renameSync(next, at);
    }
  } catch (error) {
    throw unusable(error, at, 'written', stateAfter(putBack(folder, steps, made)));
  }
  // All is in place. What cannot be cleared away now does no harm, and is no reason to take anything back.
  const gone = steps.flatMap((step) => (step !== undefined && step.mode === undefined ? [step.path] : []));
  attempt(() => removeEmptyFolders(folder, gone));
  clear([decided], []);
}

/** Takes back what `putInPlace` did. @returns What could not be. */
function putBack(folder: string, steps: readonly (Step | undefined)[], made: string[]): string[] {
  const decided = join(folder, DECIDED);
  const left = [...steps.entries()].reverse().flatMap(([index, step]) =>
    attempt(() => {
      if (step === undefined) return;
      const [next, old] = [join(decided, `${index}.new`), join(decided, `${index}.old`)];
      const at = join(folder, step.path);
      if (step.mode !== undefined && !isThere(next)) renameSync(at, next);
      if (isThere(old)) renameSync(old, at);
    }),
  );
  return left.length > 0 ? left : clear([decided], made);
}

/** Removes folders with all that is in them, then those that were made for them. @returns What could not be removed. */
function clear(full: readonly string[], made: readonly string[]): string[] {
  return [
    // Without it, the rest counts for nothing.
    ...full.flatMap((path) => attempt(() => rmSync(join(path, JOURNAL), { force: true }))),
    ...full.flatMap((path) => attempt(() => rmSync(path, { recursive: true, force: true }))),
    ...[...made].reverse().flatMap((path) => attempt(() => rmdirSync(path))),
  ];
}

function stateAfter(left: readonly string[]): string {
  return left.length === 0 ? ' Nothing was changed.' : ` Not all could be put back: ${left.join('; ')}.`;
}

/** Does one thing, and says why it could not be done instead of failing. */
function attempt(step: () => void): string[] {
  try {
    step();
    return [];
  } catch (error) {
    return [String((error as Error).message)];
  }
}

/** A new file that is on the disk itself when this returns. */
function writeDurably(path: string, text: string, mode: number): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    writeFileSync(file, text);
    fchmodSync(file, mode);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** The names in a folder are on the disk itself when this returns. */
function keepNames(folder: string): void {
  const opened = openSync(folder, 'r');
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}

/** What tells one file from another; null where there is none. */
function digest(path: string): string | null {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return null;
  const bytes = stat.isSymbolicLink() ? readlinkSync(path) : stat.isFile() ? readFileSync(path) : '';
  return createHash('sha256').update(bytes).digest('hex');
}
