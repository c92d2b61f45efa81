/** What no single answer shows to be wrong with the paths of a site. */

import { type Field, type Known, refusalsIn } from '../contract/field.ts';
import { canonicalPath, holds } from '../contract/host-folders.ts';
import { appObject, projectPath } from '../contract/values.ts';
import type { Code } from '../words/diagnostics.ts';
import type { CommonAnswers } from './fields.ts';
import { foldersOf, misplacedIn, ofServices, type SaidService, servicesOf } from './services.ts';

/** What is wrong, where, and what to do about it. */
export interface PathProblem {
  code: Code & ('answer-invalid' | 'answer-misplaced' | 'answers-contradict' | 'units-refused' | PathCode);
  /** "paths./live/.app-server" */
  path: string;
  value?: unknown;
  message: string;
  remedy: string;
}
type PathCode = 'path-taken' | 'path-shadowed' | 'service-name-taken' | 'source-public' | 'probe-elsewhere';

type Fields = Readonly<Record<string, Field>>;

/** Names that this program gives to units and folders beside those of services. */
const OURS = ['manager', 'monitor', 'recover'];

/** Where the problem of a service is said to be. */
const placeOf = ({ name, url }: SaidService, answer: string) =>
  name === '' ? answer : `paths.${url}.${answer}`;

/**
 * Every problem with what the paths of these valid answers lead to.
 *
 * @param fields All answers there are, by name.
 */
export function pathProblems(answers: CommonAnswers, fields: Fields): PathProblem[] {
  const notations = notationProblems(answers);
  if (notations.length > 0) return notations;
  const services = servicesOf(answers, fields);
  const further = services.filter(({ name }) => name !== '');
  return [
    ...takenPaths(answers),
    ...shadowedPaths(answers),
    ...takenNames(answers, further),
    ...takenByUs(answers),
    ...tooMany(answers, further),
    ...further.flatMap((service) => serviceProblems(answers, service, fields)),
    ...versionProblems(services, fields),
    ...publicSource(answers, services),
    ...(isParted(answers) ? services.flatMap((service) => probeElsewhere(answers, service, services)) : []),
  ];
}

const isParted = ({ path, paths }: CommonAnswers) => path !== '/' || Object.keys(paths).length > 0;

/** A dotted module, which is no app without its object, and seldom a folder's name. */
const MODULE = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+$/;

/** A text is short for an app or a folder. */
function notationProblems({ paths }: CommonAnswers): PathProblem[] {
  return Object.entries(paths).flatMap(([url, entry]): PathProblem[] => {
    if (typeof entry !== 'string') return [];
    if (MODULE.test(entry))
      return [
        {
          ...{ code: 'answer-invalid', path: `paths.${url}`, value: entry },
          message: `is a module, and an app is MODULE:OBJECT, for instance ${entry}:application`,
          remedy: `Give an app as ${entry}:application, with the name that it has in the module; a folder of this name as ./${entry}.`,
        },
      ];
    const parsed = (entry.includes(':') ? appObject : projectPath).safeParse(entry);
    return (parsed.error?.issues ?? []).map(
      ({ message }): PathProblem => ({
        ...{ code: 'answer-invalid', path: `paths.${url}`, value: entry, message },
        remedy: 'Give an app as MODULE:OBJECT, or a folder of the project.',
      }),
    );
  });
}

/** The page that visitors see while an app is down, and what Apache calls the same. */
const UNAVAILABLE = '/unavailable';

function takenPaths({ path, paths }: CommonAnswers): PathProblem[] {
  const page = [path, ...Object.keys(paths)].find((url) => url.startsWith(UNAVAILABLE));
  if (page !== undefined)
    return [
      {
        ...{ code: 'path-taken', path: page === path ? 'path' : `paths.${page}`, value: page },
        message: 'is where the page for a site that is down lies',
        remedy: 'Take another path.',
      },
    ];
  if (!Object.hasOwn(paths, path)) return [];
  return [
    {
      ...{ code: 'path-taken', path: `paths.${path}` },
      message: `is where the site's own app answers: one path leads to one service or folder`,
      remedy: `Give the app another path, --path /api/ for instance, or leave this one out.`,
    },
  ];
}

const mountsOf = (answers: CommonAnswers) =>
  (['static', 'media', 'protected'] as const).flatMap((name) =>
    Object.keys(answers[name]).map((url) => ({ name, url })),
  );

