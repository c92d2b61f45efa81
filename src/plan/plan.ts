/** Answers to plan: pure, and the only place where two units' common matters are decided. */

import { type CommonAnswers, isOwnKey } from '../answers/fields.ts';
import { FIELDS } from '../answers/schema.ts';
import { foldersOf, type SaidService, servicesOf } from '../answers/services.ts';
import { commandWords, STATE } from '../contract/command.ts';
import { loosenedBy } from '../contract/confinement.ts';
import { canonicalPath, innermostFirst } from '../contract/host-folders.ts';
import type { Lazy, LazyParts } from '../contract/lazy.ts';
import type { CommonPlan, Plan, PlanOfService, Service, SitePlan } from '../contract/plan.ts';
import type { LazyFile, PlannedFile, Wanted } from '../contract/unit.ts';
import { bytes } from '../contract/values.ts';
import { deliveryOf } from '../deliveries/index.ts';
import { type Lock, lockOf } from '../formats/locks.ts';
import { appServerOf, type ChosenUnits, unitsOfAnswers, unitsOfPlan } from '../units.ts';
import { parentPath } from '../words/paths.ts';
import { TARGETS, type TargetId } from '../words/targets.ts';
import { planOfService } from './services.ts';
import { curvesOf, INTERMEDIATE_CIPHERS, TLS_PROFILES } from './tls.ts';
import { type Traced, trace } from './trace.ts';

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

type Given = Readonly<Record<string, unknown>>;

/** The plan for validated answers (see answers/resolve.ts). The same answers give the same plan, always. */
export const makePlan = (given: Given): Plan => tracePlan(given).value;

/** The same, with what each part of it follows from. */
export function tracePlan(given: Given): Traced<Plan> {
  // Validated: each is as its field's schema says.
  return trace<Plan, CommonAnswers>(given as CommonAnswers, (answers, plan) => {
    const units = unitsOfAnswers(answers);
    return {
      ...siteParts(answers, plan, units),
      services: () =>
        servicesOf(answers, FIELDS).map((said, index) =>
          serviceParts(said, planOfService(plan, index), unitsOfAnswers(said.answers), index),
        ),
      framework: () => units.framework.plan(planOfService(plan, 0), answers),
      processManager: () => units.processManager.plan(plan, answers),
      webServer: () => units.webServer.plan(plan, answers),
      limits: () => limitsOf(plan),
      files: () => lazyFiles(plan).map(listed),
    };
  });
}

/** What its units say they cannot do, a sentence each, in the order in which a request meets them. */
function limitsOf(plan: Plan): string[] {
  const { webServer, processManager, framework } = unitsOfPlan(plan);
  const lacks = [
    ...[webServer, processManager].map((unit) => unit.lacks?.(plan)),
    ...viewsOf(plan).map((view) => appServerOf(view).lacks?.(view)),
    framework.lacks?.(planOfService(plan, 0)),
  ].map((lack) => lack ?? {});
  // Where two lack the same, the one nearer to the app says more.
  const reasons: Record<string, string> = Object.assign({}, ...lacks);
  return [...new Set(Object.values(reasons))].map(
    (reason) => `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`,
  );
}

/** The files for the host, in the order in which a request meets their units. */
export function plannedFiles(plan: Plan): PlannedFile[] {
  return lazyFiles(plan).map((file) => ({
    ...file,
    template: textOf(file.template),
    path: textOf(file.path),
    purpose: textOf(file.purpose),
  }));
}

function lazyFiles(plan: Plan): LazyFile[] {
  const { webServer, processManager, framework } = unitsOfPlan(plan);
  return [
    ...[webServer, processManager].flatMap((unit) => unit.files(plan)),
    ...viewsOf(plan).flatMap((view, service) =>
      appServerOf(view)
        .files(view)
        .map((file) => ({ ...file, service })),
    ),
    ...framework.files(planOfService(plan, 0)),
    ...deliveryOf(plan.delivery.kind).hostFiles(plan),
  ];
}

