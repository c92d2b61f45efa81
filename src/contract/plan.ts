/**
 * The plan: everything that follows from the answers, as plain data. What two units must agree on (the socket, the
 * protocol, who owns it, the timeouts, the body limit, the mounts, whom to trust) is here once, so that no unit asks
 * about another.
 */
import * as z from 'zod/mini';

/** Which answers a part of the plan follows from: for messages, and for explaining a line of a generated file. */
export const origins = z.registry<{ from: readonly string[] }>();

/** Marks a part of the plan with the answers that it follows from. */
export function from<Schema extends z.ZodMiniType>(schema: Schema, ...answers: string[]): Schema {
  origins.add(schema, { from: answers });
  return schema;
}

const named = (...answers: string[]) => from(z.string(), 'name', ...answers);

/** A folder that the web server serves, or sends for the app. */
const mount = (answer: string) =>
  z.object({
    /** URL prefix with both slashes: "/static/". */
    url: from(z.string(), answer),
    /** Folder on the host, without a slash at its end. */
    path: from(z.string(), answer, 'name'),
    /** The folder inside of the project that stands for `path`, or null where the answer is a path on the host. */
    inProject: from(z.nullable(z.string()), answer),
    /** Name of the folder: "static". */
    slug: from(z.string(), answer),
  });

