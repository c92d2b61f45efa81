/** Which module has the settings of the live site. */
import type { SettingReader } from '../../detect/settings.ts';
import type { EvaluatedModule, Evaluator } from '../../evaluate/index.ts';
import { type Warning, warningOf } from '../../words/detection.ts';
import type { ProjectFiles } from '../../words/project-files.ts';
import type { Evidence, Value } from '../../words/value.ts';
import type { Entries } from './entry.ts';

/** The settings of the live site, and how they are read. */
export interface Settings {
  name: Value<string>;
  module: EvaluatedModule | undefined;
  read: SettingReader;
  /** What makes them of the module, where they are not its names themselves. */
  by?: { what: string; from: Evidence[] } | undefined;
  evaluate: Evaluator;
}

/** https://www.dynaconf.com/django/ */
export const DYNACONF = ['dynaconf.DjangoDynaconf', 'dynaconf.contrib.django_dynaconf_v2.DjangoDynaconf'];

interface NamedSettings {
  module: string;
  from: Evidence[];
}

/** A server runs wsgi.py, so its word counts more than manage.py's. */
export function namedSettings(entries: Entries, warnings: Warning[]): NamedSettings | undefined {
  const run = runWith(entries);
  if (run !== undefined) return run;
  const files = [...entries.modules, ...(entries.manage ? [entries.manage] : [])];
  const known = files.flatMap((file) => (file.settings ? [file.settings] : []));
  const [first] = known;
  const other = known.find((one) => one.module !== first?.module);
  if (first && other) {
    const at = (one: NamedSettings) => one.from[0]?.file ?? '';
    const message = `${at(first)} names the settings ${first.module}, ${at(other)} names ${other.module}: a server runs ${at(first)}, so ${first.module} was taken`;
    warnings.push(warningOf(message, [...first.from, ...other.from]));
  }
  return first;
}

/** What the live site was run with, if that says which settings: its word counts more than any file's default. */
function runWith({ started, evaluate }: Entries): NamedSettings | undefined {
  for (const { start } of started) {
    const module = start.environment.get('DJANGO_SETTINGS_MODULE') ?? '';
    if (module === '') continue;
    const isSerious = !DEVELOPMENT.has(module.slice(module.lastIndexOf('.') + 1));
    if (isSerious && evaluate.locate(module)?.file !== undefined) return { module, from: [start.at] };
  }
  return undefined;
}

/** The settings module of the live site, and why it is this one. */
export function settingsName(
  entries: Entries,
  named: NamedSettings | undefined,
  production: string | undefined,
): Value<string> {
  if (named && production !== undefined) {
    return {
      kind: 'default',
      value: production,
      unless: `production runs ${named.module}`,
      from: named.from,
    };
  }
  if (named) return { kind: 'known', value: named.module, from: named.from };
  const because = [...entries.modules, entries.manage].find((one) => one?.because)?.because;
  const file = entries.manage?.file ?? entries.modules[0]?.file ?? 'manage.py';
  return {
    kind: 'unknown',
    because: because ?? `${file} does not name the settings module`,
    from: [{ file, line: 1 }],
  };
}

/** Last parts of names of modules that are for a developer. */
export const DEVELOPMENT = new Set([
  'dev',
  'devel',
  'develop',
  'development',
  'local',
  'test',
  'tests',
  'testing',
  'base',
  'common',
]);

const PRODUCTION = ['production', 'prod', 'prd', 'live', 'deploy', 'deployment'];

/** Settings for production beside settings for development, or within a package that sets nothing itself. */
export function productionTwin(
  project: ProjectFiles,
  entries: Entries,
  named: NamedSettings,
): string | undefined {
  const located = entries.evaluate.locate(named.module);
  const at = named.module.lastIndexOf('.');
  const last = named.module.slice(at + 1);
  const sibling = (name: string) => (at === -1 ? name : `${named.module.slice(0, at)}.${name}`);
  const exists = (dotted: string) => entries.evaluate.locate(dotted)?.file !== undefined;
  if (DEVELOPMENT.has(last)) return PRODUCTION.map(sibling).find(exists);
  const emptyPackage =
    located?.folder !== undefined && (project.read(located.file ?? '') ?? '').trim() === '';
  return emptyPackage ? PRODUCTION.map((name) => `${named.module}.${name}`).find(exists) : undefined;
}
