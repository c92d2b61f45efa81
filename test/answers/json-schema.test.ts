/** The JSON Schema judges answers as deploy-scaffold itself does. Its conditions, which zod cannot read, are read here. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { answersJsonSchema } from '../../src/answers/json-schema.ts';
import { FIELDS } from '../../src/answers/schema.ts';
import { newest } from '../../src/answers/versions.ts';

const RENDERED = new URL('../../fixtures/rendered/', import.meta.url).pathname;

interface Condition {
  if: { properties: Record<string, { enum: string[] }>; required: string[] };
  then?: { required: string[] };
  else?: { not: { required: string[] } };
}

const { allOf, ...plain } = answersJsonSchema() as { allOf: Condition[] };
const withoutConditions = z.fromJSONSchema(plain as Parameters<typeof z.fromJSONSchema>[0]);

function holds(condition: Condition, answers: Record<string, unknown>): boolean {
  const has = (name: string) => Object.hasOwn(answers, name);
  const { properties, required } = condition.if;
  const met =
    required.every(has) &&
    Object.entries(properties).every(
      ([name, allowed]) => !has(name) || allowed.enum.includes(String(answers[name])),
    );
  if (met) return (condition.then?.required ?? []).every(has);
  return !condition.else?.not.required.every(has);
}

const isValid = (answers: Record<string, unknown>) =>
  withoutConditions.safeParse(answers).success && allOf.every((condition) => holds(condition, answers));

const ANSWERS = {
  name: 'shop',
  domains: ['shop.example'],
  app: 'shop.wsgi:application',
  'django-settings': 'shop.settings',
};

describe('the JSON Schema', () => {
  it.each(readdirSync(RENDERED))('takes the answers of fixtures/rendered/%s', (name) => {
    const answers = parse(readFileSync(join(RENDERED, name, 'deploy-scaffold.yaml'), 'utf8'));
    expect(isValid(answers)).toBe(true);
  });

  it('takes the fewest answers that there can be', () => {
    expect(isValid(ANSWERS)).toBe(true);
  });

  it('takes the version that is known, and no newer one', () => {
    expect(isValid({ ...ANSWERS, version: newest() })).toBe(true);
    for (const version of [0, -1, 1.5, '1', newest() + 1])
      expect(isValid({ ...ANSWERS, version })).toBe(false);
  });

  it.each(Object.keys(ANSWERS).filter((name) => name !== 'django-settings'))('needs %s', (name) => {
    expect(isValid({ ...ANSWERS, [name]: undefined })).toBe(false);
  });

  it.each([
    ['an unknown answer', { domain: 'shop.example' }],
    ['a text for a list', { domains: 'shop.example' }],
    ['an empty list of names', { domains: [] }],
    ['a text for a number', { timeout: '30' }],
    ['a number out of bounds', { timeout: 0 }],
    ['a word that is not a choice', { tls: 'acme' }],
    ['a word for true', { http2: 'yes' }],
    ['a size of zero', { 'max-body': '0' }],
    ['a folder that is a number', { static: { '/static/': 7 } }],
    ['an answer whose condition is not met', { tls: 'none', hsts: 300 }],
    ['a proxy that nobody may trust', { tls: 'proxy' }],
  ])('refuses %s', (_what, answers) => {
    expect(isValid({ ...ANSWERS, ...answers })).toBe(false);
  });

  it('describes every answer, and no other', () => {
    const { properties } = plain as unknown as { properties: Record<string, { description: string }> };
    expect(Object.keys(properties)).toEqual(['version', ...Object.keys(FIELDS)]);
    for (const [name, { help }] of Object.entries(FIELDS))
      expect(properties[name]?.description, name).toContain(help);
  });
});