export const commonPlan = () => ({
  name: from(z.string(), 'name'),
  target: z.object({ id: from(z.string(), 'target'), title: from(z.string(), 'target') }),

  /** How the stack is brought to where it runs. */
  delivery: z.object({ kind: from(z.string(), 'delivery') }),

  /** Who is who on the host. */
  users: z.object({
    /** The app runs as this user and group, which own nothing of the code. */
    app: named(),
    /** The web server's. It can reach the socket and read assets, and nothing else of the app. */
    web: from(z.string(), 'target'),
  }),

  paths: z.object({
    /** /srv/NAME */
    home: named(),
    /** One folder a release: its code, its virtual environment, its assets. */
    releases: named(),
    /** Symbolic link to the release that is live. */
    current: named(),
    /** The project's own folder in the live release. */
    project: named(),
    /** The folder that the app runs in: the project's, or one below. */
    code: named('root'),
    venv: named(),
    /** What the app may write and nobody else reads: its database file, for instance. */
    state: named(),
    /** /etc/NAME */
    config: named(),
    /** What the installer knows of the app on this host. */
    records: named(),
    /** The file of environment variables, secrets among them. */
    environment: named(),
    /** Pages of the web server's own, such as the one for 502. */
    pages: named(),
    /** Runs a command as the app runs. */
    run: named(),
  }),

  project: z.object({
    /** Where in the project the app lies; "" for its top. */
    root: from(z.string(), 'root'),
    /** What pip installs, relative to the project's top; null for none. */
    requirements: from(z.nullable(z.string()), 'requirements'),
    /** `requirements` is a lock, which the program that wrote it gives to pip. */
    lock: from(
      z.nullable(
        z.object({
          /** Where the lock lies in the project, with a slash before; "" for its top. */
          folder: z.string(),
          /** The lock, and what is read beside it. */
          files: z.array(z.string()),
          /** What pip installs to have the program. */
          distributions: z.array(z.string()),
          program: z.string(),
          words: z.array(z.string()),
        }),
      ),
      'requirements',
    ),
    /** Where the package lies in the project that is installed, with a slash before; "" for its top. */
    packageFolder: from(z.string(), 'requirements', 'root'),
    /** `requirements` is a list of requirements, not a package to be built. */
    requirementsAreList: from(z.boolean(), 'requirements'),
    /** The project is installed as a package too, with what it requires. */
    installed: from(z.boolean(), 'install-project', 'requirements'),
    /** It is built: for that, or because its requirements may only show then. */
    built: from(z.boolean(), 'install-project', 'requirements'),
    /** Distributions that pip installs beside: the app server, the framework where nothing else names it. */
    distributions: from(z.array(z.string()), 'app-server', 'requirements'),
    /** Debian's packages that the host needs. */
    packages: from(z.array(z.string()), 'packages', 'web-server', 'tls'),
  }),

  site: z.object({
    canonical: from(z.string(), 'domains'),
    aliases: from(z.array(z.string()), 'domains'),
    domains: from(z.array(z.string()), 'domains'),
    scheme: from(z.enum(['http', 'https']), 'tls'),
    /** "https://shop.example" */
    origin: from(z.string(), 'domains', 'tls'),
    ipv6: from(z.boolean(), 'ipv6'),
    /** Asked for by the installer, on the host itself, to see whether the app is up. */
    probe: z.object({
      url: from(z.string(), 'domains', 'health', 'tls'),
      port: from(z.number(), 'tls'),
      path: from(z.string(), 'health'),
      /** Its right answer; 0: any of 200 to 299. */
      status: from(z.number(), 'health'),
    }),
  }),

  tls: z.object({
    mode: from(z.enum(['none', 'letsencrypt', 'files', 'proxy']), 'tls'),
    /** This web server ends TLS. */
    here: from(z.boolean(), 'tls'),
    letsencrypt: from(z.boolean(), 'tls'),
    files: from(z.boolean(), 'tls'),
    /** Another proxy in front ends TLS. */
    behindProxy: from(z.boolean(), 'tls'),
    /** "" where TLS does not end here. */
    certificate: from(z.string(), 'tls', 'tls-certificate', 'domains'),
    key: from(z.string(), 'tls', 'tls-key', 'domains'),
    profile: from(z.string(), 'tls-profile'),
    protocols: from(z.array(z.string()), 'tls-profile'),
    /** OpenSSL's names, joined by colons; "" where the profile leaves them to OpenSSL. */
    ciphers: from(z.string(), 'tls-profile'),
    /** Those of the default host, which serves sites of every profile. */
    hostCiphers: z.string(),
    curves: from(z.string(), 'tls-profile', 'openssl-version'),
    /** Value of Strict-Transport-Security, "" for none. */
    hsts: from(z.string(), 'hsts', 'hsts-subdomains', 'hsts-preload'),
    /** For Let's Encrypt's account; "" for none. */
    email: from(z.string(), 'tls-email'),
    /** The folder that the ACME challenge is answered from. */
    challenges: from(z.string(), 'tls'),
  }),

  /** Proxies in front of the web server, whose word on client and scheme is taken. */
  trusted: z.object({
    networks: from(z.array(z.string()), 'trusted-proxies'),
    clientHeader: from(z.string(), 'client-address-header'),
    /** The header is a list to which each proxy appends. */
    clientHeaderIsList: from(z.boolean(), 'client-address-header'),
    /** Headers that nobody here sets and some library believes: taken away. Each as HTTP and as CGI call it. */
    blanked: z.array(z.object({ header: z.string(), variable: z.string() })),
  }),

  /** The web server's way to the app server. */
  upstream: z.object({
    name: named(),
    /** "" where the app runs inside of the web server. */
    socket: named('app-server', 'process-manager'),
    /** For an app that runs inside of the web server: null for one with a server and a socket of its own. */
    inside: z.nullable(
      z.object({
        /** A file in the web server's own language that runs the app. */
        include: from(z.string(), 'app-server', 'name'),
        /** The web server's service, what restarts the app alone, and where it logs. */
        service: from(z.string(), 'app-server'),
        restart: from(z.string(), 'app-server', 'name'),
        logs: from(z.string(), 'app-server'),
      }),
    ),
    /** Who may connect: the web server's group. */
    socketMode: from(z.string()),
    /** "shop.wsgi:application" */
    app: from(z.string(), 'app'),
    /** The same in its parts: the module, and the object in it. */
    module: from(z.string(), 'app'),
    object: from(z.string(), 'app'),
    /** The object makes the app when it is called. */
    factory: from(z.boolean(), 'app'),
    interface: from(z.enum(['wsgi', 'asgi']), 'interface'),
    /** The web server speaks uWSGI's own protocol with the app server, instead of HTTP. */
    uwsgi: from(z.boolean(), 'app-server', 'uwsgi-protocol'),
    /** The app can hold connections open: WebSockets and event streams. */
    live: from(z.boolean(), 'interface'),
  }),

  /** Seconds. Each layer waits longer than the one behind it, or the wrong one speaks first. */
  timeouts: z.object({
    /** The web server gives up on the app and answers 504. */
    request: from(z.number(), 'timeout'),
    /** The app server kills a worker that has been silent for so long: later than the 504. */
    worker: from(z.number(), 'timeout'),
    /** A worker that has been told to stop may finish its requests for so long. */
    graceful: from(z.number(), 'timeout'),
    /** The process manager kills what is left: later than the app server's own end. */
    stop: from(z.number(), 'timeout'),
    /** The web server closes a WebSocket or an event stream that has been silent for so long. */
    live: from(z.number(), 'live-timeout', 'timeout'),
    /** What works in the background may finish what it has in hand for so long. */
    background: from(z.number(), 'background-timeout'),
    /** The process manager kills what is left of it. */
    backgroundStop: from(z.number(), 'background-timeout'),
  }),

  body: z.object({
    /** "10m" */
    max: from(z.string(), 'max-body'),
    bytes: from(z.number(), 'max-body'),
  }),

  /** Assets: the same for everybody, made by the release. */
  static: z.array(mount('static')),
  /** Names of assets carry a hash of the content. */
  hashed: from(z.boolean(), 'hashed'),
  /** What users uploaded. */
  media: z.array(mount('media')),
  /** What of them lies in the project is copied to the host. */
  publishUploads: from(z.boolean(), 'publish-uploads'),
  /** Files that the app decides about and the web server sends. */
  protected: z.array(mount('protected')),
  /** Folders outside of the release that the running app writes to. */
  writable: from(z.array(z.string()), 'media', 'protected', 'database-file', 'name'),
  folders: z.object({
    /** Made for the app, and its own. */
    own: from(z.array(z.string()), 'media', 'protected', 'name'),
    /** Folders of the project that lie elsewhere on the host; of those within each other, the inner one first. */
    linked: z.array(
      z.object({
        inProject: from(z.string(), 'static', 'media', 'protected', 'root'),
        path: from(z.string(), 'static', 'media', 'protected', 'name'),
        slug: from(z.string(), 'static', 'media', 'protected'),
        assets: from(z.boolean(), 'static'),
        /** What the project brings there is left out. */
        bare: from(z.boolean(), 'media', 'publish-uploads'),
      }),
    ),
    /** The host's, named by a person: the app must be able to write there, and nothing about them is changed. */
    foreign: from(z.array(z.string()), 'media', 'protected', 'database-file'),
  }),

  database: z.object({
    kind: from(z.string(), 'database'),
    /** The database file inside of the project, and its place on the host; null where there is none. */
    file: z.nullable(
      z.object({
        inProject: from(z.string(), 'database-file'),
        path: from(z.string(), 'database-file', 'name'),
      }),
    ),
    /** Local units that are to be up before the app, where they exist. */
    units: from(z.array(z.string()), 'database'),
  }),

  /** Names of variables; their values are on the host alone. */
  environment: z.object({
    required: from(z.array(z.string()), 'env'),
    /** Those that the installer can make up: random keys of the app's own. */
    generated: from(z.array(z.string()), 'env-keys', 'env', 'env-optional'),
    /** The one of them that the framework's own key is read from; "" for none. */
    key: from(z.string(), 'env-keys', 'env', 'env-optional'),
    /** Those whose value follows from the site: the host names that the app may believe in, for instance. */
    suggested: z.array(
      z.object({ name: from(z.string(), 'env', 'env-optional'), value: from(z.string(), 'domains', 'tls') }),
    ),
    /** Those of the required that have a line to be filled in. */
    open: from(z.array(z.string()), 'env', 'env-keys'),
    /** Those that a person must fill in. */
    manual: from(z.array(z.string()), 'env'),
    optional: from(z.array(z.string()), 'env-optional'),
  }),

  workers: z.object({
    /** How many; 0: by the cores that the host gives. */
    count: from(z.number(), 'workers'),
    threads: from(z.number(), 'threads'),
    /** Requests after which a worker is replaced; 0: never. */
    maxRequests: from(z.number(), 'max-requests'),
    /** Random part of it, so that not all are replaced at once. */
    jitter: from(z.number(), 'max-requests'),
  }),

  /** Processes beside the app, exactly one each. */
  background: z.array(
    z.object({
      /** "worker" */
      name: from(z.string(), 'background'),
      /** Its name on the host: "shop-worker". */
      id: from(z.string(), 'name', 'background'),
      /** As a person wrote it. */
      text: from(z.string(), 'background'),
      /** Program, by its absolute path, and arguments. */
      command: from(z.array(z.string()), 'background', 'name'),
      /** The signal on which it finishes what it has in hand, and ends. */
      stopSignal: from(z.string(), 'background'),
    }),
  ),
});

