/**
 * Servers that an app is started with: where their command line names the app, and what its options mean as answers. Those
 * that say how a server listens and logs mean nothing here. The options are those of the servers' own documentation.
 * The app servers that are units stand among those that are none: any of them may be what a command line starts.
 */
import type { Fate, Statement } from '../../contract/earlier.ts';
import { GUNICORN_SETTINGS } from '../../formats/gunicorn/settings.ts';
import { fateOf, type Known, known } from './accounts.ts';

/** A command line taken apart. */
export interface Options {
  values: ReadonlyMap<string, string>;
  words: readonly string[];
}

/** What the options of a server mean; the deployment itself decides how it listens and logs. */
export interface Server {
  /** Options that have no value. */
  flags?: RegExp;
  short?: Readonly<Record<string, string>>;
  app(options: Options): string | undefined;
  interface?(options: Options): 'wsgi' | 'asgi' | undefined;
  answers?: Readonly<Record<string, Answering>>;
  /** What becomes of the other options. */
  known: Known;
  folder?: string;
  configuration?: string;
  environment?: string;
  script?: string;
  /** The app server that serves it from now on, by the unit's kind. */
  unit?: string;
  development?: true;
}

/** The answers that an option's value gives; undefined where it gives none. */
type Answering = (value: unknown) => Omit<Statement, 'at'>[] | undefined;

const whole =
  (answer: string, least = 1, most = 3600): Answering =>
  (value) => {
    const number = typeof value === 'number' ? value : Number(value);
    if (value === 'auto' && answer === 'workers') return [{ answer, value }];
    return value !== '' && Number.isInteger(number) && number >= least && number <= most
      ? [{ answer, value: number }]
      : undefined;
  };

/** A number of bytes as max-body has it; 0 is no limit, and gives none. */
export const bytesAsSize: Answering = (value) => {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1) return undefined;
  const unit = ['m', 'k'].find((_, index) => number % 1024 ** (2 - index) === 0);
  return [
    { answer: 'max-body', value: `${number / ({ m: 1024 ** 2, k: 1024 }[unit ?? ''] ?? 1)}${unit ?? ''}` },
  ];
};

/** "shop.wsgi", "shop:app", "shop:create_app()" */
export const MODULE = /^[A-Za-z_][\w.]*(?::[A-Za-z_][\w.]*(?:\(\))?)?$/;
const named = ({ words }: Options) => words.find((word) => MODULE.test(word));

/** https://docs.gunicorn.org/en/stable/settings.html; by the name of the option. */
const GUNICORN_ANSWERS: Readonly<Record<string, Answering>> = {
  workers: whole('workers', 1, 1024),
  threads: whole('threads', 1, 1024),
  timeout: whole('timeout'),
  'max-requests': whole('max-requests', 0, 1_000_000),
  'worker-class': (value) => {
    if (value === 'sync') return [];
    if (value === 'gthread' || value === 'gevent') return [{ answer: 'gunicorn-worker', value }];
    return /uvicorn|^asgi$/i.test(String(value)) ? [] : undefined;
  },
};

/** Of gunicorn's own file, by the names that it has there; command lines have the same with hyphens, and some of their own. */
const GUNICORN: Known = known({
  decided: `accesslog access_log_format access_logfile access_logformat backlog bind capture_output chdir check_config config
      daemon disable_redirect_access_to_syslog enable_stdio_inheritance errorlog error_logfile forwarded_allow_ips graceful_timeout
      group keepalive keep_alive log_file loglevel log_level max_requests_jitter name no_sendfile paste pid pidfile print_config
      proc_name proxy_allow_ips proxy_allow_from reload reload_engine reload_extra_file reload_extra_files reuse_port sendfile spew
      tmp_upload_dir umask user version worker_connections worker_tmp_dir wsgi_app`,
  answers: 'workers threads timeout max_requests worker_class',
  environment: 'raw_env env',
  server: `${[...GUNICORN_SETTINGS.keys()].join(' ')} preload log_config log_config_dict log_config_json log_syslog
      log_syslog_to log_syslog_prefix log_syslog_facility`,
});

const isAsgiWorker = (value: string | undefined) => /uvicorn|hypercorn|^asgi$/i.test(value ?? '');

