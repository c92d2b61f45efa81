import { describe, expect, it } from 'vitest';
import { detect } from '../../../src/detect/index.ts';
import { DETECTIONS } from '../../../src/detections.ts';
import { detectFlask } from '../../../src/frameworks/flask/detect.ts';
import { readProject } from '../../../src/system/project.ts';
import type { Detection } from '../../../src/words/detection.ts';
import { memoryProject } from '../../detect/memory-project.ts';

const known = (value: unknown) => expect.objectContaining({ kind: 'known', value });
const byDefault = (value: unknown, unless: unknown = expect.any(String)) =>
  expect.objectContaining({ kind: 'default', value, unless });
const ABSENT = { kind: 'absent' };

function found(files: Record<string, string>): Detection {
  const detection = detectFlask(memoryProject(files));
  if (!detection) throw new Error('not taken for Flask');
  return detection;
}

/** A module app.py, with further lines after the app. */
const hello = (lines = '', call = 'Flask(__name__)') =>
  found({ 'app.py': `import os\nfrom flask import Flask\napp = ${call}\n${lines}`, 'static/a.css': 'x' });

const FACTORY = `from flask import Flask

def create_app():
    app = Flask(__name__)
    return app
`;

describe('where the app is', () => {
  it('is a module', () => {
    expect(hello()).toMatchObject({
      framework: 'flask',
      answers: {
        app: known('app:app'),
        root: known('.'),
        interface: known('wsgi'),
        static: known({ '/static/': 'static' }),
      },
      warnings: [],
    });
  });

  it.each([
    [{ 'shop/__init__.py': FACTORY }, 'shop:create_app()', '.'],
    [{ 'src/shop/__init__.py': FACTORY }, 'shop:create_app()', 'src'],
    [{ 'shop/__init__.py': FACTORY.replace('create_app', 'make_app') }, 'shop:make_app()', '.'],
    [{ 'shop/__init__.py': '', 'shop/app.py': FACTORY }, 'shop.app:create_app()', '.'],
    [
      { 'backend/main.py': 'from flask import Flask\napplication = Flask("main")\n' },
      'main:application',
      'backend',
    ],
    // A server runs wsgi.py, whoever else loads the same app.
    [
      {
        'shop/__init__.py': FACTORY,
        'wsgi.py': 'from shop import create_app\napp = create_app()\n',
        '.flaskenv': 'FLASK_APP=shop\n',
      },
      'wsgi:app',
      '.',
    ],
    [
      {
        '.flaskenv': 'export FLASK_APP="microblog.py"  # run\n',
        'microblog.py': 'from blog import app\n',
        'blog/__init__.py': 'from flask import Flask\napp = Flask(__name__)\n',
      },
      'microblog:app',
      '.',
    ],
    [
      {
        '.env': 'FLASK_APP=shop.web:build()\n',
        'shop/__init__.py': '',
        'shop/web.py': FACTORY.replace('create_app', 'build'),
      },
      'shop.web:build()',
      '.',
    ],
    // Of tests and examples only where there is nothing else.
    [
      {
        'app.py': 'from flask import Flask\napp = Flask(__name__)\n',
        'tests/app.py': 'from flask import Flask\napp = Flask("t")\n',
      },
      'app:app',
      '.',
    ],
  ])('%#: %s', (files, app, root) => {
    expect(found(files).answers).toMatchObject({ app: known(app), root: known(root) });
  });

  it('is inside of middleware, or of a class of its own', () => {
    const text =
      'from flask import Flask\nfrom werkzeug.middleware.proxy_fix import ProxyFix\nclass Site(Flask):\n    pass\napp = ProxyFix(Site(__name__), 1, x_host=1)\n';
    const { answers, settings } = found({ 'wsgi.py': text });
    expect(answers.app).toEqual(known('wsgi:app'));
    expect(settings.ProxyFix).toEqual(known({ x_for: 1, x_proto: 1, x_host: 1, x_port: 0, x_prefix: 0 }));
  });

  it('is left open where two apps are possible', () => {
    const one = 'from flask import Flask\napp = Flask(__name__)\n';
    const { answers } = found({ 'shop.py': one, 'admin.py': one });
    expect(answers.app).toMatchObject({
      kind: 'one-of',
      options: [{ value: 'shop:app' }, { value: 'admin:app' }].reverse(),
    });
  });

  it('is left open where one app is set up in two ways', () => {
    const factory = `from flask import Flask
def create_app(limit=1048576):
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = limit
    return app
`;
    const run = (call: string) => ({
      'shop/__init__.py': factory,
      'run.py': `from shop import create_app\napp = ${call}\n`,
    });
    expect(found(run('create_app()')).answers.app).toEqual(known('run:app'));
    const { answers } = found(run('create_app(2097152)'));
    expect(answers.app).toMatchObject({
      kind: 'one-of',
      options: [{ value: 'run:app' }, { value: 'shop:create_app()' }],
    });
    expect(answers['max-body']).toMatchObject({ kind: 'unknown' });
    expect(answers.root).toEqual(known('.'));
  });

  it('is unknown where no server could call the factory', () => {
    const { answers } = found({ 'shop/__init__.py': FACTORY.replace('()', '(config)') });
    expect(answers.app).toMatchObject({
      kind: 'unknown',
      because: expect.stringContaining('wsgi.py'),
      from: [{ file: 'shop/__init__.py', line: 3 }],
    });
    const named = found({ '.flaskenv': "FLASK_APP=shop:create_app('x')\n", 'shop/__init__.py': FACTORY });
    expect(named.answers.app).toMatchObject({ kind: 'one-of' });
    expect(named.warnings[0]?.message).toContain('without arguments');
  });

  it.each([
    [{ 'app.py': 'app = 1\n' }],
    [
      {
        'site1/wsgi.py':
          'from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n',
      },
    ],
    [{ 'main.py': 'from fastapi import FastAPI\napp = FastAPI()\n' }],
    [{}],
  ])('is nowhere: %j', (files) => {
    expect(detectFlask(memoryProject(files))).toBeUndefined();
  });
});