/** What every unit's own section of the plan has. */
export const unitPlan = () => ({
  kind: z.string(),
  title: z.string(),
  docs: z.string(),
});

/** The type of what a section's parts describe. */
export type Shape<Make extends () => Record<string, z.ZodMiniType>> = z.infer<
  z.ZodMiniObject<ReturnType<Make>>
>;

/** The part that all units share. */
export type CommonPlan = Shape<typeof commonPlan>;

/** The app server's promise to the process manager. */
export const appServerContract = () => ({
  /** Program and arguments that run the server in the foreground. */
  command: from(z.array(z.string()), 'app-server', 'name'),
  /** Its main process watches over others that serve; without, one process does it all. */
  supervises: from(z.boolean(), 'app-server'),
  /** It replaces a process whose request takes too long. */
  endsSlowRequests: from(z.boolean(), 'interface', 'threads'),
  /** It tells systemd when it is up (sd_notify). */
  notifies: from(z.boolean(), 'app-server'),
  /** Signal that loads new code without closing a connection, or "" for none. */
  reloadSignal: from(z.string(), 'app-server'),
  /** It has a list of requests of its own, beside the web server's. */
  listsRequests: from(z.boolean(), 'app-server', 'app-access-log'),
  /** That list has the id that the web server gave to each. */
  logsIds: from(z.boolean(), 'app-server', 'app-access-log', 'interface'),
});