/** https://uwsgi-docs.readthedocs.io/en/latest/Options.html */
const UWSGI: Known = known(
  {
    decided: `app-dir auto-procname callable catch-exceptions chdir chdir2 check-static chmod-socket chown-socket close-on-exec
      close-on-exec2 daemonize daemonize2 die-on-term disable-logging disable-write-exception env-python enable-threads
      exit-on-reload file flock gid h harakiri-verbose home hook honour-range honour-stdin http http-auto-chunked
      http-auto-gzip http-keepalive http-socket http-timeout http-to https ignore-sigpipe ignore-write-errors ini lazy lazy-apps
      listen logger log-date logdate logfile-chmod logfile-chown log-format logformat logto logto2 log-x-forwarded-for manage-script-name master
      memory-report module mount need-app no-default-app no-orphans no-site no-threads-wait pidfile pidfile2 plugin plugins
      plugins-dir pp procname procname-append procname-master procname-prefix procname-prefix-spaced protocol py-autoreload
      pyargv pyhome python-auto-reload python-autoreload pythonpath python-path pyprogrammname reload-mercy safe-pidfile safe-pidfile2
      single-interpreter so-keepalive socket socket-timeout stats stats-http strict thunder-lock threaded-logger touch-reload uid uwsgi-socket
      vacuum venv vhost virtualenv wait-for-socket worker-reload-mercy wsgi wsgi-file http11-socket http-websockets`,
    answers: 'processes workers threads harakiri max-requests limit-post',
    environment: 'env unenv for-env',
    processes: 'mule mules farm spooler spooler-processes spooler-frequency legion-mcast attach-control-port',
    releases:
      'touch-exec touch-signal touch-mules-reload touch-workers-reload touch-chain-reload touch-logrotate touch-logreopen',
    web: 'add-header del-header response-route check-cache',
    limits:
      'limit-as limit-nproc max-fd nice ionice idle die-on-idle cpu-affinity cgroup cgroup-opt max-vars',
    server: `buffer-size post-buffering post-buffering-bufsize shared-import import import-at spooler-import async ugreen gevent
      gevent-monkey-patch greenlet http-raw-body http-buffer-size http-headers-timeout http-connect-timeout emperor vassals-dir
      threads-stacksize threads-stack-size thread-stack-size max-worker-lifetime min-worker-lifetime worker-lifetime offload-threads
      queue sharedarea route rawlog ksm never-swap py-call-osafterfork py-tracebacker python-tracebacker wsgi-env-behavior
      wsgi-env-behaviour wsgi-manage-chunked-input wsgi-disable-file-wrapper no-defer-accept
      log-zeromq metric fastrouter rawrouter sslrouter cgi php paste paste-logger ini-paste ini-paste-logged master-as-root
      harakiri-graceful-timeout harakiri-no-arh harakiri-queue-threshold spooler-harakiri evil-reload-on-rss evil-reload-on-as
      reload-on-rss reload-on-as reload-on-fd reload-on-exception reload-on-exception-type mule-harakiri mime-file`,
  },
  {
    decided:
      /^(?:no-.*|disable-.*|log-.*|logger.*|req-logger|safe-.*|umask|reuse-port|freebind|so-.*|tcp-.*|socket-.*|plugins?-.*|need-plugins?|master-fifo|autoload|immediate-.*|py-auto-reload.*|show-config|reload-os-env|skip-atexit.*|check-static.*|.*-modifier[12]|.*abstract-socket|shared-socket|map-socket|pcre-jit|optimize|binary-path)$/,
    web: /^(?:static-.*|route-.*|(?:error|final|response)-route.*|(?:rem|collect|pull|response)-header.*|file-?serve.*|http-to-https|inject-.*|upload-progress)$/,
    limits:
      /^(?:cheap.*|cgroup.*|limit-.*|rlimit.*|chroot|ns|ns-.*|setns.*|unshare.*|jailed|namespace.*|pivot.root|prio|add-gid)$/,
    releases:
      /^(?:hook-.*|exec-.*|call-.*|mount-.*|umount-.*|privileged-binary-.*|unprivileged-binary-.*|wait-(?:for-)?.*|worker-exec.*|worker-mount|shared-py.*import|shared-python-import|after-request-.*)$/,
    server:
      /^(?:cache.*|add-cache-item|alarms?.*|.*-alarm(?:-log)?|(?:http|https|ssl|metrics?|stats|spooler|emperor|carbon|websockets?|chunked|py|python|wsgi|gevent|fastrouter|rawrouter|sslrouter|scgi|fastcgi|puwsgi|raw|queue|snmp|rrdtool|symcall|zerg|mule|worker|harakiri|fs|reload-on|brutal-reload|ugreen|offload|lock|write-errors|signals?|multicast|imperial|load-file|remap|re-?fork|rsyslog|max|vhost|ping|declare|json|js|xml|yaml|yml|config)(?:-.*|s|config)?|(?:vassal|subscri|legion|if|for).*|end(?:if|for)?|end-.*|else|set|set-.*|print|pyimport|pyrun|pyshell.*|pymodule-alias|post-pymodule-alias|httprouter|routers?-list|rbtimer|timer|cron-harakiri|daemons-honour-stdin|start-unsubscribed|unsubscribe-.*|loops?(?:-list)?|zergpool|heartbeat|notify-socket|rpc-max|mem-collector-freq|persistent-ipcsem|mountpoint-check|check-.*|clocks?(?:-list)?|backtrace-depth|fallback-config|envdir|early-.*|evil-.*|mimefile|touch-.*)$/,
  },
);

