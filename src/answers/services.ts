/**
 * The services and folders of a site, from its answers. Here alone is said what of the site's answers a service has: what
 * it says itself; then what the site decides; and what follows from other answers follows from the service's own.
 */
import * as z from 'zod/mini';
import { type AnswersOf, applies, type Field, type Known, unmet } from '../contract/field.ts';
import { projectPath, serviceName, sitePath, truth } from '../contract/values.ts';
import { same } from '../words/value.ts';
import type { commonFields } from './fields.ts';

type SiteAnswers = AnswersOf<typeof commonFields>;
type Fields = Readonly<Record<string, Field>>;

/** What a path leads to, as a person says it; a text is short for the app of a service, or for a folder. */
type Entry = string | Readonly<Record<string, unknown>>;

/** A service of the site and its answers, by the names that the site's own have. */
export interface SaidService {
  /** "" for the site's own. */
  name: string;
  url: string;
  answers: SiteAnswers;
}

/** A folder that a path leads to. */
export interface SaidFolder {
  url: string;
  folder: string;
  /** Unknown paths below it are given its index. */
  singlePage: boolean;
}

/** The answers that each service can have for itself. */
export const ofServices = (fields: Fields): [string, Field][] =>
  Object.entries(fields).filter(([, { ofService }]) => ofService !== undefined);

/** Those of a service that stand in an entry of `paths`: where it is says the path itself. */
const inEntry = (fields: Fields) => ofServices(fields).filter(([name]) => name !== 'path');

/** What a service or a folder can say of itself in an entry of `paths`. */
export const namesInEntry = (fields: Fields): string[] => [
  ...['folder', 'single-page', 'service'],
  ...inEntry(fields).map(([name]) => name),
];

/** What `paths` may hold. */
export const pathsSchema = (fields: Fields) =>
  z.record(
    sitePath,
    z.union([
      z.string(),
      z.strictObject({ folder: projectPath, 'single-page': z.optional(truth()) }),
      z.strictObject({
        service: z.optional(serviceName),
        ...Object.fromEntries(
          inEntry(fields).map(([name, { schema }]) => [name, name === 'app' ? schema : z.optional(schema)]),
        ),
      }),
    ]),
  );

/** In full what a text stands for: "shop.asgi:application" is an app, "frontend/dist" a folder. */
const inFull = (entry: Entry): Readonly<Record<string, unknown>> => {
  if (typeof entry !== 'string') return entry;
  return entry.includes(':') ? { app: entry } : { folder: entry };
};

/** The name of a service that has none, from its path: "api-v1" of "/api/v1/". */
function nameOf(url: string): string {
  const name = url
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  if (name === '') return 'pages';
  return (/^[a-z]/.test(name) ? name : `path-${name}`).slice(0, 31).replace(/-$/, '');
}

const entriesOf = (answers: Pick<SiteAnswers, 'paths'>) =>
  Object.entries(answers.paths as Record<string, Entry>).map(([url, entry]) => ({
    url,
    said: inFull(entry),
  }));

/** The folders that paths of the site lead to. */
export function foldersOf(answers: Pick<SiteAnswers, 'paths'>): SaidFolder[] {
  return entriesOf(answers)
    .filter(({ said }) => said.folder !== undefined)
    .map(({ url, said }) => ({
      url,
      folder: String(said.folder),
      singlePage: said['single-page'] === true,
    }));
}

/** The services of the site, its own before all others. */
export function servicesOf(answers: SiteAnswers, fields: Fields): SaidService[] {
  const further = entriesOf(answers).filter(({ said }) => said.folder === undefined);
  return [
    {
      name: '',
      answers,
      // Read where it matters: the list itself does not follow from it.
      get url() {
        return answers.path;
      },
    },
    ...further.map(({ url, said }) => ({
      name: typeof said.service === 'string' ? said.service : nameOf(url),
      url,
      answers: merged(answers, { ...said, path: url }, fields),
    })),
  ];
}

/** The one merge. The site's answers are read by their names, each where it matters. */
function merged(site: SiteAnswers, said: Readonly<Record<string, unknown>>, fields: Fields): SiteAnswers {
  const own: SiteAnswers = new Proxy(site, {
    get: (_, name) => (typeof name === 'string' ? answerOf(name) : undefined),
    has: (_, name) => typeof name === 'string' && answerOf(name) !== undefined,
  });
  const siteHas = (name: string) => Reflect.get(site, name) as unknown;
  function answerOf(name: string): unknown {
    const field = fields[name];
    if (field?.ofService === undefined) return siteHas(name);
    if (Object.hasOwn(said, name)) return said[name];
    if (!applies(field, own as unknown as Known)) return undefined;
    const follows = () => field.fallback?.(own as unknown as Known);
    if (field.ofService === 'alone') return follows();
    const given = siteHas(name);
    const isDefault = given === undefined || same(given, field.fallback?.(site as unknown as Known));
    return isDefault ? follows() : given;
  }
  return own;
}

/** What a service says that its other answers leave no room for, and what it would have to be. */
export function misplacedIn(
  { answers, url }: SaidService,
  site: Pick<SiteAnswers, 'paths'>,
  fields: Fields,
): { name: string; answer: string; is: readonly string[] }[] {
  const said = entriesOf(site).find((one) => one.url === url)?.said ?? {};
  return Object.keys(said).flatMap((name) => {
    const failed = unmet(fields[name] ?? {}, answers as unknown as Known);
    return failed === undefined ? [] : [{ name, ...failed }];
  });
}
