/**
 * The services of one site that a project shows. What an earlier site's own configuration leaves no doubt about becomes
 * answers; whatever else is likely is proposed, for a person to take: nobody is to find their app moved.
 */
import type { Part, StartedApp } from '../../contract/earlier.ts';
import { type Detection, type RoutedApp, rootOf } from '../../words/detection.ts';
import type { Evidence, Value } from '../../words/value.ts';
import { appOf, type Entry, entryAt, healthBelow, isBeside, sureServices } from './entry.ts';
import { frontendsOf } from './frontends.ts';
import { commonPath, mayAnswer } from './paths.ts';

/** Something that could be deployed as services, as answers by name. */
interface Proposal {
  value: Record<string, unknown>;
  /** What has to be true of the site for it to be right. */
  when: string;
  from: Evidence[];
}

/**
 * A detection with the services that the project shows.
 *
 * @param isAlone The project has no other apps in folders of their own, whose front end it could be.
 */
export function withServices(part: Part, detection: Detection, isAlone: boolean): Detection {
  const sure = sureServices(part, detection);
  if (sure.length > 0) {
    const value = Object.fromEntries(sure.map(({ apart, entry }) => [apart.url, entry]));
    const from = sure.flatMap(({ apart }) => [apart.at, apart.app.start.at]);
    return { ...detection, answers: { ...detection.answers, paths: { kind: 'known', value, from } } };
  }
  const proposal =
    liveBeside(part, detection) ??
    earlierPaths(part, detection) ??
    twoApps(part, detection) ??
    (isAlone ? frontendBeside(part, detection) : undefined);
  return proposal === undefined ? detection : { ...detection, services: either(proposal) };
}

function either(proposal: Proposal): NonNullable<Detection['services']> {
  const alone = { value: { paths: {} }, when: 'the rest is served elsewhere, or not at all', from: [] };
  return { kind: 'one-of', options: [proposal, alone] };
}

const appIn = ({ answers: { app } }: Detection) => (app?.kind === 'known' ? String(app.value) : undefined);

/** Apps of an earlier site at paths that ours cannot have just so, where one other app of the project is left for /. */
function earlierPaths(part: Part, detection: Detection): Proposal | undefined {
  const { apart } = part.earlier();
  const isApart = (name: string) => apart.some(({ app }) => appOf(app) === name);
  const [home, ...more] = startedBeside(part, detection).filter(({ name }) => !isApart(name));
  const some = apart.flatMap((one) => {
    const entry = entryAt(part, detection, one.app, one.url, one.strips);
    return entry === undefined ? [] : [{ ...one, entry }];
  });
  const [first] = some;
  if (first === undefined || home === undefined || more.length > 0) return undefined;
  const own = appIn(detection);
  if (own !== undefined && own !== home.name) return undefined;
  return {
    value: {
      ...(own === undefined && { app: home.name }),
      paths: Object.fromEntries(some.map(({ url, entry }) => [url, entry])),
    },
    when: first.strips
      ? 'the app makes its URLs with the path that it is told'
      : `nothing asks for ${first.url.slice(0, -1)} itself`,
    from: some.flatMap(({ at, app }) => [at, app.start.at]),
  };
}

/** The apps that servers of the live site were started with, in the folder of this one, each once. */
function startedBeside(part: Part, detection: Detection): { name: string; app: StartedApp }[] {
  const some = part
    .earlier()
    .apps.filter((app) => isBeside(detection, app))
    .flatMap((app) => {
      const name = appOf(app);
      return name === undefined ? [] : [[name, { name, app }] as const];
    });
  return [...new Map(some.toReversed()).values()].toReversed();
}

/** Pages on WSGI and live paths on ASGI of the same Django project, each in a process of its own. */
function liveBeside(part: Part, detection: Detection): Proposal | undefined {
  if (detection.framework !== 'django') return undefined;
  const started = startedBeside(part, detection);
  const of = (spoken: 'wsgi' | 'asgi') =>
    started.filter(
      ({ app }) => (app.start.interface ?? spoken) === spoken && app.file.endsWith(`${spoken}.py`),
    );
  const [[pages], [live]] = [of('wsgi'), of('asgi')];
  const known = part.earlier().apart.find(({ app }) => appOf(app) === live?.name);
  const sockets =
    known === undefined ? socketsIn(part, rootOf(detection) ?? '.') : { url: known.url, from: [known.at] };
  const own = appIn(detection);
  if (pages === undefined || live === undefined || started.length > 2 || own === undefined) return undefined;
  if (sockets === undefined || ![pages.name, live.name].includes(own)) return undefined;
  const routes = detection.apps?.[0]?.routes ?? [];
  const entry = mayAnswer(routes, sockets.url)
    ? undefined
    : entryAt(part, detection, live.app, sockets.url, known?.strips === true);
  if (entry === undefined) return undefined;
  return {
    value: { ...(own !== pages.name && { app: pages.name }), paths: { [sockets.url]: entry } },
    when: `all that is live is below ${sockets.url}`,
    from: [pages.app.start.at, live.app.start.at, ...sockets.from],
  };
}

