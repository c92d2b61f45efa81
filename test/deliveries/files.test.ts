/** The delivery of files alone: bsdtar, which reads its manifest, has the last word. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { templates } from '#templates';
import { resolveAnswers } from '../../src/answers/resolve.ts';
import { isOfKit } from '../../src/kit/changes.ts';
import { type GeneratedFile, renderKit } from '../../src/kit/kit.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { itNeeds, programs } from '../support/tools.ts';

function kitOf(answers: Record<string, unknown>): GeneratedFile[] {
  const given = {
    name: 'shop',
    framework: 'pyramid',
    app: 'shop:main',
    domains: ['shop.example'],
    tls: 'none',
    delivery: 'files',
    ...answers,
  };
  const layer = Object.entries(given).map(([name, value]) => [name, { value, source: 'test' }]);
  const { answers: resolved, problems } = resolveAnswers([
    { insistent: true, answers: Object.fromEntries(layer) },
  ]);
  expect(problems).toEqual([]);
  return renderKit(makePlan(resolved), templates);
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'deploy-scaffold-files-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the delivery of files alone', () => {
  it('has a manifest of the whole tree, and no script that installs it', () => {
    const kit = kitOf({});
    const paths = kit.map(({ path }) => path);
    expect(paths.filter((path) => !path.startsWith('root/'))).toEqual(['manifest.mtree', 'README.md']);
    expect(paths.filter((path) => /install|recover/.test(path))).toEqual([]);
    expect(paths.filter((path) => !isOfKit(path))).toEqual([]);
    const manifest = kit.find(({ path }) => path === 'manifest.mtree')?.text ?? '';
    const listed = [...manifest.matchAll(/ contents=(\S+)$/gm)].map(([, path]) => path);
    expect(listed.sort()).toEqual(paths.filter((path) => path.startsWith('root/')).sort());
  });

  itNeeds(programs('bsdtar'))('becomes an archive with owners and modes, by bsdtar', () => {
    const kit = kitOf({ 'web-server': 'apache' });
    for (const { path, text } of kit) {
      mkdirSync(join(folder, dirname(path)), { recursive: true });
      writeFileSync(join(folder, path), text);
      // Modes on the disk of whoever runs this are their own affair.
      chmodSync(join(folder, path), 0o600);
    }
    execFileSync('bsdtar', ['-cf', 'shop.tar', '@manifest.mtree'], { cwd: folder });
    const listing = execFileSync('tar', ['-tvf', 'shop.tar'], { cwd: folder, encoding: 'utf8' });
    const found = listing
      .trim()
      .split('\n')
      .map((line) => line.split(/\s+/))
      .map(([mode, owner, , , , path]) => `${mode} ${owner} ${path}`);
    const mode = (bits: number) => (bits === 0o755 ? '-rwxr-xr-x' : '-rw-r--r--');
    const wanted = kit.flatMap(({ hostPath, owner, mode: bits }) =>
      hostPath === undefined ? [] : [`${mode(bits)} ${owner.replace(':', '/')} .${hostPath}`],
    );
    expect(found.sort()).toEqual(wanted.sort());
  });
});
