/** What a project has in a folder that a path leads to. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { projectFindings } from '../../src/check/project.ts';
import { readProject } from '../../src/system/project.ts';
import { kit } from './kit.ts';

const listing = (...paths: string[]) => ({ name: 'shop', list: () => paths, read: () => undefined });
const { plan } = kit('paths: { /docs/: { folder: docs/built } }', 'requirements: requirements.txt');
const found = (...paths: string[]) =>
  projectFindings(plan, listing('requirements.txt', 'shop.py', ...paths), undefined).map(({ code, file }) => [
    code,
    file,
  ]);

it('is an error where it is no work of a build', () => {
  expect(found('docs/built/index.html', 'docs/built/assets/app.3f2a9c1b.js')).toEqual([]);
  expect(found('docs/built/index.html', 'docs/built/conf.py')).toEqual([
    ['source-public', 'docs/built/conf.py'],
  ]);
  expect(found('docs/built/.env.local')).toEqual([['source-public', 'docs/built/.env.local']]);
  expect(found('docs/conf.py', 'docs/built/index.html')).toEqual([]);
  expect(found('docs/built/App.vue')).toEqual([['source-public', 'docs/built/App.vue']]);
});

it('is told where it is not there, with the build that makes it', () => {
  const told = (files: Record<string, string>) =>
    onDisk(files).map(({ code, level, remedy }) => [code, level, remedy]);
  expect(told({ 'shop.py': '' })).toEqual([
    [
      'page-folder-missing',
      'warning',
      expect.stringContaining('Correct the answer "paths", or have a build'),
    ],
  ]);
  const build = '{ "scripts": { "build": "vite build" } }';
  expect(told({ 'docs/package.json': build })[0]?.[2]).toContain('Run "npm run build" in docs before');
  expect(told({ 'docs/package.json': build, 'docs/pnpm-lock.yaml': '' })[0]?.[2]).toContain(
    '"pnpm run build"',
  );
  expect(told({ 'package.json': build, 'yarn.lock': '' })[0]?.[2]).toContain(
    'Run "yarn run build" in the top of the project',
  );
  expect(told({ 'docs/package.json': '{}', 'package.json': build })[0]?.[2]).toContain('Correct the answer');
  expect(told({ 'docs/package.json': 'none' })[0]?.[2]).toContain('Correct the answer');
  expect(told({ 'docs/built/index.html': '', 'docs/package.json': build })).toEqual([]);
});

it('is an error where it is the source of a front end, with the folder to name instead', () => {
  const source = '{ "scripts": { "build": "vite build" } }';
  const told = (files: Record<string, string>) =>
    onDisk(files).map(({ code, file, remedy }) => [code, file, remedy]);
  expect(told({ 'docs/built/package.json': source, 'docs/built/index.html': '' })).toEqual([
    [
      'source-public',
      'docs/built/package.json',
      'Name the folder that its build writes: docs/built/dist or docs/built/build, for instance.',
    ],
  ]);
  expect(
    told({ 'docs/built/web/package.json': source, 'docs/built/web/build/index.html': '' }).map(
      ([, , how]) => how,
    ),
  ).toEqual(['Name the folder that its build writes: docs/built/web/build.']);
  expect(told({ 'docs/built/node_modules/vue/index.js': '' })).toMatchObject([
    ['source-public', 'docs/built/node_modules', expect.stringContaining('docs/built/dist or')],
  ]);
  expect(told({ 'docs/built/package.json': '{ "type": "module" }' })).toEqual([]);
});

it('is an error where it is what packages of a front end come in', () => {
  const { plan } = kit('paths: { /docs/: { folder: ui/node_modules } }', 'requirements: requirements.txt');
  const there = listing('requirements.txt', 'shop.py', 'ui/node_modules/vue/index.js');
  expect(projectFindings(plan, there, undefined).map(({ code, file }) => [code, file])).toEqual([
    ['source-public', 'ui/node_modules'],
  ]);
});

it('a module of a service that the project does not have is told as that of the app is', () => {
  const { plan } = kit('paths: { /live/: { app: "live.asgi:app" } }', 'requirements: requirements.txt');
  const told = (...paths: string[]) =>
    projectFindings(plan, listing('requirements.txt', ...paths), undefined).map(({ code, message }) => [
      code,
      message,
    ]);
  expect(told('shop.py', 'live/asgi.py')).toEqual([]);
  expect(told('shop.py')).toEqual([['module-missing', 'the module live.asgi is not in the project']]);
  expect(told()).toHaveLength(2);
});

/** A project on disk: texts of files, and links by where they lead. */
function onDisk(files: Record<string, string>, links: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'pages-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const make = (path: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    return join(folder, path);
  };
  for (const [path, text] of Object.entries(files)) writeFileSync(make(path), text);
  for (const [path, target] of Object.entries(links)) symlinkSync(target, make(path));
  return projectFindings(plan, readProject(folder), undefined).filter(
    ({ file }) => file?.startsWith('docs') === true,
  );
}

it('is an error where a link leads out of it, whether or not out of the project', () => {
  const files = { 'docs/built/index.html': '', 'shop.py': '' };
  const within = { 'docs/built/a/newest.html': '../index.html', 'docs/built/gone.html': 'none.html' };
  expect(onDisk(files, within)).toEqual([]);
  const out = {
    'docs/built/a/shop.txt': '../../../shop.py',
    'docs/built/all': '../..',
    'docs/built/gone': '../gone',
    'docs/built/.cache/x': '/etc',
  };
  expect(onDisk(files, { ...within, ...out }).map(({ code, level, file }) => [code, level, file])).toEqual(
    Object.keys(out)
      .sort()
      .map((path) => ['link-public', 'error', path]),
  );
  expect(onDisk({ 'shop.py': '', 'real/index.html': '' }, { 'docs/built': '../real' })).toMatchObject([
    { code: 'link-public', file: 'docs/built', message: expect.stringContaining('to ../real leads out') },
  ]);
});
