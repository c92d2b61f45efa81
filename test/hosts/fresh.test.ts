/**
 * Row N8: a project as its framework's own guide begins it, untouched, goes live by `init --yes --domain NAME` and the
 * installer, and by nothing else; what a release brings to it sets only what the project lacks.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, vi } from 'vitest';
import { isRoot, itNeeds } from '../support/tools.ts';
import { AcmeServer } from './harness/acme.ts';
import { boot, canBoot, type Host } from './harness/host.ts';
import { wheelhouse } from './harness/images.ts';
import { STAGED } from './harness/leftovers.ts';
import { PROVES_ALL } from './harness/mode.ts';
import { succeed } from './harness/processes.ts';

const ROOT = new URL('../../', import.meta.url).pathname;
const TARGET = 'debian-13';

interface Fresh {
  /** The project's files; of Django's, the folder that has what `startproject` writes. */
  files: Record<string, string> | string;
  /** What an app whose requirements nobody names is given. */
  distributions: readonly string[];
  /** Settings that its release brings, by their names. */
  brings: readonly string[];
  /** Pages, each with what a visitor gets. */
  pages: Record<string, { status: number; text: string }>;
  flags?: readonly string[];
  /** It takes too long for `npm test`: see scripts/budget.mjs. */
  onlyInAll?: boolean;
}

const HELLO = { '/': { status: 200, text: 'Hello' } };

const PROJECTS: Record<string, Fresh> = {
  // https://docs.djangoproject.com/en/stable/intro/tutorial01/#creating-a-project
  'fresh-django': {
    files: 'test/detect/startproject',
    distributions: ['Django'],
    brings: [
      ...['DEBUG', 'SECRET_KEY', 'ALLOWED_HOSTS', 'SECURE_PROXY_SSL_HEADER', 'SESSION_COOKIE_SECURE'],
      ...['CSRF_COOKIE_SECURE', 'LOGGING', 'MAILERS', 'STATIC_ROOT'],
    ],
    pages: {
      '/': { status: 404, text: 'Not Found' },
      '/admin/login/': { status: 200, text: 'Django administration' },
      '/static/admin/css/base.css': { status: 200, text: 'body' },
    },
  },
  // https://flask.palletsprojects.com/en/stable/quickstart/
  'fresh-flask': {
    files: {
      'hello.py':
        'from flask import Flask\n\napp = Flask(__name__)\n\n@app.route("/")\ndef hello_world():\n    return "<p>Hello, World!</p>"\n',
    },
    distributions: ['Flask'],
    brings: ['SECRET_KEY', 'SESSION_COOKIE_SECURE', 'PREFERRED_URL_SCHEME', 'TRUSTED_HOSTS'],
    pages: HELLO,
  },
  // https://fastapi.tiangolo.com/tutorial/first-steps/
  'fresh-fastapi': {
    files: {
      'main.py':
        'from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get("/")\nasync def root():\n    return {"message": "Hello World"}\n',
    },
    distributions: ['fastapi', 'uvicorn[standard]', 'uvicorn-worker'],
    brings: [],
    pages: HELLO,
  },
  // https://www.starlette.io/
  'fresh-starlette': {
    onlyInAll: true,
    files: {
      'main.py':
        'from starlette.applications import Starlette\nfrom starlette.responses import PlainTextResponse\nfrom starlette.routing import Route\n\n\nasync def homepage(request):\n    return PlainTextResponse(f"Hello, {request.client.host} by {request.url.scheme}")\n\n\napp = Starlette(routes=[Route("/", homepage)])\n',
    },
    distributions: ['starlette', 'uvicorn[standard]', 'uvicorn-worker'],
    brings: [],
    pages: { '/': { status: 200, text: 'by https' } },
  },
  // https://bottlepy.org/docs/stable/tutorial.html#the-default-application
  'fresh-bottle': {
    onlyInAll: true,
    files: {
      'app.py':
        'from bottle import Bottle, request\n\napp = Bottle()\n\n@app.route("/")\ndef hello():\n    return "Hello by " + request.url\n',
    },
    distributions: ['bottle'],
    brings: ['MEMFILE_MAX'],
    pages: { '/': { status: 200, text: 'Hello by https://fresh-bottle.example/' } },
  },
  // https://falcon.readthedocs.io/en/stable/user/quickstart.html
  'fresh-falcon': {
    onlyInAll: true,
    files: {
      'things.py':
        'import falcon\n\n\nclass ThingsResource:\n    def on_get(self, req, resp):\n        resp.content_type = falcon.MEDIA_TEXT\n        resp.text = f"Hello, {req.remote_addr} by {req.scheme}"\n\n\napp = falcon.App()\napp.add_route("/", ThingsResource())\n',
    },
    distributions: ['falcon'],
    brings: [],
    pages: { '/': { status: 200, text: 'Hello, 10.' }, '/?': { status: 200, text: 'by https' } },
  },
  // https://docs.pylonsproject.org/projects/pyramid/en/latest/narr/firstapp.html
  'fresh-pyramid': {
    onlyInAll: true,
    files: {
      'helloworld.py':
        'from pyramid.config import Configurator\nfrom pyramid.response import Response\n\n\ndef hello_world(request):\n    return Response("Hello World! " + request.scheme)\n\n\nwith Configurator() as config:\n    config.add_route("hello", "/")\n    config.add_view(hello_world, route_name="hello")\n    app = config.make_wsgi_app()\n',
    },
    distributions: ['pyramid', 'setuptools<81'],
    brings: [],
    pages: { '/': { status: 200, text: 'Hello World! https' } },
  },
  // https://peps.python.org/pep-3333/
  'fresh-wsgi': {
    onlyInAll: true,
    files: {
      'wsgi.py':
        'def application(environ, start_response):\n    start_response("200 OK", [("Content-Type", "text/plain")])\n    words = "Hello, {REMOTE_ADDR} by {wsgi.url_scheme}".replace("{wsgi.url_scheme}", environ["wsgi.url_scheme"])\n    return [words.replace("{REMOTE_ADDR}", environ["REMOTE_ADDR"]).encode()]\n',
    },
    distributions: [],
    brings: [],
    pages: { '/': { status: 200, text: 'Hello, 10.' }, '/?': { status: 200, text: 'by https' } },
  },
};

