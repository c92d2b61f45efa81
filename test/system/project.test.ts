import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { detect } from '../../src/detect/index.ts';
import { DETECTIONS } from '../../src/detections.ts';
import { UserError } from '../../src/system/error.ts';
import { readProject } from '../../src/system/project.ts';
import { NOBODY, projectIn, run, temporaryFolder } from '../commands/cli.ts';
import { isRoot, itNeeds } from '../support/tools.ts';

const work = temporaryFolder();
const asNobody = itNeeds({ root: isRoot });
let folder = '';
let count = 0;

beforeEach(() => {
  folder = join(work, `project-${++count}`);
  mkdirSync(folder);
});

function put(path: string, text: string | Buffer = ''): string {
  const full = join(folder, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
  return full;
}
const list = () => readProject(folder).list();

describe('a project', () => {
  it('has its files, sorted, with forward slashes', () => {
    put('b.py');
    put('a/z.py');
    put('a-b/c.py');
    put('.env.example');
    expect(list()).toEqual(['.env.example', 'a-b/c.py', 'a/z.py', 'b.py']);
  });

  it('leaves out what an earlier run wrote, wherever', () => {
    put('app.py');
    put('ops/live/.deploy-scaffold/install.sh');
    put('ops/live/root/etc/shop/gunicorn.conf.py');
    expect(list()).toEqual(['app.py']);
  });

  it('has its folder’s own name, however it is reached', () => {
    symlinkSync(folder, join(work, `link-${count}`));
    expect(readProject(join(work, `link-${count}`)).name).toBe(basename(folder));
    expect(readProject(`${folder}/../${basename(folder)}/`).folder).toBe(folder);
  });

  it('reads texts; what is not there is none', () => {
    put('a.py', 'x = "ü"\n');
    const project = readProject(folder);
    expect(project.read('a.py')).toBe('x = "ü"\n');
    expect(project.read('b.py')).toBeUndefined();
    expect(project.read('a.py/b')).toBeUndefined();
    expect(readProject(dirname(folder)).read(basename(folder))).toBeUndefined();
  });

  it.each(['node_modules', '.git', '__pycache__', 'venv', '.venv', 'site-packages'])(
    'leaves out %s',
    (name) => {
      put(`${name}/settings.py`);
      put(`deep/${name}/settings.py`);
      put(`${name}.py`);
      expect(list()).toEqual([`${name}.py`]);
    },
  );

  it('leaves out a virtual environment of any name', () => {
    put('my-python/pyvenv.cfg');
    put('my-python/lib/django/conf/settings.py');
    put('app/settings.py');
    expect(list()).toEqual(['app/settings.py']);
  });

  it('is not left out where it is itself kept in such a folder', () => {
    put('pyvenv.cfg');
    put('a.py');
    expect(list()).toEqual(['a.py', 'pyvenv.cfg']);
  });
});

describe('what is odd in a project', () => {
  it('links to files are files, those to folders are not followed, and loops end', () => {
    put('real/a.py', 'x = 1\n');
    symlinkSync('real/a.py', join(folder, 'link.py'));
    symlinkSync('real', join(folder, 'folder-link'));
    symlinkSync('..', join(folder, 'real/up'));
    symlinkSync('loop-b', join(folder, 'loop-a'));
    symlinkSync('loop-a', join(folder, 'loop-b'));
    symlinkSync('nowhere', join(folder, 'dangling.py'));
    const project = readProject(folder);
    expect(project.list()).toEqual(['link.py', 'real/a.py']);
    expect(project.read('link.py')).toBe('x = 1\n');
    expect(project.unreadable).toEqual([]);
  });

  it('binary files and huge ones are not text', () => {
    put('a.py', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1]));
    put('b.py', Buffer.alloc(2 * 1024 * 1024 + 1, 'x'));
    put('c.py', Buffer.alloc(2 * 1024 * 1024, 'x'));
    const project = readProject(folder);
    expect(project.read('a.py')).toBeUndefined();
    expect(project.read('b.py')).toBeUndefined();
    expect(project.read('c.py')).toHaveLength(2 * 1024 * 1024);
  });

  it('bytes that are not UTF-8 are replaced', () => {
    put('a.py', Buffer.from([0x78, 0xe9, 0x0a]));
    expect(readProject(folder).read('a.py')).toBe('x\ufffd\n');
  });

  it('a folder without end ends: 60 deep is read, 61 is not', () => {
    const at = (depth: number) => `${Array(depth).fill('d').join('/')}/a.py`;
    put(at(60));
    put(at(61));
    put(at(200));
    expect(list()).toEqual([at(60)]);
  });

  it('names may have line ends, quotes and bytes that are not text', () => {
    put('a\nb.py', 'one\n');
    put(`it's "so".py`);
    execFileSync('sh', ['-c', `printf x > "$(printf '%s/\\377.py' "$1")"`, 'sh', folder]);
    const project = readProject(folder);
    expect(project.list()).toEqual(['a\nb.py', `it's "so".py`, '\ufffd.py']);
    expect(project.read('a\nb.py')).toBe('one\n');
    expect(project.read('\ufffd.py')).toBeUndefined();
    expect(() => detect(project, DETECTIONS)).not.toThrow();
  });

  it('a socket or a pipe is not a file, and is not waited for', () => {
    execFileSync('sh', ['-c', 'mkfifo "$1"', 'sh', join(folder, 'manage.py')]);
    const project = readProject(folder);
    expect(project.list()).toEqual([]);
    expect(project.read('manage.py')).toBeUndefined();
  });

  asNobody('a folder that may not be entered hides nothing but itself', () => {
    const project = projectIn(folder);
    mkdirSync(join(project, 'postgres-data'), { mode: 0o700 });
    chmodSync(join(project, 'contracts/migrations'), 0o700);
    const words = ['init', project, '--yes', '--no-check', '--dry-run', '--json', '--domain', 'shop.example'];
    const { status, stdout } = run(words, NOBODY);
    expect(status).toBe(0);
    expect(JSON.parse(stdout).answers.app).toBe('contracts_site.wsgi:application');
    const unread = JSON.parse(stdout).findings.filter(
      ({ level }: { level: string }) => level === 'unchecked',
    );
    expect(unread.map((finding: { file: string }) => finding.file)).toEqual(
      expect.arrayContaining([join(project, 'contracts/migrations'), join(project, 'postgres-data')]),
    );
  });
});

