/** What of the paths of a site is refused, and what a service has of the site's answers. */
import { describe, expect, it } from 'vitest';
import { describeProblem } from '../../src/answers/problem.ts';
import { resolveAnswers } from '../../src/answers/resolve.ts';
import { FIELDS } from '../../src/answers/schema.ts';
import { servicesOf } from '../../src/answers/services.ts';

const SITE = {
  ...{ name: 'shop', domains: ['shop.example'], framework: 'django', app: 'shop.wsgi:application' },
  'django-settings': 'shop.settings',
};
const LIVE = { app: 'shop.asgi:application' };

function resolved(answers: Record<string, unknown>) {
  const given = Object.entries({ ...SITE, ...answers }).map(([name, value]) => [
    name,
    { value, source: 'here' },
  ]);
  return resolveAnswers([{ insistent: true, answers: Object.fromEntries(given) }]);
}

/** Each problem as "CODE PATH", and in full. */
const wrongWith = (answers: Record<string, unknown>) =>
  resolved(answers).problems.map((one) => ({ at: `${one.code} ${one.path}`, said: describeProblem(one) }));

it('a path may be as long as a folder may be named and nginx can tell it', () => {
  const longest = `/${'a'.repeat(253)}/`;
  expect(wrongWith({ paths: { [longest]: LIVE, '/x/': 'docs' }, static: { '/s/': 'static' } })).toEqual([]);
});

it('a folder may have the name of a module, where it is said to be one', () => {
  for (const folder of ['./docs.built', { folder: 'docs.built' }])
    expect(wrongWith({ paths: { '/docs/': folder } })).toEqual([]);
});

describe('what is said of an entry', () => {
  const said = (entry: unknown) => wrongWith({ paths: { '/live/': entry } }).map((one) => one.said);
  it.each<[string, unknown, string[]]>([
    [
      'a module without its object',
      'portal.asgi',
      [
        'paths./live/: "portal.asgi" is a module, and an app is MODULE:OBJECT, for instance portal.asgi:application (from here)',
      ],
    ],
    [
      'a wrong type, in the words of the top level',
      { ...LIVE, workers: 'two', threads: [1], mounted: 3 },
      [
        'paths./live/.mounted: 3 must be true or false (from here)',
        'paths./live/.workers: "two" must be "auto" or a whole number from 1 to 1024 (from here)',
        'paths./live/.threads: [1] must be a whole number from 1 to 1024 (from here)',
      ],
    ],
    [
      'a name that is nearly one',
      { ...LIVE, wrkers: 2 },
      [
        'paths./live/.wrkers: 2 is none of the answers that a service or a folder can have for itself; did you mean "workers"? (from here)',
      ],
    ],
    [
      'a name of a folder that is nearly one',
      { folder: 'docs', 'single-pag': true },
      [
        'paths./live/.single-pag: true is none of the answers that a service or a folder can have for itself; did you mean "single-page"? (from here)',
      ],
    ],
    [
      'an answer of the whole site',
      { ...LIVE, domains: ['a.example'] },
      [
        'paths./live/.domains: ["a.example"] is none of the answers that a service or a folder can have for itself: it is for the whole site (from here)',
      ],
    ],
    [
      'what is not for a folder',
      { folder: 'docs', workers: 2 },
      ['paths./live/.workers: 2 is not for a folder (from here)'],
    ],
    [
      'what is not for a service',
      { ...LIVE, 'single-page': true },
      ['paths./live/.single-page: true is not for a service (from here)'],
    ],
    [
      'a status that says nothing of health',
      { ...LIVE, health: '/live/ 500' },
      [
        'paths./live/.health: "/live/ 500" must be a URL path, for instance /healthz, or one with its right status behind it, which is 200 to 299, 301, 302, 303, 307, 308, 401, 403 or 404, for instance "/login 302"; without one, any of 200 to 299 is right, and without an answer the page is the path that leads to the app (from here)',
      ],
    ],
    [
      'something else altogether',
      3,
      ['paths./live/: 3 must be an app as MODULE:OBJECT, a folder, or a map of what it is (from here)'],
    ],
  ])('%s', (_, entry, words) => expect(said(entry).sort()).toEqual(words.sort()));
});

it('the health page of a service is its own path where it says none', () => {
  const health = (answers: Record<string, unknown>) => {
    const site = resolved(answers).answers as unknown as Parameters<typeof servicesOf>[0];
    return servicesOf(site, FIELDS).map((service) => service.answers.health);
  };
  expect(health({ health: '/healthz', paths: { '/live/': LIVE } })).toEqual(['/healthz', '/live/']);
  for (const status of ['', ' 200', ' 299', ' 301', ' 302', ' 303', ' 307', ' 308', ' 401', ' 403', ' 404'])
    expect(wrongWith({ paths: { '/live/': { ...LIVE, health: `/live/${status}` } } }), status).toEqual([]);
  for (const status of [' 304', ' 405', ' 500', ' 199'])
    expect(wrongWith({ paths: { '/live/': { ...LIVE, health: `/live/${status}` } } }), status).toHaveLength(
      1,
    );
});

