import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../src/system/error.ts';
import { listFiles, readFiles, readNamedFile, readTextFile } from '../../src/system/tree.ts';
import { writeFiles } from '../../src/system/write.ts';
import { NOBODY, projectIn, run, stamps, temporaryFolder, texts } from '../commands/cli.ts';
import { isRoot, itNeeds } from '../support/tools.ts';

const work = temporaryFolder();
const asNobody = itNeeds({ root: isRoot });
let out = '';
let count = 0;

beforeEach(() => {
  out = join(work, String(++count), 'deploy');
});

const file = (path: string, text: string, mode = 0o644) => ({ path, text, mode });
const errorOf = async (action: () => unknown): Promise<UserError> => {
  try {
    await action();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('nothing went wrong');
};

/** Mounts a disk in memory; the exit status. */
const mount = (size: string, folder: string) =>
  spawnSync('sh', ['-c', 'mount -t tmpfs -o "size=$1,mode=755" none "$2"', 'sh', size, folder]).status;

/** May this machine mount? A container may not. */
function mayMount(): boolean {
  const folder = join(work, 'may-mount');
  mkdirSync(folder);
  if (!isRoot || mount('4k', folder) !== 0) return false;
  execFileSync('sh', ['-c', 'umount "$1"', 'sh', folder]);
  return true;
}
const onSmallDisk = itNeeds({ 'root that may mount': mayMount() });

/** Does something on a disk of this size. */
function withDisk(size: string, use: (folder: string) => void): void {
  const folder = join(work, `disk-${count}`);
  mkdirSync(folder);
  expect(mount(size, folder)).toBe(0);
  try {
    use(folder);
  } finally {
    execFileSync('sh', ['-c', 'umount "$1"', 'sh', folder]);
  }
}

describe('writing', () => {
  it('makes folders, texts and modes, whatever the umask', async () => {
    const before = process.umask(0o077);
    await writeFiles(out, [file('a/b/install.sh', 'run\n', 0o755), file('README.md', 'ünï\n')], []);
    process.umask(before);
    expect(texts(out)).toEqual({ 'README.md': 'ünï\n', 'a/b/install.sh': 'run\n' });
    expect(statSync(join(out, 'a/b/install.sh')).mode & 0o777).toBe(0o755);
    expect(statSync(join(out, 'README.md')).mode & 0o777).toBe(0o644);
  });

  it('replaces, and changes a mode', async () => {
    await writeFiles(out, [file('a', 'old', 0o755)], []);
    await writeFiles(out, [file('a', 'new')], []);
    expect(readFiles(out, ['a']).get('a')).toEqual({ text: 'new', mode: 0o644 });
  });

  it('removes, with the folders that are left empty and no others', async () => {
    await writeFiles(out, [file('a/b/c/1', ''), file('a/2', ''), file('d/e/3', '')], []);
    await writeFiles(out, [], ['a/b/c/1', 'd/e/3', 'not/there']);
    expect(readdirSync(out)).toEqual(['a']);
    expect(readdirSync(join(out, 'a'))).toEqual(['2']);
  });

  it('leaves nothing of its own behind', async () => {
    await writeFiles(out, [file('a', '1')], []);
    expect(readdirSync(out)).toEqual(['a']);
  });

  it('does not touch the folder where there is nothing to do', async () => {
    await writeFiles(out, [], []);
    expect(existsSync(out)).toBe(false);
  });

  it('puts the file in the place of a link, and leaves alone what the link leads to', async () => {
    mkdirSync(out, { recursive: true });
    writeFileSync(join(out, 'theirs'), 'theirs');
    symlinkSync('theirs', join(out, 'a'));
    symlinkSync('nowhere', join(out, 'b'));
    await writeFiles(out, [file('a', 'ours'), file('b', 'ours')], []);
    expect(texts(out)).toEqual({ a: 'ours', b: 'ours', theirs: 'theirs' });
  });
});

describe('a failure on the way', () => {
  const files = [file('a/1', 'new 1'), file('a/2', 'new 2', 0o755), file('z/new/3', 'new 3')];

  it('puts everything back, byte for byte, where a folder is in the way', async () => {
    await writeFiles(out, [file('a/1', 'old \r\n\0 1', 0o600), file('a/gone', 'old')], []);
    symlinkSync('nowhere', join(out, 'a/2'));
    mkdirSync(join(out, 'zz'));
    const before = stamps(out);
    const error = await errorOf(() => writeFiles(out, [...files, file('zz', 'in the way')], ['a/gone']));
    expect(error.message).toBe(`${join(out, 'zz')} cannot be written: it is a folder. Nothing was changed.`);
    expect(error.exitCode).toBe(1);
    expect(stamps(out)).toEqual(before);
    expect(readlinkSync(join(out, 'a/2'))).toBe('nowhere');
    expect(readdirSync(out).sort()).toEqual(['a', 'zz']);
  });

  it('puts everything back where a file is in the way of a folder', async () => {
    await writeFiles(out, [file('a/1', 'old'), file('z', 'a file')], []);
    const before = stamps(out);
    const error = await errorOf(() => writeFiles(out, files, []));
    expect(error.message).toMatch(/z\/new\/3 cannot be written: .*\. Nothing was changed\.$/);
    expect(stamps(out)).toEqual(before);
  });

  it('takes away the folders that it made, and no others', async () => {
    mkdirSync(join(out, '..'), { recursive: true });
    writeFileSync(join(out, '..', 'zz'), '');
    const deep = join(out, 'deep', 'deeper');
    await errorOf(() => writeFiles(deep, [file('a', ''), file('a/b', '')], []));
    expect(existsSync(out)).toBe(false);
    expect(readdirSync(join(out, '..'))).toEqual(['zz']);
  });

  it('names a name that is too long', async () => {
    const error = await errorOf(() => writeFiles(out, [file('a', ''), file('x'.repeat(300), '')], []));
    expect(error.message).toContain('cannot be written: the name is too long. Nothing was changed.');
    expect(existsSync(out)).toBe(false);
  });

  asNobody('leaves all as it was where one folder may not be written', () => {
    const project = projectIn(join(work, String(count)));
    const deploy = join(project, 'deploy');
    const init = (...words: string[]) => run(['init', project, '--yes', '--no-check', ...words], NOBODY);
    for (const folder of [project, join(work, String(count))]) chownSync(folder, NOBODY.uid, NOBODY.gid);
    expect(init('--domain', 'shop.example')).toMatchObject({ status: 0, stderr: '' });
    const locked = join(deploy, 'root/etc/systemd/system');
    chmodSync(locked, 0o555);
    const before = stamps(deploy);
    const { status, stdout, stderr } = init('--name', 'shop', '--timeout', '77');
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(
      /\/root\/etc\/systemd\/system\/.* cannot be written: permission denied\. Nothing was changed/,
    );
    expect(stamps(deploy)).toEqual(before);
  });

  onSmallDisk('leaves nothing on a disk that is too small', () => {
    withDisk('64k', (disk) => {
      const project = projectIn(join(work, String(count)));
      const words = [
        'init',
        project,
        '--yes',
        '--no-check',
        '--domain',
        'shop.example',
        '--out',
        join(disk, 'deploy'),
      ];
      const { status, stdout, stderr } = run(words);
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
      expect(stderr).toMatch(/cannot be written: no space (is )?left on the disk\. Nothing was changed\./);
      expect(stderr).toContain('--out');
      expect(readdirSync(disk)).toEqual([]);
    });
  });

  onSmallDisk('leaves a deployment as it was on a disk that has become full', () => {
    withDisk('1m', (disk) => {
      const project = projectIn(join(work, String(count)));
      const deploy = join(disk, 'deploy');
      const init = (...words: string[]) =>
        run(['init', project, '--yes', '--no-check', '--out', deploy, ...words]);
      expect(init('--domain', 'shop.example')).toMatchObject({ status: 0, stderr: '' });
      const before = stamps(deploy);
      const filler = spawnSync('dd', ['if=/dev/zero', `of=${join(disk, 'filler')}`, 'bs=4k']);
      expect(filler.status).toBe(1);
      expect(init('--name', 'shop')).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(/no space (is )?left on the disk\. Nothing was changed\./),
      });
      expect(stamps(deploy)).toEqual(before);
      expect(readdirSync(deploy).filter((name) => name.includes('new'))).toEqual([]);
      rmSync(join(disk, 'filler'));
      expect(init('--name', 'shop').status).toBe(0);
    });
  });
});