describe('a folder that cannot be read', () => {
  it.each([
    ['nowhere', 'cannot be read: it does not exist'],
    ['a.py', 'is not a folder'],
    ['a.py/b', 'cannot be read: a part of the path is not a folder'],
    ['loop', 'cannot be read: a symbolic link leads back to itself'],
    ['x'.repeat(300), 'cannot be read: the name is too long'],
  ])('%s is named', (path, words) => {
    put('a.py');
    symlinkSync('loop', join(folder, 'loop'));
    const dir = join(folder, path);
    expect(() => readProject(dir)).toThrow(UserError);
    expect(() => readProject(dir)).toThrow(`${dir} ${words}`);
  });
});

describe('a text', () => {
  const read = (path: string) => readProject(folder).read(path);

  it.each([
    ['UTF-8', Buffer.from('x = "é"\n')],
    ['UTF-8 with a mark', Buffer.from('\uFEFFx = "é"\n')],
    ['UTF-16, little end first', Buffer.from('\uFEFFx = "é"\n', 'utf16le')],
    ['UTF-16, big end first', Buffer.from('\uFEFFx = "é"\n', 'utf16le').swap16()],
  ])('is read by its mark: %s', (_name, bytes) => {
    put('a.txt', bytes);
    expect(read('a.txt')?.replace('\uFEFF', '')).toBe('x = "é"\n');
  });

  it.each(['latin-1', 'iso-8859-1', 'cp1252', 'ISO_8859_15'])(
    'is read by what Python’s own line says: %s',
    (name) => {
      put('a.py', Buffer.from(`#!/usr/bin/python\n# -*- coding: ${name} -*-\nx = "é"\n`, 'latin1'));
      expect(read('a.py')).toContain('x = "é"');
    },
  );

  it('is read as far as it is ASCII, where nobody knows its encoding', () => {
    put('a.py', Buffer.from('# coding: rot-47-of-our-own\nx = "é"\ny = 1\n', 'latin1'));
    expect(read('a.py')).toContain('y = 1');
  });

  it('with bytes that are not in its encoding is used, and that is said', () => {
    put('app.py', Buffer.from('from flask import Flask\napp = Flask(__name__)\napp.title = "é"\n', 'latin1'));
    const { detection } = detect(readProject(folder), DETECTIONS);
    expect(detection?.answers.app).toMatchObject({ value: 'app:app' });
    expect(detection?.warnings).toMatchObject([
      {
        message: 'app.py has bytes that are not in its encoding; the rest of it was used',
        from: [{ file: 'app.py', line: 3 }],
      },
    ]);
  });
});
