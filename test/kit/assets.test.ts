/** The installer's program that keeps assets within reach, on releases as they lie on a host. */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listFiles } from '../../src/system/tree.ts';

const RENDERED = new URL('../../fixtures/rendered/', import.meta.url).pathname;
const program = (kit: string) => join(RENDERED, kit, 'install.d/assets.py');

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'deploy-scaffold-assets-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** A release with these files below its public folder, by their text. */
function release(number: number, files: Record<string, string>): string {
  const folder = join(home, String(number));
  mkdirSync(join(folder, 'public'), { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, 'public', path)), { recursive: true });
    writeFileSync(join(folder, 'public', path), text);
  }
  return folder;
}

const run = (...words: string[]) => execFileSync('python3', ['-I', program('debian-13-files'), ...words]);
const publicOf = (folder: string) => listFiles(join(folder, 'public')).sort();
const hash = (digit: number) => String(digit).repeat(12);

describe('the assets of kept releases', () => {
  it('are given to the one that goes live as links, and only those whose names carry a hash', () => {
    const one = release(1, {
      [`static/a.${hash(1)}.css`]: 'one',
      'static/a.css': 'one',
      'static/b.min.js': '',
    });
    const two = release(2, { [`static/a.${hash(2)}.css`]: 'two', 'static/staticfiles.json': '{}' });
    run('carry', two, two, one);
    expect(publicOf(two)).toEqual([
      `static/a.${hash(1)}.css`,
      `static/a.${hash(2)}.css`,
      'static/staticfiles.json',
    ]);
    const [given, made] = [two, one].map((folder) =>
      statSync(join(folder, 'public/static', `a.${hash(1)}.css`)),
    );
    expect(given?.ino).toBe(made?.ino);
    expect(publicOf(one)).toHaveLength(3);
    run('carry', two, two, one);
    expect(publicOf(two)).toHaveLength(3);
  });

  it('go with the release that made them, unless another kept one made them too', () => {
    const file = (digit: number) => `static/sub/a.${hash(digit)}.css`;
    const one = release(1, { [file(1)]: '', [file(9)]: '' });
    const two = release(2, { [file(2)]: '', [file(9)]: '' });
    const three = release(3, { [file(3)]: '' });
    run('carry', two, two, one);
    run('carry', three, three, two, one);
    expect(publicOf(three)).toEqual([1, 2, 3, 9].map(file));
    rmSync(one, { recursive: true });
    run('prune', three, two);
    expect(publicOf(three)).toEqual([2, 3, 9].map(file));
    expect(publicOf(two)).toEqual([2, 9].map(file));
    rmSync(two, { recursive: true });
    run('prune', three);
    expect(publicOf(three)).toEqual([file(3)]);
  });

  it('never take the place of a file of its own, nor are packed copies of another text put beside one', () => {
    const css = `static/a.${hash(1)}.css`;
    const js = `static/b.${hash(1)}.js`;
    const one = release(1, {
      [css]: 'other',
      [`${css}.gz`]: 'other, packed',
      [js]: 'js',
      [`${js}.gz`]: 'js, packed',
    });
    const two = release(2, { [css]: 'own' });
    run('carry', two, two, one);
    expect(publicOf(two)).toEqual([css, js, `${js}.gz`]);
    expect(readFileSync(join(two, 'public', css), 'utf8')).toBe('own');
    rmSync(one, { recursive: true });
    run('prune', two);
    expect(publicOf(two)).toEqual([css]);
  });

  it('stay within the release: no link on the way is followed, and none is carried', () => {
    const outside = join(home, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, `secret.${hash(5)}.css`), 'secret');
    const one = release(1, { [`static/sub/a.${hash(1)}.css`]: '', [`static/b.${hash(1)}.css`]: '' });
    symlinkSync(join(outside, `secret.${hash(5)}.css`), join(one, 'public/static', `c.${hash(5)}.css`));
    symlinkSync(outside, join(one, 'public/static/links'));
    const two = release(2, { 'static/x.css': '' });
    symlinkSync(outside, join(two, 'public/static/sub'));
    run('carry', two, two, one);
    expect(readdirSync(outside)).toEqual([`secret.${hash(5)}.css`]);
    expect(readdirSync(join(two, 'public/static')).sort()).toEqual([`b.${hash(1)}.css`, 'sub', 'x.css']);
    rmSync(one, { recursive: true });
    run('prune', two);
    expect(readdirSync(outside)).toEqual([`secret.${hash(5)}.css`]);
    expect(lstatSync(join(two, 'public/static/sub')).isSymbolicLink()).toBe(true);
  });

  it('that a run which was cut off had begun to link are known to the next', () => {
    const file = (digit: number) => `a.${hash(digit)}.css`;
    const one = release(1, { [file(1)]: '' });
    const two = release(2, { [file(2)]: '' });
    run('carry', two, two, one);
    rmSync(join(two, 'public', file(1)));
    run('carry', two, two, one);
    expect(publicOf(two)).toEqual([1, 2].map(file));
    // A list that was being written when the host went down.
    writeFileSync(join(two, 'hashed.new~'), 'a.1111');
    rmSync(one, { recursive: true });
    run('prune', two);
    expect(publicOf(two)).toEqual([file(2)]);
  });

  it('are those that an earlier answer made, where names carry a hash no more', () => {
    const plain = program('debian-13-flask');
    const one = release(1, { [`a.${hash(1)}.css`]: '' });
    run('list', one);
    const two = release(2, { [`b.${hash(2)}.css`]: '' });
    execFileSync('python3', ['-I', plain, 'carry', two, two, one]);
    expect(publicOf(two)).toEqual([`a.${hash(1)}.css`, `b.${hash(2)}.css`]);
    expect(readFileSync(join(two, 'hashed'), 'utf8')).toBe('');
  });
});

describe('a name that carries a hash', () => {
  const pattern = (kit: string, file: string, find: RegExp) => {
    const path = join(RENDERED, kit, file);
    expect(existsSync(path), path).toBe(true);
    return find.exec(readFileSync(path, 'utf8'))?.[1];
  };

  it('is the same to nginx, to Apache and to the installer', () => {
    const own = pattern('debian-13-files', 'install.d/assets.py', /HASHED = re\.compile\(r"(.*)\\Z"\)/);
    expect(own).toBe('\\.[0-9a-f]{12}\\.[0-9A-Za-z.]+');
    const site = (server: string, name: string) => `root/etc/${server}/${name}.conf`;
    const [nginx] = listFiles(join(RENDERED, 'debian-13-files/root/etc/nginx/sites-enabled')).filter(
      (path) => !/default|redirects/.test(path),
    );
    const [apache] = listFiles(join(RENDERED, 'debian-13-apache/root/etc/apache2/sites-enabled')).filter(
      (path) => !/default|redirects/.test(path),
    );
    expect([
      pattern(
        'debian-13-files',
        site('nginx/sites-enabled', nginx?.replace('.conf', '') ?? ''),
        /"~(\S+)\$"\s+"public, max-age=31536000/,
      ),
      pattern(
        'debian-13-apache',
        site('apache2/sites-enabled', apache?.replace('.conf', '') ?? ''),
        /<FilesMatch "(\\\.\[0-9a-f\]\S+)\$">/,
      ),
    ]).toEqual([own, own]);
  });
});