const viewsOf = (plan: Plan): PlanOfService[] => plan.services.map((_, index) => planOfService(plan, index));

function textOf(text: Lazy<string>): string {
  return typeof text === 'function' ? textOf(text()) : text;
}

function listed(file: LazyFile): LazyParts<Plan['files'][number]> {
  const { path, mode, owner, purpose, needsCertificate = false, shared = false } = file;
  const [user = '', group = ''] = owner.split(':');
  return {
    path,
    inside: () => textOf(path).slice(1),
    mode: mode.toString(8).padStart(4, '0'),
    owner,
    user,
    group,
    purpose,
    needsCertificate,
    shared,
  };
}

/** tomllib came with Python 3.11: https://docs.python.org/3/library/tomllib.html */
function wantsOfAll(plan: Plan): Wanted[] {
  const hybrid = plan.tls.curves.includes('MLKEM');
  return [
    { package: 'systemd', relation: 'ge', version: '252' },
    { package: 'python3', relation: 'ge', version: '3.11' },
    { package: 'openssl', relation: 'ge', version: hybrid ? '3.5' : '3.0' },
  ];
}

type Site = LazyParts<SitePlan>;

/** What there is once. The functions read the answers, and of the plan what is made by others of them. */
function siteParts(answers: CommonAnswers, plan: Plan, units: ChosenUnits): Site {
  return {
    name: () => answers.name,
    target: {
      id: () => answers.target,
      title: () => TARGETS[answers.target as TargetId].title,
      wants: () => [...wantsOfAll(plan), ...units.webServer.wants(plan)],
    },
    delivery: { kind: () => answers.delivery },
    users: { app: () => answers.name, web: () => answers['web-user'] },
    paths: hostPaths(answers, plan),
    project: projectPlan(answers, plan, units),
    site: sitePlan(answers, plan),
    tls: tlsPlan(answers, plan),
    trusted: {
      networks: () => answers['trusted-proxies'] ?? [],
      clientHeader: () => answers['client-address-header'] ?? '',
      clientHeaderIsList: () => answers['client-address-header']?.toLowerCase() === 'x-forwarded-for',
      blanked: BLANKED.map((header) => ({
        header,
        variable: `HTTP_${header.toUpperCase().replaceAll('-', '_')}`,
      })),
    },
    limit: { max: () => answers['max-body'], bytes: () => bytes(answers['max-body']) },
    static: () => mountsOf('static', answers, () => `${plan.paths.current}/public`),
    pages: () => pagesPlan(answers, plan),
    hashed: () => answers.hashed,
    media: () => mountsOf('media', answers, () => `${plan.paths.home}/shared`),
    publishUploads: () => answers['publish-uploads'],
    protected: () => mountsOf('protected', answers, () => `${plan.paths.home}/shared`),
    writable: () =>
      [...plan.media, ...plan.protected].map((mount) => mount.path).concat(databaseFolder(answers)),
    folders: foldersPlan(answers, plan),
    database: databasePlan(answers, plan),
    environment: environmentPlan(answers, plan),
    headers: {
      max: () => answers['max-headers'] ?? '',
      bytes: () => bytes(answers['max-headers'] ?? '0'),
    },
    loosened: () => loosenedBy(answers),
    accepted: () => Object.entries(answers.accept).map(([code, reason]) => ({ code, reason })),
    patience: {
      background: () => answers['background-timeout'],
      backgroundStop: () => answers['background-timeout'] + STOP_MARGIN,
    },
    background: () => backgroundPlan(answers, plan),
  };
}

