/** Bottle, Falcon, and what has no framework. */
import { describe, expect, it } from 'vitest';
import { detect } from '../../src/detect/index.ts';
import { DETECTIONS } from '../../src/detections.ts';
import { detectBottle } from '../../src/frameworks/bottle/detect.ts';
import { detectFalcon } from '../../src/frameworks/falcon/detect.ts';
import { detectWsgi } from '../../src/frameworks/wsgi/detect.ts';
import { readProject } from '../../src/system/project.ts';
import type { Detection } from '../../src/words/detection.ts';
import { memoryProject } from '../detect/memory-project.ts';

const known = (value: unknown) => expect.objectContaining({ kind: 'known', value });
const ABSENT = { kind: 'absent' };

type Detector = (project: ReturnType<typeof memoryProject>) => Detection | undefined;
function found(detector: Detector, files: Record<string, string>): Detection {
  const detection = detector(memoryProject(files));
  if (!detection) throw new Error('nothing found');
  return detection;
}

const bottle = (text: string, more: Record<string, string> = {}) =>
  found(detectBottle, {
    'app.py': `import os\nimport bottle\nfrom bottle import *\nfrom bottle import route, get, run, static_file, Bottle\n${text}`,
    'assets/a.css': '',
    ...more,
  });

describe('Bottle', () => {
  it.each([
    ['app = Bottle()\n', 'app:app'],
    ['@route("/")\ndef home():\n    return ""\napplication = bottle.default_app()\n', 'app:application'],
    ['def create_app():\n    return bottle.Bottle()\n', 'app:create_app()'],
    ['class Reverse:\n    pass\nsite = Bottle()\napp = Reverse(site)\n', 'app:app'],
  ])('%j', (text, app) => {
    expect(bottle(text).answers).toMatchObject({ app: known(app), interface: known('wsgi') });
  });

  it('is unknown where only run() knows the app', () => {
    const { answers, named } = bottle('@route("/")\ndef home():\n    return ""\nrun()\n');
    expect(named).toBe(false);
    expect(answers.app).toMatchObject({
      kind: 'unknown',
      because: expect.stringContaining('app = bottle.default_app()'),
      from: [{ file: 'app.py', line: 5 }],
    });
  });

  const view = (body: string, decorator = '@app.get("/files/<name:path>")') =>
    `app = Bottle()\nHERE = os.path.dirname(__file__)\n${decorator}\ndef files(name):\n    ${body}\n`;

  it.each([
    [
      view('return static_file(name, root="assets")'),
      { static: known({ '/files/': 'assets' }), media: known({}) },
    ],
    [
      view('"Sent."\n    return static_file(name, os.path.join(HERE, "up"))'),
      { static: known({}), media: known({ '/files/': 'up' }) },
    ],
    [
      view('check(name)\n    return static_file(name, root="assets")'),
      { static: known({}), media: known({}) },
    ],
    [
      view('return static_file(name, root="assets")', '@login\n@app.get("/files/<name>")'),
      { static: known({}) },
    ],
    [
      view('return static_file(name, root="assets")', '@app.get("/<name:path>")'),
      { static: known({}), media: known({}) },
    ],
    [
      '@route("/files/:name#.*#")\ndef f(name):\n    return static_file(name, root="assets/")\napp = bottle.app()\n',
      { static: known({ '/files/': 'assets' }) },
    ],
  ])('serves files: %j', (text, answers) => {
    expect(bottle(text).answers).toMatchObject(answers);
  });

  it.each([
    ['run(app)\n', 1],
    ['bottle.run(app, port=80)\n', 1],
    ['app.run()\n', 1],
    ['if __name__ == "__main__":\n    run(app)\n', 0],
  ])('warns of a server that starts at import: %j', (text, count) => {
    const { warnings } = bottle(`app = Bottle()\n${text}`);
    expect(warnings.filter(({ message }) => message.includes('__main__'))).toHaveLength(count);
  });

  it('has a limit, a health check and a database', () => {
    const { settings, answers } = bottle(`import sqlite3
app = Bottle()
BaseRequest.MEMFILE_MAX = 1024 * 1024
DATA = os.path.join(os.path.dirname(__file__), "data.db")
@app.route("/ping")
def ping():
    return sqlite3.connect(DATA).execute("SELECT 1").fetchone()
`);
    expect(settings.MEMFILE_MAX).toEqual({
      kind: 'known',
      value: 1024 * 1024,
      from: [{ file: 'app.py', line: 7 }],
    });
    expect(answers).toMatchObject({
      health: known('/ping'),
      database: known('sqlite'),
      'database-file': known('data.db'),
    });
  });
});

