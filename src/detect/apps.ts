/**
 * Where an app is that a server can load, for every framework whose app is an object of a class of its own: the modules
 * and packages of usual names, the objects and factories of usual names in them.
 */

import type { Part, StartedApp } from '../contract/earlier.ts';
import type { Abstract, CallData } from '../evaluate/data.ts';
import type { Evaluator } from '../evaluate/index.ts';
import { dottedName, parentFolder } from '../evaluate/modules.ts';
import { only } from '../evaluate/run.ts';
import { type Detection, warningOf } from '../words/detection.ts';
import type { ProjectFiles } from '../words/project-files.ts';
import type { Evidence } from '../words/value.ts';
import { comparePlaces, filesNamed, isAside } from './entry-files.ts';
import { readPackaging } from './packaging.ts';
import { knownValue, unique } from './settings.ts';

/** How a framework's app is known. */
export interface AppKind {
  /** The kind of the framework unit: "flask". */
  framework: string;
  /** What makes an app, by full name: "flask.Flask". */
  makers: readonly string[];
  /** A module with an app has one of these words; so does one that imports it, or one of the usual names of apps. */
  hints: readonly string[];
  /** Names of objects that may be apps. */
  names: readonly string[];
  /** Files that are there for servers. */
  servers: readonly string[];
  /** Reads the modules below a folder. */
  evaluator(project: ProjectFiles, root: string): Evaluator;
}

/** An app that a server could load. */
export interface FoundApp {
  /** "contracts:create_app()", seen from `root`. */
  app: string;
  /** The folder to start it in: "" for the project's top. */
  root: string;
  from: Evidence[];
  /** The call that makes it: Flask(...). */
  object: CallData;
  /** What is wrapped around it where it is loaded, the outermost first. */
  middleware: CallData[];
  evaluate: Evaluator;
}

/** A module that may hold an app. */
export interface Candidate {
  file: string;
  root: string;
  /** The only name to look for; the usual ones without it. */
  name?: string;
  from: Evidence[];
}

/** Why an app that the project has cannot be loaded. */
export interface Obstacle {
  text: string;
  from: Evidence[];
}

export interface FoundApps {
  /** Those named for servers, by a wsgi.py or the like; the first is the likeliest. */
  named: FoundApp[];
  /** Those in other modules of usual names; looked for where none is named. */
  others: FoundApp[];
  /** Those that an earlier site had at paths of their own. */
  apart: FoundApp[];
  because: Obstacle | undefined;
}

/** What is said of one app. */
export type AppReading = Omit<Detection, 'named'>;

const FACTORIES = ['create_app', 'make_app', 'get_app'];
const MODULES = ['app.py', 'application.py', 'main.py', 'autoapp.py', 'run.py', 'server.py', '__init__.py'];
const MAX_CANDIDATES = 24;

/**
 * Finds the apps of a project: those that a server was started with; otherwise those that `named` and files such as
 * wsgi.py say a server is told of, and what else is there.
 */
export function findApps(
  project: Part,
  kind: AppKind,
  named: readonly Candidate[] = [],
): Omit<FoundApps, 'because'> {
  if (!mentions(project, kind.hints)) return { named: [], others: [], apart: [] };
  const apart = readAll(
    project,
    kind,
    project.earlier().apart.map(({ app }) => startedIn(app)),
  );
  return { apart, ...appsBeside(project, kind, named) };
}

/** Those that are not apart. */
function appsBeside(
  project: Part,
  kind: AppKind,
  named: readonly Candidate[],
): Pick<FoundApps, 'named' | 'others'> {
  const live = readAll(project, kind, started(project, false));
  if (live.length > 0) return { named: live, others: [] };
  const files = kind.servers.flatMap((name) => filesNamed(project, name));
  const servers = withHint(project, kind, files).map((file) => candidate(project, file));
  const meant = readAll(project, kind, [...servers, ...named]);
  if (meant.length > 0) return { named: meant, others: [] };
  // How a developer starts it says which object it is; a server may be told of another.
  const run = readAll(project, kind, started(project, true));
  return { named: [], others: run.length > 0 ? run : readAll(project, kind, usualModules(project, kind)) };
}

