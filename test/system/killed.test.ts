/**
 * A run that is ended, at any change that it makes on the disk: the next one gives what an undisturbed one gives, and
 * nothing of the other is left.
 */
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { main } from '../../src/main.ts';
import { listFiles } from '../../src/system/tree.ts';
import { finishWriting, writeFiles } from '../../src/system/write.ts';
import { CLI, projectIn, run, temporaryFolder, texts } from '../commands/cli.ts';

const work = temporaryFolder();
const require = createRequire(import.meta.url);

/** Node's functions that change the disk. */
const CHANGES = ['chmodSync', 'fchmodSync', 'mkdirSync', 'openSync', 'renameSync', 'rmdirSync', 'rmSync', 'unlinkSync', 'writeFileSync'] as const; // biome-ignore format: a list of words
type Change = (...words: unknown[]) => unknown;
const fs = require('node:fs') as Record<string, Change>;
const real = Object.fromEntries([...CHANGES, 'fsyncSync'].map((name) => [name, fs[name] as Change]));

class Killed extends Error {}

/** What a run has changed: the names of the functions, in order. */
interface Life {
  changes: string[];
}

/**
 * Lets a run make so many changes, and no more: what a killed process would still do, to clear up, does not happen. The
 * last may be a text that is written by half.
 */
function dieAt(last: number, isHalfDone = false): Life {
  const changes: string[] = [];
  for (const name of CHANGES) {
    fs[name] = (...words) => {
      // Opened to be read: nothing changes.
      if (name === 'openSync' && words[1] === 'r') return real[name]?.(...words);
      changes.push(name);
      if (changes.length < last) return real[name]?.(...words);
      if (changes.length === last && isHalfDone) real[name]?.(words[0], String(words[1]).slice(0, 40));
      throw new Killed();
    };
  }
  // Nothing here outlives the machine.
  fs.fsyncSync = () => undefined;
  syncBuiltinESMExports();
  return { changes };
}

function live(): void {
  Object.assign(fs, real);
  syncBuiltinESMExports();
}

afterEach(live);

const project = projectIn(work);
const deploy = join(project, 'deploy');
const before = join(work, 'before');
const COMMON = ['init', project, '--yes', '--no-check', '--name', 'contracts'];
const OLD = [...COMMON, '--domain', 'shop.example', '--tls', 'letsencrypt', '--timeout', '77'];
const NEW = [...COMMON, '--tls', 'none'];
const FIRST = [...COMMON, '--domain', 'shop.example', '--tls', 'none'];

/** The folder as it is before the run that is to be killed. */
function reset(): void {
  rmSync(deploy, { recursive: true, force: true });
  if (existsSync(before)) cpSync(before, deploy, { recursive: true });
}

const leftovers = () => readdirSync(deploy).filter((name) => /stage|decided/.test(name));

/** The folder after the program has written to it undisturbed. */
function writtenBy(words: readonly string[]): Record<string, string> {
  expect(run(words)).toMatchObject({ status: 0, stderr: '' });
  return texts(deploy);
}

