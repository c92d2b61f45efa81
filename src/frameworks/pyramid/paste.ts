/**
 * Paste's ini files: which app a server is to load, with which settings and filters.
 * https://docs.pylonsproject.org/projects/pastedeploy/en/latest/
 */

import { comparePlaces, isAside } from '../../detect/entry-files.ts';
import { joinFolder, parentFolder } from '../../evaluate/modules.ts';
import { DIALECTS } from '../../formats/ini/dialects.ts';
import { type Entry, type Ini, readIni, type Section } from '../../formats/ini/read.ts';
import { joinPurePaths, PROJECT } from '../../words/paths.ts';
import type { ProjectFiles } from '../../words/project-files.ts';
import type { Evidence } from '../../words/value.ts';

/** One app of an ini file. */
export interface PasteApp {
  /** What makes it: "egg:shop#main", "shop:main" for paste.app_factory. */
  use: string;
  at: Evidence;
  /** Its settings, those of [DEFAULT] among them, interpolated; paths of the project in the evaluator's way. */
  settings: ReadonlyMap<string, Entry>;
  /** What `use` says of the filters around it, the outermost first. */
  filters: readonly { use: string; at: Evidence }[];
}

const APPS = ['app', 'application', 'composite', 'composit', 'pipeline', 'filter-app'];
const HAS_APP = new RegExp(`^\\[(?:${APPS.join('|')}):`, 'm');
/** Names of files that are for something else than the live site. */
const OTHERS = /(?:dev|test|local|ci|example|sample)/i;

/** The ini file that a server would be given: the one for production, or the nearest thing. */
export function findIni(project: ProjectFiles): string | undefined {
  const rank = (file: string) => {
    const name = file.slice(file.lastIndexOf('/') + 1);
    return name.startsWith('prod') ? 0 : OTHERS.test(name) ? (/^dev/i.test(name) ? 2 : 3) : 1;
  };
  const files = project.list().filter((file) => {
    const text = file.endsWith('.ini') && !isAside(file) ? (project.read(file) ?? '') : '';
    // What something else fills in, such as buildout, is not an ini file yet.
    return HAS_APP.test(text) && !/\$\{|\{\{/.test(text);
  });
  return files.sort((a, b) => rank(a) - rank(b) || comparePlaces(a, b))[0];
}

export const isForDevelopment = (file: string) => OTHERS.test(file.slice(file.lastIndexOf('/') + 1));

/** The apps that a name of an ini file leads to: one, or those of a composite. */
export function appsOf(
  project: ProjectFiles,
  file: string,
  name = 'main',
  filters: PasteApp['filters'] = [],
  depth = 0,
): PasteApp[] {
  const ini = readIni(project, file, DIALECTS.paste);
  const kind = APPS.find((one) => ini.has(`${one}:${name}`));
  const section = kind === undefined ? undefined : ini.get(`${kind}:${name}`);
  if (kind === undefined || section === undefined || depth > 5) return [];
  const get = (key: string) => section.entries.get(key)?.value;
  const filter = (one: string) => {
    const found = ini.get(`filter:${one}`);
    const use = found?.entries.get('use')?.value ?? found?.entries.get('paste.filter_app_factory')?.value;
    return found === undefined ? [] : [{ use: use ?? '', at: found.at }];
  };
  const around = [...filters, ...filter(get('filter-with') ?? '')];
  const inner = (one: string, more: PasteApp['filters'] = []) =>
    appsOf(project, file, one, [...around, ...more], depth + 1);
  if (kind === 'pipeline') {
    const names = (get('pipeline') ?? '').split(/\s+/).filter((one) => one !== '');
    return inner(names.at(-1) ?? '', names.slice(0, -1).flatMap(filter));
  }
  if (kind.startsWith('composi')) {
    const mounted = [...section.entries].filter(([key]) => /^(?:\/|https?:)/.test(key));
    return mounted.flatMap(([, { value }]) => inner(value));
  }
  if (kind === 'filter-app') return inner(get('next') ?? '', [{ use: get('use') ?? '', at: section.at }]);
  const use = get('use') ?? get('paste.app_factory') ?? '';
  const elsewhere = /^config:([^#]+)(?:#(.+))?$/.exec(use);
  if (elsewhere)
    return appsOf(
      project,
      joinFolder(parentFolder(file), elsewhere[1] ?? ''),
      elsewhere[2] ?? 'main',
      around,
      depth + 1,
    );
  if (/^[\w-]+$/.test(use)) return inner(use);
  return [{ use, at: section.at, settings: settingsOf(ini, section, file), filters: around }];
}

/** https://docs.python.org/3/library/configparser.html#configparser.BasicInterpolation, and Paste's own "here". */
function settingsOf(ini: Ini, section: Section, file: string): Map<string, Entry> {
  const here = joinPurePaths(PROJECT, parentFolder(file));
  const defaults = ini.get('DEFAULT')?.entries ?? [];
  const all = new Map([...defaults, ...section.entries]);
  const resolve = (text: string, depth: number): string =>
    text
      .replace(/%\(([^)]+)\)s/g, (whole, name: string) => {
        if (name === 'here') return here;
        if (name === '__file__') return joinPurePaths(PROJECT, file);
        const found = all.get(name)?.value;
        return found === undefined || depth > 5 ? whole : resolve(found, depth + 1);
      })
      .replaceAll('%%', '%');
  return new Map([...all].map(([key, { value, at }]) => [key, { value: resolve(value, 0), at }]));
}

const SECRET = /secret|passw|token|api_?key|private_key/i;

/** Settings whose value looks like a secret, in whatever section: their names and places, and never the value. */
export function secretsIn(project: ProjectFiles, file: string): { name: string; at: Evidence }[] {
  return [...readIni(project, file, DIALECTS.paste).values()].flatMap(({ entries }) =>
    [...entries].flatMap(([name, { value, at }]) => {
      const isSecret = SECRET.test(name) && value !== '' && !value.startsWith('%(');
      const hasPassword = /^[\w+]+:\/\/[^:/@\s]*:[^@\s]+@/.test(value);
      return isSecret || hasPassword ? [{ name, at }] : [];
    }),
  );
}
