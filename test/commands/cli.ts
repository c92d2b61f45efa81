/** The built program, run as a person or a script runs it: another process, its streams, its exit status. */
import { type SpawnSyncOptions, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll } from 'vitest';
import { listFiles } from '../../src/system/tree.ts';

export const ROOT = new URL('../../', import.meta.url).pathname;
export const CLI = join(ROOT, 'dist/cli.js');
const FIXTURE = join(ROOT, 'fixtures/projects/django-contracts');

/** Who owns nothing: the user that may do least. */
export const NOBODY = { uid: 65534, gid: 65534 };

interface Ran {
  status: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions extends Pick<SpawnSyncOptions, 'cwd' | 'uid' | 'gid' | 'input'> {
  /** Variables on top of this process's own; undefined takes one away. */
  env?: Record<string, string | undefined>;
  /** Another program to start, for instance an older Node.js. */
  node?: string;
  script?: string;
}

/** Runs `deploy-scaffold` with these words. There is never a terminal. */
export function run(words: readonly string[], options: RunOptions = {}): Ran {
  const { env, node = process.execPath, script = CLI, input = '', ...rest } = options;
  const { status, stdout, stderr, error } = spawnSync(node, [script, ...words], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
    input,
    ...rest,
  });
  if (error) throw error;
  return { status, stdout, stderr };
}

/** A folder of this test file's own, which everybody may look into; it is gone at the end. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'deploy-scaffold-test-'));
  chmodSync(folder, 0o755);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const madeByRuns = new Set(['deploy', 'staticfiles', 'media', '.venv', '__pycache__', 'db.sqlite3']);

/** A copy of the example project. */
export function projectIn(folder: string, name = 'contracts'): string {
  const copy = join(folder, name);
  cpSync(FIXTURE, copy, { recursive: true, filter: (path) => !madeByRuns.has(basename(path)) });
  return copy;
}

/** Every file below a folder with its text, what is hidden included. */
export function texts(folder: string): Record<string, string> {
  return Object.fromEntries(
    listFiles(folder).map((path) => [path, readFileSync(join(folder, path), 'utf8')]),
  );
}

/** Every file with its mode and the moment of its last change. */
export function stamps(folder: string): Record<string, string> {
  return Object.fromEntries(
    listFiles(folder).map((path) => {
      const { mode, mtimeMs, ino } = statSync(join(folder, path));
      return [path, `${mode.toString(8)} ${mtimeMs} ${ino}`];
    }),
  );
}
