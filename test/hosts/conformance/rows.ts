/** All rows of the conformance table, in its order: nothing is left out without a word. */

import type { Unit } from '../../../src/contract/unit.ts';
import { appServerOf, unitsOfPlan } from '../../../src/units.ts';
import type { Planned as Plan } from '../../support/plan.ts';

/**
 * What the outcome of a row can depend on: parts of a stack's plan. Two stacks that have in common all that a row
 * depends on cannot differ in it, so that one of them stands for the other (`npm run test:all` finds out where it is
 * otherwise).
 */
export const FACTS = {
  framework: ({ framework }) => framework.kind,
  'web server': ({ webServer }) => webServer.kind,
  // The kind of worker, the protocol to it and whether it has threads are as good as another server.
  'app server': ({ appServer, upstream, workers }) =>
    [
      appServer.kind,
      ...(appServer.workerClass === undefined ? [] : [appServer.workerClass]),
      ...(upstream.uwsgi ? ['uwsgi'] : []),
      ...(workers.threads > 1 ? ['threads'] : []),
    ].join(' '),
  'process manager': ({ processManager }) => processManager.kind,
  target: ({ target }) => target.id,
  tls: ({ tls }) => tls.mode,
  'tls profile': ({ tls }) => tls.profile,
  interface: ({ upstream }) => upstream.interface,
  /** What its paths lead to. */
  paths: (plan) => shapeOf(plan),
  /** The app has no service of its own. */
  inside: ({ upstream }) => (upstream.inside === null ? '' : 'inside of the web server'),
} as const satisfies Record<string, (plan: Plan) => string>;

/** "services, folder, mounted": what its paths lead to beside one service at "/"; "" for none of that. */
function shapeOf({ services, pages }: Plan): string {
  return [
    ...(services.length > 1 ? ['services'] : []),
    ...(pages.length > 0 ? ['folder'] : []),
    ...(services.some(({ service }) => service.script !== '') ? ['mounted'] : []),
  ].join(', ');
}

type Fact = keyof typeof FACTS;

export interface RowTitle {
  id: string;
  title: string;
  /** All that its outcome can depend on: rather one too many, where the row takes no time. */
  on: readonly Fact[];
  /** It takes too long for `npm test`: see scripts/budget.mjs. */
  onlyInAll?: boolean;
  /** What the answers leave out, and so nobody can prove; undefined where it is there. */
  notWith?: (plan: Plan) => string | undefined;
}

/** Why a stack cannot have a row, in the words of its answers or of one of its units; undefined where it can. */
export function notApplicable({ id, notWith }: RowTitle, plan: Plan): string | undefined {
  const units = [...(Object.values(unitsOfPlan(plan)) as Unit[]), appServerOf(plan)];
  return (
    notWith?.(plan) ?? units.map((unit) => unit.lacks?.(plan)[id]).find((reason) => reason !== undefined)
  );
}

const withoutAsgi = ({ upstream }: Plan) => (upstream.interface === 'asgi' ? undefined : 'not with WSGI');
const withoutTls = ({ tls }: Plan) => (tls.here ? undefined : `not with tls ${tls.mode}`);
const withoutNginx = ({ webServer }: Plan) =>
  webServer.kind === 'nginx' ? undefined : 'it reads nginx only';
const withoutHashes = ({ hashed }: Plan) => (hashed ? undefined : 'names carry no hash');
const withoutMedia = ({ media }: Plan) => (media.length > 0 ? undefined : 'no uploads');
const withoutProtected = (plan: Plan) => (plan.protected.length > 0 ? undefined : 'no protected downloads');

const withoutServices = ({ services }: Plan) => (services.length > 1 ? undefined : 'one service alone');
const severalThatDiffer = ({ services }: Plan) =>
  new Set(services.map(({ body, timeouts }) => [body.bytes, timeouts.request].join())).size > 1
    ? undefined
    : 'no service has limits of its own';

