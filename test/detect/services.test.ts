/** The services of one site that a project shows: what is taken, what is proposed, and what is neither. */
import { describe, expect, it } from 'vitest';
import { detectedLayer } from '../../src/answers/detected.ts';
import { resolveAnswers } from '../../src/answers/resolve.ts';
import { detect } from '../../src/detect/index.ts';
import { frontendsOf } from '../../src/detect/services/frontends.ts';
import { DETECTIONS } from '../../src/detections.ts';
import type { Detection } from '../../src/words/detection.ts';
import { said } from '../wizard/script.ts';
import { memoryProject, startproject } from './memory-project.ts';

type Files = Record<string, string>;

const detection = (files: Files, django = false): Detection => {
  const found = detect(django ? startproject(files) : memoryProject(files), DETECTIONS).detection;
  if (found === undefined) throw new Error('no app was found');
  return found;
};

/** What is proposed, and what is taken. */
function shown(files: Files, django = false) {
  const { services, answers, notTaken = [] } = detection(files, django);
  const { app, paths } = answers;
  return {
    app: app?.kind === 'known' ? app.value : app?.kind,
    proposed: services?.options[0]?.value,
    taken: paths?.kind === 'known' ? paths.value : undefined,
    others: notTaken.filter(({ group }) => group === 'services').map(({ text }) => text),
  };
}

/** No answer that detection gives or proposes may be one that is refused. */
function problemsWith(files: Files, django = false): string[] {
  const found = detection(files, django);
  const given = said({ name: 'shop', domains: ['shop.example'], tls: 'none' });
  const proposed = said({ ...found.services?.options[0]?.value });
  return resolveAnswers([given, proposed, detectedLayer(found)]).problems.map(
    ({ path, message }) => `${path}: ${message}`,
  );
}

const API: Files = {
  'backend/requirements.txt': 'fastapi\n',
  'backend/main.py':
    'from fastapi import APIRouter, FastAPI\napp = FastAPI()\nrouter = APIRouter(prefix="/api")\n@router.get("/items")\nasync def items(): ...\napp.include_router(router)\n',
};
const VITE: Files = {
  'frontend/package.json': '{\n "scripts": {"build": "tsc && vite build"}\n}\n',
  'frontend/index.html': '<!doctype html>',
};
const single = (folder: string) => ({ '/': { folder, 'single-page': true } });
const BELOW = { path: '/api/', health: '/api/ 404' };

