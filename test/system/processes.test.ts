import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { CannotStage } from '../../src/check/run.ts';
import { systemTools } from '../../src/system/processes.ts';

let home: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'processes-test-'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

function program(path: string, text = '#!/bin/sh\n', mode = 0o755): string {
  const full = join(home, path);
  mkdirSync(join(full, '..'), { recursive: true });
  writeFileSync(full, text);
  chmodSync(full, mode);
  return full;
}

const sh = (script: string) => ['/bin/sh', '-c', script];

describe('find', () => {
  it('looks on the PATH, then beside it, and in the project', async () => {
    const onPath = program('bin/tool');
    const own = program('project/.venv/bin/tool');
    const tools = systemTools({ path: join(home, 'bin'), project: join(home, 'project') });
    expect(await tools.find('tool', ['PROJECT/.venv/bin', join(home, 'bin')])).toEqual([onPath, own]);
  });

  it('does not take a folder or a plain file for a program', async () => {
    mkdirSync(join(home, 'odd/tool'), { recursive: true });
    program('plain/tool', '', 0o644);
    const path = `${join(home, 'odd')}:${join(home, 'plain')}::relative`;
    expect(await systemTools({ path }).find('tool', ['PROJECT/bin'])).toEqual([]);
  });
});

describe('withStage', () => {
  it('makes a folder and removes it with everything in it', async () => {
    const tools = systemTools();
    const stage = await tools.withStage(async (stage) => {
      await tools.write(`${stage}/a/b.sh`, 'text', 0o755);
      expect(readFileSync(`${stage}/a/b.sh`, 'utf8')).toBe('text');
      expect(statSync(`${stage}/a/b.sh`).mode & 0o777).toBe(0o755);
      return stage;
    });
    expect(existsSync(stage)).toBe(false);
  });

  it('removes it after an error too', async () => {
    let seen = '';
    const failing = systemTools().withStage(async (stage) => {
      seen = stage;
      throw new Error('inside');
    });
    await expect(failing).rejects.toThrow('inside');
    expect(existsSync(seen)).toBe(false);
  });

  it('leaves no listener behind', async () => {
    const before = process.listenerCount('SIGINT');
    const tools = systemTools();
    await Promise.all([tools.withStage(async () => 1), tools.withStage(async () => 2)]);
    expect(process.listenerCount('SIGINT')).toBe(before);
  });

  it('says where a stage cannot be made', async () => {
    vi.stubEnv('TMPDIR', join(home, 'nowhere'));
    await expect(systemTools().withStage(async () => 1)).rejects.toThrow(CannotStage);
    vi.unstubAllEnvs();
  });

  it('says what cannot be written', async () => {
    const path = program('file');
    const error = await systemTools()
      .write(`${path}/below`, '')
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CannotStage);
    expect((error as Error).message).toContain(`${path}/below cannot be written`);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('removes it when %s ends the process', async (signal) => {
    const temporary = mkdtempSync(join(home, 'ended-'));
    const script = join(home, `${signal}.mjs`);
    const { build } = await import('esbuild');
    const source = `import { systemTools } from ${JSON.stringify(join(import.meta.dirname, '../../src/system/processes.ts'))};
      systemTools().withStage(async () => { console.log('ready'); await new Promise((done) => setTimeout(done, 20000)); });`;
    await build({
      stdin: { contents: source, resolveDir: import.meta.dirname, loader: 'ts' },
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile: script,
      external: ['execa'],
    });
    const child = spawn(process.execPath, [script], { env: { ...process.env, TMPDIR: temporary } });
    await new Promise((ready) => child.stdout.once('data', ready));
    expect(readdirSync(temporary)).toHaveLength(1);
    const ended = new Promise<NodeJS.Signals | null>((done) => child.once('exit', (_code, by) => done(by)));
    child.kill(signal);
    expect(await ended).toBe(signal);
    expect(readdirSync(temporary)).toEqual([]);
  });
});

describe('run', () => {
  const tools = systemTools({ environment: { GIVEN: 'yes', LC_ALL: 'de_DE.UTF-8' }, longest: 1 });

  it('keeps both outputs and the exit code, whatever it is', async () => {
    expect(await tools.run(sh('echo out; echo err >&2; exit 3'), {})).toEqual({
      exitCode: 3,
      stdout: 'out\n',
      stderr: 'err\n',
    });
  });

  it('runs in the C locale, in the folder and the environment that it is given', async () => {
    const { stdout } = await tools.run(sh('pwd; echo $LC_ALL $GIVEN $MORE'), {
      cwd: '/',
      environment: { MORE: 'more' },
    });
    expect(stdout).toBe('/\nC yes more\n');
  });

  it('gives no standard input', async () => {
    expect(await tools.run(['/bin/cat'], {})).toMatchObject({ exitCode: 0, stdout: '' });
  });

  it('ends what takes too long', async () => {
    expect((await tools.run(['/bin/sleep', '20'], {})).failure).toBe('/bin/sleep did not end within 1 s');
  });

  it('says that a program cannot be started', async () => {
    expect((await tools.run([join(home, 'nowhere')], {})).failure).toContain('could not be started');
  });

  it('says that a program was killed', async () => {
    expect((await tools.run(sh('kill -9 $$'), {})).failure).toContain('SIGKILL');
  });
});
