import { describe, expect, it } from 'vitest';
import { detect } from '../../../src/detect/index.ts';
import { DETECTIONS } from '../../../src/detections.ts';
import { detectDjango } from '../../../src/frameworks/django/detect.ts';
import type { Detection } from '../../../src/words/detection.ts';
import { memoryProject, startproject } from '../../detect/memory-project.ts';

const MANAGE =
  'import os\n\ndef main():\n    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site1.settings")\n    from django.core.management import execute_from_command_line\n';
const WSGI =
  'import os\nfrom django.core.wsgi import get_wsgi_application\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "site1.settings")\napplication = get_wsgi_application()\n';
const ASGI = WSGI.replaceAll('wsgi', 'asgi');
const BASE = `from pathlib import Path
BASE_DIR = Path(__file__).resolve().parent.parent
ROOT_URLCONF = "site1.urls"
WSGI_APPLICATION = "site1.wsgi.application"
INSTALLED_APPS = ["django.contrib.staticfiles"]
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
`;

/** A project with the usual files; `settings` is added to the usual settings. */
function found(settings: string, more: Record<string, string | undefined> = {}): Detection {
  const files = {
    'manage.py': MANAGE,
    'site1/__init__.py': '',
    'site1/settings.py': BASE + settings,
    'site1/wsgi.py': WSGI,
    ...more,
  };
  const given = Object.fromEntries(Object.entries(files).filter(([, text]) => text !== ''));
  const detection = detectDjango(memoryProject({ 'site1/__init__.py': '', ...given }));
  if (!detection) throw new Error('not taken for Django');
  return detection;
}

const known = (value: unknown) => expect.objectContaining({ kind: 'known', value });
const byDefault = (value: unknown, unless: unknown = expect.any(String)) =>
  expect.objectContaining({ kind: 'default', value, unless });
const ABSENT = { kind: 'absent' };

describe('django-admin startproject', () => {
  it('is read in full', () => {
    const { detection } = detect(startproject(), DETECTIONS);
    expect(detection?.framework).toBe('django');
    expect(detection?.warnings).toEqual([]);
    expect(detection?.answers).toEqual({
      root: { kind: 'known', value: '.', from: [{ file: 'manage.py', line: 1 }] },
      app: {
        kind: 'known',
        value: 'mysite.wsgi:application',
        from: [{ file: 'mysite/settings.py', line: 69 }],
      },
      interface: { kind: 'known', value: 'wsgi', from: [{ file: 'mysite/settings.py', line: 69 }] },
      'django-settings': {
        kind: 'known',
        value: 'mysite.settings',
        from: [{ file: 'mysite/wsgi.py', line: 14 }],
      },
      static: ABSENT,
      media: ABSENT,
      protected: ABSENT,
      hashed: { kind: 'known', value: false, from: [{ file: 'mysite/settings.py', line: 1 }] },
      database: known('sqlite'),
      'database-file': known('db.sqlite3'),
      env: ABSENT,
      'env-optional': ABSENT,
      'env-keys': ABSENT,
      background: ABSENT,
      health: { kind: 'known', value: '/admin/login/', from: [{ file: 'mysite/urls.py', line: 21 }] },
      requirements: ABSENT,
      'gunicorn-version': ABSENT,
    });
    expect(detection?.settings).toMatchObject({
      DEBUG: known(true),
      ALLOWED_HOSTS: known([]),
      STATIC_URL: known('static/'),
      STATIC_ROOT: ABSENT,
      SECRET_KEY: known('<literal>'),
    });
  });

  it('is the same in a subfolder', () => {
    const inner = startproject();
    const files = Object.fromEntries(inner.list().map((file) => [`backend/${file}`, inner.read(file)]));
    const answers = detectDjango(
      memoryProject({ ...files, 'requirements.txt': 'gunicorn==23.0.0\n' }),
    )?.answers;
    expect(answers).toMatchObject({
      root: known('backend'),
      app: known('mysite.wsgi:application'),
      'django-settings': known('mysite.settings'),
      'database-file': known('db.sqlite3'),
      requirements: known('requirements.txt'),
      'gunicorn-version': known('23.0.0'),
    });
  });
});

