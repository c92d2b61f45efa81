/** A bug of ours has a status of its own, wherever it is: 1 would say something of the project. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import type { Command } from '../../src/commands/command.ts';
import { runCommand } from '../../src/commands/run.ts';
import { run, temporaryFolder } from './cli.ts';

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
  expect(stderr).toMatch(/this is a bug in deploy-scaffold, please report it\.\nTypeError: boom/);
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
