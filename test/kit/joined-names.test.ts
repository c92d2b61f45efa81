/** Names on the host that are made of two, and whose they may be already: by the installer's own functions. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const KIT = new URL('../../fixtures/rendered/debian-13-services/', import.meta.url).pathname;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'names-'));
  mkdirSync(join(folder, 'units'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** An app that the installer has put on this host: its files, and what is made for it. */
function app(name: string, files: readonly string[], made: readonly string[] = []): void {
  mkdirSync(join(folder, 'records', name), { recursive: true });
  for (const [list, lines] of Object.entries({ files, made }))
    writeFileSync(join(folder, 'records', name, list), lines.map((line) => `${line}\n`).join(''));
}

/** What is said of the names of the kit: shop, shop-live, shop-tools and shop-worker. */
function told(units = join(folder, 'units'), ...names: string[]): string[] {
  const asked =
    names.length > 0
      ? `names_are_nobodys ${names.join(' ')}`
      : 'names_are_nobodys shop shop-live shop-tools shop-worker';
  const script = `set -eu
    problem() { printf '%s\\n' "$*"; }
    all_records=${folder}/records records=${folder}/records/shop
    . ${KIT}install.d/preflight.sh
    units_of_packages=${units}
    ${asked}`;
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\n').filter(Boolean);
}

describe('a joined name', () => {
  it('is free on a host of its own, and beside apps of other names', () => {
    expect(told()).toEqual([]);
    app('shop', ['/etc/systemd/system/shop-live.service', '/etc/shop-live/gunicorn.conf.py']);
    app(
      'shop-livery',
      ['/etc/systemd/system/shop-livery.service', '/etc/other-shop-live/x'],
      ['/run/xshop-live.sock'],
    );
    expect(told()).toEqual([]);
  });

  it.each<[string, string, readonly string[], readonly string[]]>([
    ['the name of another app', 'shop-live', [], []],
    ['a unit of another app', 'other', ['/etc/systemd/system/shop-live.socket'], []],
    ['a folder of another app', 'other', ['/etc/shop-live/gunicorn.conf.py'], []],
    ['a socket of another app', 'other', [], ['/run/shop-live.sock']],
    ['a folder of sockets of another app', 'other', [], ['/run/shop-live']],
  ])('is refused where it is %s', (_, name, files, made) => {
    app(name, files, made);
    expect(told()).toEqual([
      expect.stringMatching(
        `^the name shop-live is taken on this host, by the app ${name}: give the service another name .* or shop another --name$`,
      ),
    ]);
  });

  it("is refused where it is a unit's of the system, and the package is named", () => {
    writeFileSync(join(folder, 'units/shop-worker.timer'), '');
    expect(told()).toEqual([
      expect.stringContaining(
        `shop-worker is that of ${folder}/units/shop-worker.timer, of this host itself`,
      ),
    ]);
    const real = told('/usr/lib/systemd/system', 'dpkg-db-backup');
    expect(real).toEqual([expect.stringMatching(/dpkg-db-backup\.\w+, of dpkg, which it would hide/)]);
  });

  it('is asked about before anything is changed', () => {
    const preflight = execFileSync('sed', ['-n', '/^preflight()/,/^}/p', `${KIT}install.d/preflight.sh`], {
      encoding: 'utf8',
    });
    expect(preflight).toContain('names_are_nobodys shop shop-live shop-tools shop-worker');
  });
});
