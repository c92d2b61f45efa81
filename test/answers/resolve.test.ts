import { describe, expect, it } from 'vitest';
import { describeProblem } from '../../src/answers/problem.ts';
import { type Layer, resolveAnswers } from '../../src/answers/resolve.ts';

const layer = (source: string, values: Record<string, unknown>, insistent = true): Layer => ({
  insistent,
  answers: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value, source }])),
});

const ENOUGH = layer(
  'the project',
  {
    name: 'shop',
    domains: ['shop.example'],
    app: 'shop.wsgi:application',
    'django-settings': 'shop.settings',
  },
  false,
);

/** The problems as a person reads them, where all that must be said is said. */
const wrongWith = (values: Record<string, unknown>) =>
  resolveAnswers([layer('here', values), ENOUGH]).problems.map(describeProblem);

describe('layers', () => {
  it('give an answer from the strongest that has one, and say which that was', () => {
    const { answers, sources, problems } = resolveAnswers([
      layer('--threads', { threads: 4 }),
      layer('file:1', { threads: 3, timeout: 60 }),
      layer('project', { threads: 2, timeout: 50, health: '/up' }, false),
      ENOUGH,
    ]);
    expect(problems).toEqual([]);
    expect(answers).toMatchObject({ threads: 4, timeout: 60, health: '/up', workers: 'auto' });
    expect(sources).toMatchObject({
      threads: '--threads',
      timeout: 'file:1',
      health: 'project',
      workers: 'default',
    });
  });

  it('leave what is optional out where nobody has it', () => {
    expect(resolveAnswers([ENOUGH]).answers).not.toHaveProperty('requirements');
    expect(resolveAnswers([ENOUGH]).answers).not.toHaveProperty('tls-email');
  });

  it('leave out what was found of another app than a person takes', () => {
    const found: Layer = {
      insistent: false,
      answers: {
        app: { value: 'shop.asgi:application', source: 'project' },
        interface: {
          ...{ value: 'asgi', source: 'project' },
          of: { answer: 'app', value: 'shop.asgi:application' },
        },
      },
    };
    const kind = (...layers: Layer[]) => resolveAnswers([...layers, found, ENOUGH]).answers.interface;
    expect(kind()).toBe('asgi');
    expect(kind(layer('--app', { app: 'shop.wsgi:application' }))).toBe('wsgi');
  });

  it('work out defaults from the answers before them', () => {
    const { answers } = resolveAnswers([layer('here', { target: 'debian-12', tls: 'files' }), ENOUGH]);
    expect(answers).toMatchObject({
      'nginx-version': '1.22.1',
      'systemd-version': '252',
      'tls-certificate': '/etc/ssl/shop/fullchain.pem',
    });
  });

  it.each([
    ['shop.asgi:application', 'asgi'],
    ['shop.wsgi:application', 'wsgi'],
    ['wasgi:app', 'wsgi'],
  ])('take the interface of %s for %s', (app, expected) => {
    expect(resolveAnswers([layer('here', { app }), ENOUGH]).answers.interface).toBe(expected);
  });
});

describe('an answer that does not exist', () => {
  it('is named with the nearest that does', () => {
    expect(wrongWith({ domain: ['a.example'] })).toEqual([
      'domain: is not an answer that deploy-scaffold knows; did you mean "domains"? (from here)',
    ]);
  });

  it('is named without a guess where none is near', () => {
    expect(wrongWith({ frobnicate: 1 })).toEqual([
      'frobnicate: is not an answer that deploy-scaffold knows (from here)',
    ]);
  });

  it('is nobody’s mistake where the project was only read', () => {
    expect(resolveAnswers([layer('settings.py:1', { frobnicate: 1 }, false), ENOUGH]).problems).toEqual([]);
  });
});

describe('an answer that is missing', () => {
  it('is reported with its flag, and all are at once', () => {
    const problems = resolveAnswers([]).problems.map(describeProblem);
    expect(problems).toHaveLength(4);
    for (const flag of ['--name NAME', '--domain HOST', '--app MODULE:OBJECT', '--django-settings MODULE'])
      expect(problems).toContainEqual(expect.stringContaining(`is missing: give ${flag}.`));
  });

  it('is asked for only where it applies', () => {
    expect(wrongWith({ tls: 'proxy' })).toEqual([
      expect.stringMatching(/^trusted-proxies: is missing: give --trusted-proxy NETWORK\. ./),
    ]);
  });
});

