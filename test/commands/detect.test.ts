/** detect, as a person or a script meets it. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listFiles } from '../../src/system/tree.ts';
import { ROOT, run, temporaryFolder } from './cli.ts';

const work = temporaryFolder();
const FIXTURES = join(ROOT, 'fixtures/projects');
let count = 0;

function projectOf(files: Record<string, string>): string {
  const folder = join(work, `project-${++count}`);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

describe('detect', () => {
  it('says each finding with how sure it is and where it stands', () => {
    const { status, stdout, stderr } = run(['detect', join(FIXTURES, 'django-heroku')]);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^ {2}framework +django +sure$/m);
    expect(stdout).toMatch(/^ {2}workers +3 +sure +Procfile:2$/m);
    expect(stdout).toMatch(
      /^ {2}database +sqlite +likely .*unless the environment variable DATABASE_URL is set$/m,
    );
    expect(stdout).toMatch(/^ {2}python +3\.11\.6 +sure +runtime\.txt:1$/m);
  });

  it('gives a program the same, and init uses exactly this', () => {
    const folder = join(FIXTURES, 'django-heroku');
    const { status, stdout } = run(['detect', folder, '--json']);
    const said = JSON.parse(stdout);
    expect([status, said.status, said.framework]).toEqual([0, 0, 'django']);
    expect(said.apps).toMatchObject([{ framework: 'django', root: '.', chosen: true }]);
    expect(said.answers.timeout).toEqual({ kind: 'known', value: 60, from: [{ file: 'Procfile', line: 2 }] });
    const out = join(work, 'out');
    const written = run([
      'init',
      folder,
      '--yes',
      '--no-check',
      '--json',
      '--domain',
      'a.example',
      '--out',
      out,
    ]);
    const { answers } = JSON.parse(written.stdout);
    for (const [name, found] of Object.entries<{ kind: string; value: unknown }>(said.answers))
      if (found.kind === 'known' || found.kind === 'default')
        expect([name, answers[name]]).toEqual([name, found.value]);
  });

  it('lists several apps, and names the flag that takes one', () => {
    const folder = join(FIXTURES, 'django-several-sites');
    const { status, stdout } = run(['detect', folder]);
    expect(status).toBe(1);
    expect(stdout).toContain('has 2 apps, and none is clearly meant: give --root DIR');
    expect(stdout).toContain('alpha.wsgi:application');
    expect(stdout).toContain('beta.wsgi:application');
    const one = run(['detect', folder, '--root', './beta_site/', '--json']);
    expect(one.status).toBe(0);
    expect(JSON.parse(one.stdout).answers.app.value).toBe('beta.wsgi:application');
  });

  it('init stops before several apps, and takes the one of the flag', () => {
    const folder = join(FIXTURES, 'django-several-sites');
    const words = ['init', folder, '--yes', '--no-check', '--dry-run', '--json', '--domain', 'a.example'];
    const stopped = run(words);
    expect(stopped.status).toBe(2);
    expect(stopped.stderr).toContain('root: is one of several that were found: alpha_site: django');
    expect(stopped.stderr).toContain('Give --root DIR');
    const taken = JSON.parse(run([...words, '--root', 'alpha_site']).stdout).answers;
    expect([taken.root, taken.app]).toEqual(['alpha_site', 'alpha.wsgi:application']);
    const other = JSON.parse(run([...words, '--root', 'beta_site']).stdout).answers;
    // Both may come to live on one host.
    expect(other.name).not.toBe(taken.name);
  });

  it.each([
    [['--framework', 'fastapy'], 'fastapi'],
    [
      ['--framework', 'flask'],
      'is not the framework of any app here; there is django in alpha_site, django in beta_site',
    ],
    [
      ['--root', 'nope'],
      'is not a folder that an app is started in; there is django in alpha_site, django in beta_site',
    ],
  ])('names what is there, where %j is not', (flags, words) => {
    const { status, stderr } = run(['detect', join(FIXTURES, 'django-several-sites'), ...flags]);
    expect(status).toBe(2);
    expect(stderr).toContain(words);
  });

  it('says that nothing was found', () => {
    const { status, stdout } = run(['detect', projectOf({ 'notes.txt': 'hello\n' })]);
    expect(status).toBe(1);
    expect(stdout).toContain('No framework that deploy-scaffold knows was found');
  });

  it('leaves what init wrote out of account', () => {
    const folder = projectOf({
      'app.py': 'from flask import Flask\n\napp = Flask(__name__)\n',
      'requirements.txt': 'flask\n',
    });
    const words = [
      'init',
      folder,
      '--yes',
      '--no-check',
      '--json',
      '--domain',
      'a.example',
      '--workers',
      '7',
    ];
    const before = run(['detect', folder, '--json']).stdout;
    expect(run(words).status).toBe(0);
    expect(run(['detect', folder, '--json']).stdout).toBe(before);
  });

  it('a clone in a folder of another name is the same app, and nothing changes', () => {
    const folder = projectOf({ 'app.py': 'from flask import Flask\n\napp = Flask(__name__)\n' });
    const words = ['--yes', '--no-check', '--json', '--domain', 'a.example'];
    const first = JSON.parse(run(['init', folder, ...words]).stdout);
    const clone = join(work, 'elsewhere');
    cpSync(folder, clone, { recursive: true });
    const written = (project: string) =>
      listFiles(join(project, 'deploy')).map((path) => [
        path,
        readFileSync(join(project, 'deploy', path), 'utf8'),
      ]);
    for (let times = 0; times < 2; times++) {
      const again = JSON.parse(run(['init', clone, ...words]).stdout);
      expect(again.answers).toEqual(first.answers);
      expect(again.sources.name).toBe('an earlier run');
      expect(written(clone)).toEqual(written(folder));
    }
    expect(run(['init', clone, ...words.filter((word) => word !== '--json')]).stdout).toContain(
      `The name ${first.answers.name} is kept from the earlier run; --name gives another.`,
    );
    expect(
      run(['init', clone, ...words.filter((word) => word !== '--json'), '--name', 'other']).stdout,
    ).not.toMatch(/is kept from the earlier run/);
  });

  it('the installer is told where the project is, where it cannot see that', () => {
    const folder = projectOf({ 'app.py': 'from flask import Flask\n\napp = Flask(__name__)\n' });
    const shown = (...words: string[]) =>
      run(['init', folder, '--yes', '--no-check', '--domain', 'a.example', ...words]).stdout;
    expect(shown()).toMatch(/sudo sh deploy\/install\.sh$/m);
    expect(shown('--out', join(folder, 'ops/deploy'))).toMatch(
      /sudo sh ops\/deploy\/install\.sh --source \.$/m,
    );
  });

  it('a deployment of another app is not taken for one of this, and that is said', () => {
    const folder = projectOf({
      'a/app.py': 'from flask import Flask\n\napp = Flask(__name__)\n',
      'a/requirements.txt': 'flask\nalembic\n',
      'a/alembic.ini': '[alembic]\n',
      'b/main.py': 'from fastapi import FastAPI\n\napp = FastAPI()\n',
      'b/requirements.txt': 'fastapi\n',
    });
    const words = ['init', folder, '--yes', '--no-check', '--json', '--domain', 'a.example', '--root'];
    expect(run([...words, 'a']).status).toBe(0);
    const alone = JSON.parse(run([...words, 'b', '--out', join(work, 'alone')]).stdout);
    const after = run([...words, 'b']);
    expect(after.stderr).toContain('holds the deployment of another app (flask in a), which this replaces');
    expect(JSON.parse(after.stdout).answers).toEqual(alone.answers);
  });

  it('init takes services that are sure, and names the answers for those that are likely alone', () => {
    const init = (name: string) => {
      const words = ['--yes', '--no-check', '--json', '--tls', 'none', '--domain', 'a.example'];
      const { stdout } = run(['init', join(FIXTURES, name), ...words, '--out', join(work, name)]);
      return JSON.parse(stdout);
    };
    const sure = init('django-pages-and-live');
    expect(sure.answers.paths).toMatchObject({ '/live/': { app: 'board.asgi:application', workers: 2 } });
    expect(sure.files).toContainEqual(
      expect.objectContaining({ path: expect.stringMatching(/system\/.*-live\.service$/) }),
    );
    const likely = init('fastapi-api-and-pages');
    expect(likely.answers).toMatchObject({ path: '/', paths: {} });
    expect(likely.findings).toContainEqual(
      expect.objectContaining({
        ...{ code: 'services-proposed', level: 'warning', file: 'web/package.json', line: 6 },
        remedy: expect.stringContaining('path: "/api/"; paths: {"/":{"folder":"web/public_html"'),
      }),
    );
    const { services } = JSON.parse(
      run(['detect', join(FIXTURES, 'fastapi-api-and-pages'), '--json']).stdout,
    );
    expect(services.options[0].value.path).toBe('/api/');
    expect(services.options[0].from[0]).toEqual({ file: 'web/package.json', line: 6 });
  });

  it('init says which defaults stand for what the project leaves open', () => {
    const folder = projectOf({
      'app.py':
        'import os\n\nfrom flask import Flask\n\napp = Flask(__name__)\napp.config["SQLALCHEMY_DATABASE_URI"] = os.environ["DB"]\n',
    });
    const { stdout } = run([
      'init',
      folder,
      '--yes',
      '--no-check',
      '--dry-run',
      '--json',
      '--domain',
      'a.example',
    ]);
    const { findings } = JSON.parse(stdout);
    expect(findings).toContainEqual(
      expect.objectContaining({
        level: 'warning',
        message: expect.stringContaining('leaves "database" open'),
        remedy: expect.stringContaining('--database'),
      }),
    );
  });

  it.each([
    ['>=3.99', true],
    ['^3.13', true],
    ['>=3.8,<3.14', false],
  ])('init says where the host’s Python is too old for %s', (wanted, isSaid) => {
    const folder = projectOf({
      'app.py': 'from flask import Flask\n\napp = Flask(__name__)\n',
      'pyproject.toml': `[project]\nname = "a"\nversion = "1"\nrequires-python = "${wanted}"\ndependencies = ["flask"]\n`,
    });
    const words = [
      'init',
      folder,
      '--yes',
      '--no-check',
      '--dry-run',
      '--domain',
      'a.example',
      '--target',
      'debian-12',
    ];
    expect(run(words).stdout.includes(`the project wants Python ${wanted}`)).toBe(isSaid);
  });
});
