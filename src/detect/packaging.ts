/**
 * What is installed with the app: the requirement file, and versions that it pins.
 */

import { fileName, joinFolder, parentFolder } from '../evaluate/modules.ts';
import { parseJson, parseToml, record } from '../formats/documents.ts';
import { LOCKS, lockOf } from '../formats/locks.ts';
import { type Warning, warningOf } from '../words/detection.ts';
import type { ProjectFiles } from '../words/project-files.ts';
import type { Value } from '../words/value.ts';
import { parseRequirement, pinnedVersion, type Requirement, readRequirements } from './requirements.ts';

export interface Packaging {
  /** Relative to the project's top folder. */
  requirements: Value<string>;
  facts: { python: Value<string>; 'package-manager': Value<string>; install: Value<string> };
  /** The pinned version of a distribution, by its normalised name; absent where none is pinned. */
  version(name: string): Value<string>;
  /** Is the distribution among the requirements? */
  lists(name: string): boolean;
  warnings: Warning[];
}

/** A folder, and those that it lies in, up to the project's top. */
function foldersAbove(root: string): string[] {
  const folders = [root];
  for (let folder = root; folder !== ''; ) {
    folder = parentFolder(folder);
    folders.push(folder);
  }
  return folders;
}

/** Reads the packaging of an app that runs in `root`; the project's top is looked at after it. */
export function readPackaging(project: ProjectFiles, root: string): Packaging {
  const warnings: Warning[] = [];
  const folders = foldersAbove(root);
  const file = folders.map((folder) => requirementFile(project, folder)).find((one) => one !== undefined);
  const toml = folders
    .map((folder) => joinFolder(folder, 'pyproject.toml'))
    .find((one) => project.read(one) !== undefined);
  const pyproject = toml === undefined ? undefined : readPyproject(project, toml, warnings);
  const installs = pyproject?.installs === true ? toml : undefined;
  const setup = folders
    .map((folder) => joinFolder(folder, 'setup.py'))
    .find((one) => project.read(one)?.includes('setup('));
  const lock = folders.map((folder) => lockFile(project, folder)).find((one) => one !== undefined);
  const chosen = (lock !== undefined && usesLock(project, file, lock) ? lock : file) ?? installs ?? setup;
  const direct =
    file !== undefined
      ? readRequirements(project, file)
      : chosen !== undefined && chosen === setup
        ? quotedRequirements(project, setup)
        : (pyproject?.requirements ?? []);
  const locked = chosen !== undefined && chosen === lock ? lockedRequirements(project, lock) : [];
  return {
    requirements: chosen === undefined ? { kind: 'absent' } : known(chosen, { file: chosen, line: 1 }),
    facts: {
      python: pythonVersion(project, folders) ?? pyproject?.python ?? { kind: 'absent' },
      'package-manager': managerOf(project, folders, chosen),
      install:
        chosen === undefined ? { kind: 'absent' } : known(installCommand(chosen), { file: chosen, line: 1 }),
    },
    version: (name) => pinned(locked.length > 0 ? locked : direct, name),
    lists: (name) => (direct.length > 0 ? direct : locked).some((one) => one.name === name),
    warnings,
  };
}

/** What installs the project's packages, by the file that only it writes. */
const MANAGERS: readonly { name: string; file: string; has?: RegExp }[] = [
  ...LOCKS.map(({ manager, file }) => ({ name: manager, file })),
  { name: 'pipenv', file: 'Pipfile' },
  { name: 'uv', file: 'pyproject.toml', has: /^\[tool\.uv[\].]/m },
  { name: 'poetry', file: 'pyproject.toml', has: /^\[tool\.poetry[\].]|\bpoetry[-_.]core\b/m },
  { name: 'pdm', file: 'pyproject.toml', has: /^\[tool\.pdm[\].]|\bpdm[-_.](?:backend|pep517)\b/m },
];

function lockFile(project: ProjectFiles, folder: string): string | undefined {
  const files = project.list();
  const found = LOCKS.find(
    (one) => files.includes(joinFolder(folder, one.file)) && files.includes(joinFolder(folder, one.beside)),
  );
  return found && joinFolder(folder, found.file);
}