describe('paths that cannot be', () => {
  it.each<[string, Record<string, unknown>, string, string]>([
    [
      'work in the background with the name of a unit of ours',
      { background: { recover: 'celery -A shop worker' } },
      'service-name-taken background.recover',
      'a unit of the installer',
    ],
    [
      'the page for a site that is down',
      { paths: { '/unavailable.html/': LIVE } },
      'path-taken paths./unavailable.html/',
      'where the page for a site that is down lies',
    ],
    [
      'more services than nginx has numbers for',
      { paths: Object.fromEntries([...Array(31).keys()].map((each) => [`/live${each}/`, LIVE])) },
      'answer-invalid paths',
      'at most 30 are possible',
    ],
    [
      "a folder that holds the app's database",
      { 'database-file': 'data/db.sqlite3', database: 'sqlite', paths: { '/x/': { folder: 'data' } } },
      'source-public paths./x/.folder',
      'data/db.sqlite3',
    ],
    [
      'two things at one path',
      { paths: { '/': { folder: 'frontend/dist' } } },
      'path-taken paths./',
      "where the site's own app answers",
    ],
    [
      'a service at the URL of assets',
      { static: { '/static/': 'static' }, paths: { '/static/': LIVE } },
      'path-shadowed paths./static/',
      'lies in /static/',
    ],
    [
      'a service inside of that of uploads',
      { media: { '/media/': 'media' }, paths: { '/media/live/': LIVE } },
      'path-shadowed paths./media/live/',
      'lies in /media/',
    ],
    [
      'no slash at the end',
      { paths: { '/live': LIVE } },
      'answer-invalid paths./live',
      'begins and ends with a slash',
    ],
    [
      'no slash at the beginning',
      { paths: { 'live/': LIVE } },
      'answer-invalid paths.live/',
      'begins and ends',
    ],
    [
      'ASGI under waitress',
      { 'app-server': 'waitress', paths: { '/live/': { ...LIVE, interface: 'asgi' } } },
      'units-refused paths./live/.app-server',
      'waitress serves WSGI alone; take gunicorn',
    ],
    [
      'anything beside mod_wsgi',
      { 'web-server': 'apache', 'app-server': 'mod-wsgi', paths: { '/tools/': { app: 'tools:app' } } },
      'units-refused paths./tools/.app-server',
      'for a site with one',
    ],
    [
      'two services of one name',
      { paths: { '/live/': { ...LIVE, service: 'x' }, '/more/': { ...LIVE, service: 'x' } } },
      'service-name-taken paths./more/.service',
      'the service at /live/ too',
    ],
    [
      'the name of a process in the background',
      { background: { worker: 'celery -A shop worker' }, paths: { '/worker/': LIVE } },
      'service-name-taken paths./worker/.service',
      'a process in the background too',
    ],
    [
      'a name of the installer',
      { paths: { '/recover/': LIVE } },
      'service-name-taken paths./recover/.service',
      'of the installer too',
    ],
    [
      'a path that is longer than nginx can tell from others',
      { paths: { [`/${'a'.repeat(254)}/`]: LIVE } },
      `answer-invalid paths./${'a'.repeat(254)}/`,
      'must have at most 255 characters',
    ],
    [
      'a folder that is the whole project',
      { paths: { '/docs/': { folder: '.' } } },
      'source-public paths./docs/.folder',
      'anybody could fetch it',
    ],
    [
      "a folder with the app's package",
      { paths: { '/docs/': { folder: './shop/' } } },
      'source-public paths./docs/.folder',
      'shop/wsgi',
    ],
    [
      'a folder above the one that the app runs in',
      { root: 'backend/src', paths: { '/docs/': { folder: 'backend' } } },
      'source-public paths./docs/.folder',
      'backend/src/shop/wsgi',
    ],
    [
      'the folder of the packages of a project that is installed',
      { requirements: 'pyproject.toml', paths: { '/docs/': { folder: 'src' } } },
      'source-public paths./docs/.folder',
      'src/shop/wsgi',
    ],
    [
      'a health page of another service',
      { paths: { '/live/': { ...LIVE, health: '/healthz' } } },
      'probe-elsewhere paths./live/.health',
      "leads to the site's own app",
    ],
    [
      "the app's health page below a service",
      { health: '/live/health', paths: { '/live/': LIVE } },
      'probe-elsewhere health',
      'leads to the service live',
    ],
    [
      'an answer that a service has no room for',
      { paths: { '/tools/': { app: 'tools.wsgi:app', 'live-timeout': 60 } } },
      'answer-misplaced paths./tools/.live-timeout',
      'goes with interface: asgi',
    ],
    [
      'an answer of the site',
      { paths: { '/live/': { ...LIVE, tls: 'none' } } },
      'answer-invalid paths./live/.tls',
      'none of the answers',
    ],
    [
      'a wrong value',
      { paths: { '/live/': { ...LIVE, workers: 0 } } },
      'answer-invalid paths./live/.workers',
      '"auto" or a whole number',
    ],
    [
      'a service without an app',
      { paths: { '/live/': { workers: 2 } } },
      'answer-invalid paths./live/.app',
      'must be',
    ],
    ['neither app nor folder', { paths: { '/live/': 7 } }, 'answer-invalid paths./live/', 'must be an app'],
    [
      'a folder of the host',
      { paths: { '/docs/': { folder: '/srv/docs' } } },
      'answer-invalid paths./docs/.folder',
      'inside of the project',
    ],
    [
      'an app in short that is none',
      { paths: { '/live/': 'a:b:c' } },
      'answer-invalid paths./live/',
      'MODULE:OBJECT',
    ],
    [
      'two versions of one server',
      { paths: { '/live/': { ...LIVE, 'gunicorn-version': '26.0' } } },
      'answers-contradict paths./live/.gunicorn-version',
      'one virtual environment',
    ],
  ])('%s', (_, answers, at, words) => {
    const problems = wrongWith(answers);
    expect(problems.map((one) => one.at)).toEqual([at]);
    expect(problems[0]?.said).toContain(words);
  });

  it('are none where each leads to one thing', () => {
    const paths = {
      '/': 'frontend/dist',
      '/live/': 'shop.asgi:application',
      '/docs/a/': { folder: 'docs/built' },
    };
    expect(wrongWith({ path: '/portal/', paths })).toEqual([]);
  });
});

