/**
 * Where a Django project begins: manage.py, the WSGI and ASGI modules, and which settings module they name.
 * https://docs.djangoproject.com/en/stable/topics/settings/#designating-the-settings
 */

import type { Part, StartedApp } from '../../contract/earlier.ts';
import { comparePlaces, depth, filesNamed } from '../../detect/entry-files.ts';
import { appOf } from '../../detect/services/entry.ts';
import { type Evaluator, evaluator } from '../../evaluate/index.ts';
import { dottedName, isWithin, parentFolder, sourceFolders } from '../../evaluate/modules.ts';
import { toValue } from '../../evaluate/to-value.ts';
import type { ProjectFiles } from '../../words/project-files.ts';
import type { Evidence, Value } from '../../words/value.ts';

/** A file that starts Django. */
interface EntryFile {
  file: string;
  /** The settings module that it names, where it names one that is known. */
  settings: { module: string; from: Evidence[] } | undefined;
  /** It names one that cannot be known, for this reason. */
  because: string | undefined;
}

/** An entry module of an app server: the object `application` (or another name) in it. */
export interface EntryModule extends EntryFile {
  kind: 'wsgi' | 'asgi';
  /** "contracts_site.wsgi:application" */
  app: string;
  from: Evidence[];
}

export interface Entries {
  /** Folder of manage.py, "" for the project's top. */
  root: string;
  /** Folders on sys.path when the app runs. */
  roots: string[];
  manage: EntryFile | undefined;
  /** Other manage.py files, which were not chosen. */
  others: string[];
  modules: EntryModule[];
  /** Entry modules that a server was started with, the likeliest first. */
  started: StartedApp[];
  /** Apps that an earlier site had at paths of their own: "shop.asgi:application". */
  apart: string[];
  /** Reads the entry files, and storages and the like; its environment reads do not count. */
  evaluate: Evaluator;
}

/** Finds the project's entries; undefined where nothing starts Django. */
export function findEntries(project: Part): Entries | undefined {
  const named = (name: string) => filesNamed(project, name);
  const read = evaluator(project, { roots: [''], follow: isEntryOrStorage });
  const managers = named('manage.py')
    .map((file) => entryFile(project, read, file))
    .filter((entry) => entry !== undefined)
    .sort(byPlace);
  const live = project.earlier().apps.filter(({ start }) => !start.development);
  const starters = [...named('wsgi.py'), ...named('asgi.py')].sort((a, b) => depth(a) - depth(b));
  const served = managers.find(({ file }) => live.some(({ root }) => root === parentFolder(file)));
  const manage = served ?? managers[0];
  const others = managers.filter((one) => one !== manage);
  const first = starters.map((file) => entryFile(project, read, file)).find((entry) => entry !== undefined);
  if (!manage && !first) return undefined;
  const anchor = manage ?? (first as EntryFile);
  const root = manage ? parentFolder(manage.file) : rootOf(anchor);
  const roots = sourceRoots(project, root, anchor.settings?.module);
  const evaluate = evaluator(project, { roots, follow: isEntryOrStorage });
  const inside = starters.filter((file) => root === '' || file.startsWith(`${root}/`));
  const modules = inside
    .filter(
      (file) =>
        !others.some(
          (other) => isWithin(file, parentFolder(other.file)) && parentFolder(other.file) !== root,
        ),
    )
    .map((file) => entryModule(project, evaluate, roots, file))
    .filter((one) => one !== undefined)
    .sort((a, b) => nearness(a, anchor) - nearness(b, anchor));
  const started = live.filter(({ file }) => /[aw]sgi/i.test(file) && isWithin(file, root));
  const apart = project
    .earlier()
    .apart.filter(({ isSure }) => isSure)
    .flatMap(({ app }) => appOf(app) ?? []);
  return {
    root,
    roots,
    manage,
    others: others.map((other) => other.file),
    modules,
    started,
    apart,
    evaluate,
  };
}

