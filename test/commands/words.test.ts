/** What the program says of itself, and what it takes for a command. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { answersJsonSchema } from '../../src/answers/json-schema.ts';
import { ROOT, run } from './cli.ts';

describe('deploy-scaffold', () => {
  it.each(['--version', '-V'])('%s is the package’s version', (flag) => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(run([flag])).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
  });

  it.each(['--help', '-h', 'help'])('%s names every command', (word) => {
    const { status, stdout, stderr } = run([word]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    for (const command of ['init', 'check', 'schema'])
      expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
  });

  it('without a command says how it is used', () => {
    expect(run([])).toMatchObject({ status: 2, stdout: '', stderr: expect.stringMatching(/^usage: /) });
  });

  it.each([
    ['inti', 'deploy-scaffold: "inti" is not a command. Did you mean "init"?\n'],
    [
      'frobnicate',
      'deploy-scaffold: "frobnicate" is not a command. There are: init, check, detect, schema, completion.\n',
    ],
    [
      'constructor',
      'deploy-scaffold: "constructor" is not a command. There are: init, check, detect, schema, completion.\n',
    ],
    ['', 'deploy-scaffold: "" is not a command. There are: init, check, detect, schema, completion.\n'],
  ])('does not know "%s"', (word, stderr) => {
    expect(run([word])).toEqual({ status: 2, stdout: '', stderr });
  });

  it.each(['init', 'check', 'schema'])('%s --help fits a terminal of 100 columns', (command) => {
    const { status, stdout, stderr } = run([command, '--help']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`^usage: deploy-scaffold ${command}`));
    expect(stdout.split('\n').filter((line) => line.length > 100)).toEqual([]);
  });

  it('--help wins over everything that is wrong', () => {
    expect(run(['init', '--frobnicate', '--help', 'a', 'b'])).toMatchObject({ status: 0, stderr: '' });
  });
});

describe('schema', () => {
  it('prints the JSON Schema of the answers', () => {
    const { status, stdout, stderr } = run(['schema']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual(answersJsonSchema());
  });

  it.each([
    [['--jsn'], '--jsn: is not a flag of this command'],
    [['dir'], 'dir: is one word too many'],
  ])('takes nothing: %j', (words, message) => {
    const { status, stdout, stderr } = run(['schema', ...words]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(message);
  });
});
