/** Every stack that is proved on a host, by the test file that does it. */
import type { Deployment } from '../harness/plan.ts';

export interface TestedStack {
  /** Its units, as people name them; with the target, no other stack has the same. */
  title: string;
  deployment: Deployment;
  /** The rows that it is there for, by their ids; all unless given. */
  rows?: readonly string[];
  /** It takes too long for `npm test`: see scripts/budget.mjs. */
  onlyInAll?: boolean;
}

/** "Django, nginx, gunicorn, systemd, on debian-13" */
export const nameOf = ({ title, deployment }: TestedStack) => `${title}, on ${deployment.target}`;

/** The newest first: it stands for both where they cannot differ. */
const TARGETS = ['debian-13', 'debian-12'];

/** What works in the background is proved once with each process manager, and each release would wait for it. */
const ALONE = { background: {} };
/** The source names the URL of protected files, and not the folder. */
const PROTECTED = ['--tls', 'files', '--protected', '/_protected/=protected'];
/** Longer than a request may take, and short enough for a test to see its end. */
const LIVE = ['--live-timeout', '15'];

/** On the older Debian what the newer one has shown is proved before a release alone, where much time would go into little. */
function beforeRelease(target: string, stack: TestedStack): TestedStack {
  return target === 'debian-13' ? stack : { ...stack, onlyInAll: true };
}

function django(title: string, target: string, flags: readonly string[], rows?: readonly string[]) {
  const deployment = { project: 'django-contracts', target, flags, answers: ALONE };
  return rows === undefined ? { title, deployment } : { title, deployment, rows };
}

/** Django behind nginx, gunicorn and systemd. */
const defaults = TARGETS.map(
  (target): TestedStack => ({
    title: 'Django, nginx, gunicorn, systemd',
    deployment: { project: 'django-contracts', target, flags: ['--tls', 'files'] },
  }),
);

/** The same with each other way to a certificate. */
const certificates = (target: string) => [
  // What differs where the host gets its certificate by itself.
  django(
    "Django, nginx, gunicorn, systemd, Let's Encrypt",
    target,
    ['--tls', 'letsencrypt'],
    ['R1', 'R2', 'R3', 'R4', 'T2', 'T3', 'O5'],
  ),
  // What differs where nobody ends TLS.
  beforeRelease(
    target,
    django(
      'Django, nginx, gunicorn, systemd, plain http',
      target,
      ['--tls', 'none'],
      ['R1', 'R2', 'R3', 'R4', 'R5', 'F1', 'F2'],
    ),
  ),
  // What differs where only the newest clients are let in.
  beforeRelease(
    target,
    django(
      'Django, nginx, gunicorn, systemd, modern TLS',
      target,
      ['--tls', 'files', '--tls-profile', 'modern'],
      ['T1'],
    ),
  ),
];

/** Django as ASGI behind nginx, gunicorn and systemd. */
const live = TARGETS.map((target) => ({
  title: 'Django (ASGI), nginx, gunicorn, systemd',
  deployment: { project: 'django-live', target, flags: ['--tls', 'files', ...LIVE] },
}));

/** Another process manager, in the stack that is otherwise the default one. */
const manager = (title: string, kind: string): TestedStack[] => [
  {
    title: `Django, nginx, gunicorn, ${title}`,
    deployment: {
      project: 'django-contracts',
      target: 'debian-13',
      flags: ['--tls', 'files', '--process-manager', kind, '--monitor'],
    },
  },
  // Circus comes from its own packages on both; supervisord is Debian's, and an older one.
  {
    ...django(`Django, nginx, gunicorn, ${title}`, 'debian-12', [
      '--tls',
      'files',
      '--process-manager',
      kind,
    ]),
    onlyInAll: kind === 'circus',
  },
];

/** The other ways to serve, in the stack that is otherwise the default one; more stand with the frameworks. */
const appServers = [
  django('Django, nginx, gunicorn (gevent), systemd', 'debian-13', [
    ...['--tls', 'files', '--gunicorn-worker', 'gevent', '--app-access-log'],
  ]),
  django('Django, nginx, uWSGI (uwsgi), systemd', 'debian-13', [
    ...['--tls', 'files', '--app-server', 'uwsgi', '--uwsgi-protocol', 'uwsgi', '--app-access-log'],
  ]),
];

const APACHE = ['--tls', 'files', '--web-server', 'apache'];

/** Apache in the place of nginx; what works in the background knows nothing of either. */
const apache: TestedStack[] = [
  ...TARGETS.map((target) => django('Django, Apache, gunicorn, systemd', target, APACHE)),
  // What lasts.
  {
    title: 'Django (ASGI), Apache, gunicorn, systemd',
    deployment: {
      project: 'django-live',
      target: 'debian-13',
      flags: [...APACHE, ...LIVE],
      answers: ALONE,
    },
    rows: ['R1', 'R2', 'L1', 'L2'],
  },
];

/** The same with others to keep the app, Apache itself among them. */
const apacheManagers = [
  django('Django, Apache, gunicorn, supervisord', 'debian-13', [
    ...[...APACHE, '--process-manager', 'supervisord'],
  ]),
  django('Django, Apache, gunicorn, Circus', 'debian-13', [...APACHE, '--process-manager', 'circus']),
  django('Django, Apache, mod_wsgi', 'debian-13', [...APACHE, '--app-server', 'mod-wsgi']),
];

