/** What a release brings to an app that lacks settings: no more than is lacking, as Python that does what it says. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { detectedLayer } from '../../src/answers/detected.ts';
import { resolveAnswers } from '../../src/answers/resolve.ts';
import { detect, judge, makePlan, render, withBrought } from '../../src/core.ts';
import { BROUGHT, wantedSettings } from '../../src/frameworks/django/advice.ts';
import { frameworks } from '../../src/frameworks/index.ts';
import { planOfService } from '../../src/plan/services.ts';
import { adviceFindings } from '../../src/words/advice.ts';
import { memoryProject, startproject } from '../detect/memory-project.ts';
import { itNeeds, programs } from '../support/tools.ts';

/** The way from a project to its kit, with some answers given. */
function kitOf(files: Record<string, string>, given: Record<string, unknown> = {}) {
  const project = memoryProject(files);
  const { detection } = detect(project);
  if (detection === undefined) throw new Error('nothing was found');
  const all = { name: 'shop', domains: ['shop.example'], ...given };
  const answers = Object.fromEntries(
    Object.entries(all).map(([name, value]) => [name, { value, source: 'test' }]),
  );
  const first = resolveAnswers([{ insistent: true, answers }, detectedLayer(detection)]);
  expect(first.problems).toEqual([]);
  const resolution = withBrought(first, detection);
  const plan = makePlan(resolution.answers);
  const kit = render(plan, resolution);
  const { advice, findings } = judge(plan, project, detection);
  const errors = adviceFindings(advice, plan.framework.title).filter(({ level }) => level === 'error');
  return {
    plan,
    answers: resolution.answers,
    module: kit.find(({ path }) => path.startsWith('install.d/deployed_'))?.text,
    text: (path: string) => kit.find((file) => file.path === path)?.text ?? '',
    codes: findings.map(({ code }) => code),
    errors: errors.map(({ message }) => message),
    remedies: errors.map(({ remedy }) => remedy),
  };
}

const fresh = (() => {
  const project = startproject();
  return Object.fromEntries(project.list().map((file) => [file, project.read(file) ?? '']));
})();
const django = (change: (settings: string) => string, more: Record<string, string> = {}) => ({
  ...fresh,
  'mysite/settings.py': change(fresh['mysite/settings.py'] ?? ''),
  ...more,
});
const hello =
  'from flask import Flask\napp = Flask(__name__)\n@app.route("/")\ndef hello():\n    return "hello"\n';

