/** What a project has in a folder that a path leads to. */
import { expect, it } from 'vitest';
import { projectFindings } from '../../src/check/project.ts';
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
