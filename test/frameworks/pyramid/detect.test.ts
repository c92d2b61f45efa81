import { describe, expect, it } from 'vitest';
import { detectPyramid } from '../../../src/frameworks/pyramid/detect.ts';
import type { Detection } from '../../../src/words/detection.ts';
import { memoryProject } from '../../detect/memory-project.ts';

const known = (value: unknown) => expect.objectContaining({ kind: 'known', value });

function found(files: Record<string, string>): Detection {
  const detection = detectPyramid(memoryProject(files));
  if (!detection) throw new Error('not taken for Pyramid');
  return detection;
}

const MAIN = `from pyramid.config import Configurator

def main(global_config, **settings):
    with Configurator(settings=settings) as config:
        config.include('.routes')
        config.include('shop.models')
        config.scan()
    return config.make_wsgi_app()
`;
const SHOP = {
  'setup.py':
    "from setuptools import setup\nsetup(name='shop', install_requires=['pyramid==2.0.2', 'waitress'],\n  entry_points={'paste.app_factory': ['main = shop:main']})\n",
  'shop/__init__.py': MAIN,
  'shop/routes.py':
    "def includeme(config):\n    config.add_static_view('static', 'static', cache_max_age=3600)\n    config.add_route('home', '/')\n    config.add_route('h', '/healthz')\n",
  'shop/models.py': 'def includeme(config):\n    config.add_static_view("up", "shop:../uploads")\n',
  'shop/static/a.css': '',
};
const INI = `[app:main]
use = egg:shop
pyramid.includes = pyramid_tm
sqlalchemy.url = sqlite:///%(here)s/shop.sqlite
session.secret = hunter2-of-mine

[server:main]
use = egg:waitress#main

[alembic]
script_location = shop/alembic
`;

describe('an app of an ini file', () => {
  it('is what its entry point makes', () => {
    const detection = found({ ...SHOP, 'production.ini': INI, 'development.ini': INI });
    expect(detection.answers).toMatchObject({
      ...{ app: known('paste_app:application'), 'paste-ini': known('production.ini'), root: known('.') },
      ...{ 'install-project': known(true), requirements: known('setup.py') },
      ...{ static: known({ '/static/': 'shop/static' }), health: known('/healthz') },
      ...{ database: known('sqlite'), 'database-file': known('shop.sqlite') },
      ...{ migrate: known(true), 'alembic-config': known('production.ini') },
    });
    expect(detection.settings['pyramid.includes']).toEqual(known('pyramid_tm'));
    const messages = detection.warnings.map(({ message, from }) => `${from[0]?.line} ${message}`);
    expect(detection.settings['session secret']).toMatchObject({
      ...{ kind: 'known', value: '<literal>' },
      from: [{ file: 'production.ini', line: 5 }],
    });
    expect(messages).toContainEqual(
      expect.stringMatching(/^7 \[server:main\] of production\.ini is not used/),
    );
    expect(JSON.stringify(detection)).not.toContain('hunter2');
  });

  it.each([
    ['[tool.poetry.plugins."paste.app_factory"]\nmain = "shop:main"\n', 'pyproject.toml'],
    ['[project.entry-points."paste.app_factory"]\nmain = "shop:main"\n', 'pyproject.toml'],
    ['[options.entry_points]\npaste.app_factory =\n    main = shop:main\n', 'setup.cfg'],
    ['setup(entry_points="""\\\n[paste.app_factory]\nmain = shop:main\n""")\n', 'setup.py'],
  ])('has its entry point wherever a project may write it: %j', (text, file) => {
    const { 'setup.py': _, ...shop } = SHOP;
    const { answers } = found({ ...shop, [file]: text, 'production.ini': INI });
    expect(answers).toMatchObject({ app: known('paste_app:application'), 'install-project': known(true) });
  });

  it.each([
    ['[app:main]\npaste.app_factory = shop:main\n', false],
    ['[app:main]\nuse = call:shop:main\n', false],
    ['[pipeline:main]\npipeline = egg:Paste#gzip shop\n[app:shop]\nuse = egg:shop\n', true],
    ['[composite:main]\nuse = egg:Paste#urlmap\n/ = shop\n[app:shop]\nuse = egg:shop\n', true],
    ['[app:main]\nuse = config:base.ini#shop\n', true],
    ['[DEFAULT]\nx = 1\n[app:main]\nuse = egg:shop#main\nset x = 2\n', true],
  ])('is found behind %j', (ini, own) => {
    const files = { ...SHOP, 'production.ini': ini, 'base.ini': '[app:shop]\nuse = egg:shop\n' };
    const { answers } = found(files);
    expect(answers.app).toEqual(known('paste_app:application'));
    expect(answers['install-project']).toEqual(own ? known(true) : undefined);
  });

  it('says what a filter believes beyond what is set', () => {
    const ini = `[pipeline:main]\npipeline = proxy shop\n[filter:proxy]\nuse = egg:PasteDeploy#prefix\n[app:shop]\nuse = egg:shop\n`;
    expect(found({ ...SHOP, 'production.ini': ini }).settings['X-Forwarded-For']).toMatchObject(
      known({ x_for: 1, x_proto: 1, x_host: 1, x_port: 0, x_prefix: 0, x_server: 1, x_scheme: 1 }),
    );
  });

  it('may have its file in a folder of its own, and a template of one is none', () => {
    const files = { ...SHOP, 'etc/production.ini': INI, 'live.ini': INI.replace('egg:shop', '{{ egg }}') };
    expect(found(files).answers).toMatchObject({
      ...{ root: known('.'), 'paste-ini': known('etc/production.ini') },
      ...{ 'database-file': known('etc/shop.sqlite'), 'alembic-config': known('etc/production.ini') },
    });
  });

  it('is for development where there is nothing else, which is said', () => {
    const { warnings, answers } = found({ ...SHOP, 'development.ini': INI });
    expect(answers['paste-ini']).toMatchObject({ kind: 'default', value: 'development.ini' });
    expect(warnings.map(({ message }) => message)).toContainEqual(
      expect.stringContaining('the only ini file'),
    );
  });
});

describe('an app of a module', () => {
  it('is what make_wsgi_app() gives', () => {
    const text = `from pyramid.config import Configurator
from wsgiref.simple_server import make_server
config = Configurator()
config.add_route("ping", "/ping")
app = config.make_wsgi_app()
if __name__ == "__main__":
    make_server("", 80, app)
`;
    const { answers } = found({ 'app.py': text });
    expect(answers).toMatchObject({ app: known('app:app'), health: known('/ping') });
    expect(answers['paste-ini']).toBeUndefined();
  });

  it('is unknown where a factory wants settings that nothing has', () => {
    const { answers } = found({ 'shop/__init__.py': MAIN.replace('global_config', 'global_conf') });
    expect(answers.app).toMatchObject({ kind: 'unknown', from: [{ file: 'shop/__init__.py', line: 3 }] });
  });

  it('is nowhere', () => {
    expect(detectPyramid(memoryProject({ 'setup.cfg': '[x]\n', 'tox.ini': '[tox]\n' }))).toBeUndefined();
  });
});
