/** init, as a person or a script meets it. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { isRoot, itNeeds } from '../support/tools.ts';
import { CLI, NOBODY, projectIn, ROOT, type RunOptions, run, stamps, temporaryFolder, texts } from './cli.ts';

const work = temporaryFolder();
const asNobody = itNeeds({ root: isRoot });
let project = '';
let out = '';
let count = 0;

beforeEach(() => {
  const folder = join(work, String(++count));
  mkdirSync(folder);
  project = projectIn(folder);
  out = join(project, 'deploy');
});

/** init with what it takes to need no terminal, and without the real tools: those have tests of their own. */
const init = (...words: string[]) => initWith({}, ...words);
const initWith = (options: RunOptions, ...words: string[]) =>
  run(['init', project, '--yes', '--no-check', ...words], options);
const write = (...words: string[]) => {
  const ran = init('--domain', 'shop.example', ...words);
  expect(ran).toMatchObject({ status: 0, stderr: '' });
  return ran;
};
const file = (path: string) => join(out, path);
const read = (path: string) => readFileSync(file(path), 'utf8');
const answers = (text: string) => {
  const path = join(project, 'answers.yaml');
  writeFileSync(path, text);
  return path;
};

describe('a folder that is not a project', () => {
  it('is told, with what is missing', () => {
    const empty = join(project, '..', 'empty');
    mkdirSync(empty);
    const { status, stderr, stdout } = run(['init', empty, '--yes', '--domain', 'shop.example']);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(`${empty}: has no project that deploy-scaffold can read (no Django manage.py`);
    expect(stderr).toContain('give --app MODULE:OBJECT');
    expect(stderr).toContain('give --framework UNIT');
    expect(stderr, 'nobody said that it is Django').not.toContain('django-settings');
    expect(readdirSync(empty)).toEqual([]);
  });

  it('is told why what was found is not an answer', () => {
    const shop = join(project, '..', 'script');
    mkdirSync(shop);
    writeFileSync(
      join(shop, 'app.py'),
      'from bottle import route, run\n@route("/")\ndef home():\n    return ""\nrun()\n',
    );
    const { status, stderr } = run(['init', shop, '--yes', '--domain', 'shop.example']);
    expect(status).toBe(2);
    expect(stderr).toContain('The project leaves it open: app.py adds routes to Bottle');
    expect(stderr).toContain('(app.py:2)');
  });

  it('will do where flags say all', () => {
    const empty = join(project, '..', 'shop');
    mkdirSync(empty);
    const words = [
      '--domain',
      'shop.example',
      '--app',
      'shop.wsgi:application',
      '--django-settings',
      'shop.s',
    ];
    expect(run(['init', empty, '--yes', '--no-check', ...words])).toMatchObject({ status: 0, stderr: '' });
    expect(existsSync(join(empty, 'deploy/install.sh'))).toBe(true);
  });

  it('is told where it does not exist, is a file or is empty text', () => {
    const of = (dir: string) => run(['init', dir, '--yes']);
    expect(of('nowhere')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('nowhere cannot be read: it does not exist'),
    });
    expect(of(join(project, 'manage.py'))).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('manage.py is not a folder'),
    });
    expect(of('').status).toBe(2);
  });

  asNobody('is told where it may not be read', () => {
    chmodSync(project, 0o700);
    const { status, stderr } = initWith(NOBODY, '--domain', 'shop.example');
    expect(status).toBe(2);
    expect(stderr).toContain(`${project} cannot be read: permission denied`);
  });

  asNobody('is told what in it may not be read', () => {
    chmodSync(join(project, 'contracts_site'), 0o700);
    const { status, stderr } = initWith(NOBODY, '--domain', 'shop.example');
    expect(status).toBe(2);
    expect(stderr).toContain(`${project}: has parts that may not be read: contracts_site\n`);
  });
});

asNobody('settings that may not be read are not taken for settings that are not there', () => {
  chmodSync(join(project, 'contracts_site/settings.py'), 0o600);
  const elsewhere = join(work, 'nobodys');
  mkdirSync(elsewhere);
  chownSync(elsewhere, NOBODY.uid, NOBODY.gid);
  const { status, stdout } = initWith(NOBODY, '--domain', 'shop.example', '--out', elsewhere, '--strict');
  expect(stdout).toContain('contracts_site/settings.py: it cannot be read');
  expect(status).toBe(1);
});