describe('a writing, killed at each change that it makes', () => {
  const folder = join(work, 'small');
  const all = { 'a/1': 'old 1', 'a/2': 'old 2', 'gone/for/good': 'old', mine: 'mine', z: 'old' };
  const files = [
    { path: 'a/1', text: 'new 1\n'.repeat(20), mode: 0o644 },
    { path: 'a/2', text: 'new 2', mode: 0o755 },
    { path: 'a/new/3', text: 'new 3', mode: 0o644 },
    { path: 'new/4', text: 'new 4', mode: 0o644 },
  ];
  const remove = ['gone/for/good', 'z', 'never/there'];

  it.each([
    ['into a folder that is there', all],
    ['into one that is not', {}],
  ])('%s, is whole after the next', async (_what, old) => {
    const reset = () => {
      rmSync(folder, { recursive: true, force: true });
      for (const [path, text] of Object.entries(old)) {
        mkdirSync(join(folder, path, '..'), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
    };
    reset();
    const { changes } = dieAt(Number.POSITIVE_INFINITY);
    await writeFiles(folder, files, remove);
    live();
    const wanted = texts(folder);
    expect(Object.keys(wanted)).toEqual(
      [...files.map(({ path }) => path), ...('mine' in old ? ['mine'] : [])].sort(),
    );
    expect(changes.length).toBeGreaterThan(25);
    const deaths = changes.flatMap((name, index) => [
      { at: index + 1, isHalfDone: false },
      ...(name === 'writeFileSync' ? [{ at: index + 1, isHalfDone: true }] : []),
    ]);
    for (const { at, isHalfDone } of deaths) {
      reset();
      const { changes: made } = dieAt(at, isHalfDone);
      await writeFiles(folder, files, remove).catch(() => undefined);
      live();
      expect(made.length).toBeGreaterThanOrEqual(at);
      if (!finishWriting(folder, () => true)) await writeFiles(folder, files, remove);
      expect({ at, isHalfDone, texts: texts(folder) }).toEqual({ at, isHalfDone, texts: wanted });
      expect(readdirSync(folder)).not.toContain('gone');
      expect(statSync(join(folder, 'a/2')).mode & 0o777).toBe(0o755);
    }
  });

  it('and killed again while that is finished, is whole after the third', async () => {
    const { changes } = dieAt(Number.POSITIVE_INFINITY);
    rmSync(folder, { recursive: true, force: true });
    await writeFiles(folder, files, []);
    live();
    const wanted = texts(folder);
    const decided = changes.indexOf('renameSync') + 1;
    for (let at = 1; at < 8; at++) {
      rmSync(folder, { recursive: true, force: true });
      dieAt(decided + 2);
      await writeFiles(folder, files, []).catch(() => undefined);
      live();
      dieAt(at);
      try {
        finishWriting(folder, () => true);
      } catch {}
      live();
      finishWriting(folder, () => true);
      expect({ at, texts: texts(folder) }).toEqual({ at, texts: wanted });
    }
  });
});

describe.each([
  ['the first init', [] as string[], FIRST],
  ['an init that changes and removes', OLD, NEW],
])('%s, killed', (_what, first, words) => {
  const prepare = () => {
    for (const folder of [before, deploy]) rmSync(folder, { recursive: true, force: true });
    if (first.length === 0) return;
    expect(run(first)).toMatchObject({ status: 0, stderr: '' });
    cpSync(deploy, before, { recursive: true });
  };

  it('in the program itself, has the same bytes and the same record after the next', async () => {
    prepare();
    const wanted = writtenBy(words);
    const { main: program } = require(join(CLI, '../main.js')) as { main: typeof main };
    const init = async () => {
      const silent = [process.stdout, process.stderr].map((stream) =>
        vi.spyOn(stream, 'write').mockReturnValue(true),
      );
      try {
        return await program([...words]);
      } finally {
        for (const one of silent) one.mockRestore();
      }
    };
    reset();
    const { changes } = dieAt(Number.POSITIVE_INFINITY);
    expect(await init()).toBe(0);
    live();
    const decided = changes.indexOf('renameSync') + 1;
    const points = [
      1,
      2,
      3,
      decided - 1,
      decided,
      decided + 1,
      decided + 2,
      decided + 9,
      changes.length - 1,
      changes.length,
    ];
    for (const at of points) {
      reset();
      dieAt(at);
      await init();
      live();
      expect({ at, status: await init() }).toEqual({ at, status: 0 });
      expect({ at, texts: texts(deploy), left: leftovers() }).toEqual({ at, texts: wanted, left: [] });
      expect(wanted['.deploy-scaffold/undecided.json']).toContain('"default"');
    }
  }, 120_000);
});

/** The program, with something that happens at its n-th renaming; the first of them decides. */
function runWith(act: string, at: number, ...words: string[]) {
  const patch = join(work, 'patch.cjs');
  const count = `const fs = require('node:fs'); const rename = fs.renameSync; let count = 0;`;
  writeFileSync(
    patch,
    `${count} fs.renameSync = (...words) => { if (++count === ${at}) { ${act} } rename(...words); };`,
  );
  return run(words, { env: { NODE_OPTIONS: `--require ${patch}`, XDG_CACHE_HOME: join(project, 'none') } });
}

describe('a process that is ended', () => {
  it('with SIGKILL in the middle, is finished by init alone: what only reads says so and changes nothing', () => {
    for (const folder of [before, deploy]) rmSync(folder, { recursive: true, force: true });
    const wanted = writtenBy(FIRST);
    reset();
    runWith("process.kill(process.pid, 'SIGKILL')", 9, ...FIRST);
    expect(leftovers()).toEqual(['.deploy-scaffold-decided']);
    const half = texts(deploy);
    expect(half).not.toEqual(wanted);
    for (const words of [
      ['check', project],
      [...FIRST, '--dry-run'],
    ]) {
      const { status, stderr } = run(words, { env: { PATH: '' } });
      expect({ words, status }).toEqual({ words, status: 1 });
      expect(stderr).toContain(`an earlier run was cut off while it wrote to ${deploy}`);
      expect(texts(deploy)).toEqual(half);
    }
    const { stdout } = run(FIRST);
    expect(stdout).toContain('It has now been finished.');
    expect({ texts: texts(deploy), left: leftovers() }).toEqual({ texts: wanted, left: [] });
  });

  it('and copied to another place, as a repository has it, is not finished there', () => {
    for (const folder of [before, deploy]) rmSync(folder, { recursive: true, force: true });
    runWith("process.kill(process.pid, 'SIGKILL')", 9, ...FIRST);
    cpSync(deploy, before, { recursive: true });
    reset();
    const half = texts(deploy);
    const { status, stderr } = run(FIRST);
    expect(status).toBe(1);
    expect(stderr).toContain('it came with a repository, or a copy of the folder');
    expect(texts(deploy)).toEqual(half);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'])(
    'with %s while it writes, is done with that, and its status is 130',
    (signal) => {
      for (const folder of [before, deploy]) rmSync(folder, { recursive: true, force: true });
      const wanted = writtenBy(FIRST);
      reset();
      const { status, stderr } = runWith(`process.kill(process.pid, '${signal}')`, 9, ...FIRST);
      expect(status).toBe(130);
      expect(stderr).toContain('Cancelled: the files are written, and were not checked.');
      expect({ texts: texts(deploy), left: leftovers() }).toEqual({ texts: wanted, left: [] });
    },
  );

  it('before it has decided, has written nothing, and its status is 130', () => {
    for (const folder of [before, deploy]) rmSync(folder, { recursive: true, force: true });
    const patch = join(work, 'patch.cjs');
    const kill = "fs.fsyncSync = () => process.kill(process.pid, 'SIGINT');";
    writeFileSync(patch, `const fs = require('node:fs'); ${kill}`);
    const { status, stderr } = run(FIRST, { env: { NODE_OPTIONS: `--require ${patch}` } });
    expect(status).toBe(130);
    expect(stderr).toBe('Cancelled: nothing was written.\n');
    expect(existsSync(deploy)).toBe(false);
  });
});

describe('what was decided', () => {
  const folder = join(work, 'decided');
  const decided = join(folder, '.deploy-scaffold-decided');
  const journalOf = (steps: unknown, pid = process.pid) => {
    const { ino, birthtimeNs } = lstatSync(decided, { bigint: true });
    return { pid, folder: `${ino}-${birthtimeNs}`, steps };
  };
  const place = (steps: unknown, files: Record<string, string> = {}) => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(decided, { recursive: true });
    const all = { 'journal.json': JSON.stringify(journalOf(steps)), ...files };
    for (const [name, text] of Object.entries(all)) writeFileSync(join(decided, name), text);
  };

  it('leaves alone what somebody changed since', () => {
    place(
      [
        { path: 'a', mode: 0o644, was: null },
        { path: 'b', was: 'other' },
      ],
      { '0.new': 'ours' },
    );
    for (const name of ['a', 'b']) writeFileSync(join(folder, name), 'mine');
    expect(finishWriting(folder, () => true)).toBe(true);
    expect(texts(folder)).toEqual({ a: 'mine', b: 'mine' });
  });

  it('is left alone while the process lives that decided it, and for no longer than a run takes', async () => {
    const files = [{ path: 'a', text: 'mine', mode: 0o644 }];
    const steps = [{ path: 'a', mode: 0o644, was: null }];
    place(steps, { '0.new': 'ours' });
    const journal = join(decided, 'journal.json');
    writeFileSync(journal, JSON.stringify(journalOf(steps, process.ppid)));
    expect(() => finishWriting(folder, () => true)).toThrow(
      `process ${process.ppid} is writing to ${folder}`,
    );
    await expect(writeFiles(folder, files, [])).rejects.toThrow(`another run is writing to ${folder}`);
    expect(readdirSync(folder)).toEqual(['.deploy-scaffold-decided']);
    const longAgo = Date.now() / 1000 - 3600;
    utimesSync(journal, longAgo, longAgo);
    expect(finishWriting(folder, () => true)).toBe(true);
    expect(texts(folder)).toEqual({ a: 'ours' });
  });

  it.each([
    ['a path that is not ours', [{ path: 'theirs', mode: 0o644, was: null }]],
    ['a path that leads out', [{ path: 'ours/../../x', mode: 0o644, was: null }]],
    ['an odd mode', [{ path: 'ours', mode: 0o4755, was: null }]],
    ['no steps', { path: 'ours' }],
    ['no step', [null]],
  ])('is refused where it has %s', (_what, steps) => {
    place(steps, { '0.new': 'evil' });
    expect(() => finishWriting(folder, (path) => path.startsWith('ours'))).toThrow(
      'was not left there by a run of deploy-scaffold',
    );
    expect(listFiles(folder).filter((path) => !path.startsWith('.deploy'))).toEqual([]);
    expect(readFileSync(join(folder, '.deploy-scaffold-decided/0.new'), 'utf8')).toBe('evil');
  });
});