describe('what is Django', () => {
  it('leaves other projects alone', () => {
    expect(detectDjango(memoryProject({ 'app.py': 'from flask import Flask\n' }))).toBeUndefined();
    expect(
      detectDjango(memoryProject({ 'manage.py': 'from flask_script import Manager\n' })),
    ).toBeUndefined();
    expect(detect(memoryProject({}), DETECTIONS)).toEqual({
      ...{ detection: undefined, because: undefined },
      ...{ rivals: [], found: [] },
    });
  });

  it('needs no manage.py', () => {
    const { answers } = found('', { 'manage.py': '' });
    expect(answers).toMatchObject({ root: known('.'), app: known('site1.wsgi:application') });
  });

  it('takes the shallowest manage.py, but not that of tests, and names the others', () => {
    const { answers, warnings } = found('', {
      'tests/manage.py': MANAGE,
      'a/b/manage.py': MANAGE,
      'manage.py': MANAGE,
    });
    expect(answers.root).toEqual(known('.'));
    expect(warnings.map((one) => one.message)).toContain(
      'there are several manage.py files; manage.py was taken, not a/b/manage.py, tests/manage.py',
    );
  });

  it('says that the settings are not in the project', () => {
    const { answers, warnings } = found('', { 'site1/settings.py': '' });
    expect(answers['django-settings']).toEqual(known('site1.settings'));
    expect(answers.static).toMatchObject({
      kind: 'unknown',
      because: 'the settings module site1.settings is not in the project',
    });
    expect(warnings).toHaveLength(1);
  });

  it('says that the settings module is not named', () => {
    const manage =
      'import os\nfrom django.core.management import execute_from_command_line\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", os.environ["S"])\n';
    const { answers } = found('', { 'manage.py': manage, 'site1/wsgi.py': '' });
    expect(answers['django-settings']).toMatchObject({
      kind: 'unknown',
      because: 'read from the environment variable S',
    });
  });
});

describe('entry points', () => {
  it('prefers the settings that wsgi.py names', () => {
    const wsgi = WSGI.replace('site1.settings', 'site1.live');
    const { answers, warnings } = found('', {
      'site1/wsgi.py': wsgi,
      'site1/live.py': 'from .settings import *\nSTATIC_URL = "/s/"\nSTATIC_ROOT = BASE_DIR / "st"\n',
    });
    expect(answers).toMatchObject({ 'django-settings': known('site1.live'), static: known({ '/s/': 'st' }) });
    expect(warnings[0]?.message).toContain('a server runs site1/wsgi.py');
  });

  it('takes production settings beside development settings', () => {
    const files = {
      'manage.py': MANAGE.replace('site1.settings', 'site1.settings.dev'),
      'site1/wsgi.py': WSGI.replace('site1.settings', 'site1.settings.dev'),
      'site1/settings.py': '',
      'site1/settings/base.py': BASE,
      'site1/settings/dev.py': 'from .base import *\nDEBUG = True\n',
      'site1/settings/production.py': 'from .base import *\nDEBUG = False\n',
    };
    const { answers, settings, warnings } = found('', files);
    expect(answers['django-settings']).toEqual(
      byDefault('site1.settings.production', 'production runs site1.settings.dev'),
    );
    expect(settings.DEBUG).toEqual(known(false));
    expect(warnings).toHaveLength(1);
  });

  it('understands an assignment to os.environ', () => {
    const wsgi = WSGI.replace(
      'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site1.settings")',
      'os.environ["DJANGO_SETTINGS_MODULE"] = "site1.settings"',
    );
    expect(found('', { 'manage.py': '', 'site1/wsgi.py': wsgi }).answers['django-settings']).toEqual(
      known('site1.settings'),
    );
  });

  it('takes ASGI for Channels, or where there is nothing else', () => {
    const asgi = { 'site1/asgi.py': ASGI };
    const channels = 'INSTALLED_APPS += ["channels"]\nASGI_APPLICATION = "site1.asgi.application"\n';
    expect(found(channels, asgi).answers).toMatchObject({
      app: known('site1.asgi:application'),
      interface: known('asgi'),
    });
    expect(found('', asgi).answers).toMatchObject({
      app: known('site1.wsgi:application'),
      interface: known('wsgi'),
    });
    const only = found('', { ...asgi, 'site1/wsgi.py': '' }).answers;
    expect(only).toMatchObject({ app: known('site1.asgi:application'), interface: known('asgi') });
  });

  it('asks where there is no application', () => {
    const { answers } = found('', { 'site1/wsgi.py': '' });
    expect(answers.app).toMatchObject({
      kind: 'unknown',
      because: 'the project has no wsgi.py or asgi.py with an application in it',
    });
  });
});

