/**
 * Servers that an app is started with: where their command line names the app, and what its options mean as answers. Those
 * that say how a server listens and logs mean nothing here. The options are those of the servers' own documentation.
 * The app servers that are units stand among those that are none: any of them may be what a command line starts.
 */
import type { Statement } from '../../contract/earlier.ts';

/** A command line taken apart. */
export interface Options {
  values: ReadonlyMap<string, string>;
  words: readonly string[];
}

/** What the options of a server mean; those that say how it listens and logs mean nothing here. */
export interface Server {
  /** Options that have no value. */
  flags?: RegExp;
  short?: Readonly<Record<string, string>>;
  app(options: Options): string | undefined;
  interface?(options: Options): 'wsgi' | 'asgi' | undefined;
  answers?: Readonly<Record<string, Answering>>;
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

const isAsgiWorker = (value: string | undefined) => /uvicorn|hypercorn|^asgi$/i.test(value ?? '');

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
    },
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
  },
  // https://github.com/django/daphne
  daphne: {
    app: named,
    flags: /^--(?:proxy-headers|no-server-name)$/,
    short: { b: 'bind', p: 'port', e: 'endpoint', v: 'verbosity', t: 'http-timeout' },
    interface: () => 'asgi',
  },
  // https://github.com/emmett-framework/granian
  granian: {
    app: ({ values, words }) => factory(named({ values, words }), values.has('factory')),
    flags: /^--(?:reload|factory|access-log|no-.*)$/,
    interface: ({ values }) => (/^asgi/.test(values.get('interface') ?? '') ? 'asgi' : 'wsgi'),
    answers: { workers: whole('workers', 1, 1024) },
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
    short: { w: 'module', p: 'processes', s: 'socket', H: 'home', z: 'socket-timeout' },
    interface: () => 'wsgi',
    answers: {
      processes: whole('workers', 1, 1024),
      workers: whole('workers', 1, 1024),
      threads: whole('threads', 1, 1024),
      harakiri: whole('timeout'),
      'max-requests': whole('max-requests', 0, 1_000_000),
    },
  },
  // https://docs.pylonsproject.org/projects/waitress/en/latest/runner.html
  'waitress-serve': {
    unit: 'waitress',
    app: ({ values, words }) => factory(named({ values, words }), values.has('call')),
    flags: /^--(?:call|expose-tracebacks|no-.*|log-.*|clear-.*)$/,
    interface: () => 'wsgi',
    answers: { threads: whole('threads', 1, 1024) },
  },
  flask: {
    app: ({ values }) => values.get('app')?.replace(/\.py$/, ''),
    flags: /^--(?:debug|no-.*|reload|debugger|with-threads)$|^run$/,
    short: { A: 'app', h: 'host', p: 'port' },
    interface: () => 'wsgi',
    development: true,
  },
  // https://fastapi.tiangolo.com/fastapi-cli/
  fastapi: {
    app: () => undefined,
    flags: /^--(?:reload|no-.*|proxy-headers)$|^(?:run|dev)$/,
    interface: () => 'asgi',
    answers: { workers: whole('workers', 1, 1024) },
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
