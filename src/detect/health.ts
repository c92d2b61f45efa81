/** Which of an app's routes answers a health check. */
import type { Evidence, Value } from '../words/value.ts';

export interface Route {
  /** Without a leading slash: "api/healthz/". */
  path: string;
  /** The status of its answer, where that leads elsewhere: to a login, for instance. */
  leads?: number | undefined;
  from: Evidence[];
}

/** Names that health checks have, the most telling first. */
const HEALTH_NAMES = [
  'healthz',
  'health',
  'healthcheck',
  'health-check',
  'health_check',
  'livez',
  'readyz',
  '_health',
  'heartbeat',
  '__heartbeat__',
  'ping',
  'status',
];

/**
 * The shortest route of the most telling name, as a path: "/healthz". Where none has such a name: / with its status where
 * it leads elsewhere ("/ 302"), absent where it is an ordinary page, unknown where not even / would answer.
 */
export function healthOf(routes: readonly Route[]): Value<string> {
  for (const name of HEALTH_NAMES) {
    const hit = routes
      .filter((route) => lastSegment(route.path) === name && route.path.split('/').length <= 4)
      .sort((a, b) => a.path.length - b.path.length)[0];
    if (hit) return { kind: 'known', value: answerOf(hit), from: hit.from };
  }
  const home = routes.find(({ path }) => path === '');
  if (home?.leads !== undefined) return { kind: 'known', value: answerOf(home), from: home.from };
  const [first] = routes;
  // A page of any path, "<path:rest>" for instance, may be the one at /.
  const hasHome = routes.some(({ path }) => path === '' || path.startsWith('<'));
  if (first === undefined || hasHome) return { kind: 'absent' };
  return { kind: 'unknown', because: 'it has no page at /, and no health check was found', from: first.from };
}

function answerOf({ path, leads }: Route): string {
  return leads === undefined ? `/${path}` : `/${path} ${leads}`;
}

function lastSegment(path: string): string {
  const segments = path.split('/').filter((segment) => segment !== '');
  return segments.some((segment) => segment.includes('<') || segment.includes('('))
    ? ''
    : (segments.at(-1) ?? '');
}