/** A list beside a lock is what the lock was written to, or what it has replaced: the image says which is installed. */
function usesLock(project: ProjectFiles, list: string | undefined, lock: string): boolean {
  if (list === undefined) return true;
  // What lies nearer to the app is the app's.
  if (lock.split('/').length < list.split('/').length && !list.includes('requirements/')) return false;
  const name = fileName(list);
  const manager = lockOf(lock)?.manager ?? '';
  const images = project.list().filter((file) => /(?:^|\/)[\w.-]*Dockerfile[\w.-]*$/i.test(file));
  return !images.some((image) => {
    const text = project.read(image) ?? '';
    return text.includes(name) && !new RegExp(`\\b${manager} (?:sync|install|export)`).test(text);
  });
}

/**
 * The packages of a lock, direct and indirect, each with its version: TOML, but for pipenv's, which is JSON.
 * https://packaging.python.org/en/latest/specifications/pylock-toml/ tells of the kinds that there are.
 */
function lockedRequirements(project: ProjectFiles, file: string): Requirement[] {
  const text = project.read(file) ?? '';
  const document = file.endsWith('Pipfile.lock') ? parseJson(text) : parseToml(text);
  const listed = Array.isArray(document?.package) ? document.package.map(record) : [];
  const named = Object.entries(record(document?.default) ?? {});
  return [
    ...listed.flatMap((one) =>
      typeof one?.name === 'string' && typeof one.version === 'string' ? [`${one.name}==${one.version}`] : [],
    ),
    ...named.map(([name, one]) => `${name}${String(record(one)?.version ?? '')}`),
  ].flatMap((one) => {
    const requirement = parseRequirement(one);
    const quoted = requirement === undefined ? '' : `"${requirement.name}"`;
    return withPlace(requirement, file, lineOf(text, quoted));
  });
}

function managerOf(
  project: ProjectFiles,
  folders: readonly string[],
  requirements: string | undefined,
): Value<string> {
  for (const folder of folders)
    for (const { name, file, has } of MANAGERS) {
      const path = joinFolder(folder, file);
      if (!project.list().includes(path)) continue;
      const text = has === undefined ? '' : (project.read(path) ?? '');
      const index = has === undefined ? 0 : text.search(has);
      if (index !== -1) return known(name, { file: path, line: text.slice(0, index).split('\n').length });
    }
  if (requirements === undefined) return { kind: 'absent' };
  const builds = requirements.endsWith('.py') || /\bsetuptools\b/.test(tomlText(project, requirements));
  return known(builds ? 'setuptools' : 'pip', { file: requirements, line: 1 });
}

/** What installs the packages on the host. */
function installCommand(file: string): string {
  const lock = lockOf(file);
  if (lock !== undefined) return `${lock.command.join(' ')} | pip install --requirement /dev/stdin`;
  return /\.(?:py|toml)$/.test(file)
    ? `pip install ./${file.replace(/\/?[^/]*$/, '')}`
    : `pip install --requirement ${file}`;
}

function tomlText(project: ProjectFiles, file: string): string {
  return file.endsWith('.toml') ? (project.read(file) ?? '') : '';
}

/** A setup.py says what it requires in texts, wherever it has them. https://setuptools.pypa.io/en/latest/userguide/dependency_management.html */
function quotedRequirements(project: ProjectFiles, file: string): Requirement[] {
  const lines = project.read(file)?.split('\n') ?? [];
  return lines.flatMap((line, index) =>
    [...line.matchAll(/["']([^"']+)["']/g)].flatMap(([, text = '']) =>
      withPlace(parseRequirement(text), file, index + 1),
    ),
  );
}

function known(value: string, from: { file: string; line: number }): Value<string> {
  return { kind: 'known', value, from: [from] };
}

function pinned(requirements: readonly Requirement[], name: string): Value<string> {
  const found = requirements.find((one) => one.name === name && pinnedVersion(one) !== undefined);
  const version = found && pinnedVersion(found);
  return found && version !== undefined ? known(version, found.from) : { kind: 'absent' };
}

