/** Codes are promises: what is explained is also said by something. That nothing else is said, the types see to. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DIAGNOSTICS } from '../../src/words/diagnostics.ts';

const SRC = new URL('../../src/', import.meta.url).pathname;
/** Where codes are listed, and not given. */
const LISTS = ['words/diagnostics.ts', 'answers/problem.ts'];

it('each code is given somewhere', () => {
  const text = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !LISTS.includes(file))
    .map((file) => readFileSync(join(SRC, file), 'utf8'))
    .join('\n');
  expect(Object.keys(DIAGNOSTICS).filter((code) => !text.includes(`'${code}'`))).toEqual([]);
});

it('each code is a few plain words, and each entry whole', () => {
  for (const [code, { title, text }] of Object.entries(DIAGNOSTICS)) {
    expect(code).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
    expect(title, code).not.toMatch(/[.!]$/);
    expect(text, code).toMatch(/\.$/);
  }
});