describe('an answer of a wrong type', () => {
  it.each([
    ['domains', 'shop.example', 'must be a list'],
    ['static', 'staticfiles', 'must be a map of URL to DIR'],
    ['http2', 'yes', 'must be true or false'],
    ['timeout', '30', 'must be a whole number from 1 to 3600'],
    ['gunicorn-version', 27.1, 'must be a text; put it in quotes'],
    ['workers', 'many', 'must be "auto" or a whole number from 1 to 1024'],
    ['tls', 'acme', 'must be one of: letsencrypt, files, proxy, none'],
  ])('for %s is shown with what is allowed', (name, value, words) => {
    expect(wrongWith({ [name]: value })).toEqual([`${name}: ${JSON.stringify(value)} ${words} (from here)`]);
  });

  it('is pointed at where it lies deeper', () => {
    expect(wrongWith({ domains: ['shop.example', 'shop_example'] })).toEqual([
      expect.stringMatching(/^domains\.1: "shop_example" must be a host name/),
    ]);
    expect(wrongWith({ static: { '/static/': 7 } })).toEqual([
      'static./static/: 7 must be a text; put it in quotes (from here)',
    ]);
    expect(wrongWith({ static: { '/static': 'x' } })).toEqual([
      expect.stringMatching(
        /^static\.\/static: .*must be a URL path of letters, digits and \._~- that begins and ends with a slash/,
      ),
    ]);
  });

  it('is told once, where what was found depends on it', () => {
    const found = layer('project', { health: '/up' }, false);
    const { problems } = resolveAnswers([layer('here', { path: 'api' }), found, ENOUGH]);
    expect(problems.map(({ path }) => path)).toEqual(['path']);
  });

  it('does not hide the others', () => {
    expect(wrongWith({ timeout: 0, threads: 0, health: 'x', frobnicate: 1 })).toHaveLength(4);
  });
});

describe('an answer that goes with another', () => {
  it('is refused where a person gave it without that', () => {
    expect(wrongWith({ tls: 'none', 'tls-certificate': '/a.pem' })).toEqual([
      'tls-certificate: "/a.pem" goes with tls: files, and tls is none (from here)',
    ]);
    expect(wrongWith({ 'trusted-proxies': ['10.0.0.0/8'] })).toEqual([
      expect.stringContaining('goes with tls: proxy, and tls is letsencrypt'),
    ]);
  });

  it('is left aside where a stronger voice changed the other', () => {
    const layers = [layer('--tls', { tls: 'none' }), layer('file', { tls: 'files', hsts: 9 }), ENOUGH];
    const { answers, problems } = resolveAnswers(layers);
    expect(problems).toEqual([]);
    expect(answers).not.toHaveProperty('hsts');
  });

  it('is left aside where the project was only read', () => {
    const read = layer('settings.py:1', { 'database-file': 'x.sqlite3', database: 'postgresql' }, false);
    expect(resolveAnswers([read, ENOUGH]).problems).toEqual([]);
  });
});

