/** The folders on the way to a file below the output folder: none of them may be a link. */
import { existsSync, lstatSync, mkdirSync, readdirSync, rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileReason, LINK_ON_THE_WAY, UserError } from './error.ts';

/** A link that leads nowhere is there too. */
export function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** Makes a folder with its parents, and notes those that were not there. */
export function makeFolder(folder: string, made: string[]): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder), made);
  mkdirSync(folder);
  made.push(folder);
}

/** Are all folders on the way there? Follows no link. @throws An error of `LINK_ON_THE_WAY` where one is a link. */
export function isWayPlain(folder: string, below: string): boolean {
  return wayTo(folder, below).every((at) => {
    const stat = lstatSync(at, { throwIfNoEntry: false });
    if (stat?.isSymbolicLink()) throw coded(LINK_ON_THE_WAY);
    return stat !== undefined;
  });
}

/** Makes the folders on the way that are not there. @throws as `isWayPlain` does. */
export function makeWay(folder: string, below: string, made: string[]): void {
  if (isWayPlain(folder, below)) return;
  for (const at of wayTo(folder, below)) {
    if (isThere(at)) continue;
    mkdirSync(at);
    made.push(at);
  }
}

/** "a/b" below a folder: "FOLDER/a", "FOLDER/a/b". */
function wayTo(folder: string, below: string): string[] {
  const parts = below.split('/').filter((part) => part !== '' && part !== '.');
  return parts.map((_, index) => join(folder, ...parts.slice(0, index + 1)));
}

/** Removes the folders that held nothing but these files. */
export function removeEmptyFolders(folder: string, removed: readonly string[]): void {
  for (const path of removed) {
    for (let parent = dirname(join(folder, path)); parent.length > folder.length; parent = dirname(parent)) {
      // A run that was ended may have come so far.
      if (!existsSync(parent)) continue;
      if (readdirSync(parent).length > 0) break;
      rmdirSync(parent);
    }
  }
}

/** An error as Node.js would throw it for the file system. */
export function coded(code: string): Error {
  return Object.assign(new Error(code), { code });
}

/** What to throw where a file cannot be used: what stands in the way, for the person; a bug of ours stays as it is. */
export function unusable(error: unknown, path: string, verb: 'read' | 'written', state = ''): unknown {
  const reason = fileReason(error);
  if (reason === undefined) return error;
  return new UserError(
    'file-unusable',
    `${path} cannot be ${verb}: ${reason}.${state}`,
    'Fix that, or name another folder with --out.',
    1,
  );
}
