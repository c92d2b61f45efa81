/** The output folder on disk: read whole, and written whole or not at all. */
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileReason, UserError } from './error.ts';

/** A file to be written; the path is relative to the output folder. */
export interface FileToWrite {
  path: string;
  text: string;
  mode: number;
}

export interface FileOnDisk {
  text: string;
  mode: number;
}

/**
 * The texts of these files in a folder; those that are not there are left out.
 *
 * @throws UserError where one is there and cannot be read.
 */
export function readFiles(folder: string, paths: readonly string[]): Map<string, FileOnDisk> {
  const files = new Map<string, FileOnDisk>();
  for (const path of paths) {
    const full = join(folder, path);
    try {
      const stat = statSync(full, { throwIfNoEntry: false });
      if (stat?.isFile()) files.set(path, { text: readFileSync(full, 'utf8'), mode: stat.mode & 0o777 });
    } catch (error) {
      throw unusable(error, full, 'read');
    }
  }
  return files;
}

/** Paths of all files below a folder, relative to it, sorted; none where it does not exist. */
export function listFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
      .sort();
  } catch (error) {
    throw unusable(error, folder, 'read');
  }
}

/** One text file, or undefined where there is none. @throws UserError where it cannot be read. */
export function readTextFile(path: string): string | undefined {
  return readFiles(dirname(path), [basename(path)])
    .values()
    .next().value?.text;
}

/**
 * Writes and removes files of a folder. All texts are on the disk before the first file changes, and a failure on the
 * way puts everything back: either all is done, or nothing.
 *
 * @throws UserError that names the file and the reason.
 */
export function writeFiles(folder: string, files: readonly FileToWrite[], remove: readonly string[]): void {
  if (files.length === 0 && remove.length === 0) return;
  const undo: (() => void)[] = [];
  let at = folder;
  let stage: string;
  try {
    makeFolder(folder, undo);
    stage = mkdtempSync(join(folder, '.deploy-scaffold-new-'));
    const made = stage;
    undo.push(() => rmSync(made, { recursive: true, force: true }));
    for (const [index, file] of files.entries()) {
      at = join(folder, file.path);
      const staged = join(stage, `${index}.new`);
      writeFileSync(staged, file.text);
      chmodSync(staged, file.mode);
    }
    for (const [index, path] of [...files.map((file) => file.path), ...remove].entries()) {
      at = join(folder, path);
      makeFolder(dirname(at), undo);
      putAside(at, join(stage, `${index}.old`), undo);
      if (index < files.length) putInPlace(join(stage, `${index}.new`), at, undo);
    }
  } catch (error) {
    const left = undo.reverse().flatMap(attempt);
    const state =
      left.length === 0 ? ' Nothing was changed.' : ` Not all could be put back: ${left.join('; ')}.`;
    throw unusable(error, at, 'written', state);
  }
  // All is in place. What cannot be cleared away now does no harm, and is no reason to take anything back.
  attempt(() => rmSync(stage, { recursive: true, force: true }));
  attempt(() => removeEmptyFolders(folder, remove));
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

/** Makes a folder with its parents, and notes how to take away those that were not there. */
function makeFolder(folder: string, undo: (() => void)[]): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder), undo);
  mkdirSync(folder);
  undo.push(() => rmdirSync(folder));
}

function putAside(path: string, aside: string, undo: (() => void)[]): void {
  // A link that leads nowhere is there too.
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return;
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory())
    throw Object.assign(new Error(path), { code: 'EISDIR' });
  renameSync(path, aside);
  undo.push(() => renameSync(aside, path));
}

function putInPlace(staged: string, path: string, undo: (() => void)[]): void {
  renameSync(staged, path);
  undo.push(() => rmSync(path, { force: true }));
}

function removeEmptyFolders(folder: string, removed: readonly string[]): void {
  for (const path of removed) {
    for (let parent = dirname(join(folder, path)); parent.length > folder.length; parent = dirname(parent)) {
      if (!existsSync(parent) || readdirSync(parent).length > 0) break;
      rmdirSync(parent);
    }
  }
}

function unusable(error: unknown, path: string, verb: 'read' | 'written', state = ''): unknown {
  const reason = fileReason(error);
  if (reason === undefined) return error;
  return new UserError(
    `${path} cannot be ${verb}: ${reason}.${state}`,
    'Mend that, or name another folder with --out.',
    1,
  );
}