describe('the answers of a service', () => {
  const services = (answers: Record<string, unknown>) => {
    const resolution = resolved(answers);
    expect(resolution.problems).toEqual([]);
    return servicesOf(resolution.answers as never, FIELDS).map(({ name, url, answers: own }) => ({
      name,
      url,
      has: (answer: string) => Reflect.get(own, answer) as unknown,
    }));
  };

  it("are its own, then the site's", () => {
    const [own, live] = services({
      ...{ workers: 5, timeout: 40, threads: 2 },
      paths: { '/live/': { ...LIVE, workers: 2 } },
    });
    expect([own?.name, live?.name]).toEqual(['', 'live']);
    expect(['workers', 'timeout', 'threads', 'app-server'].map((name) => live?.has(name))).toEqual([
      2,
      40,
      2,
      'gunicorn',
    ]);
    expect(own?.has('workers')).toBe(5);
  });

  it('follow from its own where they follow from others', () => {
    const [own, live] = services({ paths: { '/live/': LIVE } });
    expect(own?.has('interface')).toBe('wsgi');
    expect(live?.has('interface')).toBe('asgi');
    // Uvicorn's worker has neither, and a process of it is not replaced.
    expect(live?.has('gunicorn-worker')).toBeUndefined();
    expect([own?.has('max-requests'), live?.has('max-requests')]).toEqual([10_000, 0]);
    expect(live?.has('live-timeout')).toBe(3600);
    expect(live?.has('health')).toBe('/live/');
  });

  it("say nothing of the site's path", () => {
    const [own, tools] = services({
      path: '/portal/',
      mounted: true,
      paths: { '/tools/': { app: 'tools:app' } },
    });
    expect([own?.has('health'), own?.has('mounted')]).toEqual(['/portal/', true]);
    expect([tools?.has('health'), tools?.has('mounted'), tools?.url]).toEqual(['/tools/', false, '/tools/']);
  });

  it('are named after the path', () => {
    const paths = { '/api/V1/': { app: 'a:a' }, '/2024/': { app: 'b:b' }, '/': { app: 'c:c' } };
    expect(services({ path: '/portal/', paths }).map(({ name }) => name)).toEqual([
      '',
      'api-v1',
      'path-2024',
      'pages',
    ]);
  });
});

it('what was read of an app that is told of its path is said as it is on the site', () => {
  const found = (answers: Record<string, unknown>) =>
    Object.fromEntries(
      Object.entries(answers).map(([name, value]) => [name, { value, source: 'settings.py:1' }]),
    );
  const at = (path: string, mounted: boolean) =>
    resolveAnswers([
      { insistent: true, answers: found({ ...SITE, path, mounted }) },
      { insistent: false, answers: found({ health: '/healthz', static: { '/static/': 'static' } }) },
    ]);
  expect(at('/portal/', true).answers).toMatchObject({
    health: '/portal/healthz',
    static: { '/portal/static/': 'static' },
  });
  expect(at('/portal/', false).answers).toMatchObject({
    health: '/portal/',
    static: { '/static/': 'static' },
  });
  expect(at('/', false).answers).toMatchObject({ health: '/healthz' });
});
