/**
 * Values that would do harm where a template forgot to quote: each comes out as something that the real tools accept,
 * or is refused with the name of its answer, and then nothing is written.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { visible } from '../../src/words/text.ts';
import { itNeeds } from '../support/tools.ts';
import { projectIn, run, temporaryFolder } from './cli.ts';

const work = temporaryFolder();
const project = projectIn(work);
const has = (program: string) =>
  (process.env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, program)));
const test = itNeeds({
  nginx: has('nginx'),
  'systemd-analyze': has('systemd-analyze'),
  gunicorn: has('gunicorn'),
  shellcheck: has('shellcheck'),
});

// shellcheck wonders at words that are just words: one like '$(id)', one named ~.
const LITERAL = /\(SC(2041|2088)\)$/;

let count = 0;
function init(...words: string[]) {
  const out = join(work, `out-${++count}`);
  // What Debian 12 has is what the test machine has; a tool that cannot judge would let anything pass.
  const flags = ['--yes', '--json', '--target', 'debian-12', '--out', out];
  return { ...run(['init', project, ...flags, ...words]), out };
}

/** Every answer that takes nearly any text, as one command line: a value that they hold is tried in all of them. */
const everywhere = (value: string) => [
  ...['--domain', 'shop.example', '--tls', 'files', '--database', 'sqlite'],
  ...['--static', `/static/=/srv/${value}`, '--media', `/media/=${value}`],
  ...['--protected', `/_p/=/var/x/${value}`, `--root=${value}`, `--requirements=${value}`],
  ...[
    `--tls-certificate=/etc/ssl/${value}.pem`,
    `--tls-key=/etc/ssl/${value}.key`,
    `--database-file=${value}`,
  ],
];

interface Report {
  findings?: { tool: string; level: string; file?: string; message: string }[];
  problems?: { path: string }[];
}

describe('a folder or file', () => {
  for (const value of [
    "it's",
    'say "hi"',
    'two words',
    ' lead',
    'trail ',
    '$HOME \u0024{x} $(id) `id`',
    'a;b',
    '{a}',
    'a#b #c',
    '50% %n %%',
    'back\\slash',
    'end\\',
    'ünï 日本 😀',
    '\u202Ebidi',
    '\u2028',
    '~',
    '*?[x]!',
    'a&b|c>d<e',
    '-rf',
    'a:b',
    'a,b=c',
    '{{x}}',
    '<!-- -->',
    '@inc',
    'a\u00a0b',
    'x'.repeat(200),
  ]) {
    // biome-ignore format: a list of words
    test(`may be called ${JSON.stringify(value)}, or is refused with its name`, () => {
      const { status, stdout, out } = init(...everywhere(value));
      const { findings = [], problems = [] } = JSON.parse(stdout) as Report;
      if (status === 2) {
        const names = ['static', 'media', 'protected', 'root', 'requirements', 'tls-certificate', 'tls-key', 'database-file'];
        for (const { path } of problems)
          expect(path.split(/, |\./).filter((name) => names.includes(name)), path).not.toEqual([]);
        expect(problems).not.toEqual([]);
        expect(existsSync(out)).toBe(false);
        return;
      }
      // The project has no such file, and that is said; the tools judge what was written.
      const own = findings.filter(({ tool }) => tool === 'project');
      expect(status).toBe(own.some(({ level }) => level === 'error') ? 1 : 0);
      const fromTools = findings.filter(({ tool, message }) => !['Django', 'project'].includes(tool) && !LITERAL.test(message));
      expect(fromTools).toEqual([]);
    });
  }
});