describe('Django', () => {
  it('is brought what a fresh project lacks, and nothing is left to complain of', () => {
    const { answers, errors, plan, text } = kitOf(fresh);
    expect(answers).toMatchObject({
      settings: 'bring',
      brings: [
        ...['DEBUG', 'SECRET_KEY', 'ALLOWED_HOSTS', 'SECURE_PROXY_SSL_HEADER', 'SESSION_COOKIE_SECURE'],
        ...['CSRF_COOKIE_SECURE', 'LOGGING', 'MAILERS', 'STATIC_ROOT'],
      ],
      health: '/admin/login/',
    });
    expect(errors).toEqual([]);
    expect(plan.framework.environment).toContainEqual({
      name: 'DJANGO_SETTINGS_MODULE',
      value: 'deployed_settings',
    });
    expect(text('root/etc/shop/environment.example')).toMatch(/^DJANGO_SECRET_KEY=$/m);
  });

  it('is brought nothing that it has', () => {
    const { answers } = kitOf(
      django(
        (settings) =>
          `${settings}\nDEBUG = False\nALLOWED_HOSTS = [".example"]\nSTATIC_ROOT = BASE_DIR / "static"\n`,
      ),
    );
    expect(answers.brings).not.toContain('DEBUG');
    expect(answers.brings).not.toContain('ALLOWED_HOSTS');
    expect(answers.brings).not.toContain('STATIC_ROOT');
    expect(answers.brings).toContain('SECRET_KEY');
  });

  it('is brought no host names that the environment brings', () => {
    const { answers, text } = kitOf(
      django(
        (settings) =>
          `${settings}\nimport os\nALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "").split(",")\n`,
      ),
    );
    expect(answers.brings).not.toContain('ALLOWED_HOSTS');
    expect(text('root/etc/shop/environment.example')).toMatch(/^ALLOWED_HOSTS=shop\.example$/m);
  });

  it('is brought what only a variable would set right that nobody sets', () => {
    const { answers } = kitOf(
      django((settings) => `${settings}\nimport os\nDEBUG = os.environ.get("DEBUG", "1") == "1"\n`),
    );
    expect(answers.brings).toContain('DEBUG');
  });

  it('can be brought what it wants, but for what belongs in a view', () => {
    const ways = [
      { tls: 'proxy', 'trusted-proxies': ['10.0.0.0/8'], media: { '/m/': 'm' } },
      { tls: 'none' },
    ];
    const wanted = ways.flatMap((given) => wantedSettings(planOfService(kitOf(fresh, given).plan, 0)));
    const names = wanted.filter(({ brought }) => brought).map(({ setting }) => setting);
    expect([...new Set(names)].sort()).toEqual([...BROUGHT].sort());
    expect(wanted.filter(({ brought }) => !brought)).toEqual([]);
  });

  it.each([
    [
      'a class',
      {
        ...django(
          (settings) =>
            `${settings}\nfrom configurations import Configuration\nclass Live(Configuration):\n    DEBUG = True\n`,
        ),
        'mysite/wsgi.py':
          'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")\nos.environ.setdefault("DJANGO_CONFIGURATION", "Live")\nfrom configurations.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n',
      },
    ],
    [
      'Dynaconf',
      django((settings) => `${settings}\nimport dynaconf\nsettings = dynaconf.DjangoDynaconf(__name__)\n`),
    ],
    [
      'an entry that insists',
      {
        ...fresh,
        'mysite/wsgi.py': (fresh['mysite/wsgi.py'] ?? '').replace(
          /os\.environ\.setdefault\((.*), (.*)\)/,
          'os.environ[$1] = $2',
        ),
      },
    ],
    ['settings with __all__', django((settings) => `${settings}\n__all__ = ["DEBUG"]\n`)],
    [
      'settings that add to an __all__',
      django((settings) => `${settings}\n__all__ = []\n__all__ += ["DEBUG"]\n`),
    ],
    ['a module of that name', { ...fresh, 'deployed_settings.py': 'x = 1\n' }],
    [
      'settings that ask for their own name',
      django(
        (settings) =>
          `${settings}\nimport os\nLIVE = os.environ.get("DJANGO_SETTINGS_MODULE", "").endswith("live")\n`,
      ),
    ],
  ])('is brought nothing where it would not take it: %s', (_name, files) => {
    const { answers, module, codes, text } = kitOf(files);
    expect(answers).toMatchObject({ settings: 'own' });
    expect(answers).not.toHaveProperty('brings');
    expect(module).toBeUndefined();
    expect(codes).toContain('settings-unbringable');
    expect(text('README.md')).toContain('from .behind_proxy import *');
  });

  it('has an error where a setting is wrong that others follow from', () => {
    const key = kitOf(django((settings) => `${settings}\nSIMPLE_JWT = {"SIGNING_KEY": SECRET_KEY}\n`));
    expect(key.answers.brings).not.toContain('SECRET_KEY');
    expect(key.errors).toEqual([expect.stringContaining('another setting follows from it')]);
    const debug = kitOf(
      django(
        (settings) =>
          `${settings}\nif not DEBUG:\n    DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql"}}\n`,
      ),
    );
    expect(debug.answers.brings).not.toContain('DEBUG');
    expect(debug.errors).toEqual([expect.stringContaining('DATABASES follows from it')]);
    const tools = kitOf(
      django((settings) => `${settings}\nif DEBUG:\n    INSTALLED_APPS += ["debug_toolbar"]\n`),
    );
    expect(tools.answers.brings).toContain('DEBUG');
    expect(tools.errors).toEqual([]);
  });

  it.each([
    ['CORS_ALLOW_ALL_ORIGINS', 'CORS_ALLOW_ALL_ORIGINS = DEBUG'],
    ['EMAIL_BACKEND', 'EMAIL_BACKEND = "console" if DEBUG else "smtp"'],
    ['DATABASES', 'if DEBUG:\n    DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3"}}'],
    ['DATABASES', 'if DEBUG and True:\n    DATABASES["default"]["NAME"] = "dev"'],
    ['REST_FRAMEWORK', 'REST_FRAMEWORK = {}\nif DEBUG:\n    REST_FRAMEWORK["DEFAULTS"] = ["AllowAny"]'],
    ['AUTHENTICATION_BACKENDS', 'if not DEBUG:\n    pass\nelse:\n    AUTHENTICATION_BACKENDS = ["any"]'],
    ['AUTH_PASSWORD_VALIDATORS', 'if (DEBUG):\n  if True:\n    AUTH_PASSWORD_VALIDATORS.clear()'],
    ['TOOLS', 'TOOLS = \\\n    [DEBUG]'],
    ['LIVE', 'LIVE = not DEBUG\nif LIVE:\n    DATABASES = {}'],
    ['show', 'def show(request):\n    return DEBUG'],
    ['CORS_ALLOW_ALL_ORIGINS', 'from .more import *', 'DEBUG = True\nCORS_ALLOW_ALL_ORIGINS = DEBUG\n'],
    ['from .more import \\*', 'if DEBUG:\n    from .more import *', 'CORS_ALLOW_ALL_ORIGINS = True\n'],
  ])('has an error, and no DEBUG brought, where %s follows from DEBUG', (name, lines, more = '') => {
    const { answers, errors } = kitOf(
      django((settings) => `${settings}\n${lines}\n`, { 'mysite/more.py': more }),
    );
    expect(answers.brings).not.toContain('DEBUG');
    expect(errors).toEqual([expect.stringMatching(`^DEBUG is true, and ${name} follows from it \\(`)]);
  });

  it.each([
    ['CORS_ALLOW_ALL_ORIGINS', 'CORS_ALLOW_ALL_ORIGINS = DEBUG'],
    ['SESSION_COOKIE_SECURE', 'SESSION_COOKIE_SECURE = not DEBUG'],
    ['LOGGING', 'if not DEBUG:\n    LOGGING = {"version": 1}'],
  ])('has an error where a variable that nobody sets would take DEBUG off, and %s follows', (name, lines) => {
    const { answers, errors } = kitOf(
      django((settings) => `${settings}\nimport os\nDEBUG = os.environ.get("DEBUG", "1") == "1"\n${lines}\n`),
    );
    expect(answers.brings).not.toContain('DEBUG');
    expect(errors).toEqual([expect.stringMatching(`^DEBUG is true, unless .* "?${name}"? follows from it`)]);
  });

  it.each([
    ['SESSION_COOKIE_SECURE = not DEBUG'],
    ['if not DEBUG:\n    SECURE_SSL_REDIRECT = False'],
    ['if DEBUG:\n    import socket\n    INTERNAL_IPS = ["127.0.0.1"]\n    MIDDLEWARE += ["x"]'],
    ['import environ\nenv = environ.Env(DEBUG=(bool, False))'],
    ['# CORS_ALLOW_ALL_ORIGINS = DEBUG'],
    ['TEXT = "DEBUG"'],
  ])('is brought DEBUG all the same with: %s', (lines) => {
    const { answers, errors } = kitOf(django((settings) => `${settings}\n${lines}\n`));
    expect(answers.brings).toContain('DEBUG');
    expect(errors).toEqual([]);
  });

  it('is brought nothing where a person wants to write it, and is told what is certain to fail', () => {
    const { answers, module, errors, text } = kitOf(fresh, { settings: 'own' });
    expect(answers).not.toHaveProperty('brings');
    expect(module).toBeUndefined();
    expect(errors.map((message) => message.split(' ')[0])).toEqual([
      ...['DEBUG', 'SECRET_KEY', 'ALLOWED_HOSTS', 'MAILERS', 'STATIC_ROOT'],
    ]);
    const lines = text('README.md').split('```py\n')[1]?.split('```')[0] ?? '';
    // Which mail server is meant, no module says that could be saved anywhere.
    const mail = 'MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend"}}';
    const mended = django((settings) => `${settings}\n${mail}\nfrom .behind_proxy import *\n`, {
      'mysite/behind_proxy.py': lines,
    });
    expect(kitOf(mended, { settings: 'own' }).errors).toEqual([]);
    expect(kitOf(mended).answers.brings).toEqual([]);
  });

  it('is brought no redirect to a site that does not exist', () => {
    const redirect = django((settings) => `${settings}\nSECURE_SSL_REDIRECT = True\n`);
    expect(kitOf(redirect, { tls: 'none' }).answers.brings).toContain('SECURE_SSL_REDIRECT');
    expect(kitOf(redirect).answers.brings).not.toContain('SECURE_SSL_REDIRECT');
  });

  it('is refused a name that it cannot be brought, with those that it can', () => {
    const given = (framework: string, brings: string[]) => {
      const answers = { name: 'shop', domains: ['shop.example'], framework, app: 'shop:app', brings };
      const said = Object.entries(answers).map(([name, value]) => [name, { value, source: '--flag' }]);
      return resolveAnswers([{ insistent: true, answers: Object.fromEntries(said) }])
        .problems.filter(({ path }) => path === 'brings')
        .map(({ message }) => message);
    };
    expect(given('flask', ['DEBUG', 'ALLOWED_HOSTS', 'TYPO'])).toEqual([
      expect.stringMatching(
        /^has ALLOWED_HOSTS, TYPO, and to an app of Flask a release can bring SECRET_KEY, /,
      ),
    ]);
    expect(given('flask', ['TRUSTED_HOSTS'])).toEqual([]);
    expect(given('bottle', ['DEBUG'])).toEqual([expect.stringContaining('can bring MEMFILE_MAX')]);
    expect(given('fastapi', ['DEBUG'])).toEqual([expect.stringContaining('can bring nothing')]);
  });

  it.each(frameworks.map((one) => [one.kind, one] as const))(
    'what can be brought to an app of %s is what it wants',
    (kind, { bringable = [] }) => {
      const answers = { name: 'shop', domains: ['shop.example'], framework: kind, app: 'shop:app' };
      const ways = [
        { interface: 'wsgi', path: '/portal/', mounted: true, media: { '/portal/m/': 'm' } },
        { interface: 'asgi', tls: 'proxy', 'trusted-proxies': ['10.0.0.0/8'] },
        { interface: 'wsgi', tls: 'none', media: { '/m/': 'm' } },
      ].map((way) => {
        const more = kind === 'django' ? { 'django-settings': 'shop.settings' } : {};
        const said = Object.entries({ ...answers, ...more, ...way, brings: bringable });
        const given = Object.fromEntries(said.map(([name, value]) => [name, { value, source: 'test' }]));
        return makePlan(resolveAnswers([{ insistent: true, answers: given }]).answers);
      });
      const brought = ways.flatMap(({ framework }) => framework.brought.map(({ name }) => name));
      expect([...new Set(brought)].sort()).toEqual([...bringable].sort());
    },
  );

  it('keeps to the list that a person gives', () => {
    const { answers, remedies } = kitOf(fresh, { brings: ['DEBUG'] });
    expect(answers.brings).toEqual(['DEBUG']);
    expect(remedies[0]).toContain('If you gave the list `brings` yourself, add it to that.');
  });
});