describe('configuration', () => {
  it('is what each step leaves', () => {
    const { settings, answers } = found({
      'config.py': `import os
class Config:
    SECRET_KEY = os.environ["SECRET_KEY"]
    SESSION_COOKIE_SECURE = True
    MAX_CONTENT_LENGTH = 16 * 1000 * 1000
class Production(Config):
    SQLALCHEMY_DATABASE_URI = os.environ.get("DATABASE_URL") or "sqlite:///shop.db"
    PREFERRED_URL_SCHEME = "https"
configs = {"production": Production, "default": Config}
`,
      'shop/__init__.py': `import os
from flask import Flask
from config import configs
from werkzeug.middleware.proxy_fix import ProxyFix
def create_app(name="production"):
    app = Flask(__name__, instance_relative_config=True)
    app.config.from_object(configs[name])
    app.config.from_mapping(TRUSTED_HOSTS=["shop.example"])
    app.config.update({"MAX_CONTENT_LENGTH": 5 * 1024 * 1024})
    if os.environ.get("BEHIND_PROXY"):
        app.wsgi_app = ProxyFix(app.wsgi_app)
    set_up(app)
    return app
def set_up(app):
    app.config["USE_X_SENDFILE"] = True
`,
    });
    expect(settings).toMatchObject({
      SECRET_KEY: { kind: 'unknown', from: [{ file: 'config.py', line: 3 }] },
      SESSION_COOKIE_SECURE: known(true),
      PREFERRED_URL_SCHEME: known('https'),
      TRUSTED_HOSTS: known(['shop.example']),
      USE_X_SENDFILE: known(true),
      ProxyFix: { kind: 'one-of', options: [{ value: null }, { value: { x_for: 1, x_proto: 1 } }] },
      DEBUG: ABSENT,
    });
    expect(answers).toMatchObject({
      'max-body': known('5m'),
      env: known(['SECRET_KEY']),
      'env-optional': known(['DATABASE_URL', 'BEHIND_PROXY']),
      database: byDefault('sqlite', 'the environment variable DATABASE_URL is set'),
      'database-file': byDefault('instance/shop.db'),
    });
  });

  it("is the tutorial's", () => {
    const { answers, settings } = found({
      'flaskr/__init__.py': `import os
from flask import Flask
def create_app(test_config=None):
    app = Flask(__name__, instance_relative_config=True)
    app.config.from_mapping(SECRET_KEY='dev', DATABASE=os.path.join(app.instance_path, 'flaskr.sqlite'))
    if test_config is None:
        app.config.from_pyfile('config.py', silent=True)
    else:
        app.config.from_mapping(test_config)
    try:
        os.makedirs(app.instance_path)
    except OSError:
        pass
    return app
`,
    });
    expect(settings.SECRET_KEY).toEqual(
      byDefault('<literal>', 'instance/config.py says otherwise on the server'),
    );
    expect(answers).toMatchObject({
      database: byDefault('sqlite'),
      'database-file': byDefault('instance/flaskr.sqlite'),
    });
  });

  it('comes from modules, files and prefixed variables', () => {
    const files = {
      'settings.py': 'MAX_CONTENT_LENGTH = 100000\nPREFERRED_URL_SCHEME = "http"\n',
      'local.cfg.py': 'MAX_CONTENT_LENGTH = 2048\n',
    };
    const app = `from flask import Flask
app = Flask(__name__)
app.config.from_object("settings")
app.config.from_pyfile("local.cfg.py")
app.config.from_prefixed_env("SHOP")
`;
    const { answers, settings } = found({ ...files, 'app.py': app });
    expect(answers['max-body']).toEqual(
      byDefault('2k', 'the environment variable SHOP_MAX_CONTENT_LENGTH is set'),
    );
    expect(settings.PREFERRED_URL_SCHEME).toEqual(byDefault('http'));
    expect(answers.env).toEqual(known(['SHOP_SECRET_KEY']));
  });

  it('keeps a key to itself', () => {
    expect(JSON.stringify(hello('app.secret_key = "s3cret-of-mine"\n'))).not.toContain('s3cret-of-mine');
    expect(hello('app.secret_key = "s3cret-of-mine"\n').settings.SECRET_KEY).toEqual(known('<literal>'));
  });
});

