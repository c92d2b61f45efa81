/** Whether the processes that answer are those of the live release, by the installer's own functions and real processes. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const INSTALLER = readFileSync(
  new URL('../../fixtures/rendered/debian-13-waitress/install.sh', import.meta.url),
  'utf8',
);
const FUNCTIONS = ['release_serves', 'remember_processes', 'started_since', 'process', 'link_itself'];

let folder = '';
let started: ChildProcess[] = [];
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'serving-')));
  for (const path of ['disk/releases/1/app', 'disk/releases/2/app', 'records', 'elsewhere']) {
    mkdirSync(join(folder, path), { recursive: true });
  }
  // As on a host whose /srv is a link.
  symlinkSync('disk', join(folder, 'srv'));
  goLive(1);
});
afterEach(() => {
  for (const process of started) process.kill('SIGKILL');
  started = [];
  rmSync(folder, { recursive: true });
});

function goLive(release: number): void {
  rmSync(join(folder, 'disk/current'), { force: true });
  symlinkSync(join(folder, 'srv/releases', String(release)), join(folder, 'disk/current'));
}

/** A process that works in that folder. */
function start(path: string): number {
  const process = spawn('sleep', ['60'], { cwd: join(folder, path), stdio: 'ignore' });
  started.push(process);
  return process.pid ?? 0;
}

/** What an asked function says of these main processes. */
function ask(name: string, ...mains: number[]): boolean {
  const bodies = FUNCTIONS.map(
    (one) => new RegExp(`^${one}\\(\\) \\{(?: .* \\}$|\\n[\\s\\S]*?^\\}$)`, 'm').exec(INSTALLER)?.[0] ?? '',
  );
  const script = `set -eu
    current=${folder}/srv/current records=${folder}/records
    process_manager_main() { echo ${mains.join(' ')}; }
    ${bodies.join('\n')}
    if ${name}; then echo yes; else echo no; fi`;
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' }) === 'yes\n';
}

describe('a release serves', () => {
  it('where a main process works in its folder, though /srv is a link', () => {
    expect(ask('release_serves', 0, start('disk/releases/1/app'))).toBe(true);
    expect(ask('release_serves', start('disk/releases/2/app'))).toBe(false);
    expect(ask('release_serves', 0)).toBe(false);
  });

  it('where one has started since the switch, wherever it went', () => {
    const old = start('elsewhere');
    expect(ask('release_serves', old), 'nothing is known').toBe(false);
    goLive(2);
    expect(ask('remember_processes', old)).toBe(true);
    expect(ask('release_serves', old), 'it ran before').toBe(false);
    const since = start('elsewhere');
    expect(ask('release_serves', since), 'it has started since').toBe(true);
    expect(ask('release_serves', 0), 'none').toBe(false);
    goLive(1);
    expect(ask('release_serves', since), 'somebody else switched').toBe(false);
  });
});
