/**
 * Which of this machine's programs may be run, and what is around them then: nothing that a project brings along is run
 * or loaded, unless the person names its folder.
 */
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  openSync,
  readlinkSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { basename, delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import { fileReason } from './error.ts';

export interface Trust {
  /** Folders nothing of which is run or loaded: the project with the repository that it lies in, the output folder. */
  untrusted?: readonly string[];
  /** Folders that the person named: their programs come first, wherever they lie. */
  named?: readonly string[];
  /** Where programs are looked for; default: the environment's PATH. */
  path?: string;
}

/** Where a program is looked for beside the PATH. */
export interface Lookup {
  /** Folders of the system. */
  alsoIn?: readonly string[];
  /** Folders of a project where it often is, relative to it. They are not looked into, only named. */
  oftenIn?: readonly string[];
}

export interface Found {
  /** Absolute paths of the programs that may be run, those of the person's own folders first. */
  programs: string[];
  /** Those that were passed over, since a project may have put them there. */
  passedOver: string[];
}

/** The programs of that name. */
export function findPrograms(tool: string, { alsoIn = [], oftenIn = [] }: Lookup, trust: Trust): Found {
  const { untrusted = [], named = [] } = trust;
  const own = named.map((folder) => resolve(folder, tool)).filter(isProgram);
  const onPath = entriesOf(trust)
    .concat(alsoIn)
    .map((folder) => ({
      path: resolve(folder, tool),
      trusted: isAbsolute(folder),
    }));
  const beside = untrusted.flatMap((folder) =>
    oftenIn.map((sub) => ({ path: join(folder, sub, tool), trusted: false })),
  );
  const found = [...onPath, ...beside].filter(({ path }) => isProgram(path) && !own.includes(path));
  const isFine = ({ path, trusted }: (typeof found)[number]) => trusted && !isOf(path, untrusted);
  return {
    programs: [...new Set([...own, ...found.filter(isFine).map(({ path }) => path)])],
    passedOver: [...new Set(found.filter((one) => !isFine(one)).map(({ path }) => path))],
  };
}

/** Variables that say who runs this and where; all others may change what a program loads, and are left out. */
const KEPT = ['LOGNAME', 'TMPDIR', 'USER'];
/** For what has to lead somewhere, and must not. */
const NOWHERE = '/nonexistent';
/** Lists of folders, of which the trusted ones are kept. Some Pythons find their own library by the second. */
const LISTS = ['PATH', 'LD_LIBRARY_PATH'];

/**
 * The environment for a program. Python leaves out what a user installed for all that they run, and the folder that it
 * is called in: https://docs.python.org/3/using/cmdline.html#environment-variables
 */
export function environmentFor(trust: Trust): Record<string, string> {
  const { untrusted = [] } = trust;
  const home = process.env.HOME ?? '';
  const lists = LISTS.map((name) => {
    const folders = entriesOf(trust, name).filter((folder) => isAbsolute(folder) && !isOf(folder, untrusted));
    return [name, folders.join(delimiter)] as const;
  });
  const kept = KEPT.map((name) => [name, process.env[name] ?? ''] as const);
  return {
    // An empty PATH would be the folder of the call.
    PATH: NOWHERE,
    ...Object.fromEntries([...kept, ...lists].filter(([, value]) => value !== '')),
    HOME: isAbsolute(home) && !isOf(home, untrusted) ? home : NOWHERE,
    PYTHONNOUSERSITE: '1',
    PYTHONSAFEPATH: '1',
    LC_ALL: 'C',
  };
}

function entriesOf({ path }: Trust, name = 'PATH'): string[] {
  const list = (name === 'PATH' ? path : undefined) ?? process.env[name] ?? '';
  return list === '' ? [] : list.split(delimiter);
}

/**
 * The repository that a folder lies in, or the folder itself: who may put a program into the one may put it into the
 * other. Of a submodule it is the one around it.
 */
export function repositoryOf(folder: string): string {
  let outermost = folder;
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) outermost = at;
    if (at === dirname(at)) return outermost;
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch (error) {
    if (fileReason(error) === undefined) throw error;
    return false;
  }
}

/** Does a path lead into one of the folders: by itself, by a link on its way, or by the interpreter of its first line? */
function isOf(path: string, folders: readonly string[]): boolean {
  if (folders.length === 0) return false;
  const inside = folders.map(canonical);
  const leadsIn = (to: string) => steps(to).some((step) => inside.some((folder) => isInside(step, folder)));
  const interpreter = /^#!\s*(\/\S+)/.exec(startOf(path))?.[1];
  return leadsIn(path) || (interpreter !== undefined && leadsIn(interpreter));
}

/** The first bytes of a file, where it is one that can be read. */
function startOf(path: string): string {
  if (!isProgram(path)) return '';
  try {
    const file = openSync(path, 'r');
    const bytes = Buffer.alloc(256);
    try {
      return bytes.toString('latin1', 0, readSync(file, bytes));
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (fileReason(error) === undefined) throw error;
    return '';
  }
}

/** Is a path the folder, or below it? Both are canonical. */
export function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}

/** More links than any system follows. */
const MOST_LINKS = 40;

/** Where a path leads, link by link: a Python looks for its modules beside the link that it is called by. */
function steps(path: string): string[] {
  const found: string[] = [];
  for (let at = path; found.length < MOST_LINKS; ) {
    const step = join(canonical(dirname(at)), basename(at));
    found.push(step);
    const to = linkTarget(step);
    if (to === undefined) break;
    at = resolve(dirname(step), to);
  }
  return found;
}

function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch (error) {
    // EINVAL is not a link. What cannot be read cannot be run either.
    if (fileReason(error) === undefined && (error as NodeJS.ErrnoException).code !== 'EINVAL') throw error;
    return undefined;
  }
}

/** The path without links, as far as it exists. */
export function canonical(path: string): string {
  const full = resolve(path);
  try {
    return realpathSync(full);
  } catch (error) {
    if (fileReason(error) === undefined) throw error;
    return full === dirname(full) ? full : join(canonical(dirname(full)), basename(full));
  }
}
