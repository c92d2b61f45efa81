/** Answers to plan: pure, and the only place where two units' common matters are decided. */

import { type CommonAnswers, isOwnKey } from '../answers/fields.ts';
import { commandWords, STATE } from '../contract/command.ts';
import { canonicalPath, innermostFirst } from '../contract/host-folders.ts';
import type { CommonPlan, Plan } from '../contract/plan.ts';
import type { PlannedFile } from '../contract/unit.ts';
import { bytes } from '../contract/values.ts';
import { deliveryOf } from '../deliveries/index.ts';
import { parentPath } from '../evaluate/paths.ts';
import { type Lock, lockOf } from '../formats/locks.ts';
import { type ChosenUnits, unitsOfAnswers, unitsOfPlan } from '../units.ts';
import { TARGETS, type TargetId } from '../words/targets.ts';
import { tlsProfile } from './tls.ts';

/** The web server answers 504 first; only then is the worker killed, or the client would see a broken connection. */
const WORKER_MARGIN = 5;
/** The app server ends by itself before the process manager kills it. */
const STOP_MARGIN = 10;

/** What some library believes of a request's way, and nobody here sets. https://httpoxy.org/ for the last one. */
const BLANKED = [
  ...['Forwarded', 'X-Forwarded-Host', 'X-Forwarded-Port', 'X-Forwarded-Prefix', 'X-Forwarded-Protocol'],
  ...[
    'X-Forwarded-Ssl',
    'X-Forwarded-Scheme',
    'X-Forwarded-Server',
    'X-Url-Scheme',
    'X-Script-Name',
    'Proxy',
  ],
];

/** Local units of databases, under the names that Debian gives them. */
const DATABASE_UNITS: Record<string, string[]> = {
  postgresql: ['postgresql.service'],
  mysql: ['mariadb.service', 'mysql.service'],
};

/** The plan for validated answers (see answers/resolve.ts). The same answers give the same plan, always. */
export function makePlan(given: Readonly<Record<string, unknown>>): Plan {
  const units = unitsOfAnswers(given);
  // Validated: each is as its field's schema says.
  const answers = given as CommonAnswers;
  const common = commonPlan(answers, {
    packages: [
      ...units.webServer.packages,
      ...(units.appServer.packages ?? []),
      ...units.processManager.packages,
    ],
    distributions: [
      ...(answers.requirements === undefined ? [units.framework.distribution ?? []].flat() : []),
      ...(units.framework.needs ?? []),
      ...units.appServer.distributions(answers),
    ],
    upstream: upstreamPlan(answers, units),
  });
  const plan: Plan = {
    ...common,
    framework: units.framework.plan(common, answers),
    appServer: units.appServer.plan(common, answers),
    processManager: units.processManager.plan(common, answers),
    webServer: units.webServer.plan(common, answers),
    limits: [],
    files: [],
  };
  return { ...plan, limits: limitsOf(plan), files: plannedFiles(plan).map(listed) };
}

/** What its units say they cannot do, a sentence each, in the order in which a request meets them. */
function limitsOf(plan: Plan): string[] {
  const { webServer, processManager, appServer, framework } = unitsOfPlan(plan);
  const lacks = [webServer, processManager, appServer, framework].map((unit) => unit.lacks?.(plan) ?? {});
  // Where two lack the same, the one nearer to the app says more.
  const reasons: Record<string, string> = Object.assign({}, ...lacks);
  return [...new Set(Object.values(reasons))].map(
    (reason) => `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`,
  );
}

/** The files for the host, in the order in which a request meets their units. */
export function plannedFiles(plan: Plan): PlannedFile[] {
  const { webServer, processManager, appServer, framework } = unitsOfPlan(plan);
  return [webServer, processManager, appServer, framework]
    .flatMap((unit) => unit.files(plan))
    .concat(deliveryOf(plan.delivery.kind).hostFiles(plan));
}

function listed({ needsCertificate = false, shared = false, ...file }: PlannedFile): Plan['files'][number] {
  const { path, mode, owner, purpose } = file;
  const [user = '', group = ''] = owner.split(':');
  return {
    path,
    inside: path.slice(1),
    mode: mode.toString(8).padStart(4, '0'),
    owner,
    user,
    group,
    purpose,
    needsCertificate,
    shared,
  };
}