function framework(title: string, project: string, ...flags: string[]): TestedStack {
  return { title, deployment: { project, target: 'debian-13', flags: [...PROTECTED, ...flags] } };
}

/** Each framework in a whole stack, and with them each way in which an app server of the default stack can serve. */
const frameworks = [
  framework('Flask, nginx, gunicorn with threads, systemd', 'flask-contracts', '--threads', '4'),
  framework('Pyramid, nginx, waitress, systemd', 'pyramid-contracts', '--app-server', 'waitress'),
  framework('Bottle, nginx, uWSGI, systemd', 'bottle-contracts', '--app-server', 'uwsgi'),
  framework('Falcon, nginx, gunicorn, systemd', 'falcon-contracts'),
  // Of an app without a framework, the source says nothing of its files.
  framework(
    'WSGI, nginx, gunicorn, systemd',
    'wsgi-contracts',
    ...['--framework', 'wsgi', '--app', 'wsgi:application', '--health', '/healthz'],
    ...['--static', '/static/=contracts/static', '--media', '/media/=media'],
  ),
];

/** Its packages come from Poetry's lock. */
const fastapi = [
  framework('FastAPI, nginx, gunicorn, systemd', 'fastapi-contracts', ...LIVE, '--app-access-log'),
];

/** Pages on WSGI, live paths on ASGI of the same code, and another app: each with limits of its own. */
export const SERVICES = {
  app: 'shop.wsgi:application',
  interface: 'wsgi',
  paths: {
    '/live/': {
      service: 'live',
      app: 'shop.asgi:application',
      interface: 'asgi',
      workers: 2,
      timeout: 20,
      'live-timeout': 40,
      'max-body': '1m',
      health: '/live/health',
    },
    '/tools/': {
      service: 'tools',
      app: 'tools.wsgi:application',
      workers: 1,
      'max-body': '20m',
      health: '/tools/health',
    },
  },
};

/** What a site of several services adds to what others prove: on both web servers and both targets. */
const services = TARGETS.flatMap((target) => [
  several('nginx', target, ['--tls', 'files'], ['O5', 'O8', 'O9']),
  several('Apache', target, APACHE),
]);

function several(front: string, target: string, flags: readonly string[], rows: string[] = []): TestedStack {
  return beforeRelease(target, {
    title: `Django with two more services, ${front}, gunicorn, systemd`,
    deployment: { project: 'django-services', target, flags, answers: SERVICES },
    rows: ['V1', 'V3', 'V4', 'V5', ...rows],
  });
}

/** A site below a path, and a single-page app at the top. */
export const BELOW = {
  path: '/portal/',
  mounted: true,
  paths: { '/': { folder: 'frontend/dist', 'single-page': true } },
};

function below(
  units: string,
  target: string,
  flags: readonly string[],
  paths: Record<string, object>,
  rows: readonly string[] = [],
): TestedStack {
  const answers = { ...BELOW, paths: { ...BELOW.paths, ...paths } };
  return {
    title: `Django below a path, ${units}`,
    deployment: { project: 'django-portal', target, flags, answers },
    rows: ['V1', 'V2', 'V6', ...rows],
  };
}

/** An API, and the site once more as ASGI, below a path of its own. */
const BESIDE = {
  '/api/': { service: 'api', app: 'api.wsgi:application', health: '/api/health' },
  '/live/': {
    service: 'live',
    app: 'portal.asgi:application',
    interface: 'asgi',
    'app-server': 'gunicorn',
    mounted: true,
    health: '/live/health',
  },
};

/** Each app server is told of the path in a way of its own. */
const mounted: TestedStack[] = [
  below('nginx, gunicorn, systemd', 'debian-13', ['--tls', 'files'], BESIDE, ['O9']),
  below('Apache, waitress, systemd', 'debian-13', [...APACHE, '--app-server', 'waitress'], BESIDE),
  ...[
    below(
      'nginx, uWSGI (uwsgi), systemd',
      'debian-12',
      ['--tls', 'files', '--app-server', 'uwsgi', '--uwsgi-protocol', 'uwsgi'],
      BESIDE,
    ),
    below('Apache, uWSGI, systemd', 'debian-12', [...APACHE, '--app-server', 'uwsgi'], BESIDE),
    // It is for a site with one service.
    below('Apache, mod_wsgi', 'debian-13', [...APACHE, '--app-server', 'mod-wsgi'], {}),
  ].map((stack) => ({ ...stack, onlyInAll: true })),
];

/**
 * By the name of the test file, "django" for django.test.ts; the recommended stack first. The stacks of a file come one
 * after the other, and files run beside each other: each is to take about as long as the others.
 */
export const STACKS: Readonly<Record<string, readonly TestedStack[]>> = {
  django: defaults,
  'certificates-13': certificates('debian-13'),
  'certificates-12': certificates('debian-12'),
  'django-live': live,
  supervisord: manager('supervisord', 'supervisord'),
  circus: manager('Circus', 'circus'),
  'app-servers': appServers,
  apache,
  'apache-managers': apacheManagers,
  frameworks,
  fastapi,
  services,
  mounted,
};