const TRIED = Object.entries(PROJECTS).filter(([, { onlyInAll }]) => PROVES_ALL || onlyInAll !== true);

const needs = { root: isRoot, ...canBoot(TARGET) };
const test = itNeeds(needs);

describe(`fresh projects, on ${TARGET}`, () => {
  vi.setConfig({ testTimeout: 600_000 });
  let host: Host;
  let folder = '';

  beforeAll(async () => {
    if (Object.values(needs).includes(false)) return;
    if (!existsSync(join(ROOT, 'dist/cli.js'))) await succeed(['npm', 'run', 'build'], { cwd: ROOT });
    folder = mkdtempSync(join(tmpdir(), `${STAGED}${process.pid}-`));
    const all = TRIED.flatMap(([, { distributions }]) => distributions);
    const layers = [await wheelhouse(TARGET, [...new Set([...all, 'gunicorn==27.0.1'])])];
    host = await boot(TARGET, { layers, packages: ['nginx'] });
    await (await AcmeServer.introduce(host)).start();
  }, 600_000);
  afterAll(async () => {
    await host?.destroy();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  for (const [name, { files, brings, pages, flags = [] }] of TRIED) {
    test(`${name} goes live, untouched`, async () => {
      const project = join(folder, name);
      if (typeof files === 'string') cpSync(join(ROOT, files), project, { recursive: true });
      else
        for (const [path, text] of Object.entries(files)) {
          mkdirSync(dirname(join(project, path)), { recursive: true });
          writeFileSync(join(project, path), text);
        }
      const domain = `${name}.example`;
      await succeed(
        [process.execPath, 'dist/cli.js', 'init', project, '--yes', '--domain', domain, ...flags],
        {
          cwd: ROOT,
        },
      );
      const answers = readFileSync(join(project, 'deploy/deploy-scaffold.yaml'), 'utf8');
      const named = /^brings:(?: \[\]|((?:\n {2}- \w+)*))$/m.exec(answers)?.[1] ?? '';
      expect([...named.matchAll(/\w+/g)].map(([one]) => one)).toEqual(brings);

      await host.put(`/root/${name}`, { folder: project });
      const { status, stdout } = await host.run('sh', '-c', `exec sh /root/${name}/deploy/install.sh 2>&1`);
      expect(status, stdout).toBe(0);
      for (const [path, wanted] of Object.entries(pages)) {
        const answer = await host.fetch(`https://${domain}${path}`);
        expect(answer.status, path).toBe(wanted.status);
        expect(answer.text, path).toContain(wanted.text);
      }
    });
  }

  test('what Django is brought, its own commands have too', async () => {
    const run = (words: string) => host.shell(`/usr/local/sbin/fresh-django-run ${words}`);
    expect(await run('python manage.py diffsettings')).toMatch(/^SETTINGS_MODULE = 'deployed_settings'/m);
    expect(await run('python manage.py check --deploy 2>&1')).not.toContain('security.W009');
    expect(await host.shell('ls /var/lib/fresh-django')).toContain('db.sqlite3');
    expect(await host.shell('cat /etc/fresh-django/environment')).toMatch(/^DJANGO_SECRET_KEY=\S{40}/m);
  });
});