export const ROWS: readonly RowTitle[] = [
  {
    id: 'P1',
    title: 'with all but one worker busy, the site is as fast as ever',
    on: ['framework', 'web server', 'app server'],
  },
  { id: 'P2', title: 'an asset never reaches Python', on: ['framework', 'web server', 'app server'] },
  {
    id: 'R1',
    title: 'the app sees scheme, host, path, query and client',
    on: ['framework', 'web server', 'app server', 'tls', 'target'],
  },
  {
    id: 'R2',
    title: "a client's own forwarding headers change nothing",
    on: ['framework', 'web server', 'app server', 'tls', 'target'],
  },
  { id: 'R3', title: 'an unknown host gets no page', on: ['web server', 'tls', 'target'] },
  {
    id: 'R4',
    title: 'plain http and other names lead to the canonical one',
    on: ['web server', 'tls', 'target'],
  },
  { id: 'R5', title: 'a body over the limit never reaches the app', on: ['web server', 'app server', 'tls'] },
  {
    id: 'R6',
    title: '200 clients that send a byte a second hold no worker',
    on: ['web server', 'app server'],
  },
  { id: 'R7', title: 'slow clients of a large response hold no worker', on: ['web server', 'app server'] },
  {
    id: 'R8',
    title: 'an app that outlasts the timeout gives 504, and its worker is replaced',
    on: ['web server', 'app server'],
  },
  {
    id: 'R9',
    title: "the app down gives an error page of the site's own",
    on: ['web server', 'app server', 'process manager'],
  },
  {
    id: 'F1',
    title: 'a hashed asset: immutable, validated, ranged, compressed',
    on: ['framework', 'web server', 'tls', 'target'],
    notWith: withoutHashes,
  },
  {
    id: 'F2',
    title: 'an unhashed asset, a missing one, and what nobody may see',
    on: ['framework', 'web server', 'tls', 'target'],
  },
  { id: 'F3', title: 'no path leads out of a folder', on: ['framework', 'web server', 'target'] },
  {
    id: 'F4',
    title: 'an upload is served from disk and never runs as a page',
    on: ['framework', 'web server', 'target'],
    notWith: withoutMedia,
  },
  {
    id: 'F5',
    title: 'a protected download: the app decides, the web server sends',
    on: ['framework', 'web server', 'app server', 'target'],
    notWith: withoutProtected,
  },
  {
    id: 'F6',
    title: 'over releases and rollbacks, assets of kept releases stay, those of pruned ones go',
    on: ['web server'],
    notWith: withoutHashes,
  },
  {
    id: 'T1',
    title: "protocols, ciphers, curves and HSTS are the profile's",
    on: ['web server', 'tls', 'tls profile', 'target'],
    notWith: withoutTls,
  },
  {
    id: 'T2',
    title: 'a renewed certificate is served, no request lost',
    on: ['web server', 'tls', 'target'],
    notWith: withoutTls,
  },
  {
    id: 'T3',
    title: 'the first certificate, on a host that has none',
    on: ['web server', 'tls', 'target'],
    notWith: ({ tls }) => (tls.letsencrypt ? undefined : `not with tls ${tls.mode}`),
  },
  {
    id: 'L1',
    title: 'WebSocket: upgrade, echo, stays open, closes cleanly',
    on: ['framework', 'web server', 'app server', 'process manager'],
    notWith: withoutAsgi,
  },
  {
    id: 'L2',
    title: 'server-sent events arrive at once',
    on: ['framework', 'web server', 'app server', 'process manager'],
    notWith: withoutAsgi,
  },
  {
    id: 'O1',
    title: 'reload with new code under load: no request fails',
    on: ['web server', 'app server', 'process manager'],
  },
  {
    id: 'O2',
    title: 'restart under load: none is refused, those in flight finish',
    on: ['web server', 'app server', 'process manager', 'target'],
  },
  { id: 'O3', title: 'reload of the web server under load: no request fails', on: ['web server', 'target'] },
  {
    id: 'O4',
    title: 'a killed worker, then a killed main process: back within 5 s',
    on: ['app server', 'process manager', 'target'],
  },
  {
    id: 'O5',
    title: 'everything comes back after a reboot',
    on: ['web server', 'process manager', 'inside', 'tls', 'target', 'paths'],
  },
  {
    id: 'O6',
    title: 'background workers and schedules under the same manager: graceful, and exactly once',
    on: ['process manager', 'target'],
    notWith: ({ background }) => (background.length > 0 ? undefined : 'nothing works in the background'),
  },
  {
    id: 'O7',
    title: 'logs: duration and upstream time; the app in the journal; rotation',
    on: ['web server', 'app server', 'process manager', 'target'],
  },
  {
    id: 'O8',
    title: 'installed twice: nothing changes; a broken set: the old one keeps serving',
    // Each web server judges its own files, before anything is switched: mod_wsgi's stack shows it for Apache.
    on: ['app server', 'process manager', 'paths'],
  },
  {
    id: 'O9',
    title: 'uninstalled: nothing is left, data excepted',
    on: ['web server', 'process manager', 'inside', 'tls', 'target', 'paths'],
  },
  {
    id: 'S1',
    title: 'the app cannot leave its folders or gain rights',
    on: ['app server', 'process manager', 'target'],
  },
  {
    id: 'S2',
    title: 'the web server can read neither code nor secrets',
    on: ['framework', 'web server', 'app server', 'process manager', 'target'],
  },
  {
    id: 'S3',
    title: 'no secret in a process list, a unit, a log or a readable file',
    on: ['framework', 'web server', 'app server', 'process manager'],
  },
  {
    id: 'S4',
    title: "the sandbox's exposure is at most 1.5",
    on: ['app server', 'process manager', 'target'],
  },
  {
    id: 'S5',
    title: 'gixy-ng finds nothing',
    on: ['framework', 'web server', 'app server', 'tls', 'target'],
    notWith: withoutNginx,
  },
  {
    id: 'A1',
    title: 'one request in is at most one at the app, however it is written',
    on: ['web server', 'app server', 'target'],
  },
  {
    id: 'A2',
    title: 'oversized requests are refused, and nothing is restarted',
    on: ['web server', 'app server', 'target'],
  },
  {
    id: 'A3',
    title: '500 slow clients: heads, bodies and reads: the site is as fast as ever',
    on: ['web server', 'app server'],
  },
  { id: 'A4', title: 'no path leads out, in no encoding', on: ['framework', 'web server', 'target'] },
  {
    id: 'A5',
    title: 'odd methods, upgrades and ranges: refused or ordinary, at no cost',
    on: ['web server', 'app server', 'target'],
  },
  {
    id: 'A6',
    title: 'floods of HTTP/2 frames leave the site answering',
    on: ['web server', 'app server', 'target'],
    notWith: withoutTls,
  },
  {
    id: 'A7',
    title: 'uploads that pretend run nowhere as a page',
    on: ['web server', 'target'],
    notWith: withoutMedia,
  },
  {
    id: 'A8',
    title: 'claims of client, host and scheme change nothing: at the app, in links, in what is cached',
    on: ['framework', 'web server', 'app server', 'tls', 'target'],
  },
  {
    id: 'V1',
    title: 'each path reaches its service, the longest first, as the plan says: 200 paths',
    on: ['web server', 'target', 'paths'],
    notWith: (plan) => (shapeOf(plan) === '' ? 'one service at /' : undefined),
  },
  {
    id: 'V2',
    title: 'a single-page app: its index for unknown paths, never kept; its hashed files for a year',
    on: ['web server', 'target', 'paths'],
    notWith: ({ pages }) => (pages.some(({ singlePage }) => singlePage) ? undefined : 'no single-page app'),
  },
  {
    id: 'V3',
    title: 'WSGI pages and ASGI live paths: a restart of one closes nothing of the other',
    on: ['web server', 'process manager', 'target'],
    notWith: ({ services }) =>
      new Set(services.map(({ upstream }) => upstream.interface)).size > 1
        ? undefined
        : 'no two services of which one is WSGI and one ASGI',
  },
  {
    id: 'V4',
    title: "limits, timeouts and workers are each service's own",
    on: ['web server', 'app server', 'target'],
    notWith: severalThatDiffer,
  },
  {
    id: 'V5',
    title: 'a release switches all services at once: none fails, none meets old code after new',
    on: ['web server', 'process manager', 'target'],
    notWith: withoutServices,
  },
  {
    id: 'V6',
    title: 'the whole app below a path: every link, redirect, cookie and asset stays below it',
    on: ['framework', 'web server', 'app server', 'target'],
    notWith: ({ services }) =>
      services.some(({ service }) => service.script !== '') ? undefined : 'nothing is mounted below a path',
  },
];
