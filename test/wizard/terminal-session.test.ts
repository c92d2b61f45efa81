/** The whole program at a real pseudo-terminal, by way of tmux: keys go in, the screen comes out. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { CLI, projectIn, run, temporaryFolder } from '../commands/cli.ts';
import { itNeeds } from '../support/tools.ts';
import { STACK } from './script.ts';

const work = temporaryFolder();
const test = itNeeds({ tmux: spawnSync('tmux', ['-V']).status === 0 });
const LONGEST = 40_000;

/** As the program sees it: an empty one counts as none (https://no-color.org/). */
let noColor = '';
let project = '';
let socket = '';
let count = 0;

beforeEach(() => {
  const folder = join(work, String(++count));
  mkdirSync(folder);
  project = projectIn(folder);
  socket = `deploy-scaffold-test-${process.pid}-${count}`;
  noColor = '';
});
afterEach(() => {
  tmux('kill-server');
});

const tmux = (...words: string[]) =>
  spawnSync('tmux', ['-L', socket, '-f', '/dev/null', ...words], {
    encoding: 'utf8',
    // Whatever the machine that runs the tests prefers.
    env: { ...process.env, NO_COLOR: noColor, LC_ALL: 'C.UTF-8', TERM: 'xterm-256color' },
  });

/** Starts the program in a window of its own; its exit status ends up in a file. */
function start(...words: string[]): void {
  const script = join(project, '..', 'session.sh');
  const argv = [process.execPath, CLI, 'init', ...words].map((word) => `'${word}'`).join(' ');
  writeFileSync(script, `cd '${project}' && ${argv}\necho $? > '${project}/../status'\nsleep 60\n`);
  tmux('new-session', '-d', '-x', '120', '-y', '50', 'sh', script);
}

const screen = () => tmux('capture-pane', '-p', '-S', '-').stdout;
const keys = (...names: string[]) => tmux('send-keys', ...names);

/** Waits until something is to be seen. */
async function see(what: string | RegExp): Promise<string> {
  for (const end = Date.now() + LONGEST; ; ) {
    const shown = tmux('capture-pane', '-p').stdout;
    if (typeof what === 'string' ? shown.includes(what) : what.test(shown)) return shown;
    if (Date.now() > end) throw new Error(`never seen: ${what}\n${screen()}`);
    await sleep(50);
  }
}

async function exitStatus(): Promise<number> {
  const path = join(project, '..', 'status');
  for (const end = Date.now() + LONGEST; ; ) {
    const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
    if (text.endsWith('\n')) return Number(text);
    if (Date.now() > end) throw new Error(`it did not end:\n${screen()}`);
    await sleep(50);
  }
}

describe('init at a terminal', () => {
  test('shows what it found, asks what is left, takes a change in the summary, and writes', async () => {
    start('--no-check');
    await see('Which host names does the site have?');
    expect(screen()).toContain('contracts_site/settings.py:');
    keys('not_a_name', 'Enter');
    await see('must be a host name such as shop.example');
    keys('C-u', 'shop.example', 'Enter');
    await see('What does the host run?');
    keys('Down', 'Enter');
    for (const question of STACK) {
      await see(question);
      keys('Enter');
    }
    await see('Where does HTTPS end?');
    keys('Enter');
    await see('Is all of this right?');
    expect(existsSync(join(project, 'deploy'))).toBe(false);
    for (const letter of 'threads') keys(letter);
    await see(/^❯ threads /m);
    keys('Enter');
    await see('How many threads has each?');
    keys('4', 'Enter');
    await see(/threads +4 +\(your reply\)/);
    keys('Home');
    for (const letter of 'Write') keys(letter);
    await see(/^❯ Write these files/m);
    keys('Enter');
    expect(await exitStatus()).toBe(0);
    await see('Next: read deploy/README.md');
    const answers = readFileSync(join(project, 'deploy/deploy-scaffold.yaml'), 'utf8');
    expect(answers).toMatch(/^ {2}- shop\.example\ntarget: debian-12$/m);
    expect(answers).toMatch(/^threads: 4$/m);
    expect(readFileSync(join(project, 'deploy/root/etc/contracts/gunicorn.conf.py'), 'utf8')).toContain(
      'threads = 4',
    );
  });

  test('asks first which of two frameworks it is, and reads the project as that one', async () => {
    mkdirSync(join(project, 'api'));
    writeFileSync(join(project, 'api/wsgi.py'), 'from flask import Flask\napp = Flask(__name__)\n');
    writeFileSync(join(project, 'api/requirements.txt'), 'flask\n');
    start('--no-check');
    await see('Which framework?');
    expect(screen()).toContain('api/wsgi.py:2');
    keys('Down', 'Enter');
    await see('Which host names does the site have?');
    expect(screen()).toMatch(/app +wsgi:app +sure +api\/wsgi\.py:2/);
    keys('C-c');
    expect(await exitStatus()).toBe(130);
  });

  test('is stopped by Ctrl-C at the first question, and has written nothing', async () => {
    start();
    await see('Which host names does the site have?');
    keys('C-c');
    expect(await exitStatus()).toBe(130);
    expect(await see('Cancelled: nothing was written.')).toContain('Cancelled');
    expect(existsSync(join(project, 'deploy'))).toBe(false);
  });

  test('asks about an edited file, and keeps it', async () => {
    expect(run(['init', project, '--yes', '--no-check', '--domain', 'shop.example']).status).toBe(0);
    const readme = join(project, 'deploy/README.md');
    writeFileSync(readme, 'my own\n');
    start('--no-check', '--threads', '3');
    await see(/^❯ Write these files/m);
    keys('Enter');
    await see('README.md was edited since it was written. Overwrite it?');
    keys('n', 'Enter');
    expect(await exitStatus()).toBe(0);
    expect(readFileSync(readme, 'utf8')).toBe('my own\n');
    expect(readFileSync(join(project, 'deploy/deploy-scaffold.yaml'), 'utf8')).toMatch(/^threads: 3$/m);
  });

  test('asks nothing with --yes, not even about an edited file', async () => {
    expect(run(['init', project, '--yes', '--no-check', '--domain', 'shop.example']).status).toBe(0);
    writeFileSync(join(project, 'deploy/README.md'), 'my own\n');
    start('--yes', '--no-check', '--threads', '3');
    expect(await exitStatus()).toBe(1);
    await see('would be overwritten: README.md');
    expect(readFileSync(join(project, 'deploy/deploy-scaffold.yaml'), 'utf8')).toMatch(/^threads: 1$/m);
  });

  test('is in colour, and without with NO_COLOR', async () => {
    const coloured = () => tmux('capture-pane', '-p', '-e', '-S', '-').stdout.includes('\x1b[3');
    start('--yes', '--no-check', '--domain', 'shop.example');
    expect(await exitStatus()).toBe(0);
    await see('Next: read deploy/README.md');
    expect(coloured()).toBe(true);
    tmux('kill-server');
    socket += '-plain';
    noColor = '1';
    start('--yes', '--no-check', '--dry-run');
    await see('same     install.sh');
    expect(coloured()).toBe(false);
  });
});