function started(project: Part, development: boolean): Candidate[] {
  return project
    .earlier()
    .apps.filter(({ start }) => start.development === development)
    .map(startedIn);
}

function startedIn({ file, root, name, start }: StartedApp): Candidate {
  return { file, root, from: [start.at], ...(name && { name }) };
}

/** Cheap: most projects are of none of these frameworks. */
function mentions(project: ProjectFiles, words: readonly string[]): boolean {
  return project
    .list()
    .some((file) => file.endsWith('.py') && words.some((word) => project.read(file)?.includes(word)));
}

function candidate(project: ProjectFiles, file: string): Candidate {
  return { file, root: rootOf(project, file), from: [{ file, line: 1 }] };
}

/** Cheap, before parsing: a module with an app, or one that imports it, has one of these words. */
function withHint(project: ProjectFiles, { hints, names }: AppKind, files: readonly string[]): string[] {
  const words = [
    ...hints,
    ...FACTORIES,
    ...names.flatMap((name) => [`import ${name}`, `${name} = `]),
    ' app\n',
  ];
  const some = files.filter((file) => words.some((word) => project.read(file)?.includes(word)));
  const own = some.filter((file) => !isAside(file));
  return (own.length > 0 ? own : some).sort(comparePlaces).slice(0, MAX_CANDIDATES);
}

function usualModules(project: ProjectFiles, kind: AppKind): Candidate[] {
  const usual = MODULES.flatMap((name) => filesNamed(project, name));
  const atTop = project.list().filter((file) => file.endsWith('.py') && !file.includes('/'));
  const ranks = new Map([...new Set([...usual, ...atTop])].map((file, index) => [file, index]));
  return withHint(project, kind, [...ranks.keys()])
    .sort((a, b) => Number(isAside(a)) - Number(isAside(b)) || (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0))
    .map((file) => candidate(project, file));
}

/** The folder on sys.path from which a module is imported: above its outermost package. */
export function rootOf(project: ProjectFiles, file: string): string {
  const files = project.list();
  let folder = parentFolder(file);
  while (folder !== '' && files.includes(`${folder}/__init__.py`)) folder = parentFolder(folder);
  return folder;
}

function readAll(project: ProjectFiles, kind: AppKind, candidates: readonly Candidate[]): FoundApp[] {
  const read = candidates.map((one) => readCandidate(project, kind, one)).filter((one) => one !== undefined);
  return [...new Map(read.map((one) => [`${one.root}:${one.app}`, one])).values()];
}

/** Each with an evaluator of its own: what other modules read from the environment is not this one's. */
function readCandidate(
  project: ProjectFiles,
  { makers, names, evaluator }: AppKind,
  { file, root, name, from }: Candidate,
): FoundApp | undefined {
  const evaluate = evaluator(project, root);
  const module = evaluate.module(file);
  const dotted = dottedName([root], file);
  const objects = (name === undefined ? names : [name]).map((one) => ({
    text: one,
    value: () => module?.get(one),
    places: module?.get(one)?.flatMap((each) => each.from.filter((at) => at.file === file)) ?? [],
  }));
  const factories = (name === undefined ? FACTORIES : [name]).map((one) => ({
    text: `${one}()`,
    value: () => evaluate.call(file, one),
    places: module?.get(one)?.flatMap((each) => [...each.from]) ?? [],
  }));
  for (const { text, value, places } of [...objects, ...factories]) {
    const found = appIn(value(), makers);
    if (!found) continue;
    const teller = from.filter((at) => places.length === 0 || at.file !== file);
    return { ...found, app: `${dotted}:${text}`, root, from: [...places.slice(0, 1), ...teller], evaluate };
  }
  return undefined;
}

/** The call that makes the app in a value, and what is wrapped around it: ProxyFix(app). */
export function appIn(
  value: Abstract | undefined,
  makers: readonly string[],
  depth = 0,
): { object: CallData; middleware: CallData[] } | undefined {
  for (const { data } of value ?? []) {
    if (data.t !== 'call' || depth > 5) continue;
    if (makers.includes(data.name)) return { object: data, middleware: [] };
    const inner = appIn(data.args.positional[0] ?? data.args.named.get('app'), makers, depth + 1);
    if (inner) return { ...inner, middleware: [data, ...inner.middleware] };
  }
  return undefined;
}