describe('files', () => {
  it.each([
    ['Flask(__name__, static_folder=None)', {}],
    ['Flask(__name__, static_folder="assets")', { '/assets/': 'assets' }],
    ['Flask(__name__, static_url_path="/files", static_folder="web/dist")', { '/files/': 'web/dist' }],
    ['Flask(__name__, static_folder="/srv/shop/assets")', { '/assets/': '/srv/shop/assets' }],
    // Pages and files under one prefix: Flask tells them apart, and the web server cannot.
    ['Flask(__name__, static_url_path="")', {}],
  ])('%s has %j', (call, mounts) => {
    expect(hello('', call).answers.static).toEqual(known(mounts));
  });

  it('are none where there is no static folder', () => {
    expect(found({ 'app.py': 'from flask import Flask\napp = Flask(__name__)\n' }).answers.static).toEqual(
      known({}),
    );
  });

  const VIEW = `from flask import send_from_directory
@app.route("/files/<path:name>")
def files(name):
    return send_from_directory(app.config["UPLOAD_FOLDER"], name)
`;
  const UPLOADS = 'app.config["UPLOAD_FOLDER"] = "uploads"\n';

  it.each([
    [
      'a view gives to everybody',
      UPLOADS + VIEW,
      { media: known({ '/files/': 'uploads' }), protected: ABSENT },
    ],
    [
      'lie below the assets',
      'app.config["UPLOAD_FOLDER"] = os.path.join(app.root_path, "static", "up")\n',
      { media: known({ '/static/up/': 'static/up' }), protected: ABSENT },
    ],
    ['nothing is said of', UPLOADS, { media: ABSENT, protected: known({ '/_uploads/': 'uploads' }) }],
    [
      'a login guards',
      UPLOADS + VIEW.replace('def files', '@login_required\ndef files'),
      { media: ABSENT, protected: known({ '/_uploads/': 'uploads' }) },
    ],
    [
      'a hook guards',
      `${UPLOADS}${VIEW}@app.before_request\ndef check():\n    pass\n`,
      { media: ABSENT, protected: known({ '/_uploads/': 'uploads' }) },
    ],
    [
      'a view decides about',
      UPLOADS + VIEW.replace('    return', '    check(name)\n    return'),
      { media: ABSENT, protected: known({ '/_uploads/': 'uploads' }) },
    ],
    [
      'are for a while only',
      'app.config["UPLOAD_FOLDER"] = "/tmp/up"\n',
      { media: ABSENT, protected: ABSENT },
    ],
  ])('uploads that %s', (_, lines, answers) => {
    expect(hello(lines).answers).toMatchObject(answers);
  });
});

