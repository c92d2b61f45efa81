/** Below which paths apps answer, by their routes. */
import type { Route } from '../../words/detection.ts';

/** "/api/" of routes that all lie below it; undefined where they lie below several, or at the top, or none is known. */
export function commonPath(routes: readonly Route[]): string | undefined {
  const firsts = new Set(routes.map(({ path }) => /^([\w~-]+)(?:\/|$)/.exec(path)?.[1]));
  const [first] = firsts;
  return firsts.size === 1 && first !== undefined ? `/${first}/` : undefined;
}

/** May any of these routes answer below the path? */
export function mayAnswer(routes: readonly Route[], url: string): boolean {
  return routes.some(
    ({ path, vague }) =>
      `/${path}/`.startsWith(url) || path.startsWith('<') || (vague === true && url.startsWith(`/${path}`)),
  );
}