describe('static and media files', () => {
  it.each<[string, unknown]>([
    [
      'STATIC_URL = "static/"\nSTATIC_ROOT = BASE_DIR / "staticfiles"\n',
      known({ '/static/': 'staticfiles' }),
    ],
    ['STATIC_URL = "/assets"\nSTATIC_ROOT = "/srv/assets"\n', known({ '/assets/': '/srv/assets' })],
    [
      'import os\nSTATIC_URL = "/s/"\nSTATIC_ROOT = os.path.join(BASE_DIR, "..", "s")\n',
      known({ '/s/': '../s' }),
    ],
    ['STATIC_URL = "https://cdn.example.com/s/"\nSTATIC_ROOT = "x"\n', known({})],
    ['STATIC_URL = "//cdn.example.com/s/"\n', known({})],
    ['STATIC_URL = "static/"\n', ABSENT],
    ['STATIC_URL = "static/"\nSTATIC_ROOT = None\n', ABSENT],
    [
      'STATIC_URL = "static/"\nSTORAGES = {"staticfiles": {"BACKEND": "storages.backends.s3.S3Storage"}}\n',
      known({}),
    ],
    [
      'import os\nSTATIC_URL = "static/"\nSTATIC_ROOT = os.environ["R"]\n',
      expect.objectContaining({ kind: 'unknown', because: 'read from the environment variable R' }),
    ],
    [
      'import os\nif os.environ.get("S3") == "1":\n    STATIC_URL = "https://s3/"\nelse:\n    STATIC_URL = "/static/"\n    STATIC_ROOT = BASE_DIR / "s"\n',
      {
        kind: 'one-of',
        options: [
          expect.objectContaining({
            value: { '/static/': 's' },
            when: 'unless os.environ.get("S3") == "1" (the default)',
          }),
          expect.objectContaining({ value: {}, when: 'if os.environ.get("S3") == "1"' }),
        ],
      },
    ],
  ])('%s', (settings, expected) => {
    expect(found(settings).answers.static).toEqual(expected);
  });

  it('serves media from here, unless another host keeps it', () => {
    const media = 'MEDIA_URL = "media/"\nMEDIA_ROOT = BASE_DIR / "media"\n';
    expect(found(media).answers.media).toEqual(known({ '/media/': 'media' }));
    expect(found('').answers.media).toEqual(ABSENT);
    expect(
      found(`${media}DEFAULT_FILE_STORAGE = "storages.backends.s3boto3.S3Boto3Storage"\n`).answers.media,
    ).toEqual(known({}));
    const own = found(`${media}STORAGES = {"default": {"BACKEND": "site1.stores.Media"}}\n`, {
      'site1/stores.py':
        'from storages.backends.gcloud import GoogleCloudStorage\nclass Media(GoogleCloudStorage):\n    pass\n',
    });
    expect(own.answers.media).toEqual(known({}));
  });

  it('asks where a storage is one of several', () => {
    const stores =
      'from django.conf import settings\nfrom django.core.files.storage import FileSystemStorage as S\nif settings.BUCKET:\n    from storages.backends.s3 import S3Storage as S\nclass Media(S):\n    pass\n';
    const settings = 'MEDIA_URL = "m/"\nMEDIA_ROOT = "m"\nDEFAULT_FILE_STORAGE = "site1.stores.Media"\n';
    expect(found(settings, { 'site1/stores.py': stores }).answers.media).toMatchObject({ kind: 'unknown' });
  });

  it('finds protected downloads of django-sendfile2', () => {
    const settings = 'SENDFILE_ROOT = BASE_DIR / "protected"\nSENDFILE_URL = "/_protected"\n';
    const branch = `import os\nDEBUG = os.environ.get("DEBUG") == "1"\nSENDFILE_BACKEND = "django_sendfile.backends.development" if DEBUG else "django_sendfile.backends.nginx"\n${settings}`;
    expect(
      found(`SENDFILE_BACKEND = "django_sendfile.backends.nginx"\n${settings}`).answers.protected,
    ).toEqual(known({ '/_protected/': 'protected' }));
    expect(found(branch).answers.protected).toEqual(
      byDefault({ '/_protected/': 'protected' }, 'DEBUG is on'),
    );
    expect(
      found(`SENDFILE_BACKEND = "django_sendfile.backends.simple"\n${settings}`).answers.protected,
    ).toEqual(ABSENT);
  });
});

