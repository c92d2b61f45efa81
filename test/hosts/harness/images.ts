/**
 * What hosts are made of, built once and kept in the cache outside of the repository: a Debian that boots, and folders
 * of Python packages, so that an installer's pip works where there is no internet.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { CACHE, patiently, systemFolder } from '../../../scripts/provision.mjs';
import { lock } from './lock.ts';

/**
 * A host that somebody has just installed: what Debian itself brings (an init, a bus, logrotate), the web server, and
 * what the installer would otherwise fetch. strace is there for the tests alone: it kills at an exact step.
 */
const hostPackages = (units: readonly string[]) =>
  `systemd-sysv dbus procps iproute2 curl ca-certificates logrotate openssl ${units.join(' ')} certbot python3-pip strace`;

/** What the small system has for its checks, by unit: of two web servers, the first would have the ports. */
const FOR_CHECKS: Record<string, string[]> = {
  nginx: ['nginx', 'nginx-common'],
  apache2: ['apache2', 'apache2-bin', 'libapache2-mod-xsendfile'],
  'libapache2-mod-wsgi-py3': ['libapache2-mod-wsgi-py3'],
  supervisor: ['supervisor'],
};

/**
 * What a host's visitor has at hand, all of the newest Debian: Pebble, the test server of the makers of Let's Encrypt,
 * and testssl.sh, a scanner that writes its handshakes byte by byte, so that it also sees what no OpenSSL of today can
 * still offer. It knows the hybrid curves, too; sslscan 2.1 knows neither.
 * https://github.com/letsencrypt/pebble and https://testssl.sh/
 */
const VISITOR_SYSTEM = 'debian-13';
const VISITOR_PACKAGES = 'pebble testssl.sh';

/**
 * What would work by itself on a host, at midnight for instance: it writes files that nobody put there. Certificates are
 * renewed when a test says so.
 */
const TIMERS = ['apt-daily.timer', 'apt-daily-upgrade.timer', 'certbot.timer', 'dpkg-db-backup.timer'];

/** A change of the recipe below gets another number, and so another folder. */
const RECIPE = 2;

const ENVIRONMENT = {
  ...process.env,
  DEBIAN_FRONTEND: 'noninteractive',
  PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/root',
};

/** Where the target's Debian system is that scripts/provision.mjs builds. */
function systemOf(target: string): string {
  const folder = systemFolder(target);
  if (folder === undefined) throw new Error(`there is no ${target} system in ${CACHE}: npm run provision`);
  return folder;
}

/** In a chroot, what a registry's time-out can end. */
function fetchInside(folder: string, what: string, ...command: string[]): void {
  patiently(what, () => inside(folder, ...command));
}

function inside(folder: string, ...command: string[]): string {
  return execFileSync('chroot', [folder, ...command], {
    env: ENVIRONMENT,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
}

/** The folder of a Debian that can be booted, with the packages of a stack's units; built when it is not there yet. */
export async function hostImage(target: string, units: readonly string[]): Promise<string> {
  const system = systemOf(target);
  const packages = hostPackages(units);
  const rest = Object.keys(FOR_CHECKS)
    .filter((unit) => !units.includes(unit))
    .flatMap((unit) => FOR_CHECKS[unit] ?? []);
  return once(`host-${target}`, [system, packages, RECIPE, ...rest].join(' '), (folder) => {
    execFileSync('cp', ['-a', '--reflink=auto', `${system}/.`, folder]);
    fetchInside(
      folder,
      'apt-get',
      'sh',
      '-c',
      `apt-get update -q && apt-get install -q -y --no-install-recommends ${packages}`,
    );
    if (rest.length > 0) inside(folder, 'apt-get', 'purge', '-q', '-y', ...rest);
    // Only the chroot needed these; the host gets its name from the one who boots it, and fetches nothing by itself.
    for (const path of [
      'usr/sbin/policy-rc.d',
      'opt/venv',
      'etc/hostname',
      'var/cache/apt',
      'var/lib/apt/lists',
    ])
      rmSync(join(folder, path), { recursive: true, force: true });
    mkdirSync(join(folder, 'var/cache/apt/archives/partial'), { recursive: true });
    // No site uses the daemon that this package starts for all.
    if (units.includes('supervisor')) inside(folder, 'systemctl', 'disable', 'supervisor.service');
    inside(folder, 'systemctl', 'mask', ...TIMERS);
  });
}

/** The folder of the Debian whose programs a host's visitor runs; built when it is not there yet. */
export async function visitorImage(): Promise<string> {
  const system = systemOf(VISITOR_SYSTEM);
  return once('visitor', `${system} ${VISITOR_PACKAGES}`, (folder) => {
    execFileSync('cp', ['-a', '--reflink=auto', `${system}/.`, folder]);
    fetchInside(
      folder,
      'apt-get',
      'sh',
      '-c',
      `apt-get update -q && apt-get install -q -y --no-install-recommends ${VISITOR_PACKAGES}`,
    );
    for (const path of ['opt/venv', 'var/cache/apt', 'var/lib/apt/lists'])
      rmSync(join(folder, path), { recursive: true, force: true });
  });
}

/**
 * A layer for a host: the wheels of these requirements with all that they depend on, for the target's own Python, and
 * a pip that takes nothing else.
 *
 * @param requirements Lines as in requirements.txt.
 */
export async function wheelhouse(target: string, requirements: readonly string[]): Promise<string> {
  const lines = [...new Set([...requirements, 'pip', 'setuptools', 'wheel'])].sort();
  const system = systemOf(target);
  return once(`wheels-${target}`, `${system} ${lines.join('\n')}`, (folder) => {
    const work = join(system, `tmp/wheels-${process.pid}`);
    mkdirSync(work, { recursive: true });
    try {
      writeFileSync(join(work, 'requirements.txt'), `${lines.join('\n')}\n`);
      const pip = '/opt/venv/bin/pip';
      const shown = work.slice(system.length);
      fetchInside(
        system,
        'pip',
        pip,
        'wheel',
        '-q',
        '-w',
        `${shown}/wheels`,
        '-r',
        `${shown}/requirements.txt`,
      );
      cpSync(join(work, 'wheels'), join(folder, 'opt/wheels'), { recursive: true });
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
    mkdirSync(join(folder, 'etc'));
    writeFileSync(join(folder, 'etc/pip.conf'), '[global]\nno-index = true\nfind-links = /opt/wheels\n');
  });
}

/** Builds a folder once, also when several test files want it at the same time; a half-built one never counts. */
async function once(name: string, recipe: string, build: (folder: string) => void): Promise<string> {
  const folder = join(CACHE, `${name}-${createHash('sha256').update(recipe).digest('hex').slice(0, 10)}`);
  if (existsSync(folder)) return folder;
  mkdirSync(CACHE, { recursive: true });
  const release = await lock(`${folder}.lock`, 900);
  try {
    if (existsSync(folder)) return folder;
    const unfinished = `${folder}.unfinished`;
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(unfinished);
    build(unfinished);
    renameSync(unfinished, folder);
    return folder;
  } finally {
    release();
  }
}

/** The requirements that a project names, one a line. */
export function requirementLines(file: string): string[] {
  if (file.endsWith('.toml')) {
    const { project } = parse(readFileSync(file, 'utf8')) as { project?: { dependencies?: string[] } };
    return project?.dependencies ?? [];
  }
  if (file.endsWith('.lock')) {
    const { package: packages } = parse(readFileSync(file, 'utf8')) as {
      package: { name: string; version: string }[];
    };
    return packages.map(({ name, version }) => `${name}==${version}`);
  }
  return readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '' && !line.startsWith('-'));
}
