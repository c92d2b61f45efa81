import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { FIELDS, flagOf } from '../src/answers/schema.ts';
import { check } from '../src/commands/check.ts';
import { init } from '../src/commands/init.ts';
import { documents, newest } from './hosts/conformance/documents.ts';
import { committed, differences, type Outcome, type StackResults } from './hosts/conformance/results.ts';

const ROOT = new URL('../', import.meta.url).pathname;

it('docs/answers.md and docs/units.md are what npm run docs writes', async () => {
  const script = pathToFileURL(join(ROOT, 'scripts/docs.mjs')).href;
  const pages = (await import(script)) as Record<'answersPage' | 'unitsPage', () => Promise<string>>;
  expect(await pages.answersPage()).toBe(readFileSync(join(ROOT, 'docs/answers.md'), 'utf8'));
  expect(await pages.unitsPage()).toBe(readFileSync(join(ROOT, 'docs/units.md'), 'utf8'));
});

describe('the conformance table', () => {
  const stack = (title: string, state: Outcome['state']): StackResults => ({
    ...{ title, combination: 'a + b', target: 'debian-13', tls: 'files', interface: 'wsgi', flags: [] },
    ...{ bootMilliseconds: 1, installSeconds: 1 },
    rows: [{ id: 'R1', title: 'one', state, notes: [], figures: {}, ms: 1 }],
  });

  it('is what npm run docs writes, of test files that there are', () => {
    const results = committed(ROOT);
    for (const [path, text] of Object.entries(documents(results)))
      expect(readFileSync(join(ROOT, path), 'utf8'), path).toBe(text);
    expect(Object.keys(results)).toEqual(Object.keys(newest(ROOT)));
  });

  it('has to say what a run found, of the test files that it ran', () => {
    const table = { 'a.test.ts': [stack('A', 'passes')], 'b.test.ts': [stack('B', 'passes')] };
    expect(differences(table, {})).toEqual([]);
    expect(differences(table, { 'a.test.ts': [stack('A', 'passes')] })).toEqual([]);
    expect(differences(table, { 'a.test.ts': [stack('A', 'fails')] })).toEqual([
      'A, on debian-13, R1: fails; the table says passes',
    ]);
    expect(differences(table, { 'a.test.ts': [stack('C', 'passes')] })).toEqual([
      'A, on debian-13: in the table, and no more among the tests',
      'C, on debian-13: not in the table',
    ]);
  });
});

it.each(['README.md', 'docs/answers.md'])('%s names only flags that exist', (page) => {
  const own = Object.keys({ ...init.options, ...check.options });
  const answers = Object.keys(FIELDS).flatMap((name) => [flagOf(name), `no-${flagOf(name)}`]);
  const known = new Set([...own, ...answers, 'help', 'version']);
  const words = readFileSync(join(ROOT, page), 'utf8').matchAll(
    /(?<=[`\s])--(?:\[no-\])?([a-z][\w-]*)(?=[`\s,=])/g,
  );
  const flags = [...words].map(([, flag]) => flag ?? '');
  expect(flags.filter((flag) => !known.has(flag))).toEqual([]);
  expect(flags.length).toBeGreaterThan(5);
});