describe('storages and middleware', () => {
  const storages = (backend: string) => `STORAGES = {"staticfiles": {"BACKEND": "${backend}"}}\n`;

  it.each<[string, unknown]>([
    [storages('django.contrib.staticfiles.storage.ManifestStaticFilesStorage'), known(true)],
    [storages('whitenoise.storage.CompressedManifestStaticFilesStorage'), known(true)],
    [storages('whitenoise.storage.CompressedStaticFilesStorage'), known(false)],
    [storages('site1.stores.Static'), known(true)],
    [storages('elsewhere.Static'), expect.objectContaining({ kind: 'unknown' })],
    [
      'STORAGES = {}\nSTORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}\n',
      known(true),
    ],
    ['STATICFILES_STORAGE = "whitenoise.storage.CompressedManifestStaticFilesStorage"\n', byDefault(true)],
  ])('%s', (settings, expected) => {
    const stores =
      'from django.contrib.staticfiles.storage import ManifestStaticFilesStorage as M\nclass Static(M):\n    manifest_strict = False\n';
    expect(found(settings, { 'site1/stores.py': stores }).answers.hashed).toEqual(expected);
  });

  it('knows that a newer Django ignores STATICFILES_STORAGE', () => {
    const settings = 'STATICFILES_STORAGE = "whitenoise.storage.CompressedManifestStaticFilesStorage"\n';
    const newer = found(settings, { 'requirements.txt': 'Django==5.2.1\n' });
    expect(newer.answers.hashed).toEqual(known(false));
    expect(newer.warnings[0]?.message).toContain('STATICFILES_STORAGE is ignored');
    const older = found(settings, { 'requirements.txt': 'Django==4.2.1\n' });
    expect(older.answers.hashed).toEqual(known(true));
    expect(older.warnings).toEqual([]);
  });

  it('finds WhiteNoise, and names the place', () => {
    const { facts } = found('MIDDLEWARE.insert(1, "whitenoise.middleware.WhiteNoiseMiddleware")\n');
    expect(facts.whitenoise).toMatchObject({ kind: 'known', value: true });
    expect(facts.whitenoise).toHaveProperty(
      'from',
      expect.arrayContaining([{ file: 'site1/settings.py', line: 7 }]),
    );
  });
});

describe('the database', () => {
  const engine = (name: string) =>
    `DATABASES = {"default": {"ENGINE": "${name}", "NAME": BASE_DIR / "db.sqlite3"}}\n`;

  it.each<[string, unknown, unknown]>([
    [engine('django.db.backends.sqlite3'), known('sqlite'), known('db.sqlite3')],
    [engine('django.db.backends.postgresql'), known('postgresql'), ABSENT],
    [engine('django.contrib.gis.db.backends.postgis'), known('postgresql'), ABSENT],
    [engine('django.db.backends.mysql'), known('mysql'), ABSENT],
    [engine('django.db.backends.oracle'), known('oracle'), ABSENT],
    [engine('mssql'), known('other'), ABSENT],
    ['', known('none'), ABSENT],
    [
      'import dj_database_url\nDATABASES = {"default": dj_database_url.config(default=f"sqlite:///{BASE_DIR / \'d.db\'}")}\n',
      byDefault('sqlite', 'the environment variable DATABASE_URL is set'),
      byDefault('d.db', 'the environment variable DATABASE_URL is set'),
    ],
    [
      'import dj_database_url\nDATABASES = {"default": dj_database_url.parse("postgres://u:secret@h/d")}\n',
      known('postgresql'),
      ABSENT,
    ],
    [
      'import environ\nenv = environ.Env()\nDATABASES = {"default": env.db()}\n',
      expect.objectContaining({
        kind: 'unknown',
        because: 'read from the environment variable DATABASE_URL',
      }),
      expect.objectContaining({ kind: 'unknown' }),
    ],
    [
      'import os, dj_database_url\nDATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "x.db"}}\nif "DATABASE_URL" in os.environ:\n    DATABASES["default"] = dj_database_url.config()\n',
      byDefault('sqlite', 'the environment variable DATABASE_URL is set'),
      byDefault('x.db', 'the environment variable DATABASE_URL is set'),
    ],
  ])('%s', (settings, database, file) => {
    const { answers } = found(settings);
    expect(answers.database).toEqual(database);
    expect(answers['database-file']).toEqual(file);
  });
});

