import { describe, expect, it } from 'vitest';
import { parseArguments } from '../../src/arguments.ts';

const OPTIONS = {
  yes: { type: 'boolean', short: 'y' },
  strict: { type: 'boolean' },
  name: { type: 'string' },
  domain: { type: 'string', multiple: true },
} as const;

const parse = (...argv: string[]) => {
  const { values, positionals, problems } = parseArguments(argv, OPTIONS);
  return { values, positionals, problems: problems.map(({ path, message }) => `${path} ${message}`) };
};

describe('flags', () => {
  it('are taken in any order, before and after the folder', () => {
    expect(parse('--yes', 'dir', '--name', 'shop', '--domain=a', '--domain', 'b')).toEqual({
      values: { yes: true, name: 'shop', domain: ['a', 'b'] },
      positionals: ['dir'],
      problems: [],
    });
  });

  it('have a short form', () => {
    expect(parse('-y').values).toEqual({ yes: true });
  });

  it.each([
    ['--nmae', 'shop', '--nmae is not a flag of this command; did you mean --name?'],
    ['--Yes', '', '--Yes is not a flag of this command; did you mean --yes?'],
    ['--frobnicate', '', '--frobnicate is not a flag of this command; see --help'],
    ['--__proto__', '', '--__proto__ is not a flag of this command; see --help'],
    ['--constructor', '', '--constructor is not a flag of this command; see --help'],
    ['-q', '', '-q is not a flag of this command; see --help'],
  ])('that do not exist are named: %s', (flag, value, words) => {
    expect(parse(flag, ...(value === '' ? [] : [value])).problems[0]).toBe(words);
  });

  it.each([
    [['--nmae', 'shop', 'dir'], ['dir']],
    [['--frobnicate', 'shop'], []],
    [['--frobnicate=shop', 'dir'], ['dir']],
    [['--stirct', 'dir'], ['dir']],
    [['dir', '--frobnicate', 'shop'], ['dir']],
  ])('that do not exist have the value behind them, which is no folder: %j', (argv, positionals) => {
    const parsed = parse(...argv);
    expect(parsed.positionals).toEqual(positionals);
    expect(parsed.problems).toEqual([expect.stringContaining('is not a flag of this command')]);
  });

  it('are all complained of at once', () => {
    expect(parse('--nmae', '--stirct', '--yes=1', '--name').problems).toHaveLength(4);
  });

  it('need their value', () => {
    expect(parse('--name').problems).toEqual(['--name needs a value']);
    expect(parse('--name', '--yes')).toMatchObject({ problems: ['--name needs a value'] });
  });

  it('take a value that begins with a dash behind "="', () => {
    expect(parse('--name=-x')).toMatchObject({ values: { name: '-x' }, problems: [] });
    expect(parse('--name=')).toMatchObject({ values: { name: '' }, problems: [] });
  });

  it('take a lone dash, which stands for standard input', () => {
    expect(parse('--name', '-')).toMatchObject({ values: { name: '-' }, problems: [] });
  });

  it('that say yes take no value', () => {
    expect(parse('--strict=no').problems).toEqual(['--strict takes no value']);
  });
});

describe('the folder', () => {
  it('is one word', () => {
    expect(parse('a', 'b').problems).toEqual(['b is one word too many: there is one folder, and it is a']);
  });

  it('may look like a flag behind "--"', () => {
    expect(parse('--', '--yes')).toEqual({ values: {}, positionals: ['--yes'], problems: [] });
  });
});