/** The path that all routes of WebSockets lie below. https://channels.readthedocs.io/en/stable/topics/routing.html */
function socketsIn(part: Part, root: string): { url: string; from: Evidence[] } | undefined {
  const folder = root === '.' ? '' : `${root}/`;
  const lists = part
    .list()
    .filter((file) => file.startsWith(folder) && /(?:routing|asgi)[^/]*\.py$/.test(file))
    .map((file) => ({ file, lines: (part.read(file) ?? '').split('\n') }));
  const routes = lists.flatMap(({ file, lines }) =>
    lines.flatMap((line, index) => {
      const [, path] = /^[^#]*\b(?:re_path|path|url)\(\s*r?["']\^?([^"']*)["']/.exec(line) ?? [];
      return path === undefined ? [] : [{ path, vague: true, from: [{ file, line: index + 1 }] }];
    }),
  );
  const url = commonPath(routes);
  return url === undefined ? undefined : { url, from: routes.flatMap(({ from }) => from).slice(0, 1) };
}

/** Two apps that servers were started with, of which neither has the other in it, and one is below a path. */
function twoApps(part: Part, detection: Detection): Proposal | undefined {
  const started = startedBeside(part, detection);
  const [one, other] = started.flatMap(({ name, app }) => {
    const routed = detection.apps?.find((read) => read.app === name);
    return routed === undefined ? [] : [{ name, app, routed }];
  });
  if (started.length !== 2 || one === undefined || other === undefined) return undefined;
  if (mentions(part, one.app, other.app) || mentions(part, other.app, one.app)) return undefined;
  const below = (inner: RoutedApp, outer: RoutedApp) => {
    const url = commonPath(inner.routes);
    return url !== undefined && outer.routes.length > 0 && !mayAnswer(outer.routes, url) ? url : undefined;
  };
  const [home, inner] = below(other.routed, one.routed) === undefined ? [other, one] : [one, other];
  const url = below(inner.routed, home.routed);
  // Each below a path of its own: nobody knows which of them has what is at /.
  if (url === undefined || below(home.routed, inner.routed) !== undefined) return undefined;
  const entry = entryAt(part, detection, inner.app, url, false);
  if (entry === undefined) return undefined;
  return {
    value: { ...(appIn(detection) !== home.name && { app: home.name }), paths: { [url]: entry } },
    when: 'both are of the same site',
    from: [home.app.start.at, inner.app.start.at, ...(inner.routed.routes[0]?.from ?? [])],
  };
}

/** Does the module of one app import that of the other? Then it may have the other in it. */
function mentions(part: Part, { file }: StartedApp, other: StartedApp): boolean {
  const name = other.start.app?.split(':')[0]?.split('.').at(-1) ?? '';
  const lines = (part.read(file) ?? '').split('\n');
  return lines.some((line) => /^\s*(?:from|import)\b/.test(line) && line.split(/\W+/).includes(name));
}

/** Paths that are an API's by their name: a page of a site may be below any other. */
const API = /^\/(?:api|rest|graphql|rpc|backend|v\d+)(?:[-_]?v?\d+)?\/$/;

/** A front end whose folder is the site, with an API that has nothing but what is below a path. */
function frontendBeside(part: Part, detection: Detection): Proposal | undefined {
  const [app, ...others] = detection.apps ?? [];
  const url = others.length > 0 ? undefined : commonPath(app?.routes ?? []);
  if (app === undefined || url === undefined || !API.test(url) || appIn(detection) !== app?.app)
    return undefined;
  const [frontend, ...further] = frontendsOf(part);
  if (frontend === undefined || further.length > 0) return undefined;
  const health = ownHealth(detection.answers.health, url, app);
  const folder: Entry = { folder: frontend.folder, ...(frontend.singlePage && { 'single-page': true }) };
  return {
    value: { path: url, paths: { '/': folder }, ...(health !== undefined && { health }) },
    when: 'the front end is a part of the site',
    from: [...frontend.from, ...(app.routes[0]?.from ?? [])],
  };
}

/** What has to be said of the app's health once it is below a path; undefined where what was found holds there. */
function ownHealth(found: Value<unknown> | undefined, url: string, app: RoutedApp): string | undefined {
  return found?.kind === 'known' && String(found.value).startsWith(url)
    ? undefined
    : healthBelow(url, app.routes);
}
