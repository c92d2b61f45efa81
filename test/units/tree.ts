/** The repository with units that are made up: a copy of it in which npm run new-unit has made them. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = new URL('../../', import.meta.url).pathname;

/** What works on the sources read; the hosts' projects are read from where they are. */
const PARTS = ['src', 'templates', 'test', 'scripts', 'docs', 'package.json', 'tsconfig.json'].concat(
  ...['vitest.config.ts', 'biome.json', 'README.md'],
);

export interface Tree {
  /** The folder of the copy. */
  folder: string;
  /** What a script or a program of the repository says and how it ends, started there. */
  run(program: string, ...words: string[]): { status: number | null; said: string };
  remove(): void;
}

/** A copy of the sources, with these units, "app-server oxcart", and its templates compiled. */
export function treeWith(...units: string[]): Tree {
  const folder = mkdtempSync(join(tmpdir(), 'deploy-scaffold-tree-'));
  for (const part of PARTS) cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  for (const shared of ['node_modules', 'fixtures']) symlinkSync(join(ROOT, shared), join(folder, shared));
  const node = (script: string, ...words: string[]) =>
    execFileSync(process.execPath, [join(folder, 'scripts', script), ...words], { encoding: 'utf8' });
  for (const unit of units) node('new-unit.mjs', ...unit.split(' '));
  node('templates.mjs');
  return {
    folder,
    run(program, ...words) {
      const { status, stdout, stderr } = spawnSync(program, words, { cwd: folder, encoding: 'utf8' });
      return { status, said: stdout + stderr };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