const DEVELOPMENT = known({}, { decided: /./ });

/** By the name of the program. */
export const SERVERS: Readonly<Record<string, Server>> = {
  gunicorn: {
    ...{ unit: 'gunicorn', app: named, folder: 'chdir', configuration: 'config', environment: 'env' },
    flags:
      /^--(?:reload|preload|daemon|check-config|capture-output|spew|no-sendfile|proxy-protocol|print-config|reuse-port|enable-.*|disable-.*|strip-.*|initgroups)$|^-[DR]$/,
    short: {
      w: 'workers',
      t: 'timeout',
      k: 'worker-class',
      c: 'config',
      e: 'env',
      b: 'bind',
      n: 'name',
      p: 'pid',
      u: 'user',
      g: 'group',
      m: 'umask',
      D: 'daemon',
      R: 'enable-stdio-inheritance',
    },
    known: GUNICORN,
    interface: ({ values }) => (isAsgiWorker(values.get('worker-class')) ? 'asgi' : undefined),
    answers: GUNICORN_ANSWERS,
  },
  // https://www.uvicorn.org/settings/
  uvicorn: {
    app: ({ values, words }) => factory(named({ values, words }), values.has('factory')),
    flags:
      /^--(?:reload|factory|(?:no-)?(?:proxy-headers|access-log|use-colors|date-header|server-header)|version)$/,
    interface: () => 'asgi',
    answers: {
      workers: whole('workers', 1, 1024),
      'limit-max-requests': whole('max-requests', 0, 1_000_000),
    },
    known: known({
      decided: `host port uds fd interface loop http lifespan ws app-dir factory reload reload-dir reload-include reload-exclude
        reload-delay access-log no-access-log log-level use-colors no-use-colors proxy-headers no-proxy-headers
        forwarded-allow-ips backlog timeout-keep-alive timeout-graceful-shutdown timeout-worker-healthcheck server-header
        no-server-header date-header no-date-header version`,
      environment: 'env-file',
      answers: 'workers limit-max-requests',
      server: `log-config root-path limit-concurrency limit-max-requests-jitter header h11-max-incomplete-event-size ws-max-size
        ws-max-queue ws-ping-interval ws-ping-timeout ws-per-message-deflate ssl-keyfile ssl-certfile ssl-keyfile-password
        ssl-version ssl-cert-reqs ssl-ca-certs ssl-ciphers`,
    }),
    folder: 'app-dir',
  },
  // https://hypercorn.readthedocs.io/en/latest/how_to_guides/configuring.html
  hypercorn: {
    app: ({ words }) =>
      words.map((word) => word.replace(/^(?:asgi|wsgi):/, '')).find((word) => MODULE.test(word)),
    flags: /^--(?:debug|reload|daemon)$/,
    short: { w: 'workers', k: 'worker-class', c: 'config', b: 'bind' },
    interface: ({ words }) => (words.some((word) => word.startsWith('wsgi:')) ? 'wsgi' : 'asgi'),
    answers: { workers: whole('workers', 1, 1024) },
    known: known({
      decided: `access-log access-logfile access-logformat backlog bind config daemon debug error-log error-logfile
        graceful-timeout group keep-alive log-level pid reload server-name umask user worker-class quic-bind insecure-bind`,
      answers: 'workers',
      server: `ca-certs certfile cert-reqs ciphers keyfile log-config max-requests max-requests-jitter read-timeout root-path
        statsd-host statsd-prefix verify-mode websocket-ping-interval`,
    }),
  },
  // https://github.com/django/daphne
  daphne: {
    app: named,
    flags: /^--(?:proxy-headers|no-server-name)$/,
    short: { b: 'bind', p: 'port', u: 'unix-socket', e: 'endpoint', v: 'verbosity', t: 'http-timeout' },
    interface: () => 'asgi',
    answers: {
      'http-timeout': whole('timeout'),
      websocket_timeout: whole('live-timeout', 1, 604_800),
    },
    known: known({
      decided: `bind port unix-socket fd endpoint verbosity access-log log-fmt proxy-headers proxy-headers-host
        proxy-headers-port no-server-name server-name ping-interval ping-timeout nostatic`,
      answers: 'http-timeout websocket_timeout',
      server: 'root-path websocket_connect_timeout application-close-timeout request-buffer-size',
    }),
  },
  // https://github.com/emmett-framework/granian
  granian: {
    app: ({ values, words }) => factory(named({ values, words }), values.has('factory')),
    flags: /^--(?:reload|factory|access-log|no-.*)$/,
    interface: ({ values }) => (/^asgi/.test(values.get('interface') ?? '') ? 'asgi' : 'wsgi'),
    answers: { workers: whole('workers', 1, 1024) },
    known: known(
      {
        decided:
          'host port uds interface factory reload access-log access-log-fmt working-dir process-name pid-file loop backlog',
        answers: 'workers',
        environment: 'env-files',
      },
      {
        decided: /^(?:no-)?(?:log|log-.*|reload-.*)$/,
        server:
          /^(?:no-)?(?:http|http1-.*|http2-.*|ws|task-impl|backpressure|blocking-threads.*|runtime-.*|respawn-.*|workers-.*|ssl-.*|url-path-prefix|static-path-.*|metrics.*|uvloop.*|rss-.*|threads|threading-mode)$/,
      },
    ),
    folder: 'working-dir',
  },
  // https://uwsgi-docs.readthedocs.io/en/latest/Options.html
  uwsgi: {
    ...{ unit: 'uwsgi', folder: 'chdir', configuration: 'ini', environment: 'env', script: 'wsgi-file' },
    app: ({ values }) => {
      const [module, callable] = [values.get('module') ?? values.get('wsgi'), values.get('callable')];
      return module === undefined || module.includes(':') || callable === undefined
        ? module
        : `${module}:${callable}`;
    },
    flags:
      /^--(?:master|vacuum|die-on-term|lazy-apps|single-interpreter|need-app|enable-threads|strict|thunder-lock|honour-.*|http-keepalive|http-auto-.*|no-.*|memory-report|disable-.*|log-.*)$|^-M$/,
    short: {
      ...{
        w: 'module',
        p: 'processes',
        s: 'socket',
        H: 'home',
        z: 'socket-timeout',
        M: 'master',
        d: 'daemonize',
      },
      ...{
        C: 'chmod-socket',
        R: 'max-requests',
        b: 'buffer-size',
        l: 'listen',
        L: 'disable-logging',
        t: 'harakiri',
      },
    },
    interface: () => 'wsgi',
    answers: {
      processes: whole('workers', 1, 1024),
      workers: whole('workers', 1, 1024),
      threads: whole('threads', 1, 1024),
      harakiri: whole('timeout'),
      'max-requests': whole('max-requests', 0, 1_000_000),
      'limit-post': bytesAsSize,
    },
    known: UWSGI,
  },
  // https://docs.pylonsproject.org/projects/waitress/en/latest/runner.html
  'waitress-serve': {
    unit: 'waitress',
    app: ({ values, words }) => factory(named({ values, words }), values.has('call')),
    flags: /^--(?:call|expose-tracebacks|no-.*|log-.*|clear-.*)$/,
    interface: () => 'wsgi',
    answers: { threads: whole('threads', 1, 1024), 'max-request-body-size': bytesAsSize },
    known: known(
      {
        decided:
          'host port listen unix-socket unix-socket-perms url-scheme ident call app backlog threads expose-tracebacks server-name',
        answers: 'max-request-body-size',
        server: `url-prefix connection-limit cleanup-interval channel-timeout channel-request-lookahead recv-bytes send-bytes
          outbuf-overflow outbuf-high-watermark inbuf-overflow max-request-header-size asyncore-loop-timeout
          asyncore-use-poll sockets`,
      },
      { decided: /^(?:no-.*|trusted-proxy.*|log-.*|clear-.*)$/ },
    ),
  },
  // WSGIScriptAlias and WSGIDaemonProcess of Apache, as a command line. https://modwsgi.readthedocs.io/en/master/configuration-directives/WSGIDaemonProcess.html
  mod_wsgi: {
    app: () => undefined,
    ...{ script: 'script', interface: () => 'wsgi' },
    answers: {
      processes: whole('workers', 1, 1024),
      threads: whole('threads', 1, 1024),
      'request-timeout': whole('timeout'),
      'maximum-requests': whole('max-requests', 0, 1_000_000),
    },
    known: known({ taken: 'script', answers: 'processes threads request-timeout maximum-requests' }),
  },
  flask: {
    app: ({ values }) => values.get('app')?.replace(/\.py$/, ''),
    flags: /^--(?:debug|no-.*|reload|debugger|with-threads)$|^run$/,
    short: { A: 'app', h: 'host', p: 'port' },
    interface: () => 'wsgi',
    known: DEVELOPMENT,
    development: true,
  },
  // https://fastapi.tiangolo.com/fastapi-cli/
  fastapi: {
    app: () => undefined,
    flags: /^--(?:reload|no-.*|proxy-headers)$|^(?:run|dev)$/,
    interface: () => 'asgi',
    answers: { workers: whole('workers', 1, 1024) },
    known: known({
      decided:
        'host port app entrypoint e reload reload-dir no-reload proxy-headers no-proxy-headers forwarded-allow-ips run dev',
      answers: 'workers',
      server: 'root-path',
    }),
  },
};

