/** The answers that every deployment has, in the order in which they are asked and shown. */
import * as z from 'zod/mini';
import { LIMITS, limits, SANDBOX, sandbox } from '../contract/confinement.ts';
import { type AnswersOf, field, type Known } from '../contract/field.ts';
import {
  acceptances,
  appName,
  appObject,
  commands,
  debianPackage,
  emailAddress,
  headerName,
  hostName,
  hostPath,
  mounts,
  network,
  oneOf,
  page,
  projectPath,
  settingName,
  sitePath,
  size,
  sizeFrom,
  truth,
  userName,
  variableName,
  version,
  whole,
  writtenFile,
} from '../contract/values.ts';
import { deliveries } from '../deliveries/index.ts';
import { frameworks } from '../frameworks/index.ts';
import { isTarget, packaged, TARGET_IDS, TARGETS, whyNot } from '../words/targets.ts';

const tlsHere = [{ answer: 'tls', is: ['letsencrypt', 'files'] }];
const tlsProxy = [{ answer: 'tls', is: ['proxy'] }];
const AUTO_OR_WHOLE = 'must be "auto" or a whole number from 1 to 1024';

/** Names that frameworks' guides give to a key of the app's own, which may be any random text. A key of any other name may belong to another service, where only its own value will do. */
const OWN_KEYS = ['SECRET_KEY', 'DJANGO_SECRET_KEY', 'FLASK_SECRET_KEY', 'APP_SECRET_KEY'];

/** Is a variable a key of the app's own, by its name alone? */
export function isOwnKey(variable: string, app: string): boolean {
  return OWN_KEYS.includes(variable) || variable === `${app.toUpperCase().replaceAll('-', '_')}_SECRET_KEY`;
}

/** The same of what is served beside an app that is told of its path: there alone its URLs are without it. */
function mountsOnSite(value: unknown, known: Known): unknown {
  if (known.mounted !== true || typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([url, dir]) => [onSite(url, known), dir]));
}

/** A URL of the app's own as it is on the site: below the path that the app is told of; one that does not lie below another is the path itself. */
function onSite(url: string, { path, mounted }: Known): string {
  // One that is wrong is told of itself, and not as the page that it would make.
  if (typeof path !== 'string' || path === '/' || !sitePath.safeParse(path).success) return url;
  if (mounted === true) return url.startsWith(path) ? url : `${path}${url.slice(1)}`;
  return url.startsWith(path) ? url : path;
}

const frameworkOf = (kind: unknown) => frameworks.find((one) => one.kind === kind);

/** The framework that the answers name, if there is one of that kind. */
export function namedFramework(answers: Known) {
  return frameworkOf(answers.framework);
}

