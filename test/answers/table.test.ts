/** One table of answers is the source of everything that names them. */
import { describe, expect, it } from 'vitest';
import { answersFlagOptions } from '../../src/answers/flags.ts';
import { FIELDS, flagOf } from '../../src/answers/schema.ts';
import { check } from '../../src/commands/check.ts';
import { answersTable, commandHelp } from '../../src/commands/help.ts';
import { init } from '../../src/commands/init.ts';
import type { Field } from '../../src/contract/field.ts';
import { applies } from '../../src/contract/field.ts';

const help = commandHelp(init);
const rows = answersTable().split('\n');

describe.each(Object.entries(FIELDS))('%s', (name, field) => {
  const flag = field.form === 'yes-no' ? `--[no-]${flagOf(name)}` : `--${flagOf(name)}`;

  it('is a flag', () => {
    expect(answersFlagOptions()).toHaveProperty([flagOf(name)]);
    expect(Object.hasOwn(answersFlagOptions(), `no-${flagOf(name)}`)).toBe(field.form === 'yes-no');
  });

  it('has its line in --help', () => {
    const line = `  ${flag}${field.placeholder === undefined ? '' : ` ${field.placeholder}`}`;
    expect(help.split('\n').filter((text) => text === line || text.startsWith(`${line} `))).toHaveLength(1);
  });

  it('has its row in the reference', () => {
    expect(
      rows.filter((row) => row.startsWith(`| \`${name}\` `) && row.includes(`\`${flag}\``)),
    ).toHaveLength(1);
  });

  it('has a question, and a placeholder where its flag has a value', () => {
    expect(field.question).toContain('?');
    expect(field.help).toMatch(/[.]$/);
    expect(field.placeholder === undefined).toBe(field.form === 'yes-no');
  });

  it('goes only with answers that come before it, and with values that these can have', () => {
    const names = Object.keys(FIELDS);
    for (const { answer, is } of field.when ?? []) {
      expect(names.indexOf(answer)).toBeGreaterThanOrEqual(0);
      expect(names.indexOf(answer)).toBeLessThan(names.indexOf(name));
      const { schema, form } = FIELDS[answer] as Field;
      const meant = (text: string) => (form === 'yes-no' ? text === 'true' : text);
      for (const value of is) expect(schema.safeParse(meant(value)).success, value).toBe(true);
    }
  });

  it('has a default that it allows', () => {
    const known = { name: 'shop', target: 'debian-13', app: 'shop.wsgi:application' };
    const value = field.fallback?.(known);
    if (field.fallback === undefined) expect(value).toBeUndefined();
    else expect(field.schema.safeParse(value).error?.issues).toBeUndefined();
  });
});

it('flags of answers and flags of commands are different', () => {
  const flags = Object.keys(answersFlagOptions());
  expect(flags).toHaveLength(new Set(flags).size);
  const own = [...Object.keys(init.options), ...Object.keys(check.options), 'help'];
  expect(flags.filter((flag) => own.includes(flag))).toEqual([]);
});

it('a condition holds only where the other answer has one of its values', () => {
  const certificate = FIELDS['tls-certificate'];
  if (certificate === undefined) throw new Error('there is no such answer');
  expect(applies(certificate, { tls: 'files' })).toBe(true);
  expect(applies(certificate, { tls: 'none' })).toBe(false);
  expect(applies(certificate, {})).toBe(false);
});
