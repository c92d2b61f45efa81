/**
 * POSIX paths as text, as os.path and pathlib calculate them. A path under the project begins with the PROJECT
 * character, which counts as a root of its own, from which `..` can climb out.
 */

/**
 * Stands for the absolute path of the project's top folder, which a reader of source cannot know. As it is a
 * character, a text such as f"sqlite:///{BASE_DIR}/db" needs no kind of its own; it is private use, so no source has it.
 */
export const PROJECT = '\u{F0D0A}';

/** True for "/x" and for paths under the project. */
export function isAnchored(path: string): boolean {
  return path.startsWith('/') || path === PROJECT || path.startsWith(`${PROJECT}/`);
}

/** os.path.normpath: no ".", "..", empty or doubled segments. */
export function normalisePath(path: string): string {
  const root = path.startsWith(PROJECT) ? PROJECT : path.startsWith('/') ? '/' : '';
  const out: string[] = [];
  for (const segment of path.slice(root === '' ? 0 : root.length).split('/')) {
    if (segment === '' || segment === '.') continue;
    const climbs = segment === '..' && out.length > 0 && out[out.length - 1] !== '..';
    if (climbs) out.pop();
    else if (segment === '..' && root === '/') continue;
    else out.push(segment);
  }
  if (root === PROJECT) return [PROJECT, ...out].join('/');
  return root === '/' ? `/${out.join('/')}` : out.join('/') || '.';
}

/** os.path.join and Path / Path: a later absolute part wins; a trailing slash stays, as os.path.join keeps it. */
export function joinPaths(...segments: string[]): string {
  return segments.reduce((left, right) => {
    if (isAnchored(right)) return right;
    if (left === '') return right;
    return left.endsWith('/') ? left + right : `${left}/${right}`;
  });
}

/** pathlib's joining: dots and doubled slashes fall away, `..` is kept in Python, but leads to the same file. */
export function joinPurePaths(...segments: string[]): string {
  return normalisePath(joinPaths(...segments));
}

/** os.path.dirname of a normalised path, `times` over. */
export function parentPath(path: string, times = 1): string {
  let at = normalisePath(path);
  for (let n = 0; n < times; n++) {
    if (at === '/') return at;
    if (at === PROJECT || at.endsWith('/..')) at = `${at}/..`;
    else if (at.includes('/')) at = at.slice(0, at.lastIndexOf('/')) || '/';
    else return '.';
  }
  return at;
}

/** os.path.basename; undefined for the project's own folder, whose name is an accident of the checkout. */
export function baseName(path: string): string | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return name === PROJECT || name === '..' ? undefined : name;
}

/**
 * A path text as the project's reader writes it: relative to `base` (a folder of the project, "" for its top) if it
 * was anchored in the project ("." for the folder itself), otherwise unchanged but for a trailing slash.
 */
export function relativePath(path: string, base: string): string {
  const normal = normalisePath(path);
  if (!normal.startsWith(PROJECT)) return normal;
  const target = normal.split('/').slice(1);
  const from = base === '' ? [] : base.split('/');
  let common = 0;
  while (common < from.length && common < target.length && from[common] === target[common]) common++;
  const climbs = from.slice(common).map(() => '..');
  return [...climbs, ...target.slice(common)].join('/') || '.';
}
