import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
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
  it('looks in the folders that are named, on the PATH, then beside it', async () => {
    const onPath = program('bin/tool');
    const beside = program('sbin/tool');
    const named = program('project/.venv/bin/tool');
    const tools = systemTools({
      path: join(home, 'bin'),
      untrusted: [join(home, 'project')],
      named: [join(home, 'project/.venv/bin')],
    });
    const { programs } = await tools.find('tool', { alsoIn: [join(home, 'bin'), join(home, 'sbin')] });
    expect(programs).toEqual([named, onPath, beside]);
  });

  it('passes over what a project may have put there, and says what', async () => {
    const real = program('system/tool');
    const inside = program('project/bin/tool');
    const often = program('project/venv/bin/tool');
    mkdirSync(join(home, 'links'));
    symlinkSync(join(home, 'project/bin'), join(home, 'links/folder'));
    mkdirSync(join(home, 'local'));
    symlinkSync(inside, join(home, 'local/tool'));
    // A link there and back: a Python would look for its modules in the project.
    symlinkSync(real, join(home, 'project/bin/back'));
    mkdirSync(join(home, 'far'));
    symlinkSync(join(home, 'project/bin/back'), join(home, 'far/tool'));
    const script = program('script/tool', `#!${join(home, 'project/bin/back')}\n`);
    const folders = ['project/bin', 'links/folder', 'local', 'far', 'script', 'system'];
    const path = folders.map((folder) => join(home, folder)).join(':');
    const tools = systemTools({ path, untrusted: [join(home, 'project')] });
    expect(await tools.find('tool', { oftenIn: ['venv/bin'] })).toEqual({
      programs: [real],
      passedOver: [
        inside,
        join(home, 'links/folder/tool'),
        join(home, 'local/tool'),
        join(home, 'far/tool'),
        script,
        often,
      ],
    });
  });

  it('passes over entries of the PATH that are empty or relative', async () => {
    const here = process.cwd();
    const tool = program('cwd/odd-tool');
    program('cwd/sub/odd-tool');
    process.chdir(join(home, 'cwd'));
    const found = await systemTools({ path: ':sub' }).find('odd-tool', {});
    process.chdir(here);
    expect(found).toEqual({ programs: [], passedOver: [tool, join(home, 'cwd/sub/odd-tool')] });
  });

  it('does not take a folder or a plain file for a program', async () => {
    mkdirSync(join(home, 'odd/tool'), { recursive: true });
    program('plain/tool', '', 0o644);
    const path = `${join(home, 'odd')}:${join(home, 'plain')}::relative`;
    expect((await systemTools({ path }).find('tool', {})).programs).toEqual([]);
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

  it('removes what a run left that was killed, and nothing of one that goes on', async () => {
    const dead = spawnSync('true').pid;
    const names = [
      `deploy-scaffold-${dead}-abcdef`,
      `deploy-scaffold-${process.ppid}-abcdef`,
      'deploy-scaffold-mine',
    ];
    const before = process.env.TMPDIR;
    process.env.TMPDIR = join(home, 'tmp');
    for (const name of names) mkdirSync(join(home, 'tmp', name, 'a'), { recursive: true });
    for (const name of names) utimesSync(join(home, 'tmp', name), 0, 0);
    const left = await systemTools().withStage(async (stage) => {
      expect(stage).toContain(`deploy-scaffold-${process.pid}-`);
      return readdirSync(join(home, 'tmp'));
    });
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    expect(left).toHaveLength(3);
    expect(left).toEqual(expect.arrayContaining(names.slice(1)));
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
      cwd: '/usr',
      environment: { MORE: 'more' },
    });
    expect(stdout).toBe('/usr\nC yes more\n');
  });

  it('hands over nothing that a project may have set', async () => {
    const untrusted = join(home, 'project');
    const set = {
      ...{
        PYTHONPATH: untrusted,
        GUNICORN_CMD_ARGS: '--config evil.py',
        SHELLCHECK_OPTS: '-x',
        LD_PRELOAD: 'evil.so',
      },
      ...{
        PATH: `${untrusted}/bin::bin:/usr/bin:/bin`,
        LD_LIBRARY_PATH: `${untrusted}:/opt/lib`,
        HOME: untrusted,
      },
    };
    const before = { ...process.env };
    Object.assign(process.env, set);
    // The loader would complain.
    delete process.env.LD_PRELOAD;
    const { stdout } = await systemTools({ untrusted: [untrusted] }).run(['/usr/bin/env'], {});
    process.env = before;
    expect(
      stdout
        .split('\n')
        .filter((line) => !/^(?:LOGNAME|USER|TMPDIR)=/.test(line))
        .sort(),
    ).toEqual([
      '',
      'HOME=/nonexistent',
      'LC_ALL=C',
      'LD_LIBRARY_PATH=/opt/lib',
      'PATH=/usr/bin:/bin',
      'PYTHONNOUSERSITE=1',
      'PYTHONSAFEPATH=1',
    ]);
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