describe('a project of two frameworks', () => {
  const two = () => {
    mkdirSync(join(project, 'api'));
    writeFileSync(join(project, 'api/wsgi.py'), 'from flask import Flask\napp = Flask(__name__)\n');
  };

  it('is one of the two only when somebody says which', () => {
    two();
    writeFileSync(join(project, 'api/requirements.txt'), 'flask\n');
    const { status, stdout, stderr } = init('--domain', 'shop.example');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('framework: is one of several that were found: django (');
    expect(stderr).toContain('flask (api/wsgi.py:2). Give --framework UNIT');
    expect(stderr).not.toContain('app: is missing');
    expect(existsSync(out)).toBe(false);
    for (const [framework, app, root] of [
      ['flask', 'wsgi:app', 'api'],
      ['django', 'contracts_site.wsgi:application', '.'],
    ] as const) {
      const { stdout: json } = init(
        '--domain',
        'shop.example',
        '--framework',
        framework,
        '--dry-run',
        '--json',
      );
      expect(JSON.parse(json).answers).toMatchObject({ framework, app, root });
    }
  });

  it('is the one that is clearly meant, and the reason is said', () => {
    two();
    const { stdout } = write();
    expect(stdout).toContain(
      'Django in the top folder, Flask in api were found, and Django in the top folder was taken: it alone is among the requirements (contracts_site/settings.py:54). --framework or --root takes another.',
    );
    expect(read('deploy-scaffold.yaml')).toContain('framework: django');
  });
});

describe('an output folder', () => {
  it('is made with its parents', () => {
    write('--out', join(project, 'a/b/c'));
    expect(existsSync(join(project, 'a/b/c/install.sh'))).toBe(true);
  });

  asNobody('that may not be written is named, and nothing is there', () => {
    const { status, stdout, stderr } = initWith(NOBODY, '--domain', 'shop.example');
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain(`${out} cannot be written: permission denied. Nothing was changed.`);
    expect(stderr).toContain('--out');
    expect(existsSync(out)).toBe(false);
  });

  asNobody('that may not be written will do where nothing changes', () => {
    write();
    expect(initWith(NOBODY)).toMatchObject({ status: 0, stderr: '' });
  });

  it('that is a file is named', () => {
    writeFileSync(out, 'mine');
    const { status, stderr } = init('--domain', 'shop.example');
    expect(status).toBe(1);
    expect(stderr).toContain(`${out} cannot be written: a part of the path is not a folder`);
    expect(readFileSync(out, 'utf8')).toBe('mine');
  });

  it('is not the one where the command happens to run because a variable was empty', () => {
    const cwd = join(project, 'contracts');
    const before = readdirSync(cwd);
    const { status, stderr } = initWith({ cwd }, '--domain', 'shop.example', '--out=');
    expect(status).toBe(2);
    expect(stderr).toContain('--out is empty');
    expect(readdirSync(cwd)).toEqual(before);
  });

  it('keeps what was in it', () => {
    mkdirSync(out);
    writeFileSync(file('notes.txt'), 'mine');
    write();
    expect(read('notes.txt')).toBe('mine');
  });
});

