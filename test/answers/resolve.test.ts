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
      expect.stringMatching(/^static\.\/static: .*must be a URL path that begins and ends with a slash/),
    ]);
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

  it('what lasts has no less time than a request', () => {
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
