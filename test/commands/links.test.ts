/** Links that a repository may carry lead nowhere: nothing outside is read, written or removed. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { projectIn, run, temporaryFolder, texts } from './cli.ts';

const work = temporaryFolder();
const pristine = projectIn(work, 'pristine');
const WORDS = ['--yes', '--no-check', '--domain', 'shop.example', '--name', 'contracts'];
const written = run(['init', pristine, ...WORDS]);
let project = '';
let home = '';
let count = 0;

beforeEach(() => {
  expect(written).toMatchObject({ status: 0, stderr: '' });
  const place = join(work, String(++count));
  project = join(place, 'contracts');
  home = join(place, 'home');
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'known'), 'known\n');
  cpSync(pristine, project, { recursive: true });
});

const put = (path: string, text: string) => {
  mkdirSync(dirname(join(project, path)), { recursive: true });
  writeFileSync(join(project, path), text);
};
const init = (...words: string[]) => run(['init', project, ...WORDS, ...words]);

describe('the output folder', () => {
  it('loses nothing that only a base names, through a link or not', () => {
    symlinkSync('../../home', join(project, 'deploy/x'));
    put('deploy/.deploy-scaffold/x/known', 'known\n');
    put('deploy/own/notes', 'mine\n');
    put('deploy/.deploy-scaffold/own/notes', 'mine\n');
    const { status, stdout, stderr } = init();
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain(
      `Passed over in ${project}/deploy/.deploy-scaffold, since deploy-scaffold writes no such files: own/notes, x/known`,
    );
    expect(texts(home)).toEqual({ known: 'known\n' });
    expect(readFileSync(join(project, 'deploy/own/notes'), 'utf8')).toBe('mine\n');
  });

  it.each(['root', 'root/etc', 'install.d', '.deploy-scaffold'])(
    'is not written through the link %s',
    (path) => {
      const place = join(project, 'deploy', path);
      renameSync(place, join(home, 'moved'));
      symlinkSync(join(home, 'moved'), place);
      const before = texts(home);
      // The base says nothing to check.
      const check = path.startsWith('.deploy-scaffold') ? [] : [['check']];
      for (const command of [...check, ['init', ...WORDS, '--timeout', '77']]) {
        const [name = '', ...words] = command;
        const { status, stderr } = run([name, project, ...words]);
        expect({ command, status }).toEqual({ command, status: 1 });
        expect(stderr).toContain(place);
        expect(stderr).toContain('a folder on the way is a symbolic link, and none is followed there');
      }
      expect(texts(home)).toEqual(before);
    },
  );

  it('has no file that is a link to one outside read, and shown as a difference', () => {
    const place = join(project, 'deploy/install.sh');
    rmSync(place);
    symlinkSync(join(home, 'known'), place);
    const { status, stdout, stderr } = init();
    expect(status).toBe(1);
    expect(stdout + stderr).not.toContain('-known');
    expect(stderr).toContain('it is a symbolic link that leads out of the folder');
    expect(texts(home)).toEqual({ known: 'known\n' });
  });

  it('is not a link that the repository has and that leads out of it', () => {
    rmSync(join(project, 'deploy'), { recursive: true });
    symlinkSync('../home', join(project, 'deploy'));
    const { status, stderr } = init();
    expect(status).toBe(2);
    expect(stderr).toContain(`leads out of the project, to ${home}`);
    symlinkSync('../home', join(project, 'docs'));
    expect(init('--out', join(project, 'docs', 'new')).status).toBe(2);
    expect(texts(home)).toEqual({ known: 'known\n' });
  });

  it('may be a link that the person made elsewhere, or one within the project', () => {
    symlinkSync(home, join(work, `mine-${count}`));
    expect(init('--out', join(work, `mine-${count}`, 'shop'))).toMatchObject({ status: 0, stderr: '' });
    expect(existsSync(join(home, 'shop/install.sh'))).toBe(true);
    renameSync(join(project, 'deploy'), join(project, 'ops'));
    symlinkSync('ops', join(project, 'deploy'));
    expect(init()).toMatchObject({ status: 0, stderr: '' });
  });

  it.each([
    '/',
    '/etc',
    '/usr',
    '/var',
    '/home',
    '/root',
    '/bin',
    '/etc/nginx',
    '/usr/lib',
    '/tmp',
    homedir(),
  ])('is not %s', (folder) => {
    symlinkSync(folder, join(work, `link-${count}`));
    for (const out of [folder, join(work, `link-${count}`)]) {
      const { status, stdout, stderr } = init('--out', out);
      expect({ out, status, stdout }).toEqual({ out, status: 2, stdout: '' });
      expect(stderr).toMatch(/is (?:a folder of the system|your home folder): nothing is written/);
    }
    expect(run(['check', project, '--out', folder]).status).toBe(2);
  });
});

describe('a project', () => {
  it('has no file read that a link of it leads to, and it is listed', () => {
    writeFileSync(
      join(home, 'secret'),
      'SECRET_KEY = "from-outside"\nALLOWED_HOSTS = ["from-outside.example"]\n',
    );
    const settings = join(project, 'contracts_site/settings');
    const path = existsSync(settings) ? 'contracts_site/settings/outside.py' : 'contracts_site/outside.py';
    symlinkSync(join(home, 'secret'), join(project, path));
    symlinkSync(home, join(project, 'linked'));
    put('linked.py', '');
    put(
      'manage.py',
      readFileSync(join(project, 'manage.py'), 'utf8').replace(
        /"contracts_site\.[\w.]+"|'contracts_site\.[\w.]+'/,
        `"${path.slice(0, -3).replaceAll('/', '.')}"`,
      ),
    );
    for (const words of [
      ['detect', project],
      ['detect', project, '--json'],
      ['init', project, '--dry-run', ...WORDS],
    ]) {
      const { stdout, stderr } = run(words);
      expect(stdout + stderr).not.toContain('from-outside');
      expect(stdout).toContain(path);
    }
    expect(JSON.parse(run(['detect', project, '--json']).stdout).outside).toEqual([path]);
  });
});