function shadowedPaths(answers: CommonAnswers): PathProblem[] {
  const all = [
    { url: answers.path, at: 'path' },
    ...Object.keys(answers.paths).map((url) => ({ url, at: `paths.${url}` })),
  ];
  return all.flatMap(({ url, at }) =>
    mountsOf(answers)
      .filter((mount) => url.startsWith(mount.url))
      .map(
        (mount): PathProblem => ({
          ...{ code: 'path-shadowed', path: at, value: url },
          message: `lies in ${mount.url}, whose files the web server sends (${mount.name}): the two would hide each other`,
          remedy: `Take a path outside of ${mount.url}.`,
        }),
      ),
  );
}

function takenNames(answers: CommonAnswers, further: readonly SaidService[]): PathProblem[] {
  return further.flatMap((service, index): PathProblem[] => {
    const { name } = service;
    const other = further.slice(0, index).find((one) => one.name === name);
    const by = [
      ...(other === undefined ? [] : [`the service at ${other.url}`]),
      ...(Object.hasOwn(answers.background, name) ? ['a process in the background'] : []),
      ...(OURS.includes(name) ? ['a unit or folder of the installer'] : []),
    ];
    return by.map((taken) => ({
      ...{ code: 'service-name-taken', path: placeOf(service, 'service'), value: name },
      message: `is the name of ${taken} too: on the host both would be ${answers.name}-${name}`,
      remedy: `Give the service a name of its own: "service: NAME" in the answers file.`,
    }));
  });
}

/** A unit of ours would be written in the place of what works in the background. */
function takenByUs({ background, name }: CommonAnswers): PathProblem[] {
  return OURS.filter((one) => Object.hasOwn(background, one)).map((one) => ({
    ...{ code: 'service-name-taken', path: `background.${one}`, value: background[one] },
    message: `has the name of a unit of the installer: on the host both would be ${name}-${one}`,
    remedy: 'Give it another name.',
  }));
}

/** nginx knows what lasts of each service by a status of its own, of which there are so many that nobody else has. */
const MOST_SERVICES = 30;

function tooMany(answers: CommonAnswers, further: readonly SaidService[]): PathProblem[] {
  if (further.length <= MOST_SERVICES) return [];
  return [
    {
      ...{ code: 'answer-invalid', path: 'paths', value: Object.keys(answers.paths).length },
      message: `leads to ${further.length} further services, and at most ${MOST_SERVICES} are possible`,
      remedy: 'Give some of them a site of their own.',
    },
  ];
}

/** What is wrong with the time that a connection has which lasts, of the site or of a service; undefined for nothing. */
export function impatience(answers: Known): string | undefined {
  if (!(Number(answers['live-timeout']) < Number(answers.timeout))) return undefined;
  return `must be at least timeout (${String(answers.timeout)}): a WebSocket or stream gets no less time than a request`;
}

/** What of its own answers does not go together. */
function serviceProblems(site: CommonAnswers, service: SaidService, fields: Fields): PathProblem[] {
  const own = service.answers as unknown as Readonly<Record<string, unknown>>;
  const misplaced = misplacedIn(service, site, fields).map(
    ({ name, answer, is }): PathProblem => ({
      ...{ code: 'answer-misplaced', path: placeOf(service, name), value: own[name] },
      message: `goes with ${answer}: ${is.join(' or ')}, and ${answer} is ${String(own[answer])}`,
      remedy: `Leave it out, or give the service another ${answer}.`,
    }),
  );
  const refused = refusalsIn(ofServices(fields), own).map(
    ({ name, message, instead }): PathProblem => ({
      ...{ code: 'units-refused', path: placeOf(service, name), value: own[name], message },
      remedy: `Give the service at ${service.url} ${instead}, in the answers file.`,
    }),
  );
  const impatient = impatience(own);
  const patience =
    impatient === undefined
      ? []
      : [
          {
            ...{ code: 'answers-contradict' as const, path: placeOf(service, 'live-timeout') },
            ...{ value: own['live-timeout'], message: impatient },
            remedy: `Raise it, or lower the timeout.`,
          },
        ];
  return [...misplaced, ...refused, ...insideProblems(site, service), ...patience];
}

/** Apache makes the processes of mod_wsgi, and a release or a restart of one app ends when Apache says so. */
function insideProblems(site: CommonAnswers, service: SaidService): PathProblem[] {
  const kinds = [site, service.answers].map((one) => Reflect.get(one, 'app-server') as unknown);
  if (!kinds.includes('mod-wsgi')) return [];
  return [
    {
      ...{
        code: 'units-refused',
        path: placeOf(service, 'app-server'),
        value: Reflect.get(service.answers, 'app-server'),
      },
      message:
        'cannot be beside another service: mod_wsgi is for a site with one, since Apache itself keeps its processes, and they could not be tried and restarted one by one; take gunicorn',
      remedy: 'Give the site another app server: --app-server gunicorn.',
    },
  ];
}

