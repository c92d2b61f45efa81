/** All rows of the conformance table, in its order: nothing is left out without a word. */
import type { Plan } from '../../../src/plan/schema.ts';
import type { Unit } from '../../../src/unit.ts';
import { unitsOfPlan } from '../../../src/units.ts';

export interface RowTitle {
  id: string;
  title: string;
  /** What the answers leave out, and so nobody can prove; undefined where it is there. */
  notWith?: (plan: Plan) => string | undefined;
}

/** Why a stack cannot have a row, in the words of its answers or of one of its units; undefined where it can. */
export function notApplicable({ id, notWith }: RowTitle, plan: Plan): string | undefined {
  const units = Object.values(unitsOfPlan(plan)) as Unit[];
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

export const ROWS: readonly RowTitle[] = [
  { id: 'P1', title: 'with all but one worker busy, the site is as fast as ever' },
  { id: 'P2', title: 'an asset never reaches Python' },
  { id: 'R1', title: 'the app sees scheme, host, path, query and client' },
  { id: 'R2', title: "a client's own forwarding headers change nothing" },
  { id: 'R3', title: 'an unknown host gets no page' },
  { id: 'R4', title: 'plain http and other names lead to the canonical one' },
  { id: 'R5', title: 'a body over the limit never reaches the app' },
  { id: 'R6', title: '200 clients that send a byte a second hold no worker' },
  { id: 'R7', title: 'slow clients of a large response hold no worker' },
  { id: 'R8', title: 'an app that outlasts the timeout gives 504, and its worker is replaced' },
  { id: 'R9', title: "the app down gives an error page of the site's own" },
  { id: 'F1', title: 'a hashed asset: immutable, validated, ranged, compressed', notWith: withoutHashes },
  { id: 'F2', title: 'an unhashed asset, a missing one, and what nobody may see' },
  { id: 'F3', title: 'no path leads out of a folder' },
  { id: 'F4', title: 'an upload is served from disk and never runs as a page', notWith: withoutMedia },
  {
    id: 'F5',
    title: 'a protected download: the app decides, the web server sends',
    notWith: withoutProtected,
  },
  { id: 'T1', title: "protocols, ciphers, curves and HSTS are the profile's", notWith: withoutTls },
  { id: 'T2', title: 'a renewed certificate is served, no request lost', notWith: withoutTls },
  {
    id: 'T3',
    title: 'the first certificate, on a host that has none',
    notWith: ({ tls }) => (tls.letsencrypt ? undefined : `not with tls ${tls.mode}`),
  },
  {
    id: 'L1',
    title: 'WebSocket: upgrade, echo, stays open, closes cleanly',
    notWith: withoutAsgi,
  },
  {
    id: 'L2',
    title: 'server-sent events arrive at once',
    notWith: withoutAsgi,
  },
  { id: 'O1', title: 'reload with new code under load: no request fails' },
  { id: 'O2', title: 'restart under load: none is refused, those in flight finish' },
  { id: 'O3', title: 'reload of the web server under load: no request fails' },
  { id: 'O4', title: 'a killed worker, then a killed main process: back within 5 s' },
  { id: 'O5', title: 'everything comes back after a reboot' },
  {
    id: 'O6',
    title: 'background workers and schedules under the same manager: graceful, and exactly once',
    notWith: ({ background }) => (background.length > 0 ? undefined : 'nothing works in the background'),
  },
  { id: 'O7', title: 'logs: duration and upstream time; the app in the journal; rotation' },
  {
    id: 'O8',
    title: 'installed twice: nothing changes; a broken set: the old one keeps serving',
  },
  { id: 'O9', title: 'uninstalled: nothing is left, data excepted' },
  { id: 'S1', title: 'the app cannot leave its folders or gain rights' },
  { id: 'S2', title: 'the web server can read neither code nor secrets' },
  { id: 'S3', title: 'no secret in a process list, a unit, a log or a readable file' },
  { id: 'S4', title: "the sandbox's exposure is at most 1.5" },
  { id: 'S5', title: 'gixy-ng finds nothing', notWith: withoutNginx },
];
