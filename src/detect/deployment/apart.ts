/** Apps of the project that an earlier site had at paths of their own, beside the one at /. */
import type { Apart, Passed, StartedApp } from '../../contract/earlier.ts';
import { answersAt } from './listens.ts';

/**
 * The apps that the earlier site's own configuration leads to, each by its path. What nothing of the project listens at,
 * what has more than one path or a pattern, and what the site has at / as well are none.
 *
 * @param passes What the web server passed on.
 * @param apps The apps of the project that servers of the live site were started with.
 */
export function apartIn(passes: readonly Passed[], apps: readonly StartedApp[]): Apart[] {
  const sites = [...new Set(passes.map(({ site }) => site))];
  const homes = passes.filter(({ url }) => url === '/');
  const all = sites
    // A site of its own, under another name, has nothing at another's.
    .filter((site) => homes.some((home) => home.site === site))
    .flatMap((site) => passes.filter((one) => one.site === site && one.url !== '/'));
  const found = all.flatMap((pass) => {
    const app = appAt(pass.target, apps);
    return app === undefined ? [] : [{ pass, app }];
  });
  const isHome = (app: StartedApp) =>
    homes.some(({ target }) => keyOf(appAt(target, apps)) === keyOf(app)) ||
    found.some(({ pass, app: other }) => keyOf(other) === keyOf(app) && pass.url === undefined);
  const apart = found
    .filter(({ app }) => !isHome(app))
    .flatMap(({ pass: { url, strips, at }, app }): Apart[] => {
      if (url === undefined) return [];
      // "/ws" leads to /ws and /wsx as well: a path of ours ends with a slash.
      const path = url.endsWith('/') ? url : `${url}/`;
      return [{ url: path, strips, isSure: path === url && !strips, app, at }];
    });
  const byPath = [...new Map(apart.map((one) => [`${one.url} ${keyOf(one.app)}`, one])).values()];
  const isAlone = (one: Apart) =>
    byPath.every((other) => other === one || (other.url !== one.url && keyOf(other.app) !== keyOf(one.app)));
  const some = byPath.filter(isAlone);
  // Something of the project has to be what is at /.
  const isAll = apps.every((app) => some.some((one) => keyOf(one.app) === keyOf(app)));
  return isAll ? [] : some;
}

/** The one app that is reached there; undefined where none is, or any of several. */
function appAt(target: string | undefined, apps: readonly StartedApp[]): StartedApp | undefined {
  if (target === undefined) return undefined;
  const there = apps.filter(({ start }) => answersAt(start, target));
  return new Set(there.map(keyOf)).size === 1 ? there[0] : undefined;
}

/** What tells two apps apart. */
export const keyOf = (app: StartedApp | undefined) =>
  app === undefined ? undefined : `${app.root} ${app.file}:${app.name ?? 'application'}`;
