/** Which of an app's routes answers a health check. */
import type { Evidence, Value } from './value.ts';

export interface Route {
  /** Without a leading slash: "api/healthz/". */
  path: string;
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
 * The shortest route of the most telling name, as a path: "/healthz". Absent where none has such a name, unknown where
 * not even / would answer.
 */
export function healthOf(routes: readonly Route[]): Value<string> {
  for (const name of HEALTH_NAMES) {
    const hit = routes
      .filter((route) => lastSegment(route.path) === name && route.path.split('/').length <= 4)
      .sort((a, b) => a.path.length - b.path.length)[0];
    if (hit) return { kind: 'known', value: `/${hit.path}`, from: hit.from };
  }
  const [first] = routes;
  // A page of any path, "<path:rest>" for instance, may be the one at /.
  const hasHome = routes.some(({ path }) => path === '' || path.startsWith('<'));
  if (first === undefined || hasHome) return { kind: 'absent' };
  return { kind: 'unknown', because: 'it has no page at /, and no health check was found', from: first.from };
}

function lastSegment(path: string): string {
  const segments = path.split('/').filter((segment) => segment !== '');
  return segments.some((segment) => segment.includes('<') || segment.includes('('))
    ? ''
    : (segments.at(-1) ?? '');
}