/** All services have one virtual environment, and so one version of each app server. */
function versionProblems(services: readonly SaidService[], fields: Fields): PathProblem[] {
  const versions = ofServices(fields)
    .map(([name]) => name)
    .filter((name) => name.endsWith('-version'));
  return versions.flatMap((name) => {
    const given = services
      .map((service) => ({ service, version: Reflect.get(service.answers, name) as unknown }))
      .filter(({ version }) => version !== undefined);
    const [first] = given;
    return given
      .filter(({ version }) => version !== first?.version)
      .map(
        ({ service, version }): PathProblem => ({
          ...{ code: 'answers-contradict', path: placeOf(service, name), value: version },
          message: `must be ${String(first?.version)}, as for the other service: they have one virtual environment`,
          remedy: 'Give all services the same version.',
        }),
      );
  });
}

const isInstalled = (answers: CommonAnswers) =>
  answers['install-project'] || /\.(?:toml|py)$/.test(answers.requirements ?? '');

/** Whoever may fetch a folder may fetch all that is below it. */
function publicSource(answers: CommonAnswers, services: readonly SaidService[]): PathProblem[] {
  const root = canonicalPath(answers.root);
  const below = (path: string) => (root === '.' ? path : `${root}/${path}`);
  const settings = Reflect.get(answers, 'django-settings') as unknown;
  const modules = [
    ...services.map((service) => service.answers.app.split(':')[0] ?? ''),
    ...(typeof settings === 'string' ? [settings] : []),
  ];
  // A project that is installed may have its packages in src, and no root says so.
  // https://packaging.python.org/en/latest/discussions/src-layout-vs-flat-layout/
  const tops = isInstalled(answers) ? ['', 'src/'] : [''];
  const source = [
    ...tops.flatMap((top) => modules.map((module) => below(top + module.replaceAll('.', '/')))),
    ...[answers.requirements ?? []].flat(),
    ...['paste-ini', 'alembic-config', 'database-file'].flatMap((name) => {
      const file = Reflect.get(answers, name) as unknown;
      return typeof file === 'string' && !file.startsWith('/') ? [below(file.split('#')[0] ?? '')] : [];
    }),
  ];
  return foldersOf(answers).flatMap(({ url, folder }): PathProblem[] => {
    const plain = canonicalPath(folder);
    const held = plain === '.' ? root : source.find((path) => holds(plain, path));
    const inside = ['media', 'protected', 'static'].find((name) =>
      Object.values(Reflect.get(answers, name) as Record<string, string>).some(
        (dir) => !dir.startsWith('/') && canonicalPath(below(dir)) === plain,
      ),
    );
    const place = { path: `paths.${url}.folder`, value: folder };
    const own: PathProblem[] =
      held === undefined
        ? []
        : [
            {
              ...{ code: 'source-public', ...place },
              message: `holds the project's source (${held === '.' ? 'all of it' : held}): anybody could fetch it`,
              remedy: 'Name the folder that the build writes, such as frontend/dist.',
            },
          ];
    return inside === undefined
      ? own
      : [
          ...own,
          {
            ...{ code: 'answers-contradict', ...place },
            message: `is a folder of ${inside} too: one folder has one URL`,
            remedy: `Leave it out of ${inside}, or here.`,
          },
        ];
  });
}

/** Which of these begins the path, the longest first? */
const leadsTo = <Item extends { url: string }>(path: string, all: readonly Item[]) =>
  all.filter(({ url }) => path.startsWith(url)).sort((a, b) => b.url.length - a.url.length)[0];

function probeElsewhere(
  answers: CommonAnswers,
  service: SaidService,
  services: readonly SaidService[],
): PathProblem[] {
  const page = String(service.answers.health);
  const all = [
    ...services.map(({ url, name }) => ({
      url,
      by: name,
      what: name === '' ? "the site's own app" : `the service ${name}`,
    })),
    ...foldersOf(answers).map(({ url, folder }) => ({ url, by: undefined, what: `the folder ${folder}` })),
    ...mountsOf(answers).map(({ name, url }) => ({ url, by: undefined, what: `the files of ${name}` })),
  ];
  const found = leadsTo(page.split(' ')[0] ?? '', all);
  if (found?.by === service.name) return [];
  const there = found === undefined ? 'nothing of the site' : found.what;
  return [
    {
      ...{ code: 'probe-elsewhere', path: placeOf(service, 'health'), value: page },
      message: `leads to ${there}, which says nothing of ${service.name === '' ? "the site's own app" : `the service ${service.name}`}`,
      remedy: `Name a page below ${service.url}; without an answer, it is ${service.url} itself.`,
    },
  ];
}
