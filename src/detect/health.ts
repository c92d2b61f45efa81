/** Which of an app's routes answers a health check. */
import type { Route } from '../words/detection.ts';
import type { Value } from '../words/value.ts';

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
 * it leads elsewhere ("/ 302"), absent where it is an ordinary page. Where there is no page at /: one that is open to
 * anybody, or else the app's own "not found" ("/ 404"), by which it is up all the same.
 */
export function healthOf(all: readonly Route[]): Value<string> {
  const routes = all.filter(({ vague }) => vague !== true);
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
  const open = routes.find((route) => route.open === true);
  if (open !== undefined) return { kind: 'known', value: answerOf(open), from: open.from };
  return {
    kind: 'default',
    value: '/ 404',
    unless: 'it has a page at / that was not read',
    from: first.from,
  };
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
