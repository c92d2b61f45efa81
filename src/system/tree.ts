/** The output folder on disk, as it is read. No link below it is followed to another place: a repository may carry some. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { LINK_OUT } from './error.ts';
import { canonical, isInside } from './programs.ts';
import { coded, isWayPlain, unusable } from './ways.ts';

/** A file as it is there. */
export interface FileOnDisk {
  text: string;
  mode: number;
}

/**
 * The texts of these files in a folder; those that are not there are left out.
 *
 * @throws UserError where one is there and cannot be read, or is to be reached by a link only.
 */
export function readFiles(folder: string, paths: readonly string[]): Map<string, FileOnDisk> {
  const files = new Map<string, FileOnDisk>();
  for (const path of paths) {
    const full = join(folder, path);
    try {
      if (!isWayPlain(folder, dirname(path))) continue;
      const stat = statSync(full, { throwIfNoEntry: false });
      if (!stat?.isFile()) continue;
      if (!isInside(canonical(full), canonical(folder))) throw coded(LINK_OUT);
      files.set(path, { text: readFileSync(full, 'utf8'), mode: stat.mode & 0o777 });
    } catch (error) {
      throw unusable(error, full, 'read');
    }
  }
  return files;
}

/**
 * Paths of all files in a folder below `under`, relative to that, sorted; none where it does not exist.
 *
 * @throws UserError as `readFiles` does.
 */
export function listFiles(folder: string, under = '.'): string[] {
  const top = join(folder, under);
  try {
    if (!isWayPlain(folder, under) || !existsSync(top)) return [];
    return readdirSync(top, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(top.length + 1))
      .sort();
  } catch (error) {
    throw unusable(error, top, 'read');
  }
}

/** One text file of a folder, or undefined where there is none. @throws UserError as `readFiles` does. */
export function readTextFile(folder: string, path: string): string | undefined {
  return readFiles(folder, [path]).get(path)?.text;
}

/** A file that the person names, wherever it is; undefined where there is none. @throws UserError where it cannot be read. */
export function readNamedFile(path: string): string | undefined {
  const real = canonical(path);
  return readTextFile(dirname(real), basename(real));
}