describe('an answers file', () => {
  it('gives answers; flags win over it', () => {
    const path = answers('domains: [file.example]\nthreads: 3\ntimeout: 77\n');
    expect(init('--answers', path, '--threads', '5').status).toBe(0);
    expect(read('deploy-scaffold.yaml')).toMatch(/file\.example\n(.*\n)*threads: 5\ntimeout: 77\n/);
  });

  it('wins over the one of an earlier run', () => {
    write('--threads', '2', '--timeout', '20');
    expect(init('--answers', answers('threads: 3\n')).status).toBe(0);
    expect(read('deploy-scaffold.yaml')).toMatch(/threads: 3\ntimeout: 20\n/);
  });

  it('may be JSON, and may come from standard input', () => {
    const input = JSON.stringify({ domains: ['stdin.example'], tls: 'none' });
    expect(initWith({ input }, '--answers', '-').status).toBe(0);
    expect(read('deploy-scaffold.yaml')).toContain('stdin.example');
  });

  it('on standard input has its lines named too', () => {
    const { status, stderr } = initWith({ input: 'domains: [a.example]\ntls: acme\n' }, '--answers', '-');
    expect(status).toBe(2);
    expect(stderr).toContain(
      'tls: "acme" must be one of: letsencrypt, files, proxy, none (from standard input:2)',
    );
  });

  it('may lie at the top of the file system', () => {
    const { status, stderr } = init('--answers', '/deploy-scaffold-test-no-such-file.yaml');
    expect(status).toBe(2);
    expect(stderr).toContain('there is no file /deploy-scaffold-test-no-such-file.yaml');
  });

  it('that is not there is named', () => {
    expect(init('--answers', 'nowhere.yaml')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('there is no file nowhere.yaml'),
    });
  });

  it('has all its mistakes reported at once, each with line, value and what is allowed', () => {
    const path = answers('domain: shop.example\ntls: [none]\nthreads: four\nstatic: staticfiles\n');
    const { status, stderr, stdout } = init('--answers', path);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr.split('\n').slice(0, 6)).toEqual([
      'deploy-scaffold: 5 things are wrong; nothing was written.',
      `  domain: is not an answer that deploy-scaffold knows; did you mean "domains"? (from ${path}:1)`,
      expect.stringMatching(/^ {2}domains: is missing: give --domain HOST\./),
      `  tls: ["none"] must be one of: letsencrypt, files, proxy, none (from ${path}:2)`,
      `  static: "staticfiles" must be a map of URL to DIR (from ${path}:4)`,
      `  threads: "four" must be a whole number from 1 to 1024 (from ${path}:3)`,
    ]);
    expect(existsSync(out)).toBe(false);
  });

  it('that is not YAML is told with the line, and nothing in it is called missing', () => {
    const path = answers('name: shop\ndomains: [shop.example\ntls: none\n');
    const { status, stderr } = init('--answers', path);
    expect(status).toBe(2);
    expect(stderr).toContain(`${path}: is not valid YAML: `);
    expect(stderr).toMatch(/\(from .*answers\.yaml:3\)/);
    expect(stderr).toContain('One thing is wrong');
  });

  it('of an earlier run that somebody broke stops everything', () => {
    write();
    writeFileSync(file('deploy-scaffold.yaml'), 'tls: "none\n');
    const before = texts(out);
    const { status, stderr } = init();
    expect(status).toBe(2);
    expect(stderr).toContain('deploy/deploy-scaffold.yaml: is not valid YAML');
    expect(texts(out)).toEqual(before);
  });

  asNobody('that may not be read is named', () => {
    const path = answers('tls: none\n');
    chmodSync(path, 0o600);
    expect(initWith(NOBODY, '--answers', path)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(`${path} cannot be read: permission denied`),
    });
  });
});

describe('what is missing or wrong on the command line', () => {
  it('is never asked for without a terminal: its flag is named, and all are at once', () => {
    const { status, stderr, stdout } = run(['init', project, '--tls', 'proxy', '--no-check']);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('2 things are wrong; nothing was written.');
    expect(stderr).toContain('domains: is missing: give --domain HOST.');
    expect(stderr).toContain('trusted-proxies: is missing: give --trusted-proxy NETWORK.');
    expect(existsSync(out)).toBe(false);
  });

  it.each([
    [['--domain', 'https://Shop.example/'], 'did you mean "shop.example"?'],
    [['--domain', '10.0.0.1'], 'must be a host name such as shop.example'],
    [['--domain', 'a.example,a.example'], 'domains: ["a.example","a.example"] names a host twice'],
    [['--domain', 'a.b', '--tls', 'none', '--tls', 'files'], 'tls: is given 2 times with different values'],
    [['--domain', 'a.b', '--http2', '--no-http2'], 'both --http2 and --no-http2 are given'],
    [['--domain', 'a.b', '--tls', 'none', '--hsts', '1'], 'goes with tls: letsencrypt or files, and tls is none'],
    [['--domain', 'a.b', '--static', 'x'], 'must be URL=DIR, for instance /static/=staticfiles'],
    [['--domain', 'a.b', '--doman', 'c.d'], '--doman: is not a flag of this command; did you mean --domain?'],
    [['--domain'], '--domain: needs a value'],
    [['--domain', 'a.b', '--yes=no'], '--yes: takes no value'],
    [['--domain', 'a.b', 'second'], 'second: is one word too many'],
    [['--domain', 'a.b', '--workers', '0'], 'workers: 0 must be "auto" or a whole number from 1 to 1024'],
    [['--domain', 'a.b', '--gunicorn-version', '19.9'], 'gunicorn-version: "19.9" must be 20.1.0 or newer'],
  ])('%j is refused', (words, message) => {
    const { status, stderr, stdout } = init(...words);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(existsSync(out)).toBe(false);
  }); // biome-ignore format: one case a line
});