describe('Flask', () => {
  it('is brought what a fresh app lacks; who the client is, the server says', () => {
    const { answers, module, plan, text } = kitOf({ 'app.py': hello });
    expect(answers.brings).toEqual([
      ...['SECRET_KEY', 'SESSION_COOKIE_SECURE', 'PREFERRED_URL_SCHEME', 'TRUSTED_HOSTS'],
    ]);
    expect(module).toContain('from app import app as app');
    expect(plan.services[0]?.upstream).toMatchObject({
      app: 'app:app',
      loaded: { app: 'deployed_app:app', factory: false },
    });
    expect(text('root/etc/shop/gunicorn.conf.py')).toContain('wsgi_app = "deployed_app:app"');
    expect(text('root/usr/local/sbin/shop-run')).toContain('FLASK_APP=deployed_app:app');
    expect(text('README.md')).not.toMatch(/HTTP_HOST|migration/);
  });

  it("is brought to the services that are the site's app, and to no other", () => {
    const { plan, module } = kitOf(
      { 'app.py': hello },
      { paths: { '/same/': { app: 'app:app', workers: 1 }, '/tools/': 'tools:app' } },
    );
    expect(plan.services.map(({ upstream }) => upstream.loaded.app)).toEqual([
      ...['deployed_app:app', 'deployed_app:app', 'tools:app'],
    ]);
    expect(module).toContain('from app import app as app');
  });

  it.each([
    ['serializer = URLSafeTimedSerializer(app.config["SECRET_KEY"])'],
    ['app.config["JWT_SECRET_KEY"] = app.config["SECRET_KEY"]'],
    ['signer = Signer(app.secret_key)'],
  ])('has an error where more is made of its key as it is loaded: %s', (line) => {
    const { answers, errors } = kitOf({ 'app.py': `${hello}app.config["SECRET_KEY"] = "dev"\n${line}\n` });
    expect(answers.brings).not.toContain('SECRET_KEY');
    expect(errors).toEqual([expect.stringContaining('more follows from it (app.py:7)')]);
  });

  it.each([
    ['def sign():\n    return Signer(app.config["SECRET_KEY"])'],
    ['app.secret_key = "dev"'],
    ['# see app.config["SECRET_KEY"]'],
  ])('is brought a key all the same with: %s', (line) => {
    expect(kitOf({ 'app.py': `${hello}${line}\n` }).answers.brings).toContain('SECRET_KEY');
  });

  it('is brought nothing where the project has a module of that name', () => {
    const { answers, codes } = kitOf({ 'app.py': hello, 'deployed_app.py': 'x = 1\n' });
    expect(answers.settings).toBe('own');
    expect(codes).toContain('settings-unbringable');
  });

  it('calls what makes the app', () => {
    const { module, plan } = kitOf({
      'shop/__init__.py':
        'from flask import Flask\ndef create_app():\n    app = Flask(__name__)\n    return app\n',
    });
    expect(plan.services[0]?.upstream).toMatchObject({
      app: 'shop:create_app()',
      loaded: { app: 'deployed_app:app' },
    });
    expect(module).toContain('from shop import create_app as make_app');
    expect(module).toContain('\napp = make_app()\n');
  });
});