export const commonFields = {
  name: field({
    schema: appName,
    form: 'text',
    placeholder: 'NAME',
    question: 'What is the app called on the host?',
    help: 'Names the user, the units, the socket and the folders on the host.',
  }),
  domains: field({
    schema: z.array(hostName).check(
      z.minLength(1, { error: 'needs at least one host name' }),
      z.refine((names) => new Set(names).size === names.length, { error: 'names a host twice' }),
    ),
    form: 'list',
    flag: 'domain',
    placeholder: 'HOST',
    question: 'Which host names does the site have? The first is the canonical one.',
    help: 'Host name of the site. The first is canonical; the others are redirected to it.',
    asked: true,
  }),
  target: field({
    schema: oneOf(TARGET_IDS as [string, ...string[]], whyNot),
    form: 'choice',
    placeholder: 'SYSTEM',
    question: 'What does the host run?',
    help: 'The system of the host: it decides which versions the files are written for.',
    choices: TARGET_IDS.map((id) => ({
      value: id,
      title: TARGETS[id].title,
      why: `nginx ${TARGETS[id].versions.nginx}, systemd ${TARGETS[id].versions.systemd}, Python ${TARGETS[id].versions.python}.`,
    })),
    asked: true,
    fallback: () => TARGET_IDS[0],
  }),
  delivery: field({
    schema: oneOf(deliveries.map(({ kind }) => kind) as [string, ...string[]]),
    derived: true,
    form: 'choice',
    placeholder: 'DELIVERY',
    question: 'How does the stack get to the host?',
    help: 'What comes with the files of the stack: an installer with releases and rollback, or only a manifest of owners and modes.',
    choices: deliveries.map(({ kind, title, why, refuses = [] }) => ({ value: kind, title, why, refuses })),
    fallback: () => 'debian',
  }),
  root: field({
    schema: projectPath,
    form: 'text',
    placeholder: 'DIR',
    question: 'In which folder of the project does the app run?',
    help: 'The folder that the app is started in, relative to the project, "." for its top.',
    fallback: () => '.',
  }),
  requirements: field({
    schema: projectPath,
    form: 'text',
    placeholder: 'FILE',
    question: 'Which file names the Python packages that the app needs?',
    help: 'A requirements file, a pyproject.toml, a setup.py, or the lock file of uv, Poetry, PDM or pipenv, relative to the project. It is installed into its own virtual environment.',
    optional: true,
  }),
  'install-project': field({
    schema: truth(),
    form: 'yes-no',
    question: 'Should the project itself be installed as a package?',
    help: 'For anything looked up in its metadata, such as egg:shop in an ini file. The app still runs from its folder.',
    fallback: ({ requirements }: Known) => typeof requirements === 'string' && requirements.endsWith('.py'),
  }),
  app: field({
    ofService: 'alone',
    schema: appObject,
    form: 'text',
    placeholder: 'MODULE:OBJECT',
    question: 'Which object is the app?',
    help: 'The WSGI or ASGI callable that the app server loads.',
  }),
  interface: field({
    ofService: 'alone',
    schema: oneOf(['wsgi', 'asgi']),
    derived: true,
    form: 'choice',
    placeholder: 'INTERFACE',
    question: 'Which interface does it have?',
    help: 'WSGI for ordinary requests; ASGI where the app holds WebSockets or streams open.',
    choices: [
      { value: 'wsgi', title: 'WSGI', why: 'One request, one answer: simple, and sound under load.' },
      { value: 'asgi', title: 'ASGI', why: 'For WebSockets, server-sent events and async views.' },
    ],
    fallback: ({ app, framework }: Known) => {
      const named = typeof app === 'string' && app.split(':')[0]?.split('.').includes('asgi');
      return frameworkOf(framework)?.interface ?? (named ? 'asgi' : 'wsgi');
    },
  }),
  path: field({
    ofService: 'alone',
    schema: sitePath,
    derived: true,
    form: 'text',
    placeholder: 'PATH',
    example: '/portal/',
    question: 'Below which path does the app answer?',
    help: 'Where on the site the app is: "/", or a path with both slashes, and then the rest is 404, or what `paths` says.',
    fallback: () => '/',
  }),
  mounted: field({
    ofService: 'alone',
    schema: truth(),
    derived: true,
    form: 'yes-no',
    question: 'Is the app told that it lives below its path?',
    help: 'It is given the path as SCRIPT_NAME or root_path, and its own URLs begin behind it. Otherwise its URLs have the path in them.',
    fallback: () => false,
  }),
  paths: field({
    // What may be in it follows from all other fields: see schema.ts.
    schema: z.record(sitePath, z.union([z.string(), z.looseObject({})])),
    derived: true,
    form: 'map',
    placeholder: 'PATH=APP|DIR',
    example: '/live/=shop.asgi:application',
    question: 'What else is at this site, below which paths?',
    help: 'Of several paths the longest counts. APP is another service of the project, DIR a folder in it whose files are sent; what else a service has for itself, such as `workers`, and `single-page` of a folder, only the answers file can say.',
    fallback: () => ({}),
  }),
  tls: field({
    schema: oneOf(['letsencrypt', 'files', 'proxy', 'none']),
    form: 'choice',
    placeholder: 'MODE',
    question: 'Where does HTTPS end?',
    help: 'Where the certificate comes from, or who else ends TLS.',
    choices: [
      {
        value: 'letsencrypt',
        title: "Let's Encrypt",
        why: 'A free certificate, renewed by itself; the names must point to the host.',
      },
      { value: 'files', title: 'Certificate files', why: 'You have a certificate and its key on the host.' },
      {
        value: 'proxy',
        title: 'Another proxy',
        why: 'A load balancer or CDN in front of the host ends TLS.',
      },
      {
        value: 'none',
        title: 'No HTTPS',
        why: 'Passwords and sessions can be read in transit: only within a closed network.',
      },
    ],
    asked: true,
    fallback: () => 'letsencrypt',
  }),
  'tls-email': field({
    schema: emailAddress,
    form: 'text',
    placeholder: 'ADDRESS',
    question: "Which address does Let's Encrypt write to?",
    help: "For Let's Encrypt's account; may be left out.",
    when: [{ answer: 'tls', is: ['letsencrypt'] }],
    optional: true,
  }),
  'tls-certificate': field({
    schema: hostPath,
    form: 'text',
    placeholder: 'FILE',
    question: 'Where on the host is the certificate, with its chain?',
    help: 'PEM file on the host: the certificate, then the intermediate ones.',
    when: [{ answer: 'tls', is: ['files'] }],
    asked: true,
    fallback: ({ name }: Known) => `/etc/ssl/${name}/fullchain.pem`,
  }),
  'tls-key': field({
    schema: hostPath,
    form: 'text',
    placeholder: 'FILE',
    question: 'Where on the host is its private key?',
    help: 'PEM file on the host, readable by root alone.',
    when: [{ answer: 'tls', is: ['files'] }],
    asked: true,
    fallback: ({ name }: Known) => `/etc/ssl/${name}/privkey.pem`,
  }),
  'tls-profile': field({
    schema: oneOf(['intermediate', 'modern']),
    form: 'choice',
    placeholder: 'PROFILE',
    question: 'Which clients must be able to connect?',
    help: "Mozilla's profile of protocols and ciphers.",
    choices: [
      {
        value: 'intermediate',
        title: 'Intermediate',
        why: 'TLS 1.2 and 1.3: every client of the last ten years.',
      },
      {
        value: 'modern',
        title: 'Modern',
        why: 'TLS 1.3 alone: browsers since about 2019, no older libraries.',
      },
    ],
    when: tlsHere,
    fallback: () => 'intermediate',
  }),
  'openssl-version': field({
    schema: version,
    derived: true,
    form: 'text',
    placeholder: 'VERSION',
    question: 'Which OpenSSL does the host have?',
    help: "OpenSSL on the host; default: the target's own.",
    when: tlsHere,
    fallback: ({ target }: Known) => packaged(target, 'openssl'),
  }),
  hsts: field({
    schema: whole(0, 63_072_000),
    form: 'number',
    placeholder: 'SECONDS',
    question: 'For how many seconds may browsers insist on HTTPS?',
    help: 'Strict-Transport-Security: start short, raise it to 31536000 once everything works; 0 for none. Browsers that have seen it keep to it until it expires.',
    when: tlsHere,
    fallback: () => 300,
  }),
  'hsts-subdomains': field({
    schema: truth(),
    form: 'yes-no',
    question: 'Does this hold for every subdomain too?',
    help: 'Adds includeSubDomains: every name below the domains must have HTTPS.',
    when: tlsHere,
    fallback: () => false,
  }),
  'hsts-preload': field({
    schema: truth(),
    form: 'yes-no',
    question: "Should the domain go on the browsers' own list?",
    help: 'Adds preload; takes months to undo. Needs hsts of a year and hsts-subdomains.',
    when: tlsHere,
    fallback: () => false,
  }),
  'trusted-proxies': field({
    schema: z.array(network).check(z.minLength(1, { error: 'needs at least one network' })),
    form: 'list',
    flag: 'trusted-proxy',
    placeholder: 'NETWORK',
    question: 'From which addresses or networks does the other proxy connect?',
    help: 'Addresses that are believed about the client and the scheme; no others are.',
    when: tlsProxy,
    asked: true,
  }),
  'client-address-header': field({
    schema: headerName,
    form: 'text',
    placeholder: 'HEADER',
    question: 'In which header does it pass the client address on?',
    help: 'X-Forwarded-For for load balancers; CF-Connecting-IP for Cloudflare.',
    when: tlsProxy,
    fallback: () => 'X-Forwarded-For',
  }),
  static: field({
    schema: mounts,
    form: 'map',
    placeholder: 'URL=DIR',
    example: '/static/=staticfiles',
    question: 'Under which URL are static assets served, and from which folder?',
    help: 'Assets that the web server sends from disk. DIR is relative to the app, or absolute on the host.',
    fallback: ({ framework }: Known) => (frameworkOf(framework) ?? frameworks[0])?.assets,
    asFound: mountsOnSite,
  }),
  hashed: field({
    schema: truth(),
    form: 'yes-no',
    question: 'Do names of assets carry a hash of the content?',
    help: 'Only then may browsers keep them for a year: name.0123456789ab.css.',
    fallback: () => false,
  }),
  media: field({
    schema: mounts,
    form: 'map',
    placeholder: 'URL=DIR',
    example: '/media/=media',
    question: 'Under which URL are uploaded files served, and from which folder?',
    help: 'Files from users: sent from disk, never run as pages of the site.',
    fallback: () => ({}),
  }),
  'publish-uploads': field({
    schema: truth(),
    derived: true,
    form: 'yes-no',
    question: 'Should the uploads in the project be published?',
    help: 'Copies the uploads in the project to the host if the folder there is empty: anybody may fetch them. Otherwise a site starts with none.',
    fallback: () => false,
  }),
  protected: field({
    schema: mounts,
    form: 'map',
    placeholder: 'URL=DIR',
    example: '/protected/=protected',
    question: 'Which internal URL do protected downloads have, and which folder?',
    help: 'The app decides, then names a path below this URL, and the web server sends the file.',
    fallback: () => ({}),
  }),
  health: field({
    ofService: 'alone',
    schema: page,
    form: 'text',
    placeholder: 'PATH',
    example: '/healthz',
    question: 'Which page works only when the app is healthy?',
    help: 'Requested after each release, through the web server: 200 to 299 is success. If another status is right for the page, add it: "/login 302".',
    fallback: ({ path }: Known) => path ?? '/',
    asFound: (value, known) => (typeof value === 'string' ? onSite(value, known) : value),
  }),
  database: field({
    schema: oneOf(['postgresql', 'sqlite', 'mysql', 'oracle', 'other', 'none']),
    form: 'choice',
    placeholder: 'KIND',
    question: 'Which database does the app use?',
    help: 'Decides what the app waits for at boot, and what has to be writable.',
    choices: [
      {
        value: 'postgresql',
        title: 'PostgreSQL',
        why: 'For sites that write from several requests at once.',
      },
      { value: 'sqlite', title: 'SQLite', why: 'One file on the host: simple, for sites that write little.' },
      { value: 'mysql', title: 'MySQL or MariaDB', why: 'Where the app already uses it.' },
      { value: 'oracle', title: 'Oracle', why: 'Where the app already uses it.' },
      {
        value: 'other',
        title: 'Another',
        why: 'It is reached over the network and needs nothing from this host.',
      },
      { value: 'none', title: 'None', why: 'The app keeps nothing.' },
    ],
    fallback: () => 'none',
  }),
  'database-file': field({
    schema: writtenFile,
    form: 'text',
    placeholder: 'FILE',
    question: 'Which file is the database?',
    help: 'Relative to the app. On the host it lives outside of the releases, so that none replaces it.',
    when: [{ answer: 'database', is: ['sqlite'] }],
    fallback: () => 'db.sqlite3',
  }),
  env: field({
    schema: z.array(variableName),
    form: 'list',
    placeholder: 'VARIABLE',
    question: 'Which environment variables must be set for the app to start?',
    help: 'Names only: the values stay on the host, in a file that root and the app alone can read.',
    fallback: () => [],
  }),
  'env-optional': field({
    schema: z.array(variableName),
    form: 'list',
    placeholder: 'VARIABLE',
    question: 'Which others does it read?',
    help: 'Environment variables that have a default in the app.',
    fallback: () => [],
  }),
  'env-keys': field({
    schema: z.array(variableName),
    derived: true,
    form: 'list',
    flag: 'env-key',
    placeholder: 'VARIABLE',
    question: "Which of them hold a key of the app's own?",
    help: 'Random text that the app signs with, such as SECRET_KEY: if none is set, the installer makes one on the host.',
    fallback: ({ name, framework, env, 'env-optional': more }: Known) => {
      const read = [env, more].flatMap((names) => (Array.isArray(names) ? names.map(String) : []));
      const own = read.filter((one) => isOwnKey(one, String(name)));
      return own.length > 0 ? own : [frameworkOf(framework)?.key ?? []].flat();
    },
  }),
  settings: field({
    schema: oneOf(['bring', 'own']),
    derived: true,
    form: 'choice',
    placeholder: 'WHOSE',
    question: 'Who makes the settings of the app fit?',
    help: 'What the app lacks to be served like this: a release brings it, or you write it.',
    choices: [
      {
        value: 'bring',
        title: 'Each release',
        why: 'It has a module beside the app that sets what the app does not; nothing in the project is touched.',
      },
      { value: 'own', title: 'You', why: 'The run-book has the lines, and check says which are missing.' },
    ],
    fallback: () => 'bring',
  }),
  brings: field({
    schema: z.array(settingName),
    derived: true,
    form: 'list',
    placeholder: 'SETTING',
    question: 'Which settings does a release bring?',
    help: 'Those that the app lacks, by the names that docs/settings.md has; found by reading the project.',
    when: [{ answer: 'settings', is: ['bring'] }],
    fallback: () => [],
  }),
  packages: field({
    schema: z.array(debianPackage),
    form: 'list',
    flag: 'package',
    placeholder: 'PACKAGE',
    question: 'Which other Debian packages does the app need?',
    help: 'For instance libpq5 for psycopg, or gettext.',
    fallback: () => [],
  }),
  workers: field({
    ofService: 'shared',
    // A number out of bounds gets the number's own words.
    schema: z.union([z.literal('auto'), whole(1, 1024, AUTO_OR_WHOLE)], { error: AUTO_OR_WHOLE }),
    form: 'number',
    placeholder: 'N',
    question: 'How many processes serve requests?',
    help: '"auto" means twice the cores that the host gives the app, plus one, at every start.',
    fallback: () => 'auto',
  }),
  threads: field({
    ofService: 'shared',
    schema: whole(1, 1024),
    form: 'number',
    placeholder: 'N',
    question: 'How many threads has each?',
    help: 'More than one lets a process wait for a database or another server without blocking; the app must be thread-safe.',
    fallback: () => 1,
  }),
  timeout: field({
    ofService: 'shared',
    schema: whole(1, 3600),
    form: 'number',
    placeholder: 'SECONDS',
    question: 'For how many seconds may the app work on one request?',
    help: 'Then the client gets 504 and the process is replaced.',
    fallback: () => 30,
  }),
  'live-timeout': field({
    ofService: 'shared',
    schema: whole(1, 604_800),
    form: 'number',
    placeholder: 'SECONDS',
    question: 'For how many seconds may a WebSocket or an event stream be silent?',
    help: 'After that, the web server closes it. Recognised by "Upgrade: websocket" or "Accept: text/event-stream".',
    when: [{ answer: 'interface', is: ['asgi'] }],
    fallback: () => 3600,
  }),
  background: field({
    schema: commands,
    form: 'map',
    placeholder: 'NAME=COMMAND',
    example: '"worker=celery -A shop worker"',
    separator: ';',
    question: 'Which processes work in the background, and what starts them?',
    help: 'Long-running commands beside the app, in the foreground, one process each, without a shell. {state} is the folder that the app may write to.',
    fallback: () => ({}),
  }),
  'background-timeout': field({
    schema: whole(1, 86_400),
    form: 'number',
    placeholder: 'SECONDS',
    question: 'How many seconds do they get to finish their current work?',
    help: 'At a restart, a release or a reboot; after that they are killed. Must be longer than the longest task.',
    fallback: () => 300,
  }),
  'max-body': field({
    ofService: 'shared',
    schema: size,
    form: 'text',
    placeholder: 'SIZE',
    question: 'How large may a request be?',
    help: 'Larger uploads get 413 from the web server and never reach the app.',
    fallback: () => '10m',
  }),
  'max-headers': field({
    // Above, uWSGI takes no request (64 KB in all) and mod_wsgi no answer.
    schema: sizeFrom('8k', '32k'),
    form: 'text',
    placeholder: 'SIZE',
    question: 'How large may one header be, of a request or an answer?',
    help: 'For large cookies and long redirects: sized on both sides of the web server, from 8k to 32k. Without it, each has its own default, 4 to 8 KB.',
    optional: true,
  }),
  'max-requests': field({
    ofService: 'shared',
    schema: whole(0, 1_000_000),
    form: 'number',
    placeholder: 'N',
    question: 'After how many requests is a process replaced?',
    help: 'Limits the harm of a slow memory leak; 0 for never. With ASGI the default is 0: a replacement closes WebSockets.',
    // While a process is replaced, its share of the requests waits: so seldom that few visitors notice.
    fallback: ({ interface: kind }: Known) => (kind === 'asgi' ? 0 : 10_000),
  }),
  sandbox: field({
    ofService: 'shared',
    schema: sandbox,
    derived: true,
    form: 'map',
    placeholder: 'PROPERTY=VALUE',
    example: 'ProcSubset=all',
    question: "Which of the sandbox's properties are to be open?",
    help: `Each costs something, which stands beside it in the unit: ${Object.keys(SANDBOX).join(', ')}.`,
    fallback: () => ({}),
  }),
  limits: field({
    ofService: 'shared',
    schema: limits,
    derived: true,
    form: 'map',
    flag: 'limit',
    placeholder: 'PROPERTY=VALUE',
    example: 'MemoryMax=1G',
    question: 'Which limits has the app?',
    help: `Limits that systemd keeps: ${Object.keys(LIMITS).join(', ')}. With supervisord and Circus, those of memory, tasks and processors are for all that they start together.`,
    fallback: () => ({}),
  }),
  'web-user': field({
    schema: userName,
    derived: true,
    form: 'text',
    placeholder: 'USER',
    question: 'As which user and group does the web server run?',
    help: "Debian's packages use www-data, those of nginx.org use nginx.",
    fallback: ({ target }: Known) => (isTarget(target) ? TARGETS[target].webUser : undefined),
  }),
  accept: field({
    schema: acceptances,
    derived: true,
    form: 'map',
    placeholder: 'CODE=REASON',
    example: '"setting-wrong.ALLOWED_HOSTS=set on the host"',
    separator: ';',
    question: 'Which findings may stand, and why?',
    help: 'A finding with this code of docs/diagnostics.md is no failure: it is shown as accepted, with the reason, here and in the run-book. Of settings one is named as setting-wrong.NAME.',
    fallback: () => ({}),
  }),
  ipv6: field({
    schema: truth(),
    form: 'yes-no',
    question: 'Does the host have IPv6?',
    help: 'The web server then listens on both; it cannot start with an address that the host lacks.',
    fallback: () => true,
  }),
};

export type CommonAnswers = AnswersOf<typeof commonFields>;