describe('what else is read', () => {
  it.each([
    ['def home():\n    return redirect("/login")', '/ 302'],
    ['def home():\n    """Goes on."""\n    return flask.redirect(url_for("x"), code=308)', '/ 308'],
    ['@login_required\ndef home():\n    return "home"', '/ 302'],
    ['def home():\n    return "home"', undefined],
    ['def home():\n    if x:\n        return redirect("/login")\n    return "home"', undefined],
  ])('names the status where / leads elsewhere: %s', (view, expected) => {
    const { health } = hello(`@app.get("/")\n${view}\n`).answers;
    expect(health).toEqual(expected === undefined ? ABSENT : known(expected));
  });

  it('finds a health check, of a blueprint too', () => {
    expect(hello('@app.get("/healthz")\ndef healthz():\n    return "ok"\n').answers.health).toEqual(
      known('/healthz'),
    );
    expect(hello('@app.post("/healthz")\ndef healthz():\n    return "ok"\n').answers.health).toEqual(ABSENT);
    const { answers } = found({
      'shop/__init__.py': FACTORY.replace(
        '    return',
        '    from . import api\n    app.register_blueprint(api.bp, url_prefix="/api")\n    return',
      ),
      'shop/api.py':
        'from flask import Blueprint\nbp = Blueprint("api", __name__, url_prefix="/old")\n@bp.route("/health", methods=["GET"])\ndef health():\n    return "ok"\n',
    });
    expect(answers.health).toMatchObject({
      kind: 'known',
      value: '/api/health',
      from: [{ file: 'shop/api.py', line: 3 }],
    });
  });

  it('migrates with Flask-Migrate where there are migrations', () => {
    const files = { 'shop/__init__.py': FACTORY, 'requirements.txt': 'Flask==3.1.0\nFlask_Migrate\n' };
    expect(found({ ...files, 'migrations/env.py': 'from alembic import context\n' }).answers.migrate).toEqual(
      known(true),
    );
    const without = found(files);
    expect(without.answers.migrate).toEqual(ABSENT);
    expect(without.warnings[0]?.message).toContain('no migrations');
    expect(without.settings.Flask).toEqual(known('3.1.0'));
  });

  it.each([
    ['postgresql+psycopg://u:p@h/d', 'postgresql'],
    ['mysql+pymysql://u:p@h/d', 'mysql'],
    ['oracle://h/d', 'oracle'],
  ])('takes %s for %s, and tells no password', (url, kind) => {
    const detection = hello(`app.config["SQLALCHEMY_DATABASE_URI"] = "${url}"\n`);
    expect(detection.answers.database).toEqual(known(kind));
    expect(JSON.stringify(detection)).not.toContain('u:p@');
  });

  it('warns of X-Accel-Redirect without a folder', () => {
    const { settings, warnings } = hello('r.headers["X-Accel-Redirect"] = "/_files/" + name\n');
    expect(settings['X-Accel-Redirect']).toEqual(known(['/_files/']));
    expect(warnings[0]?.message).toContain('--protected /_files/=DIR');
  });
});

it('reads the fixture project, and nothing in it is Django', () => {
  const folder = new URL('../../../fixtures/projects/flask-contracts', import.meta.url).pathname;
  const { detection, because } = detect(readProject(folder), DETECTIONS);
  expect([detection?.framework, because]).toEqual(['flask', undefined]);
  expect(detection?.answers).toMatchObject({
    app: known('contracts:create_app()'),
    static: known({ '/static/': 'contracts/static' }),
    media: known({ '/media/': 'media' }),
    'database-file': known('contracts.sqlite3'),
    env: known(['SECRET_KEY']),
    migrate: known(true),
    health: known('/healthz'),
    'max-body': known('10m'),
  });
});