describe('a front end with a build, beside an API', () => {
  it('is proposed at /, with the app below its path, and is not taken', () => {
    const files = { ...API, ...VITE };
    expect(shown(files)).toEqual({
      ...{ app: 'main:app', taken: undefined, others: [] },
      proposed: { ...BELOW, paths: single('frontend/dist') },
    });
    expect(detection(files).services?.options[0]?.from).toEqual([
      { file: 'frontend/package.json', line: 2 },
      { file: 'backend/main.py', line: 4 },
    ]);
    expect(problemsWith(files)).toEqual([]);
  });

  it('leaves a page for health that lies below the path', () => {
    const main = `${API['backend/main.py']}@app.get("/api/health")\nasync def health(): ...\n`;
    expect(shown({ ...API, ...VITE, 'backend/main.py': main }).proposed).toEqual({
      path: '/api/',
      paths: single('frontend/dist'),
    });
  });

  it.each([
    ['a page at /', '@app.get("/")\nasync def home(): ...\n'],
    ['a page beside it', '@app.get("/about")\nasync def about(): ...\n'],
    ['something else than a page beside it', '@app.post("/token")\nasync def token(): ...\n'],
    ['WebSockets beside it', '@app.websocket("/live")\nasync def live(socket): ...\n'],
    ['an app of unknown routes at /', 'from other import make\napp.mount("/", make())\n'],
    [
      'the front end itself',
      'from fastapi.staticfiles import StaticFiles\napp.mount("/", StaticFiles(directory="../frontend/dist", html=True))\n',
    ],
    ['routes that are not known', 'from other import more\napp.include_router(more)\n'],
  ])('is not where the app has %s', (_, more) => {
    expect(shown({ ...API, ...VITE, 'backend/main.py': `${API['backend/main.py']}${more}` }).proposed).toBe(
      undefined,
    );
  });

  it('is not where the path is that of pages, or where two front ends could be meant', () => {
    const main = API['backend/main.py']?.replace('/api', '/shop') ?? '';
    expect(shown({ ...API, ...VITE, 'backend/main.py': main }).proposed).toBe(undefined);
    const admin = { 'admin/package.json': VITE['frontend/package.json'] ?? '', 'admin/index.html': '' };
    expect(shown({ ...API, ...VITE, ...admin }).proposed).toBe(undefined);
  });

  it('is beside Django and Flask as well, where what they have is known to lie below one path', () => {
    const urls = (more: string) =>
      `from django.urls import include, path, re_path\nfrom . import views\nurlpatterns = [path("api/items/", views.items)${more}]\n`;
    const django = (more: string) => shown({ ...VITE, 'mysite/urls.py': urls(more) }, true).proposed;
    expect(django('')).toEqual({ ...BELOW, paths: single('frontend/dist') });
    expect(django(', re_path(r"^api/(?P<id>[0-9]+)/$", views.one)')).toEqual({
      path: '/api/',
      paths: single('frontend/dist'),
    });
    expect(django(', re_path(r"^.*$", views.home)')).toBe(undefined);
    expect(django(', path("admin/", views.admin)')).toBe(undefined);
    expect(django(', path("", include(views.router.urls))')).toBe(undefined);
    const flask = (more: string) =>
      shown({
        ...VITE,
        'requirements.txt': 'flask\n',
        'site.py': '',
        'app.py': `from flask import Flask\napp = Flask(__name__)\n@app.get("/api/items")\ndef items(): ...\n${more}`,
      }).proposed;
    expect(flask('')).toEqual({ ...BELOW, paths: single('frontend/dist') });
    expect(flask('@app.post("/login")\ndef login(): ...\n')).toBe(undefined);
    expect(flask('from pages import pages\napp.register_blueprint(pages)\n')).toBe(undefined);
  });
});

describe('what a build writes', () => {
  const PAGE = { 'index.html': '', 'public/index.html': '' };
  const folders = (build: string, files: Files = {}, more: object = {}) =>
    frontendsOf(
      memoryProject({
        'ui/package.json': JSON.stringify({ scripts: { build }, ...more }),
        ...Object.fromEntries(
          Object.entries({ ...PAGE, ...files }).map(([path, text]) => [`ui/${path}`, text]),
        ),
      }),
    ).map(({ folder }) => folder);
  const angular = (options: object, builder = '@angular/build:application') => ({
    'angular.json': JSON.stringify({ projects: { shop: { architect: { build: { builder, options } } } } }),
  });

  it.each<[string, string, Files]>([
    ['ui/dist', 'vite build', {}],
    ['ui/out', 'vite build', { 'vite.config.ts': "export default { build: { outDir: 'out' } }" }],
    ['ui/web', 'vite build --outDir web', {}],
    ['ui/dist', 'vite build', { 'vite.config.js': "/* outDir: '../a'\n".repeat(30_000) }],
    ['ui/build', 'react-scripts build', {}],
    ['ui/dist', 'vue-cli-service build', {}],
    [
      'ui/public_html',
      'vue-cli-service build',
      { 'vue.config.js': 'module.exports = { outputDir: "public_html" }' },
    ],
    ['ui/dist/shop/browser', 'ng build', angular({})],
    ['ui/dist/it', 'ng build', angular({ outputPath: 'dist/it' }, '@angular-devkit/build-angular:browser')],
    ['ui/web', 'ng build', angular({ outputPath: { base: 'web', browser: '' } })],
    [
      'ui/out',
      'next build',
      { 'next.config.js': 'module.exports = { output: "export", trailingSlash: true }' },
    ],
  ])('is %s of %s', (folder, build, files) => {
    expect(folders(build, files)).toEqual([folder]);
  });

  it.each<[string, string, Files, object?]>([
    [
      'leads into the app',
      'vite build',
      { 'vite.config.js': "export default { build: { outDir: '../app/static' } }" },
    ],
    [
      'leads into the app, between patterns that look like a comment',
      'vite build',
      {
        'vite.config.js':
          "export default { alias: { '@/*': './src/*' }, build: { outDir: '../app/static' }, test: { include: ['**/*.ts'] } }",
      },
    ],
    [
      'is decided at run time',
      'vite build',
      { 'vite.config.js': 'export default { build: { outDir: process.env.OUT } }' },
    ],
    ['is below another path', 'vite build', { 'vite.config.js': "export default { base: '/static/' }" }],
    ['is for templates', 'vite build', { 'vite.config.js': 'export default { build: { manifest: true } }' }],
    ['is a library', 'vite build', { 'vite.config.js': "export default { build: { lib: { entry: 'a' } } }" }],
    ['is for a server', 'next build', {}],
    ['is a file for each page', 'next build', { 'next.config.js': 'module.exports = { output: "export" }' }],
    ['is for a server of Angular', 'ng build', angular({ ssr: true })],
    ['is a program for a desktop', 'vite build', {}, { devDependencies: { electron: '1' } }],
    ['is served by Vercel', 'vite build', { 'vercel.json': '{}' }],
    ['is a folder of the repository', 'vite build --outDir .git', {}],
    ['is a folder of packages', 'vite build --outDir node_modules/ui', {}],
    ['is not known', 'webpack', {}],
  ])('is nothing where it %s', (_, build, files, more) => {
    expect(folders(build, files, more)).toEqual([]);
  });

  it('is nothing where no page is built, or the folder has no name yet', () => {
    const files = { 'ui/package.json': '{"scripts":{"build":"vite build"}}' };
    expect(frontendsOf(memoryProject(files))).toEqual([]);
    const template = Object.fromEntries(
      Object.entries(VITE).map(([path, text]) => [path.replace('frontend', '{{ slug }}'), text]),
    );
    expect(frontendsOf(memoryProject(template))).toEqual([]);
  });
});

