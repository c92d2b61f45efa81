import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { FIELDS, flagOf } from '../src/answers/schema.ts';
import { check } from '../src/commands/check.ts';
import { init } from '../src/commands/init.ts';
import { cellsOf, plannedStacks } from './hosts/conformance/cells.ts';
import { documents, newest } from './hosts/conformance/documents.ts';
import { committed, settled } from './hosts/conformance/results.ts';

const ROOT = new URL('../', import.meta.url).pathname;

it('the pages on answers, units, hooks and diagnostics are what npm run docs writes', async () => {
  const script = pathToFileURL(join(ROOT, 'scripts/docs.mjs')).href;
  const pages = (await import(script)) as Record<
    'answersPage' | 'unitsPage' | 'hooksPage' | 'diagnosticsPage',
    () => Promise<string>
  >;
  expect(await pages.answersPage()).toBe(readFileSync(join(ROOT, 'docs/answers.md'), 'utf8'));
  expect(await pages.unitsPage()).toBe(readFileSync(join(ROOT, 'docs/units.md'), 'utf8'));
  expect(await pages.hooksPage()).toBe(readFileSync(join(ROOT, 'docs/installer-hooks.md'), 'utf8'));
  expect(await pages.diagnosticsPage()).toBe(readFileSync(join(ROOT, 'docs/diagnostics.md'), 'utf8'));
});

it('the conformance table is what npm run docs writes, of stacks that there are', () => {
  const results = committed(ROOT);
  for (const [path, text] of Object.entries(documents(results)))
    expect(readFileSync(join(ROOT, path), 'utf8'), path).toBe(text);
  const names = newest(ROOT).stacks.map(({ name }) => name);
  expect(results.stacks.map(({ name }) => name).filter((name) => !names.includes(name))).toEqual([]);
});

// The run on hosts would end with it, an hour later.
it('the conformance table says of every row of every stack what was seen; npm run docs adds what a run found', () => {
  const results = committed(ROOT);
  const unknown = cellsOf(plannedStacks(ROOT)).filter(
    ({ stack, row }) => settled(results, stack, row) === undefined,
  );
  expect(unknown.map(({ stack, row }) => `${stack}, ${row}`)).toEqual([]);
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