/** What an entry file or a storage imports leads into the whole project; only more of their kind is read. */
function isEntryOrStorage(file: string): boolean {
  const name = file.slice(file.lastIndexOf('/') + 1);
  return ['manage', 'wsgi', 'asgi', 'stor', 'settings', 'backend'].some((part) => name.includes(part));
}

function byPlace(a: EntryFile, b: EntryFile): number {
  return comparePlaces(a.file, b.file);
}

/** Entry modules beside the settings come before those elsewhere. */
function nearness(module: EntryModule, anchor: EntryFile): number {
  const top = anchor.settings?.module.split('.')[0];
  const own = module.app.split('.')[0];
  return (top !== undefined && own === top ? 0 : 100) + depth(module.file);
}

/** Reads a file that may start Django; undefined if it does not. A manage.py may be another tool's. */
function entryFile(project: ProjectFiles, read: Evaluator, file: string): EntryFile | undefined {
  // Cheap, before parsing: a file that starts Django names it.
  const text = project.read(file);
  if (text === undefined || !text.toLowerCase().includes('django')) return undefined;
  const values = read
    .assignments(file, 'DJANGO_SETTINGS_MODULE')
    .map((value) => toValue<string>(value, { base: '' }));
  const named = values.map(namedModule).filter((one) => one !== undefined);
  const distinct = new Set(named.map((one) => one.module));
  const [settings] = named;
  const unknown = values.find((value) => value.kind === 'unknown');
  const because =
    distinct.size > 1
      ? `${file} names several settings modules: ${[...distinct].join(', ')}`
      : unknown?.kind === 'unknown'
        ? unknown.because
        : undefined;
  return { file, settings, because: settings && distinct.size === 1 ? undefined : because };
}

function namedModule(value: Value<string>): { module: string; from: Evidence[] } | undefined {
  if (value.kind !== 'known' && value.kind !== 'default') return undefined;
  return typeof value.value === 'string' && value.value !== ''
    ? { module: value.value, from: value.from }
    : undefined;
}

/** Without a manage.py the folder from which the settings' dotted name leads to the entry file's package. */
function rootOf(entry: EntryFile): string {
  const folder = parentFolder(entry.file);
  const top = entry.settings?.module.split('.')[0];
  const parts = folder.split('/');
  const at = top === undefined ? -1 : parts.lastIndexOf(top);
  return at === -1 ? parentFolder(folder) : parts.slice(0, at).join('/');
}

/** sys.path: manage.py's folder, then the usual others, then where the settings module is found by its path. */
function sourceRoots(project: ProjectFiles, root: string, settings: string | undefined): string[] {
  const roots = sourceFolders(root);
  if (settings === undefined) return roots;
  const path = settings.split('.').join('/');
  const hits = project
    .list()
    .flatMap((file) =>
      [`/${path}.py`, `/${path}/__init__.py`]
        .filter((end) => `/${file}`.endsWith(end))
        .map((end) => `/${file}`.slice(1, -end.length)),
    );
  const further = hits.sort((a, b) => depth(a) - depth(b)).slice(0, 3);
  return [...new Set([...roots, ...further])];
}

function entryModule(
  project: ProjectFiles,
  evaluate: Evaluator,
  roots: readonly string[],
  file: string,
): EntryModule | undefined {
  const entry = entryFile(project, evaluate, file);
  const module = evaluate.module(file);
  const name = ['application', 'app'].find((one) => module?.get(one) !== undefined);
  if (!entry || !module || name === undefined) return undefined;
  const from =
    module
      .get(name)
      ?.flatMap((one) => one.from.filter((place) => place.file === file))
      .slice(0, 1) ?? [];
  const kind = file.endsWith('wsgi.py') ? 'wsgi' : 'asgi';
  return {
    ...entry,
    kind,
    app: `${dottedName(roots, file)}:${name}`,
    from: from.length > 0 ? from : [{ file, line: 1 }],
  };
}
