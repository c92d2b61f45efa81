/** What core offers needs nothing of Node.js: a page in a browser goes the whole way with it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { itNeeds, programs } from '../support/tools.ts';
import { deploymentOf, type Page } from './page.ts';

const PAGE: Page = {
  files: {
    'manage.py': 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n',
    'shop/__init__.py': '',
    'shop/settings.py':
      'from shop.local import DATABASES\n' +
      'DEBUG = True\nROOT_URLCONF = "shop.urls"\nSTATIC_URL = "/static/"\nSTATIC_ROOT = "/srv/shop/static"\n',
    'shop/urls.py': 'urlpatterns = []\n',
    'shop/wsgi.py':
      'from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n',
    'requirements.txt': 'django\n',
  },
  answers: '# Mine\ndomains: [shop.example]\ntls: files\nstatic: { /static/: static }\n',
};

let folder: string;
let script: string;
let inputs: string[];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'deploy-scaffold-core-'));
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: `import { deploymentOf } from './test/core/page.ts';
        document.body.textContent = JSON.stringify(deploymentOf(${JSON.stringify(PAGE)}));`,
      resolveDir: process.cwd(),
    },
    bundle: true,
    write: false,
    metafile: true,
    // A module of Node.js would not be found.
    platform: 'browser',
    format: 'iife',
    logLevel: 'silent',
  });
  script = outputFiles[0]?.text ?? '';
  inputs = Object.keys(metafile.inputs);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('has no effect in it: no file of system, commands or wizard', () => {
  expect(inputs.filter((path) => /^src\/(?:system|commands|wizard)\//.test(path))).toEqual([]);
  expect(inputs).toContain('src/core.ts');
});

it('tells what the project leaves open, as init does', () => {
  expect(deploymentOf(PAGE)).toMatchObject({
    findings: expect.arrayContaining([expect.objectContaining({ code: 'project-leaves-open' })]),
  });
});

itNeeds(programs('chromium'))('gives the same in a browser as here', { timeout: 120_000 }, () => {
  // A script's end would end in the page where a text of the deployment has one.
  const page = `<!doctype html><meta charset="utf-8"><body><script>${script.replaceAll('</script', '<\\/script')}</script>`;
  writeFileSync(join(folder, 'page.html'), page);
  const dom = execFileSync(
    'chromium',
    ['--headless', '--no-sandbox', '--disable-gpu', `--user-data-dir=${folder}/profile`, '--dump-dom'].concat(
      `file://${folder}/page.html`,
    ),
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1 << 28 },
  );
  const text = /<body>(.*)<\/body>/s.exec(dom)?.[1] ?? '';
  const plain = text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&nbsp;', '\u00a0')
    .replaceAll('&amp;', '&');
  const here = deploymentOf(PAGE);
  expect(here).toMatchObject({ files: { 'install.sh': expect.any(String) } });
  expect(JSON.parse(plain)).toEqual(JSON.parse(JSON.stringify(here)));
});
