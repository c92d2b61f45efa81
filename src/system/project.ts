/** Reads a project's folder. Nothing in it is run, and no symbolic link is followed to a folder, or out of the project. */
import { lstatSync, readdirSync, readFileSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { BASE_FOLDER } from '../kit/changes.ts';
import type { LinkOut, ProjectFiles } from '../words/project-files.ts';
import { fileReason, UserError } from './error.ts';
import { isInside } from './programs.ts';

/** Folders that hold no source of the project's own. */
const SKIPPED = new Set([
  '.cache', '.eggs', '.git', '.hg', '.idea', '.mypy_cache', '.nox', '.pytest_cache', '.ruff_cache', '.svn', '.tox',
  '.venv', '.vscode', '__pycache__', 'bower_components', 'env', 'htmlcov', 'node_modules', 'site-packages', 'venv',
]); // biome-ignore format: a list of words

/** Deeper than any project is, and shallow enough for a folder made to harm. */
const DEEPEST = 60;
/** A larger file is data, not configuration. */
const LARGEST = 2 * 1024 * 1024;

export interface ReadProject extends ProjectFiles {
  /** Absolute path of the project. */
  readonly folder: string;
  /** Folders and files that could not be read, relative to the project. */
  readonly unreadable: readonly string[];
  /** Links that lead out of the project, relative to it: they are not followed. */
  readonly outside: readonly string[];
}

/**
 * A project's files.
 *
 * @throws UserError where the folder does not exist, is none, or cannot be read.
 */
export function readProject(dir: string): ReadProject {
  const folder = openFolder(dir);
  const unreadable: string[] = [];
  const outside = new Set<string>();
  let listed: string[] | undefined;
  const texts = new Map<string, string | undefined>();
  const damaged = new Set<string>();
  return {
    name: basename(folder),
    folder,
    unreadable,
    get outside() {
      return [...outside].sort();
    },
    list() {
      listed ??= walk(folder, '', 0, { unreadable, outside }).sort();
      return listed;
    },
    read(path) {
      if (!texts.has(path)) texts.set(path, readText(folder, path, { unreadable, outside, damaged }));
      return texts.get(path);
    },
    isDamaged: (path) => damaged.has(path),
    lookInto: (path) =>
      isFolder(join(folder, path)) ? { linksOut: () => linksOut(folder, path, { unreadable }) } : undefined,
  };
}

/**
 * The links of a folder that lead out of it, all of its folders looked into. An absolute one does, wherever it leads,
 * since a release lies elsewhere; and so does the folder itself, where it is a link.
 */
function linksOut(folder: string, path: string, { unreadable }: Pick<Left, 'unreadable'>): LinkOut[] {
  const linkAt = (at: string) => ({ path: at, target: readlinkSync(join(folder, at)) });
  const steps = path.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'));
  const isLink = (step: string) => lstatSync(join(folder, step)).isSymbolicLink();
  const way = steps.find((step) => isLink(step) && (step === path || leadsOut(join(folder, step), folder)));
  if (way !== undefined) return [linkAt(way)];
  const top = join(folder, path);
  try {
    return readdirSync(top, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isSymbolicLink())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((link) => leadsOut(link, top))
      .sort()
      .map((link) => linkAt(link.slice(folder.length + 1)));
  } catch (error) {
    if (fileReason(error) === undefined) throw error;
    unreadable.push(path);
    return [];
  }
}

/** A link that leads nowhere is judged by where it would. */
function leadsOut(link: string, top: string): boolean {
  const target = readlinkSync(link);
  if (isAbsolute(target)) return true;
  try {
    return !isInside(realpathSync(link), realpathSync(top));
  } catch {
    return !isInside(resolve(dirname(link), target), top);
  }
}

/** Is there a folder? */
export function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    if (fileReason(error) === undefined) throw error;
    return false;
  }
}

function openFolder(dir: string): string {
  try {
    const folder = realpathSync(dir);
    if (!statSync(folder).isDirectory())
      throw new UserError(
        'project-folder-unusable',
        `${dir} is not a folder`,
        'Give the folder of the project.',
      );
    readdirSync(folder);
    return folder;
  } catch (error) {
    const reason = fileReason(error);
    if (reason === undefined) throw error;
    throw new UserError(
      'project-folder-unusable',
      `${dir} cannot be read: ${reason}`,
      'Give the folder of the project.',
    );
  }
}

