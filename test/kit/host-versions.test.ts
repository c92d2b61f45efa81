/** What the host's packages must be for the files to fit: by the installer's own functions, and stand-ins for apt. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const KIT = new URL('../../fixtures/rendered/debian-13-services/', import.meta.url).pathname;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'versions-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function program(name: string, text: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`);
  chmodSync(join(folder, name), 0o755);
}

/** Installs packages on a host where nothing is installed, and whose lists of packages come with apt-get update. */
function installing(nginx: string): string[] {
  program('dpkg-query', 'exit 1');
  program('apt-cache', `[ ! -e ${folder}/lists ] || [ "$2" != nginx ] || echo '  Candidate: ${nginx}'`);
  program('apt-get', `case $1 in update) : >${folder}/lists ;; install) : >${folder}/installed ;; esac`);
  const script = `set -eu
    PATH=${folder}:$PATH
    problem() { printf '%s\\n' "$*"; }
    fail() { problem "$*"; exit 0; }
    step() { :; }
    . ${KIT}install.d/preflight.sh
    . ${KIT}install.d/release.sh
    all_well=yes system=debian-12
    packages_fit
    no_problem
    packages`;
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\n').filter(Boolean);
}

describe('on a host without lists of packages', () => {
  it('packages that fit are installed', () => {
    expect(installing('1.26.3-3+deb13u1')).toEqual([]);
    expect(existsSync(join(folder, 'installed'))).toBe(true);
  });

  it('one that is too old is told of before anything is installed', () => {
    expect(installing('1.22.1-9+deb12u2')).toEqual([
      'these files need nginx 1.25.1 or newer, and this host has 1.22.1-9+deb12u2',
      expect.stringContaining('this host is debian-12: run deploy-scaffold init again'),
      'nothing was changed',
    ]);
    expect(existsSync(join(folder, 'installed'))).toBe(false);
  });
});
