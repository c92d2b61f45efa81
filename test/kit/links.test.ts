/** What the installer makes of links, by its own functions: which lead out, and what becomes of those among the assets. */
import { execFileSync } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const PARTS = new URL('../../fixtures/rendered/debian-13-flask/install.d/', import.meta.url).pathname;

let folder = '';
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'links-')));
  mkdirSync(join(folder, 'work'));
  mkdirSync(join(folder, 'public'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Files with their name as content, and links, in the release's public folder. */
function make(files: readonly string[], links: Readonly<Record<string, string>>): void {
  for (const path of [...files, ...Object.keys(links)]) {
    mkdirSync(dirname(join(folder, 'public', path)), { recursive: true });
  }
  for (const path of files) writeFileSync(join(folder, 'public', path), path);
  for (const [path, target] of Object.entries(links)) symlinkSync(target, join(folder, 'public', path));
}

/** The functions of the installer, and what is asked of them; what they say and their status. */
function ask(script: string): string {
  const setting = `set -eu
    fail() { printf 'refused: %s\\n' "$*"; exit 0; }
    release=${folder} work=${folder}/work records=/nowhere
    . ${PARTS}release.sh
    ${script}`;
  return execFileSync('sh', ['-c', setting], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

const inode = (path: string) => lstatSync(join(folder, path)).ino;

describe('links that lead out', () => {
  it('are told by where they lead, not by what their target says', () => {
    writeFileSync(join(folder, 'secret'), 'secret');
    // The target as a whole has the folder in it, behind a colon.
    const says = `x:${folder}/public/${'../'.repeat(folder.split('/').length + 2)}secret`;
    make(['a/style.css'], {
      'says.css': says,
      'ok.css': 'a/style.css',
      'a/up.css': '../ok.css',
      'absolute.css': join(folder, 'public/a/style.css'),
      'out.css': '../secret',
      'by-way-of': 'a/../..',
      'a -> b': '/etc',
    });
    const told = ask('links_out "$release/public"')
      .trimEnd()
      .split('\n')
      .map((line) => line.replace(/ -> [^>]*$/, ''));
    expect(told.sort()).toEqual(['a -> b', 'absolute.css', 'by-way-of', 'out.css', 'says.css']);
  });

  it('are among the places of the host only by their whole path', () => {
    make([], {
      static: '/var/a',
      'static -> b': '/etc/shadow',
      'static\nx': '/etc/shadow',
      'inner/static': '/etc',
    });
    const told = ask('on_host() { [ "$1" = static ]; }; links_out_of_project "$release/public"');
    expect(told.trimEnd().split('\n').sort()).toEqual([
      './static\\nx',
      'inner/static -> /etc',
      'static -> b -> /etc/shadow',
    ]);
  });
});

describe('links among the assets', () => {
  it('become the files and folders that they lead to', () => {
    make(['v2/app.css', 'v2/deep/logo.svg', ' spaced.css'], {
      'app.css': 'v2/app.css',
      current: 'v2',
      latest: 'current',
      'v2/deep/up.css': '../app.css',
      ' link.css': ' spaced.css',
      gone: 'nowhere',
    });
    expect(ask('links_to_files')).toBe('');
    for (const path of ['app.css', 'current/app.css', 'latest/app.css', 'current/deep/up.css']) {
      expect(inode(join('public', path)), path).toBe(inode('public/v2/app.css'));
    }
    expect(inode('public/latest/deep/logo.svg')).toBe(inode('public/v2/deep/logo.svg'));
    expect(inode('public/ link.css')).toBe(inode('public/ spaced.css'));
    expect(readlinkSync(join(folder, 'public/gone'))).toBe('nowhere');
  });

  it.each([
    ['its own folder', { 'a/again': '.' }, 'a/again'],
    ['all assets', { all: '.' }, 'all'],
    ['a folder with a link to another', { 'b/more': '../a', c: 'b' }, 'c'],
  ])('are refused by name where they lead to %s', (_, links, name) => {
    make(['a/app.css', 'b/app.css'], links);
    expect(ask('links_to_files')).toMatch(
      new RegExp(`^refused: among the assets, ${name} leads to a folder in which`),
    );
  });

  it('give no file outside a second name, whoever looked at them before', () => {
    writeFileSync(join(folder, 'secret'), 'secret');
    make([], { 'planted.css': '../secret' });
    expect(ask('links_to_files')).toMatch(/^refused: .*planted\.css leads out of/);
    expect(lstatSync(join(folder, 'secret')).nlink).toBe(1);
  });
});