const CHANNELS: Files = {
  'requirements.txt': 'Django\nchannels\ndaphne\ngunicorn\n',
  'mysite/asgi.py':
    'import os\nfrom channels.routing import ProtocolTypeRouter, URLRouter\nfrom django.core.asgi import get_asgi_application\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")\nfrom mysite.routing import urls\napplication = ProtocolTypeRouter({"http": get_asgi_application(), "websocket": URLRouter(urls)})\n',
  'mysite/routing.py':
    'from django.urls import re_path\nfrom . import consumers\nurls = [re_path(r"^ws/chat/(?P<room>\\w+)/$", consumers.Chat.as_asgi())]\n',
};
const PROCESSES: Files = {
  'supervisor.conf':
    '[program:pages]\ncommand=gunicorn mysite.wsgi -w 3 -b 127.0.0.1:8000\n[program:live]\ncommand=daphne -p 8001 --websocket_timeout 7200 mysite.asgi:application\nnumprocs=2\n',
};
const nginx = (live: string, more = ''): Files => ({
  'site.conf': `upstream live { server 127.0.0.1:8001; }\nserver {\n server_name shop.contoso.org;\n ${live}\n location / { proxy_pass http://127.0.0.1:8000; }\n ${more}\n}\n`,
});
const LIVE = { '/ws/': { app: 'mysite.asgi:application', workers: 2, health: '/ws/ 404' } };