it.each([
  ['fastapi', 'from fastapi import FastAPI\napp = FastAPI()\n@app.get("/")\ndef root():\n    return {}\n'],
  [
    'falcon',
    'import falcon\nclass Things:\n    def on_get(self, req, resp):\n        pass\napp = falcon.App()\napp.add_route("/", Things())\n',
  ],
  [
    'pyramid',
    'from pyramid.config import Configurator\nconfig = Configurator()\nconfig.add_route("hello", "/")\napp = config.make_wsgi_app()\n',
  ],
])('a fresh app of %s lacks nothing, and so is brought nothing', (framework, source) => {
  const { answers, module, plan } = kitOf(
    { 'main.py': source },
    framework === 'fastapi' ? {} : { app: 'main:app' },
  );
  expect(answers).toMatchObject({ framework, settings: 'bring', brings: [] });
  expect(module).toBeUndefined();
  expect(plan.services[0]?.upstream.loaded.app).toBe('main:app');
});

const withPython = itNeeds(programs('python3'));

describe('the module', () => {
  /** Python that imports what stands for the project and its libraries, and prints what is asked of the module. */
  const run = (module: string, files: Record<string, string>, expression: string) => {
    const folder = mkdtempSync(join(tmpdir(), 'deploy-scaffold-test-'));
    try {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
      return execFileSync(
        'python3',
        ['-c', `import sys; sys.path.insert(0, "."); import ${module}; print(${expression})`],
        {
          cwd: folder,
          encoding: 'utf8',
          env: {
            ...process.env,
            DJANGO_SECRET_KEY: 'made',
            SECRET_KEY: 'made',
            PYTHONDONTWRITEBYTECODE: '1',
          },
        },
      ).trim();
    } finally {
      rmSync(folder, { recursive: true });
    }
  };

  withPython('of Django has all of the project, and over it what it sets', () => {
    const { module = '' } = kitOf(fresh);
    const said = run(
      'deployed_settings',
      { ...fresh, 'deployed_settings.py': module },
      '(lambda s: [s.DEBUG, s.SECRET_KEY, s.ALLOWED_HOSTS, s.ROOT_URLCONF, s.STATIC_ROOT.name, list(s.LOGGING)])(deployed_settings)',
    );
    expect(said).toBe(
      "[False, 'made', ['shop.example'], 'mysite.urls', 'staticfiles', ['version', 'disable_existing_loggers', 'handlers', 'root']]",
    );
  });

  withPython('of Flask sets what it says on the app', () => {
    const { module = '' } = kitOf({ 'app.py': hello });
    const flask =
      'class Flask:\n    def __init__(self, name):\n        self.config = {}\n    def route(self, path):\n        return lambda view: view\n';
    expect(
      run(
        'deployed_app',
        { 'app.py': hello, 'flask.py': flask, 'deployed_app.py': module },
        'deployed_app.app.config',
      ),
    ).toBe(
      "{'SECRET_KEY': 'made', 'SESSION_COOKIE_SECURE': True, 'PREFERRED_URL_SCHEME': 'https', 'TRUSTED_HOSTS': ['shop.example']}",
    );
  });

  withPython('of Bottle and Falcon is Python', () => {
    for (const { kind } of frameworks.filter((one) => ['bottle', 'falcon'].includes(one.kind))) {
      const source =
        kind === 'bottle'
          ? 'from bottle import Bottle\napp = Bottle()\n'
          : 'import falcon\napp = falcon.App()\napp.resp_options.secure_cookies_by_default = False\n';
      const { module = '' } = kitOf({ 'main.py': source }, { app: 'main:app' });
      expect(module).toMatch(
        kind === 'bottle' ? /MEMFILE_MAX = 10485760$/m : /secure_cookies_by_default = True$/m,
      );
      execFileSync('python3', ['-c', 'import ast, sys; ast.parse(sys.stdin.read())'], { input: module });
    }
  });
});
