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
  expect(found('docs/conf.py')).toEqual([]);
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
    'docs/built/node_modules/x': '/etc',
  };
  expect(onDisk(files, { ...within, ...out }).map(({ code, level, file }) => [code, level, file])).toEqual(
    Object.keys(out).map((path) => ['link-public', 'error', path]),
  );
  expect(onDisk({ 'shop.py': '', 'real/index.html': '' }, { 'docs/built': '../real' })).toMatchObject([
    { code: 'link-public', file: 'docs/built', message: expect.stringContaining('to ../real leads out') },
  ]);
});