/** A service that has these answers, and sees the plan so. */
function serviceParts(
  said: SaidService,
  plan: PlanOfService,
  units: ChosenUnits,
  index: number,
): LazyParts<Service> {
  const { name, answers } = said;
  const tail = name === '' ? '' : `-${name}`;
  const bare = () => (said.url === '/' ? '' : said.url.slice(0, -1));
  const worker = () => answers.timeout + WORKER_MARGIN;
  const id = () => `${answers.name}${tail}`;
  return {
    service: {
      ...{ name, tail, bare },
      url: () => said.url,
      prefix: () => (said.url === '/' ? '' : said.url),
      suffix: tail.replaceAll('-', '_'),
      remark: name === '' ? '' : ` (${name})`,
      inRelease: name === '' ? '' : `/services/${name}`,
      id,
      config: () => `/etc/${id()}`,
      script: () => (answers.mounted ? bare() : ''),
      mark: index === 0 ? 418 : 460 + index,
    },
    upstream: upstreamPlan(answers, plan, units),
    timeouts: {
      request: () => answers.timeout,
      worker,
      graceful: worker,
      stop: () => worker() + STOP_MARGIN,
      live: () => answers['live-timeout'] ?? answers.timeout,
    },
    body: {
      max: () => answers['max-body'],
      bytes: () => bytes(answers['max-body']),
      own: () => plan.body.bytes !== plan.limit.bytes,
    },
    workers: {
      count: () => (answers.workers === 'auto' ? 0 : answers.workers),
      threads: () => answers.threads,
      maxRequests: () => answers['max-requests'],
      jitter: () => Math.floor(answers['max-requests'] / 10),
    },
    loosened: () => loosenedBy(answers),
    probe: {
      url: () => `${plan.tls.here ? 'https' : 'http'}://${plan.site.canonical}${plan.probe.path}`,
      port: () => (plan.tls.here ? 443 : 80),
      path: () => answers.health.split(' ')[0] ?? '',
      status: () => Number(answers.health.split(' ')[1] ?? '0'),
    },
    appServer: () => units.appServer.plan(plan, answers),
    process: () => units.processManager.process(plan),
  };
}

/** Where the app is found, and how the web server comes to it: what its units say of that, put together. */
function upstreamPlan(
  answers: CommonAnswers,
  plan: CommonPlan,
  units: ChosenUnits,
): LazyParts<Service['upstream']> {
  const object = () => answers.app.split(':')[1] ?? '';
  // It is around the site's own app alone: a service that is another app is loaded as it is.
  const wrapper = () => (answers.app === plan.project.app ? units.framework.wrapper?.(answers) : undefined);
  return {
    name: () => plan.service.id,
    socket: () => (plan.upstream.inside === null ? units.processManager.socket(plan.service.id) : ''),
    inside: () => units.appServer.inside?.(plan) ?? null,
    socketMode: '0660',
    app: () => answers.app,
    module: () => answers.app.split(':')[0] ?? '',
    object: () => object().replace('()', ''),
    factory: () => object().endsWith('()'),
    loaded: {
      app: () => (wrapper() === undefined ? answers.app : `${wrapper()}:app`),
      module: () => wrapper() ?? plan.upstream.module,
      object: () => (wrapper() === undefined ? plan.upstream.object : 'app'),
      factory: () => wrapper() === undefined && plan.upstream.factory,
    },
    interface: () => answers.interface,
    uwsgi: () => units.appServer.speaksUwsgi?.(answers) ?? false,
    live: () => answers.interface === 'asgi',
  };
}

/** Those that take SIGTERM for "at once", and another signal for "finish first". Most finish on SIGTERM. */
const STOP_SIGNALS: readonly { program: RegExp; signal: string }[] = [
  // https://huey.readthedocs.io/en/latest/consumer.html#consumer-shutdown
  { program: /\b(?:huey_consumer|run_huey)\b(?!.*\bTERM\b)/, signal: 'SIGINT' },
];

function backgroundPlan(answers: CommonAnswers, { paths }: SitePlan): LazyParts<SitePlan['background']> {
  return Object.entries(answers.background).map(([name, text]) => {
    const words = commandWords(text);
    if (words instanceof Error) throw words;
    const [program = '', ...rest] = words;
    const placed = (word: string) => word.replaceAll(STATE, () => paths.state);
    return {
      name,
      id: () => `${answers.name}-${name}`,
      text: text.trim(),
      command: () => [
        program.startsWith('/') ? placed(program) : `${paths.venv}/bin/${placed(program)}`,
        ...rest.map(placed),
      ],
      stopSignal: STOP_SIGNALS.find((one) => one.program.test(text))?.signal ?? 'SIGTERM',
    };
  });
}