interface Left {
  unreadable: string[];
  outside: Set<string>;
}

function walk(folder: string, below: string, depth: number, left: Left): string[] {
  if (depth > DEEPEST) return [];
  try {
    return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory())
        return isSkipped(folder, path, entry.name) ? [] : walk(folder, path, depth + 1, left);
      return entry.isFile() || isLinkToFile(folder, path, entry, left) ? [path] : [];
    });
  } catch (error) {
    if (fileReason(error) === undefined) throw error;
    left.unreadable.push(below);
    return [];
  }
}

/**
 * What marks a folder that holds no source of the project's own, whatever its name: a virtual environment (PEP 405), and
 * what an earlier run wrote.
 */
const ASIDE = ['pyvenv.cfg', BASE_FOLDER];

function isSkipped(folder: string, path: string, name: string): boolean {
  if (SKIPPED.has(name)) return true;
  try {
    return ASIDE.some((mark) => statSync(join(folder, path, mark), { throwIfNoEntry: false }) !== undefined);
  } catch (error) {
    if (fileReason(error) === undefined) throw error;
    // It may not be looked into: that is noted when it is walked, and concerns no folder but this.
    return false;
  }
}

function isLinkToFile(
  folder: string,
  path: string,
  entry: { isSymbolicLink(): boolean },
  { outside }: Left,
): boolean {
  if (!entry.isSymbolicLink()) return false;
  try {
    if (!statSync(join(folder, path)).isFile()) return false;
    return isInside(realpathSync(join(folder, path)), folder) || !outside.add(path);
  } catch {
    // A link that leads nowhere, or in a circle, is not a file.
    return false;
  }
}

/** https://docs.python.org/3/reference/lexical_analysis.html#encoding-declarations */
const COOKIE = /^(?:[^\n]*\n)?[ \t\f]*#[^\n]*?coding[:=][ \t]*([-\w.]+)/;

/** The text of a file by its byte order mark, a Python file's by what it says of itself; UTF-8 otherwise. Undefined where it is not text. */
function decode(bytes: Buffer, isPython: boolean): string | undefined {
  const mark = MARKS.find(({ start }) => bytes.subarray(0, start.length).equals(start));
  const cookie = isPython ? COOKIE.exec(bytes.toString('latin1', 0, 400))?.[1] : undefined;
  const encoding = mark?.encoding ?? cookie;
  const text = encoding === undefined ? bytes.toString('utf8') : decoder(encoding).decode(bytes);
  return text.includes('\0') ? undefined : text;
}

const MARKS = [
  { start: Buffer.from([0xef, 0xbb, 0xbf]), encoding: 'utf-8' },
  { start: Buffer.from([0xff, 0xfe]), encoding: 'utf-16le' },
  { start: Buffer.from([0xfe, 0xff]), encoding: 'utf-16be' },
];

/** Python's names of encodings are nearly those of https://encoding.spec.whatwg.org/#names-and-labels. */
function decoder(name: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(
      name
        .toLowerCase()
        .replaceAll('_', '-')
        .replace(/^latin-?(\d)$/, 'latin$1'),
    );
  } catch {
    // An encoding that only Python has: what is ASCII in it can be read all the same.
    return new TextDecoder('latin1');
  }
}

function readText(
  folder: string,
  path: string,
  { unreadable, outside, damaged }: Left & { damaged: Set<string> },
): string | undefined {
  try {
    const stat = statSync(join(folder, path), { throwIfNoEntry: false });
    if (!stat?.isFile() || stat.size > LARGEST) return undefined;
    if (!isInside(realpathSync(join(folder, path)), folder)) {
      outside.add(path);
      return undefined;
    }
    const bytes = readFileSync(join(folder, path));
    const text = decode(bytes, path.endsWith('.py'));
    // The character itself may stand in a text.
    if (text?.includes('\uFFFD') && !bytes.includes('\uFFFD')) damaged.add(path);
    return text;
  } catch (error) {
    if (fileReason(error) === undefined) throw error;
    unreadable.push(path);
    return undefined;
  }
}
