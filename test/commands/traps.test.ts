/**
 * A project is read, never run: traps lie wherever a project, or the folder that was written to, may have something
 * that a tool would run or load, and none of them springs.
 */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { listFiles } from '../../src/system/tree.ts';
import { projectIn, run, temporaryFolder } from './cli.ts';

const work = temporaryFolder();
const sprung = join(work, 'sprung');
let project = '';
let count = 0;

const put = (path: string, text: string, mode = 0o644) => {
  mkdirSync(dirname(join(project, path)), { recursive: true });
  writeFileSync(join(project, path), text);
  chmodSync(join(project, path), mode);
};

const shellTrap = (name: string) => `echo '${name}' >> '${sprung}'\n`;
const pythonTrap = (name: string) =>
  `open(${JSON.stringify(sprung)}, "a").write(${JSON.stringify(`${name}\n`)})\n`;

/** Every program that is started, by us or by what we start. */
const PROGRAMS = ['apache2', 'circusd', 'env', 'git', 'gixy', 'gunicorn', 'nginx', 'openssl', 'python', 'python3', 'sed', 'sh',
  'shellcheck', 'supervisord', 'systemd-analyze', 'uwsgi']; // biome-ignore format: a list of words
const FOLDERS = [
  '.',
  '.venv/bin',
  'venv/bin',
  'bin',
  'node_modules/.bin',
  '.local/bin',
  'deploy/bin',
  'deploy/.venv/bin',
];
const MODULES = ['circus', 'deploy_scaffold_stub', 'gunicorn', 'setproctitle', 'sitecustomize', 'supervisor', 'trap',
  'usercustomize', 'workers', 'zmq']; // biome-ignore format: a list of words

/** A project full of traps, and the environment of somebody who works in it with all of it switched on. */
function trapped(): { cwd: string; env: Record<string, string> } {
  for (const folder of FOLDERS)
    for (const program of PROGRAMS)
      put(
        `${folder}/${program}`,
        `#!/bin/sh\n${shellTrap(`${folder}/${program}`)}echo 'version 99.0'\n`,
        0o755,
      );
  for (const folder of ['', '.local/lib/python3.11/site-packages/', 'deploy/'])
    for (const module of MODULES) put(`${folder}${module}.py`, pythonTrap(`${folder}${module}.py`));
  put('gunicorn.conf.py', pythonTrap('gunicorn.conf.py'));
  put('profile.sh', shellTrap('profile.sh'));
  put('.shellcheckrc', 'external-sources=true\n');
  put(
    'openssl.cnf',
    `openssl_conf = x\n[x]\nengines = e\n[e]\ny = z\n[z]\ndynamic_path = ${project}/evil.so\n`,
  );
  symlinkSync(join(project, 'bin'), join(work, `outside-${count}`));
  const path = [
    `${project}/.venv/bin`,
    join(work, `outside-${count}`),
    '',
    '.',
    'bin',
    `${project}/node_modules/.bin`,
  ];
  return {
    cwd: project,
    env: {
      PATH: [...path, process.env.PATH].join(':'),
      ...{
        PYTHONPATH: project,
        PYTHONSTARTUP: join(project, 'trap.py'),
        PYTHONUSERBASE: join(project, '.local'),
      },
      ...{ HOME: project, XDG_CACHE_HOME: join(project, '.cache'), ENV: join(project, 'profile.sh') },
      ...{ BASH_ENV: join(project, 'profile.sh'), OPENSSL_CONF: join(project, 'openssl.cnf') },
      ...{
        GUNICORN_CMD_ARGS: `--config ${project}/gunicorn.conf.py`,
        SHELLCHECK_OPTS: '-x',
        UWSGI_INI: 'trap.ini',
      },
    },
  };
}