function commonPlan(
  answers: CommonAnswers,
  needs: {
    packages: readonly string[];
    distributions: readonly string[];
    upstream: CommonPlan['upstream'];
  },
): CommonPlan {
  const target = TARGETS[answers.target as TargetId];
  const paths = hostPaths(answers);
  const assets = mountsOf(answers.static, answers.root, `${paths.current}/public`);
  const media = mountsOf(answers.media, answers.root, `${paths.home}/shared`);
  const protectedMounts = mountsOf(answers.protected, answers.root, `${paths.home}/shared`);
  return {
    name: answers.name,
    target: { id: answers.target, title: target.title },
    delivery: { kind: answers.delivery },
    users: { app: answers.name, web: answers['web-user'] },
    paths,
    project: projectPlan(answers, needs),
    site: sitePlan(answers),
    tls: tlsPlan(answers),
    trusted: {
      networks: answers['trusted-proxies'] ?? [],
      clientHeader: answers['client-address-header'] ?? '',
      clientHeaderIsList: answers['client-address-header']?.toLowerCase() === 'x-forwarded-for',
      blanked: BLANKED.map((header) => ({
        header,
        variable: `HTTP_${header.toUpperCase().replaceAll('-', '_')}`,
      })),
    },
    upstream: needs.upstream,
    timeouts: {
      request: answers.timeout,
      worker: answers.timeout + WORKER_MARGIN,
      graceful: answers.timeout + WORKER_MARGIN,
      stop: answers.timeout + WORKER_MARGIN + STOP_MARGIN,
      live: answers['live-timeout'] ?? answers.timeout,
      background: answers['background-timeout'],
      backgroundStop: answers['background-timeout'] + STOP_MARGIN,
    },
    body: { max: answers['max-body'], bytes: bytes(answers['max-body']) },
    static: assets,
    hashed: answers.hashed,
    media,
    publishUploads: answers['publish-uploads'],
    protected: protectedMounts,
    writable: [...media, ...protectedMounts].map((mount) => mount.path).concat(databaseFolder(answers)),
    folders: {
      own: [...media, ...protectedMounts]
        .filter((mount) => mount.inProject !== null)
        .map((mount) => mount.path),
      linked: linkedFolders(assets, media, protectedMounts, answers['publish-uploads']),
      foreign: [...media, ...protectedMounts]
        .filter((mount) => mount.inProject === null)
        .map((mount) => mount.path)
        .concat(databaseFolder(answers)),
    },
    database: databasePlan(answers, paths.state),
    environment: environmentPlan(answers, sitePlan(answers)),
    workers: {
      count: answers.workers === 'auto' ? 0 : answers.workers,
      threads: answers.threads,
      maxRequests: answers['max-requests'],
      jitter: Math.floor(answers['max-requests'] / 10),
    },
    background: backgroundPlan(answers, paths),
  };
}

/** Where the app is found, and how the web server comes to it: what its units say of that, put together. */
function upstreamPlan(
  answers: CommonAnswers,
  { appServer, processManager }: ChosenUnits,
): CommonPlan['upstream'] {
  const { name, app } = answers;
  const [module = '', object = ''] = app.split(':');
  const inside = appServer.inside?.(name, hostPaths(answers)) ?? null;
  return {
    name,
    socket: inside === null ? processManager.socket(name) : '',
    inside,
    socketMode: '0660',
    app,
    module,
    object: object.replace('()', ''),
    factory: object.endsWith('()'),
    interface: answers.interface as 'wsgi' | 'asgi',
    uwsgi: appServer.speaksUwsgi?.(answers) ?? false,
    live: answers.interface === 'asgi',
  };
}

/** Those that take SIGTERM for "at once", and another signal for "finish first". Most finish on SIGTERM. */
const STOP_SIGNALS: readonly { program: RegExp; signal: string }[] = [
  // https://huey.readthedocs.io/en/latest/consumer.html#consumer-shutdown
  { program: /\b(?:huey_consumer|run_huey)\b(?!.*\bTERM\b)/, signal: 'SIGINT' },
];