describe('answers that contradict each other', () => {
  it('preload needs a year of HSTS, with subdomains', () => {
    const preload = { 'hsts-preload': true };
    const says = [expect.stringContaining('needs hsts of at least 31536000 and hsts-subdomains')];
    expect(wrongWith(preload)).toEqual(says);
    expect(wrongWith({ ...preload, hsts: 31_536_000 })).toEqual(says);
    expect(wrongWith({ ...preload, hsts: 31_535_999, 'hsts-subdomains': true })).toEqual(says);
    expect(wrongWith({ ...preload, hsts: 31_536_000, 'hsts-subdomains': true })).toEqual([]);
  });

  it('a WebSocket or stream gets no less time than a request', () => {
    const live = { interface: 'asgi', timeout: 60 };
    expect(wrongWith({ ...live, 'live-timeout': 59 })).toEqual([
      expect.stringContaining('must be at least timeout (60)'),
    ]);
    expect(wrongWith({ ...live, 'live-timeout': 60 })).toEqual([]);
    expect(wrongWith({ timeout: 60, interface: 'asgi' })).toEqual([]);
  });

  it('one URL leads to one folder', () => {
    expect(wrongWith({ media: { '/static/': 'media' } })).toEqual([
      'media: {"/static/":"media"} has /static/, and so has static: one URL leads to one folder (from here)',
    ]);
  });

  it.each(['media/secret', 'media', './media/secret', 'media//secret', 'media/./secret', './/media/'])(
    'what is protected does not lie in a public folder, in any spelling: %s',
    (dir) => {
      expect(wrongWith({ media: { '/media/': 'media' }, protected: { '/_p/': dir } })).toEqual([
        expect.stringContaining("lies inside of media's media/: anybody could fetch it there"),
      ]);
    },
  );

  it.each(['media-secret', 'secret/media', '/srv/media', 'mediasecret/media'])(
    'what is protected may lie beside it: %s',
    (dir) => {
      expect(wrongWith({ media: { '/media/': 'media' }, protected: { '/_p/': dir } })).toEqual([]);
    },
  );
});

describe('an impossible pair', () => {
  it.each([
    ['uwsgi', 'uWSGI'],
    ['waitress', 'waitress'],
  ])('%s and ASGI is refused with the reason and the nearest that works', (kind, title) => {
    expect(wrongWith({ 'app-server': kind, app: 'shop.asgi:application' })).toEqual([
      `app-server: "${kind}" does not go with interface asgi: ${title} serves WSGI alone; take gunicorn (from here)`,
    ]);
    expect(wrongWith({ 'app-server': kind })).toEqual([]);
  });

  it('names the unit that was meant, and the unit that an option belongs to', () => {
    expect(wrongWith({ 'app-server': 'uwsgy' }).join()).toContain('did you mean "uwsgi"?');
    expect(wrongWith({ 'app-server': 'uwsgi', 'gunicorn-version': '23.0.0' }).join()).toContain(
      'goes with app-server: gunicorn, and app-server is uwsgi',
    );
  });
});

describe('a folder of the host that only the project names', () => {
  const source = 'shop/settings.py:12';
  const resolve = (detected: Record<string, unknown>, said: Record<string, unknown> = {}) => {
    const layer = (insistent: boolean, values: Record<string, unknown>, from: string) => ({
      insistent,
      answers: Object.fromEntries(
        Object.entries(values).map(([name, value]) => [name, { value, source: from }]),
      ),
    });
    const mine = { name: 'shop', domains: ['shop.example'], framework: 'flask', app: 'shop:app', ...said };
    return resolveAnswers([layer(true, mine, 'test'), layer(false, detected, source)]);
  };

  it.each([
    '/srv/shop/uploads',
    '/var/lib/shop/media',
    '/var/www/shop/media',
    '/srv/media',
    '/var/opt/ledger/files',
    '/srv//shop/./uploads/',
  ])('is taken where it may be its own: %s', (folder) => {
    expect(resolve({ media: { '/media/': folder } }).problems).toEqual([]);
  });

  it.each([
    '/home/bob/.ssh',
    '/home/bob/media',
    '/opt/shop/media',
    '/var/lib/postgresql/16/main',
    '/var/lib/mysql',
    '/var/www/html/media',
    '/srv/.git',
    '/srv/blog/shared/media',
    '/srv/blog/./releases',
    '/usr/share/javascript/jquery',
    '/var/log/nginx',
    '/var/cache/shop',
  ])('is a question otherwise, which names the place in the source: %s', (folder) => {
    const { problems } = resolve({ media: { '/media/': folder } });
    expect(problems).toEqual([
      expect.objectContaining({ path: 'media', kind: 'unasked', value: folder, source }),
    ]);
    expect(problems[0]?.message).toContain('--media URL=DIR');
    expect(resolve({}, { media: { '/media/': folder } }).problems).toEqual([]);
  });

  it('holds for the folder of a database too', () => {
    const database = (file: string) => resolve({ database: 'sqlite', 'database-file': file }).problems;
    expect(database('/var/lib/shop/db.sqlite3')).toEqual([]);
    expect(database('/home/bob/db.sqlite3')).toEqual([
      expect.objectContaining({ path: 'database-file', value: '/home/bob', source }),
    ]);
    expect(database('/db.sqlite3')).toEqual([
      expect.objectContaining({ path: 'database-file', kind: 'invalid' }),
    ]);
  });
});

