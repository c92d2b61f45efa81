/**
 * Whatever a host leaves on the machine carries the number of the test process in its name. So a process can take
 * away its own at its end, and the next one what a killed process has left.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from './processes.ts';

/** Folders of running hosts: the place of their file systems. */
export const RUNNING = '/run/deploy-scaffold-hosts';

const PREFIX = 'ds';

/** Temporary folders with the project that is to be deployed: this, the test process, a hyphen and something random. */
export const STAGED = 'deploy-scaffold-stack-';

/** The name of a new host: "ds-PID-N". */
export function hostName(number: number): string {
  return `${PREFIX}-${process.pid}-${number}`;
}

/**
 * The control group hierarchies in which a host has a group of its own: those that systemd in a container uses, that of
 * version 2 and the old one by name, and the old one that shares out the processors.
 */
export function controlGroups(): string[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .filter((line) => / - cgroup2 | - cgroup .*(\bname=systemd|,cpu)\b/.test(line))
    .map((line) => line.split(' ')[4] ?? '');
}

/** Ends what is left of a host and takes away its traces. Synchronous, so that it works while a process exits. */
export function removeTraces(name: string): void {
  for (const group of controlGroups().map((mount) => join(mount, name))) {
    // The first is the container's init, by whose end the kernel ends all others.
    for (const pid of processesIn(group)) kill(pid);
    for (let tries = 0; existsSync(group) && tries < 100; tries++) {
      removeGroup(group);
      if (existsSync(group)) spawnSync('sleep', ['0.02']);
    }
  }
  for (const namespace of [name, visitorNamespace(name)]) {
    if (existsSync(`/run/netns/${namespace}`)) spawnSync('ip', ['netns', 'del', namespace]);
  }
  rmSync(join(RUNNING, name), { recursive: true, force: true });
  for (const folder of ['propagate', 'unix-export', 'locks'])
    rmSync(join('/run/systemd/nspawn', folder, name), { recursive: true, force: true });
}

/** The network namespace that requests to a host come from. */
export function visitorNamespace(name: string): string {
  return `${name}-out`;
}

/** Removes what test processes left that are no more. */
export function sweep(): void {
  const names = new Set([
    ...entries('/run/netns'),
    ...entries(RUNNING),
    ...controlGroups().flatMap((mount) => entries(mount)),
  ]);
  const dead = new Set<string>();
  for (const name of names) {
    const match = new RegExp(`^(${PREFIX}-(\\d+)-\\d+)(-out)?$`).exec(name);
    if (match?.[1] !== undefined && !isAlive(Number(match[2]))) dead.add(match[1]);
  }
  for (const name of dead) removeTraces(name);
  for (const name of entries(tmpdir())) {
    const pid = name.startsWith(STAGED) ? Number.parseInt(name.slice(STAGED.length), 10) : 0;
    if (pid > 0 && !isAlive(pid)) rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}

function entries(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

function processesIn(group: string): number[] {
  if (!existsSync(group)) return [];
  const files = execFileSync('find', [group, '-name', 'cgroup.procs'], { encoding: 'utf8' });
  return files
    .split('\n')
    .filter((file) => file !== '')
    .flatMap((file) => {
      try {
        return readFileSync(file, 'utf8').split('\n').filter(Boolean).map(Number);
      } catch {
        return [];
      }
    })
    .sort((one, other) => one - other);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/**
 * The folders of a control group are not ordinary ones: they go one by one, the innermost first. Two test processes may
 * sweep at once, so one that is listed may be gone by the time it is opened.
 */
function removeGroup(group: string): void {
  try {
    for (const entry of readdirSync(group, { withFileTypes: true }))
      if (entry.isDirectory()) removeGroup(join(group, entry.name));
    rmdirSync(group);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // EBUSY: a process of it is just ending; the next try finds it ended.
    if (code !== 'ENOENT' && code !== 'EBUSY') throw error;
  }
}