it('takes no folder of the host that only the project names, unless its flag says so', () => {
  const settings = join(project, 'contracts_site/settings.py');
  writeFileSync(settings, `${readFileSync(settings, 'utf8')}\nMEDIA_ROOT = "/home/bob/.ssh"\n`);
  const { status, stderr } = init('--domain', 'shop.example');
  expect(status).toBe(2);
  expect(stderr).toMatch(
    /media: "\/home\/bob\/.ssh" is a folder outside of .*--media URL=DIR.*settings\.py:\d+/,
  );
  expect(existsSync(out)).toBe(false);
  write('--media', '/media/=/home/bob/.ssh');
});

it('publishes no uploads that lie in the project, unless an answer says so', () => {
  mkdirSync(join(project, 'media/photos'), { recursive: true });
  for (const name of ['photos/a.jpg', 'b.txt', '.gitkeep']) writeFileSync(join(project, 'media', name), 'x');
  const words = ['--domain', 'shop.example', '--media', '/media/=media'];
  const said = 'media: 2 files lie in this folder of uploads, and are not published at /media/';
  expect(init(...words)).toMatchObject({ status: 0, stdout: expect.stringContaining(said) });
  expect(read('install.d/release.sh')).toMatch(/^ {4}link media \S+ bare$/m);
  const published = init(...words, '--publish-uploads');
  expect(published.stdout).not.toContain('folder of uploads');
  expect(read('install.d/release.sh')).toMatch(/^ {4}link media \/srv\/\S+$/m);
});

describe('--dry-run', () => {
  it('shows what would be written, and writes nothing', () => {
    const before = texts(project);
    const { stdout } = write('--dry-run');
    expect(stdout).toMatch(/^Would write to /);
    expect(stdout).toContain('  new      install.sh\n');
    expect(texts(project)).toEqual(before);
    expect(existsSync(out)).toBe(false);
  });

  it('shows what a change would change, and changes nothing', () => {
    write();
    writeFileSync(file('README.md'), 'mine');
    const before = stamps(out);
    const { stdout } = write('--dry-run', '--tls', 'none');
    expect(stdout).toContain('  edited   README.md\n');
    expect(stdout).toContain('  changes  deploy-scaffold.yaml\n');
    expect(stdout).toContain('  goes     root/etc/nginx/snippets/contracts-tls.conf\n');
    expect(stamps(out)).toEqual(before);
  });

  it('has the tools judge what would be written', () => {
    const ran = run(
      ['init', project, '--yes', '--dry-run', '--json', '--domain', 'shop.example', '--strict'],
      {
        env: { PATH: '' },
      },
    );
    expect(ran.status).toBe(1);
    expect(JSON.parse(ran.stdout).findings).toContainEqual(
      expect.objectContaining({ tool: 'nginx', level: 'unchecked' }),
    );
    expect(existsSync(out)).toBe(false);
  });
});