function hostPaths(answers: CommonAnswers, plan: SitePlan): Site['paths'] {
  return {
    home: () => `/srv/${answers.name}`,
    releases: () => `${plan.paths.home}/releases`,
    current: () => `${plan.paths.home}/current`,
    project: () => `${plan.paths.current}/app`,
    code: () => below(plan.paths.project, answers.root),
    venv: () => `${plan.paths.current}/venv`,
    state: () => `/var/lib/${answers.name}`,
    config: () => `/etc/${answers.name}`,
    records: () => `/var/lib/deploy-scaffold/${answers.name}`,
    environment: () => `/etc/${answers.name}/environment`,
    pages: () => `/usr/local/share/${answers.name}`,
    run: () => `/usr/local/sbin/${answers.name}-run`,
  };
}

function projectPlan(answers: CommonAnswers, plan: Plan, units: ChosenUnits): Site['project'] {
  /** "" for none. */
  const requirements = () => answers.requirements ?? '';
  const lock = () => lockOf(requirements());
  const isPackage = () => /\.(?:toml|py)$/.test(requirements());
  // What a setup.py requires, only a build can tell.
  const installed = () => answers['install-project'] || requirements().endsWith('.py');
  return {
    app: () => answers.app,
    root: () => trimPath(answers.root),
    requirements: () => answers.requirements ?? null,
    lock: () => {
      const found = lock();
      return found === undefined ? null : lockPlan(found, requirements());
    },
    packageFolder: () => {
      if (isPackage()) return parentOf(trimPath(requirements()));
      return plan.project.root === '' ? '' : `/${plan.project.root}`;
    },
    requirementsAreList: () => answers.requirements !== undefined && !isPackage() && lock() === undefined,
    installed,
    built: () => installed() || isPackage(),
    distributions: () => [
      ...(answers.requirements === undefined ? [units.framework.distribution ?? []].flat() : []),
      ...(units.framework.needs ?? []),
      ...new Set(
        servicesOf(answers, FIELDS).flatMap((said) =>
          unitsOfAnswers(said.answers).appServer.distributions(said.answers),
        ),
      ),
    ],
    servers: () => [...new Set(plan.services.map(({ appServer }) => appServer.title))],
    packages: () => [
      ...new Set([
        ...units.webServer.packages,
        ...plan.services.flatMap((service) => appServerOf(service).packages ?? []),
        ...units.processManager.packages,
        ...['python3-pip', 'curl'],
        ...(answers.tls === 'letsencrypt' ? ['certbot'] : []),
        ...answers.packages,
      ]),
    ],
  };
}

function lockPlan(
  { file, beside, distributions, command }: Lock,
  path: string,
): NonNullable<SitePlan['project']['lock']> {
  const [program = '', ...words] = command;
  return {
    folder: parentOf(trimPath(path)),
    files: [file, beside],
    distributions: [...distributions],
    program,
    words,
  };
}

function sitePlan(answers: CommonAnswers, plan: Plan): Site['site'] {
  return {
    canonical: () => answers.domains[0] ?? '',
    aliases: () => answers.domains.slice(1),
    domains: () => answers.domains,
    scheme: () => (answers.tls === 'none' ? 'http' : 'https'),
    origin: () => `${plan.site.scheme}://${plan.site.canonical}`,
    ipv6: () => answers.ipv6,
    whole: () =>
      [...plan.services.map(({ service }) => service), ...plan.pages].some(({ url }) => url === '/'),
    parted: () =>
      plan.services.length + plan.pages.length > 1 ||
      plan.services.some(({ service }) => service.bare !== ''),
    several: () => plan.services.length > 1,
    joined: () => [
      ...plan.services.filter(({ service }) => service.name !== '').map(({ service }) => service.id),
      ...plan.background.map(({ id }) => id),
    ],
    live: () => {
      const all = plan.services.filter(({ upstream }) => upstream.live).map(({ timeouts }) => timeouts.live);
      return all.length === 0 ? 0 : Math.min(...all);
    },
    logsIds: () => plan.services.every(({ appServer }) => appServer.logsIds),
    timeouts: () =>
      grouped(plan.services, ({ timeouts }) => timeouts.request).map(([seconds, services]) => ({
        seconds,
        services,
      })),
    bodies: () =>
      grouped(plan.services, ({ body }) => body.max).map(([max, services]) => ({ max, services })),
    loosened: () => loosenedUnits(plan),
  };
}