const command = () =>
  z.object({
    title: from(z.string(), 'framework'),
    words: from(z.array(z.string()), 'framework'),
  });

/** The process manager's promise to the run-book: commands that a person types. */
export const processManagerContract = () => ({
  /** Restarts the app and all that works in the background, after another release was put in place. */
  restart: from(z.string(), 'process-manager', 'name', 'background'),
  status: from(z.string(), 'process-manager', 'name'),
  logs: from(z.string(), 'process-manager', 'name'),
  /** Stops the app and all that works in the background, so that no visitor starts it again. */
  stopAll: from(z.string(), 'process-manager', 'name', 'background'),
  startAll: from(z.string(), 'process-manager', 'name', 'background'),
  /** Shows how the app is started and locked in. */
  show: from(z.string(), 'process-manager', 'name'),
  /** Socket of a page that shows the processes, for a person's browser; "" for none. */
  monitorSocket: from(z.string(), 'process-manager', 'monitor', 'name'),
  /** systemd's version on the host. */
  systemd: from(z.string(), 'systemd-version', 'target'),
  /** Folders that it makes sockets in, as the app's user, each with the group that may connect to them. */
  socketFolders: z.array(
    z.object({
      path: from(z.string(), 'process-manager', 'name'),
      group: from(z.string(), 'process-manager'),
    }),
  ),
  /** It reads of /proc more than processes. */
  readsSystem: from(z.boolean(), 'process-manager'),
  /** Distributions that pip installs for it, and the folder of the virtual environment that they are in; "" for none. */
  distributions: from(z.array(z.string()), 'process-manager'),
  programs: from(z.string(), 'process-manager', 'name'),
  /** The same for each process in the background. */
  background: z.array(
    z.object({
      name: from(z.string(), 'background'),
      restart: from(z.string(), 'process-manager', 'name', 'background'),
      status: from(z.string(), 'process-manager', 'name', 'background'),
      logs: from(z.string(), 'process-manager', 'name', 'background'),
    }),
  ),
});

