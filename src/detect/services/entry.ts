/** A further service of a site, as the answer `paths` has it, from how it was started. */
import type { Apart, Deployment, Part, StartedApp, Statement } from '../../contract/earlier.ts';
import { type Detection, type Route, rootOf } from '../../words/detection.ts';
import { healthOf } from '../health.ts';

/** What `paths` has at a path. */
export type Entry = Readonly<Record<string, unknown>>;

/** Answers of a start that a service has as they are, whatever else is said of it. */
export const OF_SERVICES = ['workers', 'max-requests'];

/** What an earlier unit says of the processes that it starts. */
const OF_UNITS = ['sandbox', 'limits'];

/** The answers of the unit that an app was started by: they are that app's, and no other's. */
export function unitAnswers({ start }: StartedApp, { answers }: Deployment): Statement[] {
  return answers.filter(({ answer, at }) => OF_UNITS.includes(answer) && at.file === start.at.file);
}

/** "shop.asgi:application"; undefined where the start names a file alone. */
export function appOf({ start: { app } }: StartedApp): string | undefined {
  return app === undefined || app.includes(':') ? app : `${app}:application`;
}

/** Apps of the live site that run as this one does: from its folder, and so with its virtual environment. */
export function isBeside(detection: Detection, { root, start }: StartedApp): boolean {
  return !start.development && (root || '.') === rootOf(detection);
}

/** An app of its framework, by what the source says: of it all that the framework needs is known. */
const isRead = ({ apps = [] }: Detection, app: string) => apps.some((one) => one.app === app);

/**
 * The apps that the earlier site had at paths of their own, and that a path of the new one can lead to just so; each with
 * its entry. What is not among them stays listed as it was.
 */
export function sureServices(part: Part, detection: Detection): { apart: Apart; entry: Entry }[] {
  return part
    .earlier()
    .apart.filter(({ isSure }) => isSure)
    .flatMap((apart) => {
      const entry = entryAt(part, detection, apart.app, apart.url, false);
      return entry === undefined ? [] : [{ apart, entry }];
    });
}

/** What `paths` would have for an app at a path; undefined where no path of this site can lead to it. */
export function entryAt(
  part: Part,
  detection: Detection,
  app: StartedApp,
  url: string,
  mounted: boolean,
): Entry | undefined {
  const name = appOf(app);
  if (name === undefined || !isBeside(detection, app)) return undefined;
  // Entries of the same package have the same settings, and so the same URLs.
  const isDjango =
    detection.framework === 'django' && packageOf(name) === packageOf(detection.apps?.[0]?.app);
  if (!isDjango && !isRead(detection, name)) return undefined;
  if (isDjango && !answersPages(part.read(app.file) ?? '')) return undefined;
  const routes = (detection.apps ?? []).find((one) => isDjango || one.app === name)?.routes ?? [];
  const health = healthBelow(url, routes, mounted);
  const { interface: spoken, answers } = app.start;
  const looks = /(?:^|\.)asgi[.:]/.test(name) ? 'asgi' : 'wsgi';
  return {
    app: name,
    ...(spoken !== undefined && spoken !== looks && { interface: spoken }),
    ...(mounted && { mounted: true }),
    ...Object.fromEntries(
      answers.flatMap((one) => (OF_SERVICES.includes(one.answer) ? [[one.answer, one.value]] : [])),
    ),
    ...Object.fromEntries(unitAnswers(app, part.earlier()).map(({ answer, value }) => [answer, value])),
    ...(health !== undefined && { health }),
  };
}

const packageOf = (app: string | undefined) => app?.split(':')[0]?.replace(/\.?[^.]*$/, '');

/** An app of Channels' that has WebSockets alone answers no page by which it could be known to be up. */
function answersPages(text: string): boolean {
  // https://channels.readthedocs.io/en/stable/topics/routing.html#protocoltyperouter
  return !text.includes('ProtocolTypeRouter') || /["']http["']\s*:/.test(text);
}

/** A page of an app below a path; undefined where the path itself may be one. */
export function healthBelow(url: string, routes: readonly Route[], mounted = false): string | undefined {
  const own = mounted ? routes : routes.filter(({ path }) => `/${path}`.startsWith(url));
  const found = healthOf(own);
  const page = found.kind === 'known' ? found.value : undefined;
  if (page !== undefined) return mounted ? `${url}${page.slice(1)}` : page;
  const top = mounted ? '' : url.slice(1);
  const isThere = routes.some(({ path }) => path === top || path === top.slice(0, -1) || path === '<');
  // By its own "not found" it is up as well.
  return isThere ? undefined : `${url} 404`;
}