describe('reading', () => {
  it('leaves out what is not there, and what is not a file', async () => {
    await writeFiles(out, [file('a/1', 'one')], []);
    expect([...readFiles(out, ['a', 'a/1', 'b'])]).toEqual([['a/1', { text: 'one', mode: 0o644 }]]);
  });

  it('lists files at every depth, sorted, hidden ones too; of a folder that is not there, none', async () => {
    await writeFiles(out, [file('b', ''), file('a/z/1', ''), file('a/b', ''), file('.hidden/1', '')], []);
    expect(listFiles(out)).toEqual(['.hidden/1', 'a/b', 'a/z/1', 'b']);
    expect(listFiles(join(out, 'nowhere'))).toEqual([]);
  });

  it('gives one text, or nothing where there is no file', async () => {
    await writeFiles(out, [file('a', 'text')], []);
    expect(readTextFile(out, 'a')).toBe('text');
    expect(readTextFile(out, 'nowhere')).toBeUndefined();
    expect(readTextFile(out, 'nowhere/nowhere')).toBeUndefined();
    expect(readTextFile(out, '.')).toBeUndefined();
  });

  it('finds a file at the top of the file system', async () => {
    const [top] = readdirSync('/').filter((name) => name.startsWith('.') && lstatSync(`/${name}`).isFile());
    expect(readNamedFile(`/${top ?? 'no-such-file'}`)).toBe(
      top === undefined ? undefined : readFileSync(`/${top}`, 'utf8'),
    );
  });

  it('says of what lies below a file that it cannot be read', async () => {
    await writeFiles(out, [file('a', '')], []);
    const error = await errorOf(() => readFiles(join(out, 'a'), ['b']));
    expect(error.message).toBe(`${join(out, 'a/b')} cannot be read: a part of the path is not a folder.`);
  });

  it('says of a link that leads back to itself that it cannot be read', async () => {
    mkdirSync(out, { recursive: true });
    symlinkSync('a', join(out, 'a'));
    expect((await errorOf(() => readFiles(out, ['a']))).message).toContain(
      'a symbolic link leads back to itself',
    );
  });
});
