/** What npm run release:check finds: nothing in what we have, and each fault where there is one. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { faults, openForOwner, type Packages, packages } from '../../scripts/release-check.mjs';
import { ROOT, temporaryFolder } from '../commands/cli.ts';

const work = temporaryFolder();
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
let both: Packages;
beforeAll(() => {
  both = packages(work);
});

it('finds nothing that we could mend', () => {
  expect(faults(both)).toEqual([]);
});

describe('says what is wrong', () => {
  const altered = (alter: (copy: Packages) => void) => {
    const copy = structuredClone(both);
    alter(copy);
    return faults(copy);
  };

  it.each<[string, (copy: Packages) => void]>([
    ['npm package: there is no LICENSE', ({ npm }) => delete npm.files.LICENSE],
    ['wheel: there is no SECURITY.md', ({ wheel }) => delete wheel.files['SECURITY.md']],
    ['wheel: has 600001 bytes', ({ wheel }) => Object.assign(wheel, { size: 600_001 })],
    ['npm package: --version says ""', ({ npm }) => Object.assign(npm, { says: '' })],
    ['dist/main.js is not the same', ({ wheel }) => Object.assign(wheel.files, { 'dist/main.js': 'other' })],
    ['no licence of ', ({ npm }) => Object.assign(npm.files, { 'dist/LICENSES.txt': 'none' })],
    ['says nothing of', ({ npm }) => Object.assign(npm.files, { 'CHANGELOG.md': '# Changelog\n' })],
    ['draws Mermaid', ({ npm }) => Object.assign(npm.files, { 'README.md': '```mermaid\n```\n' })],
    ['none.svg is not there', ({ npm }) => Object.assign(npm.files, { 'README.md': '![a](none.svg)' })],
    ['wheel: there is no README.md', ({ wheel }) => Object.assign(wheel.files, { 'README.md': '\n' })],
    ['0.0.1 on PyPI', ({ wheel }) => Object.assign(wheel, { metadata: 'Version: 0.0.1\n\nText.\n' })],
  ])('%s', (told, alter) => {
    expect(altered(alter).join('\n')).toContain(told);
  });
});

it('leaves to the owner what only they know', () => {
  expect(openForOwner({ version: '1.0.0' }, '## 1.0.0 (unreleased)')).toHaveLength(3);
  const filled = {
    version: '1.0.0',
    repository: 'https://forge.example/us/it',
    bugs: 'https://forge.example/bugs',
  };
  expect(openForOwner(filled, '## 1.0.0 (2027-01-01)')).toEqual([]);
});

it('has the links of README.md lead to the repository, once there is one', () => {
  const copy = join(work, 'copy');
  mkdirSync(join(copy, 'dist'), { recursive: true });
  for (const path of ['scripts/wheel.py', 'python', 'dist', 'LICENSE', 'CHANGELOG.md', 'SECURITY.md'])
    cpSync(join(ROOT, path), join(copy, path), { recursive: true });
  writeFileSync(
    join(copy, 'README.md'),
    '![two](docs/two.svg) [a](docs/a.md#b) [c](https://c.example) [d](#d)\n',
  );
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const repository = { type: 'git', url: 'git+https://forge.example/us/it.git' };
  writeFileSync(join(copy, 'package.json'), JSON.stringify({ ...manifest, repository }));
  execFileSync('python3', [join(copy, 'scripts/wheel.py'), join(copy, 'out')]);
  const wheel = join(copy, `out/deploy_scaffold-${version}-py3-none-any.whl`);
  execFileSync('python3', ['-m', 'zipfile', '-e', wheel, join(copy, 'in')]);
  const metadata = readFileSync(join(copy, `in/deploy_scaffold-${version}.dist-info/METADATA`), 'utf8');
  const base = 'https://forge.example/us/it';
  expect(metadata).toContain(`\nProject-URL: Repository, ${base}\n`);
  expect(metadata).toContain(
    `![two](${base}/raw/v${version}/docs/two.svg) [a](${base}/blob/v${version}/docs/a.md#b) [c](https://c.example) [d](#d)\n`,
  );
});