/** What is loosened, by the units that have it: those of the services, and of what works in the background. */
function loosenedUnits(plan: Plan): Plan['site']['loosened'] {
  const units = [
    ...plan.services.map(({ service, loosened }) => ({ id: service.id, loosened })),
    ...plan.background.map(({ id }) => ({ id, loosened: plan.loosened })),
  ];
  const all = new Map(units.flatMap(({ loosened }) => loosened).map((one) => [one.line, one.cost]));
  return [...all].map(([line, cost]) => {
    const having = units.filter(({ loosened }) => loosened.some((one) => one.line === line));
    return { line, cost, units: having.length === units.length ? [] : having.map(({ id }) => id) };
  });
}

/** Each value once, with the services that have it; with none where all have the same. */
function grouped<Value>(
  services: readonly Service[],
  figureOf: (one: Service) => Value,
): [value: Value, services: string[]][] {
  const values = [...new Set(services.map(figureOf))];
  return values.map((value) => [
    value,
    values.length === 1
      ? []
      : services.filter((one) => figureOf(one) === value).map(({ service }) => service.id),
  ]);
}

function tlsPlan(answers: CommonAnswers, plan: SitePlan): Site['tls'] {
  const live = (file: string) => `/etc/letsencrypt/live/${answers.name}/${file}`;
  const profile = () => TLS_PROFILES[answers['tls-profile'] ?? 'intermediate'];
  return {
    mode: () => answers.tls,
    here: () => answers.tls === 'letsencrypt' || answers.tls === 'files',
    letsencrypt: () => answers.tls === 'letsencrypt',
    files: () => answers.tls === 'files',
    behindProxy: () => answers.tls === 'proxy',
    certificate: () => (plan.tls.letsencrypt ? live('fullchain.pem') : (answers['tls-certificate'] ?? '')),
    key: () => (plan.tls.letsencrypt ? live('privkey.pem') : (answers['tls-key'] ?? '')),
    profile: () => answers['tls-profile'] ?? '',
    protocols: () => profile().protocols,
    ciphers: () => profile().ciphers,
    hostCiphers: INTERMEDIATE_CIPHERS,
    // Also where TLS does not end here: the default host refuses on port 443 all the same.
    curves: () =>
      curvesOf(answers['openssl-version'] ?? TARGETS[answers.target as TargetId].versions.openssl),
    hsts: () => (plan.tls.here ? hstsValue(answers) : ''),
    email: () => answers['tls-email'] ?? '',
    challenges: () => `/var/www/${answers.name}-acme`,
  };
}