describe('--json', () => {
  it('gives one document on standard output, and people’s text on standard error', () => {
    const { stdout, stderr, status } = init('--domain', 'shop.example', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      status,
      out,
      answers: { name: 'contracts', domains: ['shop.example'] },
      sources: { domains: '--domain', tls: 'default', app: expect.stringContaining('settings.py:') },
      files: expect.arrayContaining([{ path: 'install.sh', change: 'new' }]),
      findings: expect.any(Array),
      settings: expect.any(Array),
    });
    expect(stderr).toContain('Written to ');
  });

  it.each([
    [
      ['--domain', 'no_name'],
      2,
      { code: 'answer-invalid', path: 'domains.0', value: 'no_name', source: '--domain', kind: 'invalid' },
    ],
    [[], 2, { code: 'answer-missing', path: 'domains', kind: 'missing', remedy: 'Give --domain HOST.' }],
    [['--frob'], 2, { code: 'flag-unknown', path: '--frob', kind: 'unknown' }],
    [
      ['--answers', 'nowhere'],
      2,
      { code: 'answers-file-missing', message: 'there is no file nowhere', remedy: expect.any(String) },
    ],
  ])('gives one document for %j too', (words, expected, problem) => {
    const { status, stdout, stderr } = init('--json', ...words);
    expect(status).toBe(expected);
    const { version, findings, problems } = JSON.parse(stdout);
    expect(version).toBe(1);
    expect(problems).toContainEqual(expect.objectContaining({ level: 'error', ...problem }));
    expect(findings).toEqual(problems);
    expect(stderr).not.toBe('');
  });

  it('gives one document where an edited file stops everything', () => {
    write();
    writeFileSync(file('README.md'), 'mine\n');
    const { status, stdout, stderr } = init('--json');
    expect(status).toBe(1);
    expect(JSON.parse(stdout).problems).toMatchObject([{ code: 'edit-in-the-way', level: 'error' }]);
    expect(stderr).toContain('-mine');
  });
});