describe('pages on WSGI and live paths on ASGI', () => {
  it('are taken from the earlier site that has both', () => {
    const files = { ...CHANNELS, ...PROCESSES, ...nginx('location /ws/ { proxy_pass http://live; }') };
    expect(shown(files, true)).toEqual({
      ...{ app: 'mysite.wsgi:application', proposed: undefined, others: [] },
      taken: LIVE,
    });
    const { answers, notTaken = [] } = detection(files, true);
    expect(answers.workers).toMatchObject({ kind: 'known', value: 3 });
    expect(answers.paths).toMatchObject({
      from: [
        { file: 'site.conf', line: 4 },
        { file: 'supervisor.conf', line: 4 },
      ],
    });
    expect(notTaken.map(({ text }) => text)).toContain('live-timeout 7200 of mysite.asgi:application');
    expect(problemsWith(files, true)).toEqual([]);
  });

  it('have each the sandbox and the limits of their own unit', () => {
    const unit = (command: string, ...lines: string[]) =>
      ['[Service]', `ExecStart=/srv/venv/bin/${command}`, ...lines, ''].join('\n');
    const live = unit('daphne -p 8001 mysite.asgi:application', 'PrivateTmp=no', 'MemoryMax=1G');
    const site = nginx('location /ws/ { proxy_pass http://live; }');
    const files = { ...CHANNELS, ...site, 'live.service': live };
    const { answers } = detection(
      { ...files, 'web.service': unit('gunicorn -b :8000 mysite.wsgi', 'MemoryMax=2G') },
      true,
    );
    expect(answers.limits).toMatchObject({ kind: 'known', value: { MemoryMax: '2G' } });
    expect(answers.sandbox).toBeUndefined();
    expect(answers.paths).toMatchObject({
      value: { '/ws/': { sandbox: { PrivateTmp: 'no' }, limits: { MemoryMax: '1G' } } },
    });
  });

  it('say of limits that differ what the other unit has', () => {
    const unit = (memory: string) =>
      `[Service]\nExecStart=/srv/venv/bin/gunicorn mysite.wsgi\nMemoryMax=${memory}\nTasksMax=64\n`;
    const { limits } = detection({ 'a.service': unit('1G'), 'b.service': unit('2G') }, true).answers;
    expect(limits).toMatchObject({
      kind: 'default',
      unless: 'the live site runs by b.service:3, which has MemoryMax=2G, TasksMax=64',
    });
  });

  it('are taken from Apache’s site as well', () => {
    const apache =
      '<VirtualHost *:80>\nServerName shop.contoso.org\nProxyPass /ws/ ws://127.0.0.1:8001/ws/\nProxyPass / http://127.0.0.1:8000/\n</VirtualHost>\n';
    expect(shown({ ...CHANNELS, ...PROCESSES, 'site.conf': apache }, true)).toMatchObject({
      ...{ app: 'mysite.wsgi:application', taken: LIVE, others: [] },
    });
  });

  it('are not taken from an Apache that does not let everybody ask for the path', () => {
    const apache = (who: string) =>
      `<VirtualHost *:80>\nServerName shop.contoso.org\n<Location "/ws/">\nRequire ${who}\n</Location>\nProxyPass /ws/ ws://127.0.0.1:8001/ws/\nProxyPass / http://127.0.0.1:8000/\n</VirtualHost>\n`;
    const taken = (who: string) => shown({ ...CHANNELS, ...PROCESSES, 'site.conf': apache(who) }, true).taken;
    expect(taken('ip 10')).toBeUndefined();
    expect(taken('all granted')).toEqual(LIVE);
  });

  it('say what else the earlier site said of the path', () => {
    const files = {
      ...CHANNELS,
      ...PROCESSES,
      ...nginx('location /ws/ { proxy_pass http://live; proxy_read_timeout 9m; }'),
    };
    const { notTaken = [] } = detection(files, true);
    expect(notTaken.map(({ text }) => text)).toContain('location /ws/ goes to live: proxy_read_timeout');
  });

  it.each([
    ['another than what it says', 'location /ws { proxy_pass http://live; }', {}],
    ['not for everybody', 'location /ws/ { allow 10.0.0.0/8; deny all; proxy_pass http://live; }', {}],
    ['only processes', '', {}],
  ])('are proposed where the earlier site has %s', (_, location) => {
    const files = { ...CHANNELS, ...PROCESSES, ...(location === '' ? {} : nginx(location)) };
    expect(shown(files, true)).toMatchObject({
      app: 'mysite.asgi:application',
      taken: undefined,
      proposed: { app: 'mysite.wsgi:application', paths: LIVE },
    });
    expect(problemsWith(files, true)).toEqual([]);
  });

  it.each<[string, Files]>([
    ['one process serves both', { Procfile: 'web: daphne mysite.asgi:application\n' }],
    ['nothing is said of processes', {}],
    [
      'the live app answers no page',
      {
        ...PROCESSES,
        'mysite/asgi.py': (CHANNELS['mysite/asgi.py'] ?? '').replace('"http": get_asgi_application(), ', ''),
      },
    ],
    [
      'live paths are below several',
      {
        ...PROCESSES,
        'mysite/routing.py': `${CHANNELS['mysite/routing.py']}more = [re_path(r"^news/$", consumers.News)]\n`,
      },
    ],
    [
      'it is for a developer',
      {
        'docker-compose.dev.yml':
          'services:\n  a:\n    build: .\n    command: gunicorn mysite.wsgi\n  b:\n    build: .\n    command: daphne mysite.asgi:application\n',
      },
    ],
  ])('are neither where %s', (_, more) => {
    expect(shown({ ...CHANNELS, ...more }, true)).toMatchObject({
      ...{ app: 'mysite.asgi:application', taken: undefined, proposed: undefined },
    });
  });
});

