/**
 * The plan: everything that follows from the answers, as plain data. What two units must agree on (the socket, the
 * protocol, who owns it, the timeouts, the body limit, the mounts, whom to trust) is here once, so that no unit asks
 * about another.
 */
import * as z from 'zod/mini';

/** A folder that the web server serves, or sends for the app. */
const mount = () =>
  z.object({
    /** URL prefix with both slashes: "/static/". */
    url: z.string(),
    /** Folder on the host, without a slash at its end. */
    path: z.string(),
    /** The folder inside of the project that stands for `path`, or null where the answer is a path on the host. */
    inProject: z.nullable(z.string()),
    /** Name of the folder: "static". */
    slug: z.string(),
  });

/** Lines of a unit by which the sandbox is more open, or a limit set: `MemoryMax=1G`, and what each costs. */
const loosenings = () =>
  z.array(
    z.object({
      line: z.string(),
      cost: z.string(),
      /** Commands that are run by hand have it too. */
      ofCommands: z.boolean(),
    }),
  );

/** What there is once, however many services the site has. */
export const sitePlan = () => ({
  name: z.string(),
  /** The system of the host, and the versions of its packages that the files can do with. */
  target: z.object({
    id: z.string(),
    title: z.string(),
    wants: z.array(z.object({ package: z.string(), relation: z.enum(['ge', 'lt']), version: z.string() })),
  }),

  /** How the stack is brought to where it runs. */
  delivery: z.object({ kind: z.string() }),

  /** Who is who on the host. */
  users: z.object({
    /** The app runs as this user and group, which own nothing of the code. */
    app: z.string(),
    /** The web server's. It can reach the socket and read assets, and nothing else of the app. */
    web: z.string(),
  }),

  paths: z.object({
    /** /srv/NAME */
    home: z.string(),
    /** One folder a release: its code, its virtual environment, its assets. */
    releases: z.string(),
    /** Symbolic link to the release that is live. */
    current: z.string(),
    /** The project's own folder in the live release. */
    project: z.string(),
    /** The folder that the app runs in: the project's, or one below. */
    code: z.string(),
    venv: z.string(),
    /** What the app may write and nobody else reads: its database file, for instance. */
    state: z.string(),
    /** /etc/NAME */
    config: z.string(),
    /** What the installer knows of the app on this host. */
    records: z.string(),
    /** The file of environment variables, secrets among them. */
    environment: z.string(),
    /** Pages of the web server's own, such as the one for 502. */
    pages: z.string(),
    /** Runs a command as the app runs. */
    run: z.string(),
  }),

  project: z.object({
    /** The site's own app, by which the host knows it again: "shop.wsgi:application". */
    app: z.string(),
    /** Where in the project it lies; "" for its top. */
    root: z.string(),
    /** What pip installs, relative to the project's top; null for none. */
    requirements: z.nullable(z.string()),
    /** `requirements` is a lock, which the program that wrote it gives to pip. */
    lock: z.nullable(
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
    /** Where the package lies in the project that is installed, with a slash before; "" for its top. */
    packageFolder: z.string(),
    /** `requirements` is a list of requirements, not a package to be built. */
    requirementsAreList: z.boolean(),
    /** The project is installed as a package too, with what it requires. */
    installed: z.boolean(),
    /** It is built: for that, or because its requirements may only show then. */
    built: z.boolean(),
    /** Distributions that pip installs beside: the app server, the framework where nothing else names it. */
    distributions: z.array(z.string()),
    /** The app servers, by their titles. */
    servers: z.array(z.string()),
    /** Debian's packages that the host needs. */
    packages: z.array(z.string()),
  }),

  site: z.object({
    canonical: z.string(),
    aliases: z.array(z.string()),
    domains: z.array(z.string()),
    scheme: z.enum(['http', 'https']),
    /** "https://shop.example" */
    origin: z.string(),
    ipv6: z.boolean(),
    /** Something answers at "/". */
    whole: z.boolean(),
    /** It has more than one path, or another than "/". */
    parted: z.boolean(),
    /** More than one service answers. */
    several: z.boolean(),
    /** Names on the host beside the site's own, made from it: of further services, and of what works in the background. */
    joined: z.array(z.string()),
    /** Seconds of silence after which the first of its WebSockets and streams is closed; 0 where it has none. */
    live: z.number(),
    /** All lists of requests have the web server's ids. */
    logsIds: z.boolean(),
    /** What a request may take, in seconds, and how large it may be: each figure once, with the services that it is for; none named where it is for all. */
    timeouts: z.array(z.object({ seconds: z.number(), services: z.array(z.string()) })),
    bodies: z.array(z.object({ max: z.string(), services: z.array(z.string()) })),
    /** What is loosened, each line once, with the units that have it; none named where all of them do. */
    loosened: z.array(z.object({ line: z.string(), cost: z.string(), units: z.array(z.string()) })),
  }),

  tls: z.object({
    mode: z.enum(['none', 'letsencrypt', 'files', 'proxy']),
    /** This web server ends TLS. */
    here: z.boolean(),
    letsencrypt: z.boolean(),
    files: z.boolean(),
    /** Another proxy in front ends TLS. */
    behindProxy: z.boolean(),
    /** "" where TLS does not end here. */
    certificate: z.string(),
    key: z.string(),
    profile: z.string(),
    protocols: z.array(z.string()),
    /** OpenSSL's names, joined by colons; "" where the profile leaves them to OpenSSL. */
    ciphers: z.string(),
    /** Those of the default host, which serves sites of every profile. */
    hostCiphers: z.string(),
    curves: z.string(),
    /** Value of Strict-Transport-Security, "" for none. */
    hsts: z.string(),
    /** For Let's Encrypt's account; "" for none. */
    email: z.string(),
    /** The folder that the ACME challenge is answered from. */
    challenges: z.string(),
  }),

  /** Proxies in front of the web server, whose word on client and scheme is taken. */
  trusted: z.object({
    networks: z.array(z.string()),
    clientHeader: z.string(),
    /** The header is a list to which each proxy appends. */
    clientHeaderIsList: z.boolean(),
    /** Headers that nobody here sets and some library believes: taken away. Each as HTTP and as CGI call it. */
    blanked: z.array(z.object({ header: z.string(), variable: z.string() })),
  }),

  /** How large a request may be, where its service says nothing else. */
  limit: z.object({
    /** "10m" */
    max: z.string(),
    bytes: z.number(),
  }),

  /** Assets: the same for everybody, made by the release. */
  static: z.array(mount()),
  /** Names of assets carry a hash of the content. */
  hashed: z.boolean(),
  /** Folders of the project that further paths lead to. */
  pages: z.array(
    z.object({
      ...mount().shape,
      inProject: z.string(),
      /** The path without the slash at its end; "" for "/". */
      bare: z.string(),
      /** Unknown paths below it are given its index. */
      singlePage: z.boolean(),
    }),
  ),
  /** What users uploaded. */
  media: z.array(mount()),
  /** What of them lies in the project is copied to the host. */
  publishUploads: z.boolean(),
  /** Files that the app decides about and the web server sends. */
  protected: z.array(mount()),
  /** Folders outside of the release that the running app writes to. */
  writable: z.array(z.string()),
  folders: z.object({
    /** Made for the app, and its own. */
    own: z.array(z.string()),
    /** Folders of the project that lie elsewhere on the host; of those within each other, the inner one first. */
    linked: z.array(
      z.object({
        inProject: z.string(),
        path: z.string(),
        slug: z.string(),
        assets: z.boolean(),
        /** What the project brings there is left out. */
        bare: z.boolean(),
      }),
    ),
    /** The host's, named by a person: the app must be able to write there, and nothing about them is changed. */
    foreign: z.array(z.string()),
  }),

  database: z.object({
    kind: z.string(),
    /** The database file inside of the project, and its place on the host; null where there is none. */
    file: z.nullable(
      z.object({
        inProject: z.string(),
        path: z.string(),
      }),
    ),
    /** Local units that are to be up before the app, where they exist. */
    units: z.array(z.string()),
  }),

  /** Names of variables; their values are on the host alone. */
  environment: z.object({
    required: z.array(z.string()),
    /** Those that the installer can make up: random keys of the app's own. */
    generated: z.array(z.string()),
    /** The one of them that the framework's own key is read from; "" for none. */
    key: z.string(),
    /** Those whose value follows from the site: the host names that the app may believe in, for instance. */
    suggested: z.array(z.object({ name: z.string(), value: z.string() })),
    /** Those of the required that have a line to be filled in. */
    open: z.array(z.string()),
    /** Those that a person must fill in. */
    manual: z.array(z.string()),
    optional: z.array(z.string()),
  }),

  /** How large one header may be, of a request or an answer; "" and 0 where each server has its default. */
  headers: z.object({ max: z.string(), bytes: z.number() }),

  loosened: loosenings(),

  /** Findings that a person lets pass: the code of each, and why. */
  accepted: z.array(z.object({ code: z.string(), reason: z.string() })),

  /** Seconds for what works in the background. */
  patience: z.object({
    /** It may finish what it has in hand for so long. */
    background: z.number(),
    /** The process manager kills what is left of it. */
    backgroundStop: z.number(),
  }),

  /** Processes beside the app, exactly one each. */
  background: z.array(
    z.object({
      /** "worker" */
      name: z.string(),
      /** Its name on the host: "shop-worker". */
      id: z.string(),
      /** As a person wrote it. */
      text: z.string(),
      /** Program, by its absolute path, and arguments. */
      command: z.array(z.string()),
      /** The signal on which it finishes what it has in hand, and ends. */
      stopSignal: z.string(),
    }),
  ),
});

/** What one service of the site has for itself: an app with its app server, its workers and its limits. */
export const servicePlan = () => ({
  service: z.object({
    /** "live"; "" for the site's own, which has the site's name. */
    name: z.string(),
    /** Its name on the host, of units, sockets and folders: "shop-live". */
    id: z.string(),
    /** What tells its scripts from those of others, and its functions in them: "-live" and "_live". */
    tail: z.string(),
    suffix: z.string(),
    /** What the installer's words about it end with: " (live)". */
    remark: z.string(),
    /** /etc/ID */
    config: z.string(),
    /** Where in a release its own files lie: "/services/live"; "" for its top. */
    inRelease: z.string(),
    /** The path that leads to it, with both slashes: "/live/". */
    url: z.string(),
    /** What its URLs begin with, as far as that tells them from others: "" for "/". */
    prefix: z.string(),
    /** The path without the slash at its end; "" for "/". */
    bare: z.string(),
    /** What the app is told to live below, without the slash at its end; "" where it is not told. */
    script: z.string(),
    /** A status that nothing gives by itself: by it a web server can tell the service within its own files. */
    mark: z.number(),
  }),

  /** The web server's way to the app server. */
  upstream: z.object({
    name: z.string(),
    /** "" where the app runs inside of the web server. */
    socket: z.string(),
    /** For an app that runs inside of the web server: null for one with a server and a socket of its own. */
    inside: z.nullable(
      z.object({
        /** A file in the web server's own language that runs the app. */
        include: z.string(),
        /** The web server's service, what restarts the app alone, and where it logs. */
        service: z.string(),
        restart: z.string(),
        logs: z.string(),
      }),
    ),
    /** Who may connect: the web server's group. */
    socketMode: z.string(),
    /** "shop.wsgi:application" */
    app: z.string(),
    /** The same in its parts: the module, and the object in it. */
    module: z.string(),
    object: z.string(),
    /** The object makes the app when it is called. */
    factory: z.boolean(),
    /** What the app server loads: that, or the module that a release brings around it. */
    loaded: z.object({
      app: z.string(),
      module: z.string(),
      object: z.string(),
      factory: z.boolean(),
    }),
    interface: z.enum(['wsgi', 'asgi']),
    /** The web server speaks uWSGI's own protocol with the app server, instead of HTTP. */
    uwsgi: z.boolean(),
    /** The app can hold connections open: WebSockets and event streams. */
    live: z.boolean(),
  }),

  /** Seconds. Each layer waits longer than the one behind it, or the wrong one speaks first. */
  timeouts: z.object({
    /** The web server gives up on the app and answers 504. */
    request: z.number(),
    /** The app server kills a worker that has been silent for so long: later than the 504. */
    worker: z.number(),
    /** A worker that has been told to stop may finish its requests for so long. */
    graceful: z.number(),
    /** The process manager kills what is left: later than the app server's own end. */
    stop: z.number(),
    /** The web server closes a WebSocket or an event stream that has been silent for so long. */
    live: z.number(),
  }),

  body: z.object({
    /** "10m" */
    max: z.string(),
    bytes: z.number(),
    /** It is another than the site's. */
    own: z.boolean(),
  }),

  workers: z.object({
    /** How many; 0: by the cores that the host gives. */
    count: z.number(),
    threads: z.number(),
    /** Requests after which a worker is replaced; 0: never. */
    maxRequests: z.number(),
    /** Random part of it, so that not all are replaced at once. */
    jitter: z.number(),
  }),

  /** Of the service's own unit. */
  loosened: loosenings(),

  /** Asked for by the installer, on the host itself, to see whether the service is up. */
  probe: z.object({
    url: z.string(),
    port: z.number(),
    path: z.string(),
    /** Its right answer; 0: any of 200 to 299. */
    status: z.number(),
  }),
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
export type SitePlan = Shape<typeof sitePlan>;

/** One service with the site around it: all that an app server or a framework gets to see. */
export type CommonPlan = SitePlan & Shape<typeof servicePlan>;

/** The app server's promise to the process manager. */
export const appServerContract = () => ({
  /** Program and arguments that run the server in the foreground. */
  command: z.array(z.string()),
  /** Its main process watches over others that serve; without, one process does it all. */
  supervises: z.boolean(),
  /** It replaces a process whose request takes too long. */
  endsSlowRequests: z.boolean(),
  /** It tells systemd when it is up (sd_notify). */
  notifies: z.boolean(),
  /** Files of the tree that each release has a copy of. */
  inRelease: z.array(z.string()),
  /** Signal that loads new code without closing a connection, or "" for none. */
  reloadSignal: z.string(),
  /** It has a list of requests of its own, beside the web server's. */
  listsRequests: z.boolean(),
  /** That list has the id that the web server gave to each. */
  logsIds: z.boolean(),
});

/** The process manager's promise for each service. */
export const processContract = () => ({
  /** What it calls the program: systemd's unit, for instance. */
  main: z.string(),
  /** systemd's unit that holds its socket; "" where none does. */
  socket: z.string(),
  /** Commands that a person types. */
  restart: z.string(),
  status: z.string(),
  logs: z.string(),
});

const command = () =>
  z.object({
    title: z.string(),
    words: z.array(z.string()),
  });

/** The process manager's promise to the run-book: commands that a person types. */
export const processManagerContract = () => ({
  /** Restarts the app and all that works in the background, after another release was put in place. */
  restart: z.string(),
  status: z.string(),
  logs: z.string(),
  /** Stops the app and all that works in the background, so that no visitor starts it again. */
  stopAll: z.string(),
  startAll: z.string(),
  /** The same, and at each boot. */
  enableAll: z.string(),
  /** Shows how the app is started and locked in. */
  show: z.string(),
  /** Socket of a page that shows the processes, for a person's browser; "" for none. */
  monitorSocket: z.string(),
  /** systemd's version on the host. */
  systemd: z.string(),
  /** Folders that it makes sockets in, as the app's user, each with the group that may connect to them. */
  socketFolders: z.array(
    z.object({
      path: z.string(),
      group: z.string(),
    }),
  ),
  /** It reads of /proc more than processes. */
  readsSystem: z.boolean(),
  /** Distributions that pip installs for it, and the folder of the virtual environment that they are in; "" for none. */
  distributions: z.array(z.string()),
  programs: z.string(),
  /** The same for each process in the background. */
  background: z.array(
    z.object({
      name: z.string(),
      restart: z.string(),
      status: z.string(),
      logs: z.string(),
    }),
  ),
});

/** The web server's promise to the run-book. */
export const webServerContract = () => ({
  accessLog: z.string(),
  errorLog: z.string(),
  /** What rotates the two. */
  rotation: z.string(),
  /** systemd's unit of it. */
  service: z.string(),
  /** For those who have no installer: makes room for the site in Debian's packaged configuration, and loads what it needs. */
  enable: z.string(),
  /** Says whether the configuration will do, certificates included. */
  check: z.string(),
  reload: z.string(),
  /** Where in a line of the access log its durations are. */
  durations: z.string(),
  /** How large a header may be where no answer says it, of a request and of an answer ("" for as much as an answer could say), and what it logs of an answer's that is too long. */
  headers: z.object({ request: z.string(), answer: z.string(), logs: z.string() }),
  /** It collects a whole answer before it sends it, unless it is told of a stream. */
  collectsAnswers: z.boolean(),
  /** A site can say that it is the default of a port; otherwise it is the first that is read. */
  saysDefault: z.boolean(),
  /** Lines that fit nowhere but in a file of the host's own, which nobody but a person writes to. */
  byHand: z.array(
    z.object({
      file: z.string(),
      /** "inside of its `events` block" */
      place: z.string(),
      line: z.string(),
      why: z.string(),
    }),
  ),
});

/** The framework's promise to the installer and the process manager. */
export const frameworkContract = () => ({
  /** A command that people often need, for the run-book: "python manage.py createsuperuser", and what it does. */
  example: z.string(),
  exampleDoes: z.string(),
  /** What can be wrong with an app of this framework alone, for the run-book: what a person sees, looks at, and what it means. */
  troubles: z.array(z.object({ see: z.string(), look: z.string(), means: z.string() })),
  /** What the app itself has to set, for the run-book. */
  wanted: z.array(
    z.object({
      name: z.string(),
      write: z.string(),
      why: z.string(),
    }),
  ),
  /** What of that belongs where the app is set up, as a module to save and import; null where nothing does. */
  snippet: z.nullable(
    z.object({
      file: z.string(),
      /** The module that it lies beside. */
      module: z.string(),
      /** How it comes to be used: "end that module with", and the line. */
      does: z.string(),
      line: z.string(),
      lines: z.array(z.string()),
    }),
  ),
  /** Where in the project its modules are looked for: the app's and the settings'. */
  modules: z.array(z.string()),
  /** Environment variables that are not secrets. */
  environment: z.array(z.object({ name: z.string(), value: z.string() })),
  /** Modules that it brings: each release has them beside the app, from templates of their names. */
  brings: z.array(z.string()),
  /** Whoever writes the app makes its settings fit: nothing is brought for that. */
  own: z.boolean(),
  /** What the module that it brings sets, since the app does not. */
  brought: z.array(
    z.object({
      name: z.string(),
      why: z.string(),
      docs: z.string(),
      /** The variable of the environment that it is read from, or the folder beside the module that it names; "" for neither. */
      variable: z.string(),
      folder: z.string(),
      /** It sends all that is logged to the console. */
      logging: z.boolean(),
      /** It sends mail by the host's own mail server. */
      mail: z.boolean(),
      /** Otherwise, the value itself. */
      value: z.union([z.boolean(), z.number(), z.string(), z.array(z.string())]),
    }),
  ),
  /** What is imported for that: Python's own os, and pathlib. */
  broughtNeeds: z.object({ os: z.boolean(), pathlib: z.boolean() }),
  /** What a release runs before it goes live, and the live one does not notice; the program and its arguments. */
  prepare: z.array(command()),
  /** What it runs last before the switch. */
  migrate: z.array(command()),
});

/** What the units cannot do, a sentence each. */
export const limitsSchema = () => z.array(z.string());

/** The deployment's files as the installer and the run-book name them. */
export const filesSchema = () =>
  z.array(
    z.object({
      /** Absolute path on the host. */
      path: z.string(),
      /** The same without the slash that it begins with. */
      inside: z.string(),
      /** Octal permissions: "0644". */
      mode: z.string(),
      /** User and group, as chown takes them: "root:root"; then each by itself. */
      owner: z.string(),
      user: z.string(),
      group: z.string(),
      purpose: z.string(),
      /** It cannot be used before the site's certificate is there. */
      needsCertificate: z.boolean(),
      /** All apps on a host have it in common. */
      shared: z.boolean(),
    }),
  );

export interface UnitSection {
  kind: string;
  title: string;
  docs: string;
}

/** A service as the web server, the host and the run-book see it. */
export type Service = Shape<typeof servicePlan> & {
  appServer: UnitSection & Shape<typeof appServerContract> & Record<string, unknown>;
  process: Shape<typeof processContract>;
};

/** The site with its services: what a web server and a process manager are planned from. */
export type WholeSite = SitePlan & { services: readonly Service[] };

/** The whole plan. The sections hold what the chosen units add; their schemas stand with the units. */
export interface Plan extends SitePlan {
  /** The site's own, and those of its further paths. */
  services: Service[];
  framework: UnitSection & Shape<typeof frameworkContract> & Record<string, unknown>;
  processManager: UnitSection & Shape<typeof processManagerContract> & Record<string, unknown>;
  webServer: UnitSection & Shape<typeof webServerContract> & Record<string, unknown>;
  limits: z.infer<ReturnType<typeof limitsSchema>>;
  files: z.infer<ReturnType<typeof filesSchema>>;
}

/** The plan as one of its services sees it, which knows of no other. */
export type PlanOfService = Omit<Plan, 'services'> & Service;

/** The unit that takes back an installation that the host went down in. It runs the installer, as root. */
export const recoverUnit = (name: string) => `${name}-recover.service`;