it.each([
  '/srv/shop',
  '/srv/./shop/',
  '/srv/shop/current',
  '/srv/shop/shared',
  '/var/lib/shop',
  '/srv/shop/releases',
])('serves no folder that holds the code, the state or the uploads that are protected: %s', (folder) => {
  const values = { name: 'shop', domains: ['shop.example'], framework: 'flask', app: 'shop:app' };
  const answers = Object.fromEntries(
    Object.entries({ ...values, static: { '/files/': folder } }).map(([name, value]) => [
      name,
      { value, source: '--static' },
    ]),
  );
  expect(resolveAnswers([{ insistent: true, answers }]).problems).toEqual([
    expect.objectContaining({ path: 'static', message: expect.stringContaining("the app's own") }),
  ]);
});

describe('data in what a release brings', () => {
  const values = { name: 'shop', domains: ['shop.example'], framework: 'flask', app: 'shop:app' };
  const problemsOf = (more: Record<string, unknown>) =>
    resolveAnswers([
      {
        insistent: true,
        answers: Object.fromEntries(
          Object.entries({ ...values, ...more }).map(([name, value]) => [name, { value, source: '--flag' }]),
        ),
      },
    ]).problems;

  it.each([
    ['media', '/srv/shop/releases/3/app/uploads'],
    ['protected', '/srv//shop/./current/app/files'],
    ['media', '/srv/shop/circus-0.19.0/lib'],
    ['static', '/srv/shop/current/app/shop'],
  ])('is refused: %s in %s', (name, folder) => {
    expect(problemsOf({ [name]: { '/files/': folder } })).toEqual([
      expect.objectContaining({
        path: name,
        message: expect.stringContaining('is replaced or removed by the installer'),
      }),
    ]);
  });

  it('is refused for the database', () => {
    expect(problemsOf({ database: 'sqlite', 'database-file': '/srv/shop/releases/db.sqlite3' })).toEqual([
      expect.objectContaining({ path: 'database-file', kind: 'invalid' }),
    ]);
  });

  it('is no matter for assets, for another app, and for names that only look alike', () => {
    expect(problemsOf({ static: { '/files/': '/srv/shop/current/public/more' } })).toEqual([]);
    expect(problemsOf({ media: { '/files/': '/srv/shop/releases-of-the-band' } })).toEqual([]);
  });
});

describe('what holds for every answer', () => {
  it.each(['domains', 'env', 'packages'])(
    '%s has no more than a thousand entries, told in one sentence',
    (name) => {
      const value = Array.from({ length: 100_000 }, (_, at) => `a${at}.example`);
      expect(wrongWith({ [name]: value })).toContain(
        `${name}: has 100000 entries, and at most 1000 are allowed (from here)`,
      );
    },
  );

  it.each(['media', 'background'])('so has %s', (name) => {
    const entries = Array.from({ length: 100_000 }, (_, at) => [`/k${at}/`, `a${at}`]);
    expect(wrongWith({ [name]: Object.fromEntries(entries) })).toEqual([
      `${name}: has 100000 entries, and at most 1000 are allowed (from here)`,
    ]);
  });

  it.each([
    [{ media: { '/m/': 'a\uD800' } }, 'media./m/', 'U+D800'],
    [{ background: { worker: 'celery \u202E' } }, 'background.worker', 'U+202E'],
    [{ requirements: 'a\u2066.txt' }, 'requirements', 'U+2066'],
    [{ 'tls-email': 'a\uDFFF@b.example' }, 'tls-email', 'U+DFFF'],
  ])('no text has half a character, or one that hides others: %j', (values, path, character) => {
    const [problem] = wrongWith(values);
    expect(problem).toMatch(
      new RegExp(`^${path}: .*has ${character.replace('+', '\\+')} in it.*\\(from here\\)$`),
    );
  });
});
