/** What Django's settings must say to agree with the proxy in front. https://docs.djangoproject.com/en/stable/howto/deployment/checklist/ */

import type { LazyParts } from '../../contract/lazy.ts';
import type { CommonPlan, PlanOfService } from '../../contract/plan.ts';
import type { Advice } from '../../words/advice.ts';
import type { Detection } from '../../words/detection.ts';
import { ON_HOST } from '../../words/on-host.ts';
import {
  adviceOn,
  importsOf,
  isList,
  OWN_RUN,
  ownKey,
  python,
  type Snippet,
  together,
  type Wanted,
  withOs,
} from '../wanted.ts';

/** The variable that its key is to come from, where the settings read none. */
export const DJANGO_KEY = 'DJANGO_SECRET_KEY';

/** The module that a release brings over the project's own settings. */
export const DEPLOYED = 'deployed_settings';

/** What it can set. */
export const BROUGHT: readonly string[] = [
  ...['DEBUG', 'SECRET_KEY', 'ALLOWED_HOSTS', 'SECURE_PROXY_SSL_HEADER', 'CSRF_TRUSTED_ORIGINS'],
  ...[
    'USE_X_FORWARDED_HOST',
    'SECURE_SSL_REDIRECT',
    'SESSION_COOKIE_SECURE',
    'CSRF_COOKIE_SECURE',
    'LOGGING',
    'MAILERS',
    'STATIC_ROOT',
    'MEDIA_ROOT',
  ],
];

const REFERENCE = 'https://docs.djangoproject.com/en/stable/ref/settings/#';

/** Backends that write mail down, or nowhere. */
const NO_MAIL = /^django\.core\.mail\.backends\.(?:console|dummy|filebased|locmem)\./;

type Mount = CommonPlan['static'][number];

/** Does an entry of ALLOWED_HOSTS cover this host? https://docs.djangoproject.com/en/stable/ref/settings/#allowed-hosts */
function allows(entry: unknown, host: string): boolean {
  if (typeof entry !== 'string') return false;
  return (
    entry === '*' ||
    entry === host ||
    (entry.startsWith('.') && (host.endsWith(entry) || host === entry.slice(1)))
  );
}

/** The settings that matter with this plan, each as it should be. */
export function wantedSettings(plan: CommonPlan): Wanted[] {
  const { site, tls, static: assets, media } = plan;
  const https = site.scheme === 'https';
  // Settings name their folders from the one that manage.py is in.
  const inSettings = ({ inProject, path }: Mount) => {
    if (inProject === null) return path;
    const root = plan.project.root === '' ? '' : `${plan.project.root}/`;
    return inProject.startsWith(root) ? inProject.slice(root.length) : inProject;
  };
  const folder = (mount: Mount) =>
    mount.inProject === null ? python(mount.path) : `BASE_DIR / ${python(inSettings(mount))}`;
  const placed = (mount: Mount) => ({
    folder: () => (mount.inProject === null ? '' : inSettings(mount)),
    value: () => mount.path,
  });
  const setting = (name: string) => ({
    setting: name,
    docs: REFERENCE + name.toLowerCase().replaceAll('_', '-'),
  });
  const [firstAsset] = assets;
  const [firstMedia] = media;
  const wanted: (Wanted | false)[] = [
    {
      ...setting('DEBUG'),
      write: 'DEBUG = False',
      brought: { value: false },
      level: 'error',
      why: 'With DEBUG on, every error page shows code and settings to the visitor.',
      fits: (value) => value === false,
      defaultFits: true,
    },
    ownKey(plan, DJANGO_KEY, {
      ...setting('SECRET_KEY'),
      write: (variable) => `SECRET_KEY = os.environ[${python(variable)}]`,
      imports: ['import os'],
    }),
    {
      ...setting('ALLOWED_HOSTS'),
      get write() {
        return `ALLOWED_HOSTS = [${python(site.canonical)}]`;
      },
      brought: { value: () => [site.canonical] },
      level: 'error',
      why: 'Django answers 400 to every request for a host that is not listed.',
      fits: (value) => isList(value) && value.some((entry) => allows(entry, site.canonical)),
    },
    https && {
      ...setting('SECURE_PROXY_SSL_HEADER'),
      write: 'SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")',
      brought: { value: ['HTTP_X_FORWARDED_PROTO', 'https'] },
      why: 'Otherwise Django takes every request for plain http: wrong links, redirect loops, refused forms.',
      fits: (value) => isList(value) && value[0] === 'HTTP_X_FORWARDED_PROTO' && value[1] === 'https',
    },
    tls.behindProxy && {
      ...setting('CSRF_TRUSTED_ORIGINS'),
      get write() {
        return `CSRF_TRUSTED_ORIGINS = [${python(site.origin)}]`;
      },
      brought: { value: () => [site.origin] },
      why: 'Forms are refused where a proxy between changes scheme or port.',
      fits: (value) => isList(value) && value.includes(site.origin),
    },
    {
      ...setting('USE_X_FORWARDED_HOST'),
      write: 'USE_X_FORWARDED_HOST = False',
      brought: { value: false },
      why: 'The web server passes the right Host on and takes X-Forwarded-Host away.',
      fits: (value) => value === false,
      defaultFits: true,
    },
    !https && {
      ...setting('SECURE_SSL_REDIRECT'),
      write: 'SECURE_SSL_REDIRECT = False',
      brought: { value: false },
      level: 'error',
      why: 'Without HTTPS, every page would lead to one that does not exist.',
      fits: (value) => value === false,
      defaultFits: true,
    },
    https && {
      ...setting('SESSION_COOKIE_SECURE'),
      write: 'SESSION_COOKIE_SECURE = True',
      brought: { value: true },
      why: 'Otherwise a session cookie may travel over plain http.',
      fits: (value) => value === true,
    },
    https && {
      ...setting('CSRF_COOKIE_SECURE'),
      write: 'CSRF_COOKIE_SECURE = True',
      brought: { value: true },
      why: 'Otherwise the CSRF cookie may travel over plain http.',
      fits: (value) => value === true,
    },
    {
      ...setting('LOGGING'),
      write:
        'LOGGING = {"version": 1, "disable_existing_loggers": False, "handlers": {"console": {"class": "logging.StreamHandler"}}, "root": {"handlers": ["console"], "level": "INFO"}}',
      brought: { logging: true },
      // https://docs.djangoproject.com/en/stable/ref/logging/#django-s-default-logging-configuration
      why: "With DEBUG off, Django's own logging writes no error anywhere: it is mailed to ADMINS, or lost.",
      fits: () => true,
      environmentFits: true,
    },
    {
      ...setting('MAILERS'),
      write: `MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend"}}`,
      brought: { mail: true },
      level: 'error',
      quiet: true,
      // https://docs.djangoproject.com/en/stable/ref/checks/#mail
      why: "Django's own check stops a release whose mails nobody gets; like this they go to the host's mail server, on port 25.",
      fits: (backend) => !NO_MAIL.test(String(backend)),
      environmentFits: true,
      defaultFits: true,
    },
    ...(plan.service.script === '' ? [] : belowItsPath(plan, setting)),
    firstAsset !== undefined && {
      ...setting('STATIC_ROOT'),
      get write() {
        return `STATIC_ROOT = ${folder(firstAsset)}`;
      },
      brought: placed(firstAsset),
      level: 'error',
      why: 'collectstatic puts the assets there; without it the release stops.',
      fits: (value) => assets.some((mount) => value === inSettings(mount)),
    },
    firstMedia !== undefined && {
      ...setting('MEDIA_ROOT'),
      get write() {
        return `MEDIA_ROOT = ${folder(firstMedia)}`;
      },
      brought: placed(firstMedia),
      why: 'Uploads must land where the web server looks for them.',
      fits: (value) => media.some((mount) => value === inSettings(mount)),
    },
  ];
  return wanted.filter((entry) => entry !== false);
}