/** All that is wrapped around an app whose own maker is not known. */
export function wrappers(value: Abstract | undefined, depth = 0): CallData[] {
  const call = only(value, 'call');
  if (!call || depth > 5) return [];
  return [call, ...wrappers(call.args.positional[0], depth + 1)];
}

/**
 * What is said of a project with these apps: of the only one, or of what several have in common; undefined where there
 * is none.
 */
export function detectApps<App extends FoundApp>(
  project: ProjectFiles,
  framework: string,
  found: {
    named: readonly App[];
    others: readonly App[];
    apart?: readonly App[];
    because: Obstacle | undefined;
  },
  read: (app: App) => AppReading,
): Detection | undefined {
  const { named, others, because } = found;
  const isNamed = named.length > 0;
  const apps = isNamed ? named : others;
  const readings = apps.map((app) => ({ ...read(app), named: isNamed }));
  const [first] = readings;
  if (!first) return because && unreadable(project, framework, because);
  const rivals = readings.filter((_, index) => index > 0 && differs(apps, readings, index, isNamed));
  const warnings = [...first.warnings, ...(because ? [warningOf(because.text, because.from)] : [])];
  const routed = [first, ...rivals, ...(found.apart ?? []).map(read)].flatMap(({ apps: some = [] }) => some);
  const open = rivals.length > 0 || (because !== undefined && !isNamed);
  if (!open) return { ...first, apps: routed, warnings: unique(warnings) };
  // Settings of an app that may not be the one would be said of another.
  const { belongs: _belongs, ...rest } = first;
  return {
    ...rest,
    apps: routed,
    answers: leftOpen([first, ...rivals]),
    settings: {},
    warnings: unique(warnings),
  };
}

/**
 * Would this one be another deployment than the first? Another call that makes an app is another app; and one app made
 * in two ways may be set up in two ways, but for a wsgi.py, which is there for servers.
 */
function differs(
  apps: readonly FoundApp[],
  readings: readonly Detection[],
  index: number,
  named: boolean,
): boolean {
  const place = (app: FoundApp | undefined) => `${app?.object.at.file}:${app?.object.at.line}`;
  if (place(apps[index]) !== place(apps[0])) return true;
  return !named && outcome(readings[index]) !== outcome(readings[0]);
}

/** What a detection says, wherever it was read; apart from which object is loaded, and where from. */
function outcome(reading: Detection | undefined): string {
  const { app: _app, ...rest } = reading?.answers ?? {};
  return plain([rest, reading?.settings]);
}

const plain = (value: unknown) =>
  JSON.stringify(value, (key, inner) => (key === 'from' ? undefined : inner)) ?? '';

/** The app is for a person to choose, and so is what depends on that. */
function leftOpen(readings: readonly Detection[]): Detection['answers'] {
  const options = readings.flatMap(({ answers: { app } }) =>
    app?.kind === 'known'
      ? [{ value: app.value, when: `as ${app.from[0]?.file ?? 'the project'} has it`, from: app.from }]
      : [],
  );
  const [first, ...rest] = readings;
  const answers = Object.entries(first?.answers ?? {}).map(([name, value]) => {
    const same = rest.every((reading) => plain(reading.answers[name]) === plain(value));
    const because = 'it depends on which object is the app';
    return [name, same ? value : { kind: 'unknown' as const, because, from: [] }] as const;
  });
  return { ...Object.fromEntries(answers), app: { kind: 'one-of', options } };
}

/** There is an app, and no server could load it as it is. */
export function unreadable(project: ProjectFiles, framework: string, because: Obstacle): Detection {
  const [place] = because.from;
  const root = place === undefined ? '' : rootOf(project, place.file);
  const packaging = readPackaging(project, root);
  return {
    framework,
    named: false,
    answers: {
      root: knownValue(root || '.', because.from),
      app: { kind: 'unknown', because: because.text, from: because.from },
      requirements: packaging.requirements,
      'gunicorn-version': packaging.version('gunicorn'),
    },
    facts: packaging.facts,
    settings: {},
    warnings: packaging.warnings,
  };
}