/** What edits would have a tool do, by the end of the file's path; each of a file's is tried by itself. */
const EDITS: Record<string, () => readonly string[]> = {
  '/gunicorn.conf.py': () => [pythonTrap('edited gunicorn.conf.py')],
  '/serve.py': () => [pythonTrap('edited serve.py')],
  '/workers.py': () => [pythonTrap('edited workers.py')],
  '/uwsgi.ini': () => [
    ...[`listen = @(exec://${project}/bin/env)`, `import = ${project}/trap.py`],
    ...[`exec-asap = ${project}/bin/env`, `hook-asap = exec:${project}/bin/env`],
  ],
  'nginx/sites-enabled/zz-contracts.conf': () => [
    ...[`perl_set $trap 'sub { system "${project}/bin/env" }';`, `load_module ${project}/evil.so;`],
    ...[`error_log ${sprung};`, `access_log ${sprung};`],
    ...[`include ${project}/nginx.conf;`, `include ../../..${project}/nginx.conf;`],
  ],
  'apache2/sites-enabled/zz-contracts.conf': () => [
    ...[`LoadModule evil_module ${project}/evil.so`, `Load\\\nFile ${project}/evil.so`],
    ...[`include ${project}/apache.conf`, `CustomLog "|${project}/bin/env" combined`],
  ],
  '/supervisord.conf': () => [
    '[rpcinterface:trap]\nsupervisor.rpcinterface_factory = trap:make',
    '[eventlistener:trap]\ncommand = true\nevents = TICK_5\nresult_handler = trap:make',
    `[include]\nfiles = ${project}/*.ini`,
  ],
  '/circus.ini': () => ['[plugin:trap]\nuse = trap.Trap', `[circus]\ninclude = ${project}/trap.ini`],
  '/install.sh': () => [`. '${project}/profile.sh'`, `# shellcheck source=${project}/profile.sh\n. "$x"`],
};
/** As many as any file has. */
const ROUNDS = 6;

const editsOf = (path: string) => Object.entries(EDITS).find(([end]) => `/${path}`.endsWith(end))?.[1]();

beforeEach(() => {
  project = projectIn(work, `contracts-${++count}`);
  rmSync(sprung, { force: true });
});

const nothingSprung = (after: string) =>
  expect({
    after,
    sprung: existsSync(sprung) ? readFileSync(sprung, 'utf8') || 'an empty file' : '',
  }).toEqual({
    after,
    sprung: '',
  });

describe('nothing of a project is run or loaded', () => {
  it.each([
    [[]],
    [['--app-server', 'uwsgi', '--tls', 'none']],
    [['--app-server', 'waitress', '--process-manager', 'circus']],
    [['--web-server', 'apache', '--process-manager', 'supervisord']],
  ])('with %j', (words) => {
    const trap = trapped();
    const common = [
      '--yes',
      '--domain',
      'shop.example',
      '--name',
      'contracts',
      '--target',
      'debian-12',
      ...words,
    ];
    for (const command of [['detect'], ['init', '--dry-run', ...common], ['init', ...common], ['check']]) {
      const { stderr, status } = run(command, trap);
      expect({ command, stderr, status: status !== 70 }).toEqual({ command, stderr: '', status: true });
      nothingSprung(command.join(' '));
    }
    const deploy = join(project, 'deploy');
    const editable = listFiles(deploy).flatMap((path) => {
      const edits = path.startsWith('.deploy-scaffold/') ? undefined : editsOf(path);
      return edits === undefined
        ? []
        : [{ path: join(deploy, path), edits, text: readFileSync(join(deploy, path), 'utf8') }];
    });
    expect(editable.length).toBeGreaterThan(2);
    expect(editable.some(({ path }) => path.includes('/sites-enabled/'))).toBe(true);
    for (let round = 0; round < ROUNDS; round++) {
      for (const { path, edits, text } of editable) writeFileSync(path, `${text}\n${edits[round] ?? ''}\n`);
      const { stdout } = run(['check', '--json'], trap);
      expect([0, 1]).toContain(JSON.parse(stdout).status);
      nothingSprung(`edits ${round}`);
    }
    // Compiled code of deploy-scaffold itself is kept where no project has put it.
    expect(existsSync(join(project, '.cache'))).toBe(false);
  });
});

describe('tools of the project', () => {
  it('are named where they are passed over, and asked where the person says so', () => {
    put('.venv/bin/gunicorn', `#!/bin/sh\n${shellTrap('gunicorn')}echo 'gunicorn (version 27.0.1)'\n`, 0o755);
    const words = ['init', project, '--yes', '--domain', 'shop.example', '--json'];
    const findings = (stdout: string): { tool: string; message: string; remedy: string }[] =>
      JSON.parse(stdout).findings.filter(({ tool }: { tool: string }) => tool === 'gunicorn');
    const without = run(words);
    expect(without.status).toBe(0);
    expect(findings(without.stdout)).toContainEqual(
      expect.objectContaining({
        level: 'warning',
        message: expect.stringContaining(`${project}/.venv/bin/gunicorn was passed over`),
        remedy: expect.stringContaining(`--tools ${project}/.venv/bin`),
      }),
    );
    nothingSprung('init');
    const named = run([...words, '--tools', '.venv/bin'], { cwd: project });
    expect(findings(named.stdout).filter(({ message }) => message.includes('passed over'))).toEqual([]);
    expect(readdirSync(work)).toContain('sprung');
  });

  it('are looked for in folders that are there', () => {
    const { status, stderr } = run(['check', project, '--tools', 'nowhere']);
    expect(status).toBe(2);
    expect(stderr).toContain('--tools nowhere is not a folder');
  });
});