function factory(app: string | undefined, called: boolean): string | undefined {
  return app === undefined || !called || app.endsWith('()') ? app : `${app}()`;
}

/** Answers of an option of gunicorn's; undefined where it has no meaning here. */
export function answersOf(
  program: string,
  name: string,
  value: unknown,
): Omit<Statement, 'at'>[] | undefined {
  return SERVERS[program]?.answers?.[name]?.(value);
}

/** What becomes of an option of a server's that gives no answer. */
export function fateOfOption(program: string, name: string): Fate {
  const server = SERVERS[program];
  return server === undefined
    ? 'unknown'
    : fateOf(server.known, program === 'gunicorn' ? name.replaceAll('-', '_') : name);
}

/** Options by their long name, and the words that are none. */
export function optionsOf({ flags, short = {}, environment }: Server, given: readonly string[]): Options {
  const values = new Map<string, string>();
  const words: string[] = [];
  for (let at = 0; at < given.length; at++) {
    const word = given[at] ?? '';
    const [, long, text] = /^--([\w-]+)(?:=(.*))?$/s.exec(word) ?? [];
    const [, letter, glued] = /^-([A-Za-z])(.*)$/s.exec(word) ?? [];
    const name = long ?? (letter === undefined ? undefined : (short[letter] ?? letter));
    if (name === undefined) words.push(word);
    else if (flags?.test(word)) values.set(name, '');
    else {
      const value = text ?? (glued ? glued.replace(/^=/, '') : (given[++at] ?? ''));
      // Each variable is an option of its own; of all others the last counts.
      const earlier = name === environment ? values.get(name) : undefined;
      values.set(name, earlier === undefined ? value : `${earlier}\n${value}`);
    }
  }
  return { values, words };
}