function backgroundPlan(answers: CommonAnswers, paths: CommonPlan['paths']): CommonPlan['background'] {
  return Object.entries(answers.background).map(([name, text]) => {
    const words = commandWords(text);
    if (words instanceof Error) throw words;
    const [program = '', ...rest] = words.map((word) => word.replaceAll(STATE, paths.state));
    return {
      name,
      id: `${answers.name}-${name}`,
      text: text.trim(),
      command: [program.startsWith('/') ? program : `${paths.venv}/bin/${program}`, ...rest],
      stopSignal: STOP_SIGNALS.find((one) => one.program.test(text))?.signal ?? 'SIGTERM',
    };
  });
}

function hostPaths({ name, root }: CommonAnswers): CommonPlan['paths'] {
  const home = `/srv/${name}`;
  const current = `${home}/current`;
  const project = `${current}/app`;
  return {
    home,
    releases: `${home}/releases`,
    current,
    project,
    code: below(project, root),
    venv: `${current}/venv`,
    state: `/var/lib/${name}`,
    config: `/etc/${name}`,
    records: `/var/lib/deploy-scaffold/${name}`,
    environment: `/etc/${name}/environment`,
    pages: `/usr/local/share/${name}`,
    run: `/usr/local/sbin/${name}-run`,
  };
}

function projectPlan(
  answers: CommonAnswers,
  needs: { packages: readonly string[]; distributions: readonly string[] },
): CommonPlan['project'] {
  const { requirements } = answers;
  const lock = requirements === undefined ? undefined : lockOf(requirements);
  const isPackage = requirements !== undefined && /\.(?:toml|py)$/.test(requirements);
  // What a setup.py requires, only a build can tell.
  const installed = answers['install-project'] || requirements?.endsWith('.py') === true;
  const root = trimPath(answers.root);
  const certbot = answers.tls === 'letsencrypt' ? ['certbot'] : [];
  return {
    root,
    requirements: requirements ?? null,
    lock: lock === undefined || requirements === undefined ? null : lockPlan(lock, requirements),
    packageFolder: isPackage ? parentOf(trimPath(requirements)) : root === '' ? '' : `/${root}`,
    requirementsAreList: requirements !== undefined && !isPackage && lock === undefined,
    installed,
    built: installed || isPackage,
    distributions: [...needs.distributions],
    packages: [...new Set([...needs.packages, 'python3-venv', 'curl', ...certbot, ...answers.packages])],
  };
}

function lockPlan(
  { file, beside, distributions, command }: Lock,
  path: string,
): CommonPlan['project']['lock'] {
  const [program = '', ...words] = command;
  return {
    folder: parentOf(trimPath(path)),
    files: [file, beside],
    distributions: [...distributions],
    program,
    words,
  };
}

function sitePlan({ domains, tls, ipv6, health }: CommonAnswers): CommonPlan['site'] {
  const [canonical = '', ...aliases] = domains;
  const scheme = tls === 'none' ? 'http' : 'https';
  const here = tls === 'letsencrypt' || tls === 'files';
  const [path = '', status = '0'] = health.split(' ');
  const probe = {
    url: `${here ? 'https' : 'http'}://${canonical}${path}`,
    port: here ? 443 : 80,
    path,
    status: Number(status),
  };
  return { canonical, aliases, domains, scheme, origin: `${scheme}://${canonical}`, ipv6, probe };
}

function tlsPlan(answers: CommonAnswers): CommonPlan['tls'] {
  const letsencrypt = answers.tls === 'letsencrypt';
  const files = answers.tls === 'files';
  const here = letsencrypt || files;
  const live = `/etc/letsencrypt/live/${answers.name}`;
  // Also where TLS does not end here: the default host refuses on port 443 all the same.
  const openssl = answers['openssl-version'] ?? TARGETS[answers.target as TargetId].versions.openssl;
  const profile = tlsProfile(
    (answers['tls-profile'] ?? 'intermediate') as 'modern' | 'intermediate',
    openssl,
  );
  return {
    mode: answers.tls as CommonPlan['tls']['mode'],
    here,
    letsencrypt,
    files,
    behindProxy: answers.tls === 'proxy',
    certificate: letsencrypt ? `${live}/fullchain.pem` : (answers['tls-certificate'] ?? ''),
    key: letsencrypt ? `${live}/privkey.pem` : (answers['tls-key'] ?? ''),
    profile: answers['tls-profile'] ?? '',
    ...profile,
    hsts: here ? hstsValue(answers) : '',
    email: answers['tls-email'] ?? '',
    challenges: `/var/www/${answers.name}-acme`,
  };
}