describe('Falcon', () => {
  const falcon = (text: string) =>
    found(detectFalcon, { 'web.py': `import falcon, falcon.asgi\n${text}`, 'assets/a.css': '' });

  it.each([
    ['app = falcon.App()\n', 'web:app', 'wsgi'],
    ['api = falcon.API()\n', 'web:api', 'wsgi'],
    ['app = falcon.asgi.App(middleware=[])\n', 'web:app', 'asgi'],
    ['def create_app(config=None):\n    return falcon.App()\n', 'web:create_app()', 'wsgi'],
  ])('%j', (text, app, kind) => {
    expect(falcon(text).answers).toMatchObject({ app: known(app), interface: known(kind) });
  });

  it('serves folders, and has routes and cookies', () => {
    const { answers, settings } = falcon(`app = falcon.App()
app.add_static_route("/assets", "assets")
app.add_static_route("/up/", "/srv/shop/up")
app.add_route("/health", Health())
app.add_route("/x/{id}", Thing())
app.resp_options.secure_cookies_by_default = False
`);
    expect(answers).toMatchObject({
      static: known({ '/assets/': 'assets' }),
      media: known({ '/up/': '/srv/shop/up' }),
      health: known('/health'),
    });
    expect(settings.secure_cookies_by_default).toEqual(known(false));
  });
});

it('is found in a folder of the same name as its framework', () => {
  const text = 'import falcon\napp = falcon.App()\n';
  expect(found(detectFalcon, { 'falcon/app.py': text }).answers).toMatchObject({ app: known('app:app') });
});

describe('an app without a framework', () => {
  const APP = 'def application(environ, start_response):\n    return []\n';

  it('is that of a wsgi.py', () => {
    const { answers } = found(detectWsgi, { 'shop/__init__.py': '', 'shop/wsgi.py': APP });
    expect(answers).toMatchObject({ app: known('shop.wsgi:application'), static: known({}), health: ABSENT });
    expect(detectWsgi(memoryProject({ 'app.py': APP, 'wsgi.py': 'x = 1\n' }))).toBeUndefined();
  });

  it('is unknown where only mod_wsgi could load it', () => {
    const { answers } = found(detectWsgi, { 'web/app.wsgi': APP });
    expect(answers.app).toMatchObject({ kind: 'unknown', from: [{ file: 'web/app.wsgi', line: 1 }] });
  });

  it('is found only where no framework is', () => {
    expect(detect(memoryProject({ 'wsgi.py': APP }), DETECTIONS).detection?.framework).toBe('wsgi');
    const flask = { 'wsgi.py': 'from flask import Flask\napplication = Flask(__name__)\n' };
    expect(detect(memoryProject(flask), DETECTIONS)).toMatchObject({
      detection: { framework: 'flask' },
      rivals: [],
    });
  });
});

describe('forwarding headers', () => {
  const believed = (wrapped: string) =>
    bottle(`from werkzeug.middleware.proxy_fix import ProxyFix
from waitress.proxy_headers import proxy_headers_middleware
from paste.deploy.config import PrefixMiddleware
site = Bottle()
app = ${wrapped}
`).settings['X-Forwarded-For'];
  const SET = { x_for: 1, x_proto: 1, x_host: 0, x_port: 0, x_prefix: 0 };

  it.each([
    ['site', undefined],
    ['ProxyFix(site)', SET],
    ['ProxyFix(ProxyFix(site), x_host=1)', { ...SET, x_host: 1 }],
    [
      'proxy_headers_middleware(site, trusted_proxy="*", trusted_proxy_headers={"x-forwarded-for", "x-forwarded-proto"})',
      SET,
    ],
    [
      'proxy_headers_middleware(site, "*", 2, {"x-forwarded-for", "x-forwarded-host"})',
      { ...SET, x_for: 2, x_proto: 0, x_host: 1 },
    ],
    [
      'proxy_headers_middleware(site, trusted_proxy="10.0.0.1", trusted_proxy_headers={"x-forwarded-for"})',
      { ...SET, x_for: 0, x_proto: 0 },
    ],
    ['PrefixMiddleware(site)', { ...SET, x_host: 1, x_server: 1, x_scheme: 1 }],
  ])('%s', (wrapped, value) => {
    expect(believed(wrapped)).toEqual(value === undefined ? ABSENT : known(value));
  });
});

it.each([
  ['bottle', { app: 'app:app', static: { '/static/': 'contracts/static' }, media: { '/media/': 'media' } }],
  [
    'falcon',
    {
      app: 'contracts.app:create_app()',
      static: { '/static/': 'contracts/static' },
      media: { '/media/': 'media' },
    },
  ],
  ['wsgi', { app: 'wsgi:application', static: {}, media: {} }],
  [
    'pyramid',
    {
      ...{ app: 'paste_app:application', 'paste-ini': 'production.ini', 'install-project': true },
      ...{ static: { '/static/': 'contracts/static' }, media: { '/media/': 'media' } },
      ...{ migrate: true, 'alembic-config': 'production.ini' },
    },
  ],
])('reads the fixture project of %s, which has what it wants', (framework, expected) => {
  const folder = new URL(`../../fixtures/projects/${framework}-contracts`, import.meta.url).pathname;
  const { detection, because } = detect(readProject(folder), DETECTIONS);
  expect([detection?.framework, because]).toEqual([framework, undefined]);
  const all = { ...expected, 'database-file': 'contracts.sqlite3', env: ['SECRET_KEY'] };
  for (const [name, value] of Object.entries(all))
    expect(detection?.answers[name], name).toEqual(known(value));
  expect(detection?.settings['X-Forwarded-For']).toEqual(
    known({ x_for: 1, x_proto: 1, x_host: 0, x_port: 0, x_prefix: 0 }),
  );
});