/** The web server's promise to the run-book. */
export const webServerContract = () => ({
  accessLog: from(z.string(), 'web-server', 'name'),
  errorLog: from(z.string(), 'web-server', 'name'),
  /** What rotates the two. */
  rotation: from(z.string(), 'web-server'),
  /** systemd's unit of it. */
  service: from(z.string(), 'web-server'),
  /** For those who have no installer: makes room for the site in Debian's packaged configuration, and loads what it needs. */
  enable: from(z.string(), 'web-server', 'tls', 'http2', 'protected'),
  /** Says whether the configuration will do, certificates included. */
  check: from(z.string(), 'web-server'),
  reload: from(z.string(), 'web-server'),
  /** Where in a line of the access log its durations are. */
  durations: from(z.string(), 'web-server'),
  /** It collects a whole answer before it sends it, unless it is told of a stream. */
  collectsAnswers: from(z.boolean(), 'web-server'),
  /** Major and minor version that the files are written for. */
  series: from(z.string(), 'web-server'),
  /** A site can say that it is the default of a port; otherwise it is the first that is read. */
  saysDefault: from(z.boolean(), 'web-server'),
  /** Lines that fit nowhere but in a file of the host's own, which nobody but a person writes to. */
  byHand: z.array(
    z.object({
      file: from(z.string(), 'web-server'),
      /** "inside of its `events` block" */
      place: from(z.string(), 'web-server'),
      line: from(z.string(), 'web-server'),
      why: from(z.string(), 'web-server'),
    }),
  ),
});

/** The framework's promise to the installer and the process manager. */
export const frameworkContract = () => ({
  /** A command that people often need, for the run-book: "python manage.py createsuperuser", and what it does. */
  example: from(z.string(), 'framework', 'paste-ini'),
  exampleDoes: from(z.string(), 'framework'),
  /** What the app itself has to set, for the run-book. */
  wanted: z.array(
    z.object({
      name: from(z.string(), 'framework'),
      write: from(z.string(), 'framework', 'domains', 'tls', 'static', 'media'),
      why: from(z.string(), 'framework'),
    }),
  ),
  /** What of that belongs where the app is set up, as a module to save and import; null where nothing does. */
  snippet: z.nullable(
    z.object({
      file: from(z.string(), 'framework'),
      /** The module that it lies beside. */
      module: from(z.string(), 'app', 'django-settings'),
      /** How it comes to be used: "end that module with", and the line. */
      does: from(z.string(), 'framework'),
      line: from(z.string(), 'framework'),
      lines: from(z.array(z.string()), 'framework', 'domains', 'tls', 'static', 'media', 'max-body'),
    }),
  ),
  /** Where in the project its modules are looked for: the app's and the settings'. */
  modules: from(z.array(z.string()), 'app', 'django-settings'),
  /** Environment variables that are not secrets. */
  environment: z.array(
    z.object({ name: from(z.string(), 'framework'), value: from(z.string(), 'framework') }),
  ),
  /** Modules that it brings: each release has them beside the app, from templates of their names. */
  brings: z.array(from(z.string(), 'framework', 'app')),
  /** What a release runs before it goes live, and the live one does not notice; the program and its arguments. */
  prepare: z.array(command()),
  /** What it runs last before the switch. */
  migrate: z.array(command()),
});

/** What the units cannot do, a sentence each. */
export const limitsSchema = () =>
  z.array(from(z.string(), 'web-server', 'process-manager', 'app-server', 'framework'));

/** The deployment's files as the installer and the run-book name them. */
export const filesSchema = () =>
  z.array(
    z.object({
      /** Absolute path on the host. */
      path: from(z.string(), 'name'),
      /** The same without the slash that it begins with. */
      inside: from(z.string(), 'name'),
      /** Octal permissions: "0644". */
      mode: z.string(),
      /** User and group, as chown takes them: "root:root"; then each by itself. */
      owner: z.string(),
      user: z.string(),
      group: z.string(),
      purpose: z.string(),
      /** It cannot be used before the site's certificate is there. */
      needsCertificate: from(z.boolean(), 'tls'),
      /** All apps on a host have it in common. */
      shared: z.boolean(),
    }),
  );

export interface UnitSection {
  kind: string;
  title: string;
  docs: string;
}

/** The whole plan. The four sections hold what the chosen units add; their schemas stand with the units. */
export interface Plan extends CommonPlan {
  framework: UnitSection & Shape<typeof frameworkContract> & Record<string, unknown>;
  appServer: UnitSection & Shape<typeof appServerContract> & Record<string, unknown>;
  processManager: UnitSection & Shape<typeof processManagerContract> & Record<string, unknown>;
  webServer: UnitSection & Shape<typeof webServerContract> & Record<string, unknown>;
  limits: z.infer<ReturnType<typeof limitsSchema>>;
  files: z.infer<ReturnType<typeof filesSchema>>;
}

/** The unit that takes back an installation that the host went down in. It runs the installer, as root. */
export const recoverUnit = (name: string) => `${name}-recover.service`;