/** One host, one origin: no list, so however the app splits the value, it is right. */
function environmentPlan(answers: CommonAnswers, site: CommonPlan['site']): CommonPlan['environment'] {
  const suggestionFor = (name: string) =>
    name.endsWith('ALLOWED_HOSTS') || name.endsWith('TRUSTED_HOSTS')
      ? site.canonical
      : name.endsWith('CSRF_TRUSTED_ORIGINS')
        ? site.origin
        : undefined;
  const suggested = [...answers.env, ...answers['env-optional']].flatMap((name) => {
    const value = suggestionFor(name);
    return value === undefined ? [] : [{ name, value }];
  });
  const left = (name: string) => suggestionFor(name) === undefined;
  const read = [...answers.env, ...answers['env-optional']];
  const keys = [...answers['env-keys'], ...read.filter((name) => isOwnKey(name, answers.name))];
  const generated = [...new Set(keys)];
  const isKey = (name: string) => generated.includes(name);
  return {
    required: answers.env,
    generated,
    key: generated[0] ?? '',
    suggested,
    open: [...new Set([...answers.env.filter(left), ...generated])],
    manual: answers.env.filter((name) => left(name) && !isKey(name)),
    optional: answers['env-optional'].filter((name) => left(name) && !isKey(name)),
  };
}

/** The folder of a path, with a slash before; "" for the top. */
function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '' : `/${path.slice(0, slash)}`;
}

/** SQLite writes its journal beside the file. https://sqlite.org/tempfiles.html */
function databaseFolder({ 'database-file': file }: CommonAnswers): string[] {
  return file?.startsWith('/') ? [parentPath(file)] : [];
}

/** RFC 6797, section 6.1; preload is the browsers' own addition. */
function hstsValue(answers: CommonAnswers): string {
  if (answers.hsts === 0) return '';
  const subdomains = answers['hsts-subdomains'] ? '; includeSubDomains' : '';
  return `max-age=${answers.hsts}${subdomains}${answers['hsts-preload'] ? '; preload' : ''}`;
}

function databasePlan(answers: CommonAnswers, state: string): CommonPlan['database'] {
  const file = answers['database-file'];
  const inProject = file !== undefined && !file.startsWith('/');
  return {
    kind: answers.database,
    file: inProject
      ? {
          inProject: below(trimPath(answers.root), file),
          path: `${state}/${canonicalPath(file).split('/').at(-1)}`,
        }
      : null,
    units: DATABASE_UNITS[answers.database] ?? [],
  };
}

/** A folder inside of the project moves to a place of its own on the host; an absolute one stays where it is. */
function mountsOf(mounts: Record<string, string>, root: string, parent: string): CommonPlan['static'] {
  return Object.entries(mounts).map(([url, dir]) => {
    const trimmed = trimPath(dir);
    // A plus is in no URL prefix, so two of them never share a folder.
    const slug = url.slice(1, -1).replaceAll('/', '+');
    return dir.startsWith('/')
      ? { url, path: trimmed, inProject: null, slug }
      : { url, path: `${parent}/${slug}`, inProject: below(trimPath(root), trimmed), slug };
  });
}

/** Folders of the project that lie elsewhere on the host, and whether what the project brings there is left out. */
function linkedFolders(
  assets: CommonPlan['static'],
  media: CommonPlan['media'],
  downloads: CommonPlan['protected'],
  publishUploads: boolean,
): CommonPlan['folders']['linked'] {
  const all = [
    ...assets.map((mount) => ({ ...mount, assets: true, bare: false })),
    ...media.map((mount) => ({ ...mount, assets: false, bare: !publishUploads })),
    ...downloads.map((mount) => ({ ...mount, assets: false, bare: false })),
  ].flatMap(({ url: _, inProject, ...rest }) => (inProject === null ? [] : [{ inProject, ...rest }]));
  return innermostFirst(({ inProject }) => inProject, all);
}

/** One spelling of a path; "" for the top. */
function trimPath(path: string): string {
  const plain = canonicalPath(path);
  return plain === '.' ? '' : plain;
}

function below(parent: string, path: string): string {
  const trimmed = trimPath(path);
  return [parent, trimmed].filter((part) => part !== '').join('/');
}
