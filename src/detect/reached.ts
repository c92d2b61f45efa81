/** Files of a project that its app loads, as far as imports and the names of modules in texts tell. */
import { isWithin, joinFolder, parentFolder } from '../evaluate/modules.ts';
import type { ProjectFiles } from '../words/project-files.ts';
import { isAside } from './entry-files.ts';

/** Modules that Django loads of each package that it is told of. https://docs.djangoproject.com/en/stable/ref/applications/#initialization-process */
const OF_PACKAGE = ['apps', 'models'];

const FROM = /^\s*from\s+(\.*)([\w.]*)\s+import\s+\(?([\w\s,]*)/;
const IMPORT = /^\s*import\s+([\w.,\s]+)/;
/** "shop.urls" in a list of apps or routes. */
const QUOTED = /["']([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)["']/g;

/**
 * The Python files that are loaded with modules of the project, tests and examples aside.
 *
 * @param root The folder that the app is started in, "" for the top.
 * @param modules Dotted names, the app's own first.
 */
export function reachedFiles(project: ProjectFiles, root: string, modules: readonly string[]): string[] {
  const there = new Set(project.list());
  const roots = [...new Set([root, joinFolder(root, 'src'), ''])];
  const fileOf = (path: string) => [`${path}.py`, `${path}/__init__.py`].filter((one) => there.has(one));
  const known = new Map<string, string[]>();
  const locate = (dotted: string): string[] => {
    const path = dotted.replaceAll('.', '/');
    const found =
      known.get(path) ??
      ['', ...OF_PACKAGE.map((one) => `/${one}`)].flatMap((part) =>
        roots.flatMap((folder) => fileOf(joinFolder(folder, `${path}${part}`))).slice(0, 1),
      );
    known.set(path, found);
    return found;
  };
  const seen = new Set<string>();
  const left = modules.flatMap(locate);
  for (let file = left.pop(); file !== undefined; file = left.pop()) {
    if (seen.has(file) || isAside(file) || !isWithin(file, root)) continue;
    seen.add(file);
    const folder = parentFolder(file);
    for (const name of (project.read(file) ?? '').split('\n').flatMap(namedIn)) {
      const [dots = ''] = /^\.*/.exec(name) ?? [];
      // Of "shop.apps.ShopConfig", the last is what lies in the module.
      if (dots === '')
        left.push(...locate(name), ...locate(name.slice(0, Math.max(0, name.lastIndexOf('.')))));
      else {
        const base = [...dots].slice(1).reduce<string>(parentFolder, folder);
        left.push(...fileOf(joinFolder(base, name.slice(dots.length).replaceAll('.', '/'))));
      }
    }
  }
  return [...seen].sort();
}

/** Modules that a line names, with the dots that a relative one begins with; what is imported from one may be one too. */
function namedIn(line: string): string[] {
  if (/^\s*#/.test(line)) return [];
  const [, dots = '', module = '', names] = FROM.exec(line) ?? [];
  const between = module === '' ? '' : '.';
  if (names !== undefined)
    return [
      ...(module === '' ? [] : [`${dots}${module}`]),
      ...names
        .split(/[\s,]+/)
        .filter(Boolean)
        .map((one) => `${dots}${module}${between}${one}`),
    ];
  const imported = IMPORT.exec(line)?.[1];
  if (imported !== undefined) return imported.split(',').map((one) => one.trim().split(/\s+/)[0] ?? '');
  return [...line.matchAll(QUOTED)].map(([, name = '']) => name);
}