/** What an app must say that is told of a path, which other apps share the host with. */
function belowItsPath(
  { service, static: assets }: CommonPlan,
  setting: (name: string) => { setting: string; docs: string },
): Wanted[] {
  const cookies = ['SESSION_COOKIE_PATH', 'CSRF_COOKIE_PATH'].map(
    (name): Wanted => ({
      ...setting(name),
      get write() {
        return `${name} = ${python(service.url)}`;
      },
      why: 'Otherwise the cookie is sent to whatever else the host serves, which can also overwrite it.',
      fits: (value) => value === service.url,
      environmentFits: true,
    }),
  );
  const isBelow = (url: string) => assets.some((mount) => mount.url === url);
  return [
    ...cookies,
    {
      ...setting('STATIC_URL'),
      write: 'STATIC_URL = "static/"',
      why: 'Django puts its path before the URL of assets only where that is relative.',
      fits: (value) => typeof value === 'string' && (!/^(?:\/|https?:)/.test(value) || isBelow(value)),
    },
  ];
}

/** Each setting that matters with this plan, and how the project has it; all "unknown" where nothing was read. */
export function adviseDjango(plan: PlanOfService, detection: Detection | undefined): Advice[] {
  return adviceOn(plan, wantedSettings(plan), detection);
}

/** As a module of settings, which lies beside the settings and has the last word. */
export function settingsSnippet(settings: () => string, all: () => readonly Wanted[]): LazyParts<Snippet> {
  const up = () => settings().split('.').length - 1;
  return {
    file: 'behind_proxy.py',
    module: settings,
    does: 'and end that module with',
    line: () => `from ${up() === 0 ? '' : '.'}behind_proxy import *`,
    lines: () => {
      const wanted = together(all());
      const usesBase = wanted.some(({ write }) => write.includes('BASE_DIR'));
      const base = usesBase ? ['from pathlib import Path'] : [];
      return [
        ...[...withOs(importsOf(wanted)), ...base, ''],
        OWN_RUN,
        `if ${python(ON_HOST)} in os.environ:`,
        ...(usesBase ? [`    BASE_DIR = Path(__file__).resolve().parents[${up()}]`] : []),
        ...wanted.map(({ write }) => `    ${write}`),
      ];
    },
  };
}