describe('secrets', () => {
  it('never leave the source', () => {
    const settings = `import os, dj_database_url
SECRET_KEY = os.environ.get("KEY", "hunter2-key")
DATABASES = {"default": dj_database_url.parse("postgres://u:hunter2-db@h/d")}
STORAGES = {"default": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": {"secret_key": "hunter2-s3", "location": "m"}}}
`;
    const detection = found(settings);
    expect(JSON.stringify(detection)).not.toContain('hunter2');
    expect(detection.settings.SECRET_KEY).toEqual(
      byDefault('<literal>', 'the environment variable KEY is set'),
    );
    expect(detection.settings.STORAGES).toEqual(
      known({ default: { BACKEND: 'storages.backends.s3.S3Storage', OPTIONS: { location: 'm' } } }),
    );
  });

  it('are asked for where the environment has them', () => {
    const { answers, settings } = found(
      'import os\nSECRET_KEY = os.environ["SECRET_KEY"]\nX = os.environ.get("X", "")\nos.environ.get("DJANGO_SETTINGS_MODULE")\n',
    );
    expect(settings.SECRET_KEY).toMatchObject({
      kind: 'unknown',
      because: 'read from the environment variable SECRET_KEY',
    });
    expect(answers.env).toEqual({
      kind: 'known',
      value: ['SECRET_KEY'],
      from: [{ file: 'site1/settings.py', line: 8 }],
    });
    expect(answers['env-optional']).toEqual(known(['X']));
  });
});

describe('a health URL', () => {
  const urls = (patterns: string, head = '') => ({
    'site1/urls.py': `from django.urls import include, path, re_path\nfrom . import views\n${head}urlpatterns = [\n    path("", views.home),\n    ${patterns}\n]\n`,
  });

  it.each<[string, unknown]>([
    ['path("healthz", views.health),', known('/healthz')],
    ['path("healthz/", views.health, name="health"),', known('/healthz/')],
    ['re_path(r"^ping/?$", views.health),', known('/ping')],
    ['path("api/", include("core.urls")),', known('/api/livez')],
    ['path("h/", include([path("status/", views.health)])),', known('/h/status/')],
    ['path("health/", include("health_check.urls")),', known('/health/')],
    ['path("<slug:a>/status/", views.health),', ABSENT],
    ['path("about/", views.about),', ABSENT],
  ])('%s', (patterns, expected) => {
    const more = { 'core/urls.py': 'from django.urls import path\nurlpatterns = [path("livez", None)]\n' };
    expect(found('', { ...urls(patterns), ...more }).answers.health).toEqual(expected);
  });

  it.each<[string, string, unknown]>([
    [
      'from django.contrib.auth.decorators import login_required',
      'login_required(views.home)',
      known('/ 302'),
    ],
    ['from django.views.generic import RedirectView', 'RedirectView.as_view(url="/login")', known('/ 302')],
    [
      'from django.views.generic.base import RedirectView',
      'RedirectView.as_view(url="/x", permanent=True)',
      known('/ 301'),
    ],
    ['from django.views.generic import TemplateView', 'TemplateView.as_view(template_name="x")', ABSENT],
  ])('with its status where / leads elsewhere: %s, %s', (line, view, expected) => {
    const text = `from django.urls import path\nfrom . import views\n${line}\nurlpatterns = [path("", ${view})]\n`;
    expect(found('', { 'site1/urls.py': text }).answers.health).toEqual(expected);
  });

  it('is found in appended patterns, and prefers the telling name', () => {
    const more = urls('path("status", views.a),', '');
    more['site1/urls.py'] += 'urlpatterns += [path("healthz", views.b)]\n';
    expect(found('', more).answers.health).toMatchObject({
      value: '/healthz',
      from: [{ file: 'site1/urls.py', line: 7 }],
    });
  });
});

