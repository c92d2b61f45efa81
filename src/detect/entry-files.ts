/** Files that may start an app, by their name, and which of several is likelier to be the one that a server runs. */

import { isWithin, joinFolder } from '../evaluate/modules.ts';
import type { ProjectFiles } from '../words/project-files.ts';

/** Folders in which such a file serves tests, documentation or examples, and so is chosen last. */
const ASIDE = new Set([
  'test',
  'tests',
  'testing',
  'docs',
  'doc',
  'example',
  'examples',
  'sandbox',
  'demo',
  'fixtures',
]);

const MAX_CANDIDATES = 40;

/** The project's files of this name, in whatever folder. */
export function filesNamed(project: ProjectFiles, name: string): string[] {
  return project
    .list()
    .filter((file) => file === name || file.endsWith(`/${name}`))
    .slice(0, MAX_CANDIDATES);
}

/** Has the project files in a folder? "" is its top. */
export function hasFolder(project: ProjectFiles, folder: string): boolean {
  return project.list().some((file) => isWithin(file, folder));
}

/** The module or package of a path without its end, "shop/site", in the first folder that has it. */
export function moduleIn(
  project: ProjectFiles,
  roots: Iterable<string>,
  path: string,
): { file: string; root: string } | undefined {
  const files = project.list();
  for (const root of roots) {
    const base = joinFolder(root, path);
    const file = [`${base}.py`, `${base}/__init__.py`].find((one) => files.includes(one));
    if (file !== undefined) return { file, root };
  }
  return undefined;
}

export function depth(file: string): number {
  return file.split('/').length;
}

export function isAside(file: string): boolean {
  const parts = file.split('/');
  return parts.some((part) => ASIDE.has(part)) || TESTS.test(parts.at(-1) ?? '');
}

/** https://docs.pytest.org/en/stable/explanation/goodpractices.html#conventions-for-python-test-discovery */
const TESTS = /^(?:test_.*|.*_test|tests|conftest)\.py$/;

/** Files of the project itself first, then those nearer to its top, then by name. */
export function comparePlaces(a: string, b: string): number {
  return Number(isAside(a)) - Number(isAside(b)) || depth(a) - depth(b) || (a < b ? -1 : 1);
}
