import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { lock } from './lock.ts';

const folder = mkdtempSync(join(tmpdir(), 'deploy-scaffold-lock-'));
const path = join(folder, 'a.lock');
afterAll(() => rmSync(folder, { recursive: true }));

it('is held by one at a time', async () => {
  const release = await lock(path, 1);
  await expect(lock(path, 0.3)).rejects.toThrow(`${path} was held by process ${process.pid} for 0.3 s`);
  const next = lock(path, 5);
  release();
  (await next)();
  expect(existsSync(path)).toBe(false);
});

it('does not count where its holder is no more', async () => {
  const { pid } = spawnSync('true');
  symlinkSync(String(pid), path);
  (await lock(path, 1))();
  expect(existsSync(path)).toBe(false);
});