/** requirements/prod*.txt, then requirements.txt, then the other usual names. */
function requirementFile(project: ProjectFiles, folder: string): string | undefined {
  const files = project.list();
  const inFolder = joinFolder(folder, 'requirements/');
  const production = files.filter((file) => {
    const name = file.startsWith(inFolder) ? file.slice(inFolder.length) : '';
    return name.startsWith('prod') && name.endsWith('.txt') && !name.includes('/');
  });
  const beside = ['requirements-prod.txt', 'requirements-production.txt', 'requirements_prod.txt'];
  const plain = ['requirements.txt', 'requirements/base.txt', 'requirements/requirements.txt'];
  const candidates = [...production, ...[...beside, ...plain].map((name) => joinFolder(folder, name))];
  return candidates.find((file) => files.includes(file)) ?? onlyList(files, folder);
}

/** The one list of a name of its own, but for those of developers. */
function onlyList(files: readonly string[], folder: string): string | undefined {
  const lists = files.filter((file) => {
    const name = fileName(file);
    return (
      parentFolder(file) === folder && /^requirements[\w.-]*\.txt$/i.test(name) && !OF_DEVELOPERS.test(name)
    );
  });
  return lists.length === 1 ? lists[0] : undefined;
}

const OF_DEVELOPERS = /dev|test|lint|doc|ci\b|local|build/i;

interface Pyproject {
  /** pip can install from it: it describes a project, not only tools' settings. */
  installs: boolean;
  requirements: Requirement[];
  python: Value<string> | undefined;
}

function readPyproject(project: ProjectFiles, file: string, warnings: Warning[]): Pyproject | undefined {
  const text = project.read(file);
  if (text === undefined) return undefined;
  const document = parseToml(text);
  if (document === undefined) {
    warnings.push(warningOf(`${file} is not valid TOML, so it was not used`, [{ file, line: 1 }]));
    return undefined;
  }
  const table = record(document.project);
  const poetry = record(record(document.tool)?.poetry);
  const listed = Array.isArray(table?.dependencies) ? table.dependencies : [];
  const texts = listed.filter((one) => typeof one === 'string');
  const legacy = Object.entries(record(poetry?.dependencies) ?? {});
  return {
    installs: table !== undefined || poetry !== undefined,
    requirements: [
      ...texts.flatMap((one) => withPlace(parseRequirement(one), file, lineOf(text, one))),
      ...legacy.flatMap(([name, version]) =>
        withPlace(parseRequirement(poetryRequirement(name, version)), file, lineOf(text, name)),
      ),
    ],
    python: pythonOf(table?.['requires-python'] ?? record(poetry?.dependencies)?.python, file, text),
  };
}

/** Poetry's "23.0.0" is exact, "^23" is not: https://python-poetry.org/docs/dependency-specification/ */
function poetryRequirement(name: string, version: unknown): string {
  const text = typeof version === 'string' ? version : record(version)?.version;
  const exact = typeof text === 'string' && (text[0] ?? '') >= '0' && (text[0] ?? '') <= '9';
  return exact ? `${name}==${text}` : typeof text === 'string' && text.startsWith('==') ? name + text : name;
}

function withPlace(one: Omit<Requirement, 'from'> | undefined, file: string, line: number): Requirement[] {
  return one ? [{ ...one, from: { file, line } }] : [];
}

function lineOf(text: string, needle: string): number {
  const at = text.indexOf(needle);
  return at === -1 ? 1 : text.slice(0, at).split('\n').length;
}

function pythonOf(value: unknown, file: string, text: string): Value<string> | undefined {
  return typeof value === 'string' ? known(value, { file, line: lineOf(text, value) }) : undefined;
}

/** https://docs.astral.sh/uv/concepts/python-versions/, https://devcenter.heroku.com/articles/python-runtimes */
const VERSION = /^\s*(?:python-|cpython@?)?(\d[\w.]*)\s*$/;

function pythonVersion(project: ProjectFiles, folders: readonly string[]): Value<string> | undefined {
  for (const folder of folders) {
    for (const name of ['.python-version', 'runtime.txt']) {
      const file = joinFolder(folder, name);
      const lines = project.read(file)?.split('\n') ?? [];
      const index = lines.findIndex((line) => VERSION.test(line));
      const version = VERSION.exec(lines[index] ?? '')?.[1];
      if (version !== undefined) return known(version, { file, line: index + 1 });
    }
  }
  return undefined;
}