describe('what can never be held', () => {
  const refused: [string, string[]][] = [
    ['media./media/', ['--media', '/media/=a\nb']],
    ['static./static/', ['--static', '/static/=a\tb']],
    ['protected./_p/', ['--protected', '/_p/=../../etc']],
    ['media./media/', ['--media', `/media/=${'x'.repeat(300)}`]],
    ['static./st"; }', ['--static', '/st"; }=x']],
    ['media./a b/', ['--media', '/a b/=x']],
    ['root', ['--root=a\nb']],
    ['root', ['--root=/etc']],
    ['requirements', ['--requirements=../x']],
    ['tls-certificate', ['--tls', 'files', '--tls-certificate', '/a\n}']],
    ['tls-key', ['--tls', 'files', '--tls-key', 'relative.pem']],
    ['database-file', ['--database', 'sqlite', '--database-file', 'a\nb']],
    ['health', ['--health', '/"; return 200']],
    ['health', ['--health', '/$(id)']],
    ['health', ['--health', 'healthz']],
    ['name', ['--name', 'a; rm -rf /']],
    ['name', ['--name', '../x']],
    ['app', ['--app', 'a.b:c; x']],
    ['django-settings', ['--django-settings', 'a b']],
    ['env.0', ['--env', 'A=1']],
    ['packages.0', ['--package=-y']],
    ['client-address-header', ['--tls', 'proxy', '--trusted-proxy', '10.0.0.1', '--client-address-header', 'X\nY']],
    ['trusted-proxies.0', ['--tls', 'proxy', '--trusted-proxy', 'all;']],
    ['tls-email', ['--tls-email', '"$(id)"@shop.example']],
    ['max-body', ['--max-body', '1m; }']],
    ['nginx-version', ['--nginx-version', '1.26; }']],
    ['domains.1', ['--domain', 'a.example; }']],
  ]; // biome-ignore format: one case a line

  it.each(refused)('%s is refused by its name: %j', (path, words) => {
    const { status, stdout, out } = init('--no-check', '--domain', 'shop.example', ...words);
    expect(status).toBe(2);
    expect((JSON.parse(stdout) as Report).problems?.map((problem) => problem.path)).toContain(path);
    expect(existsSync(out)).toBe(false);
  });
});

it.each([
  [
    'an ini file',
    ['--framework', 'pyramid', '--app', 'paste_app:application', '--paste-ini', 'a`b.ini'],
    'paste-ini',
  ],
  [
    'a part of an answer',
    ['--framework', 'pyramid', '--app', 'paste_app:application', '--paste-ini', 'a`b.ini#admin'],
    'paste-ini',
  ],
  ['a folder', ['--media', '/m/=a\u202Eb'], 'media./m/'],
  ['half a character', ['--answers', 'ANSWERS'], 'requirements'],
])('%s that cannot be written is called by its own name, with where it came from', (_what, words, name) => {
  const answers = join(work, 'half.yaml');
  writeFileSync(answers, 'requirements: "a\\uD800"\n');
  const given = words.map((word) => (word === 'ANSWERS' ? answers : word));
  const { status, stderr, out } = init('--no-check', '--domain', 'shop.example', ...given);
  expect(status).toBe(2);
  expect(stderr).toMatch(new RegExp(`^  ${name}: .*\\(from (?:--|.*half.yaml:1)`, 'm'));
  expect(stderr).not.toMatch(/^ {2}framework/m);
  expect(stderr).not.toMatch(/\u202E/);
  expect(existsSync(out)).toBe(false);
});

it('what a project calls its files reaches no screen as it is', () => {
  const odd = projectIn(work, 'odd');
  const evil = '\u001B]0;owned\u0007\u202Egnp';
  mkdirSync(join(odd, `lib${evil}`));
  writeFileSync(join(odd, `lib${evil}`, 'manage.py'), readFileSync(join(odd, 'manage.py')));
  writeFileSync(join(odd, 'Procfile'), `web: gunicorn contracts_site.wsgi --log-file "${evil}"\n`);
  for (const words of [
    ['detect', odd],
    ['detect', odd, '--json'],
    ['init', odd, '--yes', '--dry-run', '--json'],
  ]) {
    const { stdout, stderr } = run(words);
    expect(visible(stdout + stderr)).toBe(stdout + stderr);
  }
  expect(run(['detect', odd, '--json']).stdout).toContain('\\u202e');
});

it('a folder of the project with a name of no letters gives no name, which is then asked for', () => {
  const odd = join(work, '日本');
  mkdirSync(odd);
  const copy = projectIn(odd, '日本');
  const { status, stderr } = run(['init', copy, '--yes', '--no-check', '--domain', 'shop.example']);
  expect(status).toBe(2);
  expect(stderr).toContain('name: is missing: give --name NAME.');
});

it('a folder with quotes, spaces and dollars in its name is read and written like any other', () => {
  const copy = projectIn(work, `it's $HOME; "x" %n`);
  const ran = run(['init', copy, '--yes', '--no-check', '--domain', 'shop.example']);
  expect(ran).toMatchObject({ status: 0, stderr: '' });
  expect(existsSync(join(copy, 'deploy/install.sh'))).toBe(true);
});