const TWO: Files = {
  'requirements.txt': 'flask\ngunicorn\n',
  'pages.py': 'from flask import Flask\napp = Flask(__name__)\n@app.get("/")\ndef home(): ...\n',
  'hooks.py':
    'from flask import Flask\napp = Flask(__name__)\n@app.post("/hooks/push")\ndef push(): ...\n@app.get("/hooks/status")\ndef status(): ...\n',
  Procfile: 'web: gunicorn pages:app\nhooks: gunicorn -w 2 -b :8001 hooks:app\n',
};
const HOOKS = { '/hooks/': { app: 'hooks:app', workers: 2, health: '/hooks/status' } };

describe('two apps', () => {
  it('are proposed where both are started, and one has nothing but what is below a path', () => {
    expect(shown(TWO)).toMatchObject({ app: 'one-of', proposed: { app: 'pages:app', paths: HOOKS } });
    expect(problemsWith(TWO)).toEqual([]);
  });

  it('are taken from the earlier site that has both', () => {
    const files = { ...TWO, ...nginx('location /hooks/ { proxy_pass http://live; }') };
    expect(shown(files)).toEqual({ app: 'pages:app', proposed: undefined, taken: HOOKS, others: [] });
    expect(problemsWith(files)).toEqual([]);
  });

  it('are proposed as one that is told of its path, where the earlier site took it off', () => {
    const hooks = (TWO['hooks.py'] ?? '').replaceAll('/hooks/', '/');
    const files = { ...TWO, 'hooks.py': hooks, ...nginx('location /hooks/ { proxy_pass http://live/; }') };
    const told = { '/hooks/': { ...HOOKS['/hooks/'], mounted: true } };
    expect(shown(files)).toMatchObject({ proposed: { app: 'pages:app', paths: told }, taken: undefined });
    expect(problemsWith(files)).toEqual([]);
  });

  it.each<[string, Files]>([
    ['one has the other in it', { 'pages.py': `${TWO['pages.py']}from hooks import app as hooks\n` }],
    ['both have pages at the top', { 'hooks.py': TWO['pages.py'] ?? '' }],
    ['only one is started', { Procfile: 'web: gunicorn pages:app\n' }],
    [
      'one may answer at any path',
      { 'pages.py': `${TWO['pages.py']}@app.get("/<path:any>")\ndef any(any): ...\n` },
    ],
  ])('are not where %s', (_, more) => {
    expect(shown({ ...TWO, ...more })).toMatchObject({ proposed: undefined, taken: undefined });
  });
});

describe('further upstreams of an earlier site', () => {
  it.each([
    ['nothing of the project listens at', 'location /blog/ { proxy_pass http://127.0.0.1:2368; }'],
    ['a pattern leads to', 'location ~ ^/hooks/ { proxy_pass http://127.0.0.1:8001; }'],
    [
      'more than one path leads to',
      'location /hooks/ { proxy_pass http://live; } location /more/ { proxy_pass http://live; }',
    ],
  ])('stay listed which %s', (_, location) => {
    const { taken, others } = shown({ ...TWO, ...nginx(location) });
    expect(taken).toBe(undefined);
    expect(others.length).toBeGreaterThan(0);
  });

  it('are none of this site where they are under another name', () => {
    const other = 'server { server_name hooks.contoso.org; location /hooks/ { proxy_pass http://live; } }';
    const conf = `${nginx('')['site.conf']}${other}\n`;
    expect(shown({ ...TWO, 'site.conf': conf }).taken).toBe(undefined);
  });
});