describe('a second run', () => {
  it('changes nothing where nothing changed', () => {
    write();
    const before = stamps(out);
    const folder = readdirSync(out);
    const { stdout } = init();
    expect(stdout.match(/^ {2}same /gm)).toHaveLength(
      Object.keys(before).filter((path) => !path.startsWith('.')).length,
    );
    expect(stdout).not.toMatch(/^ {2}(written|updated|removed|kept) /m);
    expect(stamps(out)).toEqual(before);
    expect(readdirSync(out)).toEqual(folder);
  });

  it('starts from the answers of the first, edited by hand or not', () => {
    write('--threads', '7');
    const path = file('deploy-scaffold.yaml');
    writeFileSync(
      path,
      read('deploy-scaffold.yaml').replace('timeout: 30', '# slow reports\ntimeout: 90 # s'),
    );
    expect(init().status).toBe(0);
    expect(read('deploy-scaffold.yaml')).toContain('threads: 7\n# slow reports\ntimeout: 90 # s\n');
    expect(read('root/etc/contracts/gunicorn.conf.py')).toMatch(/timeout = 9\d/);
  });

  it('leaves the comments of the answers file where a flag changes an answer', () => {
    write();
    const path = file('deploy-scaffold.yaml');
    writeFileSync(
      path,
      `# Ask Ann first.\n${read('deploy-scaffold.yaml').replace('threads: 1', 'threads: 1 # safe')}`,
    );
    expect(init('--threads', '2').status).toBe(0);
    expect(read('deploy-scaffold.yaml')).toMatch(/^# Ask Ann first\.\n/);
    expect(read('deploy-scaffold.yaml')).toContain('threads: 2 # safe\n');
  });

  it('leaves all as it is where a newer deploy-scaffold wrote the answers, and says what to do', () => {
    write();
    const path = file('deploy-scaffold.yaml');
    writeFileSync(path, read('deploy-scaffold.yaml').replace('domains:', 'version: 77\ndomains:'));
    const before = stamps(out);
    // A word that this version does not know is no mistake there.
    for (const words of [[], ['--domain', 'other.example']]) {
      const { status, stderr } = init(...words);
      expect(status).toBe(2);
      expect(stderr).toMatch(
        /^deploy-scaffold: One thing is wrong; nothing was written\.\n {2}version: 77 is a version of this file that a newer deploy-scaffold wrote, and this one knows versions? 1\b.*: update deploy-scaffold \(from .*deploy-scaffold\.yaml:5\)\n$/,
      );
    }
    const { stderr } = run(['check', project]);
    expect(stderr).toContain('version: 77 is a version of this file that a newer deploy-scaffold wrote');
    expect(stamps(out)).toEqual(before);
  });

  it('asks for no app of several where the file that names it is not understood', () => {
    const several = join(project, '..', 'several');
    cpSync(join(ROOT, 'fixtures/projects/django-several-sites'), several, { recursive: true });
    const newer = answers('version: 77\nroot: beta_site\ndomains: [shop.example]\n');
    const { status, stderr } = run(['init', several, '--yes', '--no-check', '--answers', newer]);
    expect(status).toBe(2);
    expect(stderr).toContain('One thing is wrong');
    expect(stderr).toContain('version: 77');
  });

  it('writes a file again that somebody deleted', () => {
    write();
    const text = read('install.sh');
    rmSync(file('install.sh'));
    expect(init().stdout).toContain('  written  install.sh\n');
    expect(read('install.sh')).toBe(text);
  });

  it('takes away what the answers no longer call for, with folders that are left empty', () => {
    write();
    const { stdout, status } = init('--tls', 'none');
    expect(status).toBe(0);
    expect(stdout).toContain('  removed  root/etc/nginx/snippets/contracts-tls.conf\n');
    const left = Object.keys(texts(out));
    expect(left.filter((path) => path.includes('letsencrypt') || path.endsWith('-tls.conf'))).toEqual([]);
    expect(existsSync(file('root/etc/letsencrypt'))).toBe(false);
    expect(existsSync(file('.deploy-scaffold/root/etc/letsencrypt'))).toBe(false);
    expect(init('--tls', 'letsencrypt').status).toBe(0);
    expect(existsSync(file('root/etc/nginx/snippets/contracts-tls.conf'))).toBe(true);
  });
});

describe('what the project says', () => {
  const settings = () => join(project, 'contracts_site/settings.py');

  it('is read anew where nobody decided otherwise', () => {
    write();
    const text = readFileSync(settings(), 'utf8');
    writeFileSync(settings(), text.replace('MEDIA_URL = "/media/"', 'MEDIA_URL = "/uploads/"'));
    expect(init('--json').status).toBe(0);
    expect(readFileSync(file('deploy-scaffold.yaml'), 'utf8')).toContain('/uploads/: media');
    expect(readFileSync(file('root/etc/nginx/sites-enabled/zz-contracts.conf'), 'utf8')).toContain(
      '/uploads/',
    );
  });

  it('does not displace what a person wrote into the answers file', () => {
    write();
    const answers = readFileSync(file('deploy-scaffold.yaml'), 'utf8');
    writeFileSync(file('deploy-scaffold.yaml'), answers.replace('/media/: media', '/mine/: media'));
    expect(init().status).toBe(0);
    expect(readFileSync(file('deploy-scaffold.yaml'), 'utf8')).toContain('/mine/: media');
  });
});

describe('a file that somebody edited', () => {
  const SITE = 'root/etc/nginx/sites-enabled/zz-contracts.conf';
  beforeEach(() => {
    write();
  });

  it('is shown with the difference and stops everything, down to the last file', () => {
    writeFileSync(file(SITE), `${read(SITE)}# my own line\n`);
    const before = stamps(out);
    const { status, stdout, stderr } = init('--threads', '9');
    expect(status).toBe(1);
    expect(stdout).toContain('\n-# my own line');
    expect(stderr).toContain(`would be overwritten: ${SITE}\n`);
    expect(stderr).toContain('Nothing was written.');
    expect(stamps(out)).toEqual(before);
  });

  it('is left alone where it says what is wanted', () => {
    writeFileSync(file(SITE), read(SITE));
    expect(init().status).toBe(0);
  });

  it('is kept where the answers no longer call for it', () => {
    const tls = 'root/etc/nginx/snippets/contracts-tls.conf';
    writeFileSync(file(tls), `${read(tls)}# mine\n`);
    const before = stamps(out);
    const { status, stderr } = init('--tls', 'none');
    expect(status).toBe(1);
    expect(stderr).toContain(tls);
    expect(stamps(out)).toEqual(before);
  });

  it('was there before the first run, too', () => {
    renameSync(out, join(project, 'before'));
    mkdirSync(out);
    writeFileSync(file('README.md'), 'my notes\n');
    const { status, stderr } = init('--domain', 'shop.example');
    expect(status).toBe(1);
    expect(stderr).toContain('README.md');
    expect(texts(out)).toEqual({ 'README.md': 'my notes\n' });
  });

  it('may be a folder now, which is named', () => {
    rmSync(file(SITE));
    mkdirSync(file(SITE));
    const before = texts(out);
    const { status, stderr } = init('--threads', '9');
    expect(status).toBe(1);
    expect(stderr).toContain(`${file(SITE)} cannot be written: it is a folder. Nothing was changed.`);
    expect(texts(out)).toEqual(before);
  });

  it('may be a link that leads nowhere, which is replaced by the file', () => {
    rmSync(file(SITE));
    symlinkSync('nowhere', file(SITE));
    expect(init().status).toBe(0);
    expect(read(SITE)).toContain('server {');
  });
});

describe('the streams', () => {
  it('have no colour where they are not a terminal, or NO_COLOR is set', () => {
    const { stdout } = write();
    expect(stdout).not.toContain('\x1b');
    const forced = initWith({ env: { FORCE_COLOR: '1', NO_COLOR: '1' } });
    expect(forced.stdout + forced.stderr).not.toContain('\x1b');
  });

  it.each(['init . --yes --no-check --domain shop.example', 'init --help', 'schema', '--help'])(
    'may be closed early: %s | head -1',
    (words) => {
      const script = `"${process.execPath}" "${CLI}" ${words} 2>err | head -1; cat err`;
      const { stdout, status } = spawnSync('sh', ['-c', script], { cwd: project, encoding: 'utf8' });
      expect(status).toBe(0);
      expect(stdout.trim().split('\n')).toHaveLength(1);
    },
  );

  it('may be closed early for people’s text, too', () => {
    const script = `"${process.execPath}" "${CLI}" init . --yes --no-check --json --domain shop.example 2>&1 >out.json | head -1 >/dev/null`;
    spawnSync('sh', ['-c', script], { cwd: project });
    expect(JSON.parse(readFileSync(join(project, 'out.json'), 'utf8')).status).toBe(0);
  });

  it('on a full disk are an error in words', () => {
    const script = `"${process.execPath}" "${CLI}" schema >/dev/full`;
    const { stderr, status } = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^deploy-scaffold: .*no space left on device.*\n$/i);
  });
});

