import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { FIELDS, flagOf } from '../src/answers/schema.ts';
import { check } from '../src/commands/check.ts';
import { init } from '../src/commands/init.ts';

const ROOT = new URL('../', import.meta.url).pathname;

it('docs/answers.md is what npm run docs writes', async () => {
  const script = pathToFileURL(join(ROOT, 'scripts/docs.mjs')).href;
  const { answersPage } = (await import(script)) as { answersPage: () => Promise<string> };
  expect(await answersPage()).toBe(readFileSync(join(ROOT, 'docs/answers.md'), 'utf8'));
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