describe('packaging', () => {
  it.each<[string, Record<string, string>, unknown]>([
    [
      'requirements.txt',
      { 'requirements.txt': 'django\n', 'pyproject.toml': '[project]\nname = "x"\n' },
      known('requirements.txt'),
    ],
    [
      'production before all',
      { 'requirements.txt': '', 'requirements/production.txt': 'django\n' },
      known('requirements/production.txt'),
    ],
    ['pyproject.toml', { 'pyproject.toml': '[project]\nname = "x"\n' }, known('pyproject.toml')],
    ['a pyproject.toml of tools only', { 'pyproject.toml': '[tool.ruff]\nline-length = 100\n' }, ABSENT],
    ['nothing', {}, ABSENT],
  ])('%s', (_name, more, expected) => {
    expect(found('', more).answers.requirements).toEqual(expected);
  });

  it('reads versions', () => {
    const pyproject =
      '[project]\nname = "x"\nrequires-python = ">=3.12"\ndependencies = ["gunicorn[gevent]==23.0.0"]\n';
    const { answers, facts } = found('', { 'pyproject.toml': pyproject });
    expect(answers).toMatchObject({ 'gunicorn-version': known('23.0.0') });
    expect(facts.python).toEqual({
      kind: 'known',
      value: '>=3.12',
      from: [{ file: 'pyproject.toml', line: 3 }],
    });
    expect(found('', { '.python-version': '3.13\n' }).facts.python).toEqual(known('3.13'));
    expect(found('', { 'pyproject.toml': '[project\n' }).warnings[0]?.message).toContain('not valid TOML');
  });
});

describe('bad input', () => {
  it('uses what can be read of half-written settings', () => {
    const { answers, warnings } = found(
      'STATIC_URL = "/static/"\nSTATIC_ROOT = BASE_DIR / "s"\nMEDIA_ROOT = (\n',
    );
    expect(answers.static).toEqual(known({ '/static/': 's' }));
    expect(warnings[0]?.message).toContain('site1/settings.py has Python that could not be read (line 9)');
  });

  it('survives files that are not text, and settings that import themselves', () => {
    expect(() =>
      found('from site1.settings import *\n', { 'site1/wsgi.py': undefined, 'site1/urls.py': undefined }),
    ).not.toThrow();
    const { answers } = found('from .missing import *\nSTATIC_URL = "/static/"\n');
    expect(answers.static).toMatchObject({
      kind: 'unknown',
      because: 'it may be set by the module .missing, which is not in the project',
    });
  });
});

describe('work in the background', () => {
  const CELERY = 'from celery import Celery\n\napp = Celery("site1")\n';
  const commands = (settings: string, more: Record<string, string>) =>
    found(settings, { 'requirements.txt': 'celery[redis]>=5\n', 'site1/celery.py': CELERY, ...more }).answers
      .background;

  it('is a Celery worker where the project has a Celery app and installs Celery', () => {
    expect(commands('', {})).toEqual({
      kind: 'known',
      value: { worker: 'celery -A site1 worker --loglevel INFO' },
      from: [{ file: 'site1/celery.py', line: 3 }],
    });
    expect(commands('', { 'site1/celery.py': '', 'site1/celery_app.py': CELERY })).toEqual(
      known({ worker: 'celery -A site1.celery_app worker --loglevel INFO' }),
    );
    expect(commands('', { 'requirements.txt': 'kombu\n' })).toEqual(ABSENT);
    expect(commands('', { 'site1/celery.py': '# app = Celery("site1")\n' })).toEqual(ABSENT);
  });

  it('has one beat where there is a schedule', () => {
    const beat = 'celery -A site1 beat --loglevel INFO';
    const scheduled = 'CELERY_BEAT_SCHEDULE = {"x": {"task": "t", "schedule": crontab(hour=3)}}\n';
    expect(commands(`from celery.schedules import crontab\n${scheduled}`, {})).toEqual(
      known(expect.objectContaining({ beat: `${beat} --schedule {state}/celerybeat-schedule` })),
    );
    expect(commands('INSTALLED_APPS += ["django_celery_beat"]\n', {})).toEqual(
      known(
        expect.objectContaining({
          beat: `${beat} --scheduler django_celery_beat.schedulers:DatabaseScheduler`,
        }),
      ),
    );
    expect(commands('CELERY_BEAT_SCHEDULE = {}\n', {})).toEqual(known({ worker: expect.any(String) }));
  });
});