describe('the same answers', () => {
  it('give the same bytes in another folder, time zone and language', () => {
    write('--name', 'shop');
    const other = projectIn(join(work, String(count)), 'Ünother folder');
    const env = {
      TZ: 'Pacific/Kiritimati',
      LANG: 'de_DE.UTF-8',
      LC_ALL: 'tr_TR.UTF-8',
      HOME: '/nonexistent',
    };
    const words = ['init', '.', '--yes', '--no-check', '--domain', 'shop.example', '--name', 'shop'];
    expect(run(words, { cwd: other, env }).status).toBe(0);
    expect(texts(join(other, 'deploy'))).toEqual(texts(out));
  });

  it('give the same bytes from flags and from a file', () => {
    write();
    const again = join(project, '..', 'again');
    expect(init('--answers', file('deploy-scaffold.yaml'), '--out', again).status).toBe(0);
    // What the file says was said by a person, so the record of who decided is another.
    const { 'deploy-scaffold.yaml': _, '.deploy-scaffold/undecided.json': __, ...files } = texts(out);
    expect(texts(again)).toMatchObject(files);
  });

  it('have nothing of this machine in them', () => {
    write();
    const all = Object.values(texts(out)).join('\n');
    expect(all).not.toContain(work);
    expect(all).not.toContain(CLI);
    expect(all).not.toMatch(new RegExp(`\\b${new Date().getFullYear()}-\\d\\d-\\d\\d`));
  });
});
