/**
 * Finds the project's modules among its files, as Python's import would with the source roots on sys.path.
 * https://docs.python.org/3/reference/import.html
 */
import type { ProjectFiles } from '../words/project-files.ts';

/** A module of the project: `file` is its source, `folder` its own folder if it is a package. */
export interface FoundModule {
  file: string | undefined;
  folder: string | undefined;
}

/** The project's Python files and folders, for fast look-ups. */
export interface ModuleFinder {
  has(file: string): boolean;
  /** A dotted absolute name; undefined where the project has none. */
  absolute(dotted: string): FoundModule | undefined;
  /** `from ..a.b import`: `level` dots from a file, then a dotted name, which may be empty. */
  relative(fromFile: string, level: number, dotted: string): FoundModule | undefined;
  /** A name within a package's folder. */
  within(folder: string, name: string): FoundModule | undefined;
  /** The dotted name of a file: its `__name__`, when it is imported. */
  nameOf(file: string): string;
}

/**
 * @param roots folders on sys.path, "" for the project's top; the first that has the module wins.
 * @param outside top-level modules that come from outside: a mere folder of such a name is none of them.
 */
export function moduleFinder(
  project: ProjectFiles,
  roots: readonly string[],
  outside: ReadonlySet<string> = new Set(),
): ModuleFinder {
  const files = new Set<string>();
  const folders = new Set<string>();
  for (const file of project.list()) {
    files.add(file);
    if (!file.endsWith('.py')) continue;
    for (let at = file.lastIndexOf('/'); at !== -1; at = file.lastIndexOf('/', at - 1)) {
      const folder = file.slice(0, at);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  const atPath = (path: string): FoundModule | undefined => {
    const init = path === '' ? '__init__.py' : `${path}/__init__.py`;
    if (files.has(init)) return { file: init, folder: path };
    if (files.has(`${path}.py`)) return { file: `${path}.py`, folder: undefined };
    return path === '' || folders.has(path) ? { file: undefined, folder: path } : undefined;
  };
  return {
    has: (file) => files.has(file),
    absolute(dotted) {
      const path = dotted.split('.').join('/');
      const found = roots.map((root) => atPath(joinFolder(root, path)));
      const whole = found.find((one) => one?.file !== undefined);
      if (whole || outside.has(dotted.split('.')[0] ?? '')) return whole;
      // A folder that merely has Python files in it is the weakest match: a namespace package.
      return found.find((one) => one !== undefined);
    },
    relative(fromFile, level, dotted) {
      let folder: string | undefined = parentFolder(fromFile);
      for (let n = 1; n < level; n++)
        folder = folder === undefined || folder === '' ? undefined : parentFolder(folder);
      if (folder === undefined) return undefined;
      return atPath(dotted === '' ? folder : joinFolder(folder, dotted.split('.').join('/')));
    },
    within: (folder, name) => atPath(joinFolder(folder, name)),
    nameOf: (file) => dottedName(roots, file),
  };
}

/** The dotted name of a file from the source root nearest to it. */
export function dottedName(roots: readonly string[], file: string): string {
  const within = roots.filter((root) => isWithin(file, root)).sort((a, b) => b.length - a.length);
  // The first root wins unless the file lies in none of the main ones: src/ is longer than the top and so comes first.
  const base = within[0] ?? '';
  const path = base === '' ? file : file.slice(base.length + 1);
  const dotted = path.slice(0, -'.py'.length).split('/').join('.');
  return dotted.endsWith('.__init__') ? dotted.slice(0, -'.__init__'.length) : dotted;
}

/** Folders on sys.path when an app is started in one: that, its src, and the project's top. */
export function sourceFolders(root: string): string[] {
  return [...new Set([root, joinFolder(root, 'src'), ''])];
}

/** The last part of a path: "settings.py". */
export function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Does a path lie in a folder, "" being the top? */
export function isWithin(path: string, folder: string): boolean {
  return folder === '' || path.startsWith(`${folder}/`);
}

/** The folder of a path, "" at the top. */
export function parentFolder(path: string): string {
  const at = path.lastIndexOf('/');
  return at === -1 ? '' : path.slice(0, at);
}

/** Joins folder and name, where "" is the top. */
export function joinFolder(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}
