/** A bug of ours has a status of its own, wherever it is: 1 would say something of the project. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import type { Command } from '../../src/commands/command.ts';
import { runCommand } from '../../src/commands/run.ts';
import { whereTo } from '../../src/system/bug.ts';
import { projectIn, ROOT, run, temporaryFolder } from './cli.ts';

const work = temporaryFolder();

/** Runs the program with a part of Node.js's library broken. */
function broken(patch: string, ...words: string[]) {
  const file = join(work, 'patch.cjs');
  writeFileSync(file, patch);
  return run(words, { env: { NODE_OPTIONS: `--require ${file}` } });
}

it.each([[['init']], [['check', '--json']], [['detect', '--help']]])('in the parsing of %j', (words) => {
  const patch = "require('node:util').parseArgs = () => { throw new TypeError('boom') };";
  const { status, stdout, stderr } = broken(patch, ...words);
  expect(status).toBe(70);
  expect(stderr).toMatch(
    /this is a bug in deploy-scaffold, please report it\.\ndeploy-scaffold \d.*, Node\.js v\d.*\nTypeError: boom\n/,
  );
  expect(stderr).toMatch(/\nSend these lines to .*\.\n$/);
  if (words.includes('--json'))
    expect(JSON.parse(stdout)).toMatchObject({ status: 70, findings: [{ code: 'bug' }] });
});

it('before there is a command', () => {
  const patch = "require('node:vm').Script = function () { throw new TypeError('boom') };";
  expect(broken(patch, 'init')).toMatchObject({
    status: 70,
    stderr: expect.stringContaining('this is a bug'),
  });
});

it('in the help', async () => {
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const command = {
    ...{ takesAnswers: false, options: {}, summary: '' },
    get usage(): string {
      throw new TypeError('boom');
    },
  } as unknown as Command;
  expect(await runCommand(command, ['--help'])).toBe(70);
  expect(said.mock.calls.flat().join('')).toContain('TypeError: boom');
  said.mockRestore();
});

it('tells nothing of where things of the person are', () => {
  const home = join(work, 'home/ann');
  mkdirSync(home, { recursive: true });
  const project = projectIn(home, 'shop');
  symlinkSync(home, join(work, 'ann'));
  const linked = join(work, 'ann/shop');
  const other = projectIn(join(work, 'srv'), 'other');
  const file = join(work, 'patch.cjs');
  const places = JSON.stringify([project, linked, other, join(home, 'x')].join(' and '));
  writeFileSync(file, `require('node:util').parseArgs = () => { throw new TypeError(${places}) };`);
  const { status, stdout, stderr } = run(['init', linked, `--out=${other}`, '--json'], {
    cwd: project,
    env: { HOME: home, NODE_OPTIONS: `--require ${file}` },
  });
  expect(status).toBe(70);
  expect(stderr).toContain('TypeError: <project> and <project> and <project> and ~/x\n');
  expect(stderr).toContain('deploy-scaffold/dist/main.js:');
  for (const text of [stdout, stderr])
    for (const place of [ROOT, home, 'ann', other]) expect(text).not.toContain(place);
});

it('is reported whatever the words of the command line are', () => {
  const patch = "require('node:util').parseArgs = () => { throw new TypeError('boom') };";
  // No system looks up a name that is so long, and says so instead of "there is none".
  const { status, stderr } = broken(patch, 'init', '--background', `worker=${'x'.repeat(300)}`);
  expect(status).toBe(70);
  expect(stderr).toContain('TypeError: boom\n');
});

it.each([
  [{ bugs: 'https://forge.example/bugs' }, 'to https://forge.example/bugs'],
  [
    { bugs: { url: 'https://forge.example/bugs', email: 'bugs@forge.example' } },
    'to https://forge.example/bugs',
  ],
  [{ bugs: { email: 'bugs@forge.example' } }, 'to bugs@forge.example'],
  [{}, 'to where SECURITY.md, which is part of the package, says'],
])('of %j is sent %s', (manifest, told) => {
  expect(whereTo(manifest)).toBe(told);
});