/** One host, one origin: no list, so however the app splits the value, it is right. */
function environmentPlan(answers: CommonAnswers, plan: SitePlan): Site['environment'] {
  const suggestionFor = (name: string) => {
    if (name.endsWith('ALLOWED_HOSTS') || name.endsWith('TRUSTED_HOSTS')) return () => plan.site.canonical;
    return name.endsWith('CSRF_TRUSTED_ORIGINS') ? () => plan.site.origin : undefined;
  };
  const left = (name: string) => suggestionFor(name) === undefined;
  const read = () => [...answers.env, ...answers['env-optional']];
  const isKey = (name: string) => answers['env-keys'].includes(name) || isOwnKey(name, answers.name);
  return {
    required: () => answers.env,
    generated: () => [...new Set([...answers['env-keys'], ...read().filter(isKey)])],
    key: () => plan.environment.generated[0] ?? '',
    suggested: () =>
      read().flatMap((name) => {
        const value = suggestionFor(name);
        return value === undefined ? [] : [{ name, value }];
      }),
    open: () => [...new Set([...answers.env.filter(left), ...plan.environment.generated])],
    manual: () => answers.env.filter((name) => left(name) && !isKey(name)),
    optional: () => answers['env-optional'].filter((name) => left(name) && !isKey(name)),
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

function databasePlan(answers: CommonAnswers, plan: SitePlan): Site['database'] {
  return {
    kind: () => answers.database,
    file: () => {
      const file = answers['database-file'];
      if (file === undefined || isOnHost(file)) return null;
      return {
        inProject: () => below(trimPath(answers.root), file),
        path: () => `${plan.paths.state}/${canonicalPath(file).split('/').at(-1)}`,
      };
    },
    units: () => DATABASE_UNITS[answers.database] ?? [],
  };
}

const isOnHost = (path: string | undefined) => path?.startsWith('/') === true;

/** Answers that are mounts, and what of the plan they become. */
type Mounts = 'static' | 'media' | 'protected';

/** Folders of the project, each beside the assets of its release. */
function pagesPlan(answers: CommonAnswers, plan: SitePlan): Site['pages'] {
  return foldersOf(answers).map(({ url, folder, singlePage }) => {
    // A plus is in no path, so "/" has one that no other has.
    const slug = url === '/' ? '+' : url.slice(1, -1).replaceAll('/', '+');
    return {
      ...{ url, slug, singlePage },
      bare: url === '/' ? '' : url.slice(0, -1),
      path: () => `${plan.paths.current}/public/${slug}`,
      inProject: trimPath(folder),
    };
  });
}

/** A folder inside of the project moves to a place of its own on the host; an absolute one stays where it is. */
function mountsOf(name: Mounts, answers: CommonAnswers, parent: () => string): Site[Mounts] {
  return Object.entries(answers[name]).map(([url, dir]) => {
    const trimmed = trimPath(dir);
    // A plus is in no URL prefix, so two of them never share a folder.
    const slug = url.slice(1, -1).replaceAll('/', '+');
    return isOnHost(dir)
      ? { url, path: trimmed, inProject: null, slug }
      : {
          url,
          path: () => `${parent()}/${slug}`,
          inProject: () => below(trimPath(answers.root), trimmed),
          slug,
        };
  });
}

function foldersPlan(answers: CommonAnswers, plan: SitePlan): Site['folders'] {
  /** What users have a part in: the host's own folders, or those of the project. */
  const written = (onHost: boolean) =>
    (['media', 'protected'] as const).flatMap((name) =>
      plan[name].filter(({ url }) => isOnHost(answers[name][url]) === onHost).map(({ path }) => path),
    );
  return {
    own: () => written(false),
    linked: () => linkedFolders(answers, plan),
    foreign: () => [...written(true), ...databaseFolder(answers)],
  };
}

/** Folders of the project that lie elsewhere on the host, and whether what the project brings there is left out. */
function linkedFolders(answers: CommonAnswers, plan: SitePlan): LazyParts<SitePlan['folders']['linked']> {
  const all = (['static', 'media', 'protected'] as const)
    .flatMap((name) => plan[name].map((mount) => ({ name, mount, dir: answers[name][mount.url] ?? '' })))
    .filter(({ dir }) => !isOnHost(dir));
  const pages = plan.pages.map((mount) => ({ name: 'pages' as const, mount, dir: mount.inProject }));
  return innermostFirst(({ mount }) => mount.inProject ?? '', [...all, ...pages]).map(({ name, mount }) => ({
    inProject: () => mount.inProject ?? '',
    path: () => mount.path,
    slug: () => mount.slug,
    assets: name === 'static' || name === 'pages',
    bare: () => name === 'media' && !answers['publish-uploads'],
  }));
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
