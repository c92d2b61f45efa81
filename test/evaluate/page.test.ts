/** docs/evaluate.md says what comes out of small pieces of Python: each is evaluated here, so that the page stays true. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { marked, type Tokens } from 'marked';
import { describe, expect, it } from 'vitest';
import { evaluator } from '../../src/evaluate/index.ts';
import { toValue } from '../../src/evaluate/to-value.ts';
import { detectDjango } from '../../src/frameworks/django/detect.ts';
import type { Value } from '../../src/words/value.ts';
import { memoryProject } from '../detect/memory-project.ts';

const PAGE = readFileSync(join(import.meta.dirname, '../../docs/evaluate.md'), 'utf8');
const TOKENS = marked.lexer(PAGE);

type Files = Record<string, string>;

/** What the page says that a name of a file is. */
interface Claim {
  file: string;
  name: string;
  says: string;
}

const SAID = /^(?:(?:sure|likely|or|open:) .|absent$)/;

/** The files of an example, "# base.py" beginning another one, and the comments that say what comes out. */
function exampleOf(code: string): { files: Files; claims: Claim[] } {
  const files: Files = {};
  const claims: Claim[] = [];
  let file = 'settings.py';
  for (const line of code.split('\n')) {
    const next = /^# (\S+\.py)$/.exec(line)?.[1];
    if (next !== undefined) {
      file = next;
      continue;
    }
    files[file] = `${files[file] ?? ''}${line}\n`;
    const [, name, said = ''] =
      /^# (\w+): (.*)$/.exec(line) ?? /^\s*(\w+)(?: =|\.).* {2,}# (.*)$/.exec(line) ?? [];
    if (name !== undefined && SAID.test(said)) claims.push({ file, name, says: said });
    else if (line.includes('# '))
      throw new Error(`docs/evaluate.md has a comment that claims nothing: ${line}`);
  }
  return { files, claims };
}

/** A value as the page writes it. */
function words(value: Value<unknown>): string {
  switch (value.kind) {
    case 'known':
      return `sure ${json(value.value)}`;
    case 'default':
      return `likely ${json(value.value)}, unless ${value.unless}`;
    case 'one-of':
      return `or ${value.options.map((option) => `${json(option.value)} ${option.when}`).join('; ')}`;
    case 'unknown':
      return `open: ${value.because}`;
    case 'absent':
      return 'absent';
  }
}

/** JSON with a space after each comma of a list. */
function json(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(json).join(', ')}]` : JSON.stringify(value);
}

/** As Django's settings are read. */
const ASSUMED = { DEBUG: { value: false, unless: 'DEBUG is on' } };

function evaluated(files: Files, file: string, name: string): string {
  const module = evaluator(memoryProject(files), { roots: [''], assume: ASSUMED }).module(file);
  const found = module?.get(name);
  return words(found === undefined ? { kind: 'absent' } : toValue(found, { base: '' }));
}

/** The one file that an example for Django need not show. */
const MANAGE = `import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
os.environ.setdefault("DJANGO_CONFIGURATION", "Production")
`;

function asDjango(files: Files, name: string): string {
  const found = detectDjango(memoryProject({ 'manage.py': MANAGE, ...files }))?.settings[name];
  return found === undefined ? 'not reported' : words(found);
}

const [BEGINNING, ...BLOCKS] = TOKENS.filter((token): token is Tokens.Code => token.type === 'code');

/** What each example says, and the project that it stands for. */
const EXAMPLES = BLOCKS.map(({ lang = '', text }) => {
  const { files, claims } = exampleOf(text);
  const project = Object.entries(files).map(([file, code]) => [file, `${BEGINNING?.text}\n${code}`]);
  return { lang, names: claims.map(({ name }) => name).join(), claims, project: Object.fromEntries(project) };
});

describe('the examples', () => {
  it.each(EXAMPLES)('$names', ({ lang, project, claims }) => {
    expect(['python', 'python django']).toContain(lang);
    expect(claims.length).toBeGreaterThan(0);
    const found = claims.map(({ file, name }) => {
      const says = lang === 'python' ? evaluated(project, file, name) : asDjango(project, name);
      return { file, name, says };
    });
    expect(found).toEqual(claims);
  });
});

const nested = (count: number, inner: string, open = '[', close = ']') =>
  `${open.repeat(count)}${inner}${close.repeat(count)}`;
const times = <T>(count: number, of: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => of(index));
const settings = (source: string): Files => ({ 'settings.py': source });
const LAST = { 'last.py': 'x = 1\n' };
/** So many characters that bind nothing. */
const filler = (length: number) => `#${'.'.repeat(length - 1)}`;

/** Sources that are exactly as large as a limit of the page allows, given its number. */
const LARGEST: Record<string, (most: number) => Files> = {
  // A statement is a step, and so is its value.
  'steps for all statements and expressions': (most) => {
    const source = `x = 1\n${'0\n'.repeat((most - 2) >> 1)}`;
    return settings(most % 2 === 0 ? source : `${source}pass\n`);
  },
  'characters of one file': (most) => settings(`x = 1\n${filler(most - 6)}`),
  'characters of the files before the last one': (most) => {
    const imports = 'import a, b, c, d\nfrom last import x\n';
    const rest = most - imports.length - 3_000_000;
    const parts = [1_000_000, 1_000_000, 1_000_000, rest].map(filler);
    return {
      ...settings(imports),
      ...Object.fromEntries(parts.map((part, index) => [`${'abcd'[index]}.py`, part])),
      ...LAST,
    };
  },
  modules: (most) => {
    const names = times(most - 2, (index) => `m${index}`);
    const source = `${names.map((name) => `import ${name}\n`).join('')}from last import x\n`;
    return { ...settings(source), ...Object.fromEntries(names.map((name) => [`${name}.py`, ''])), ...LAST };
  },
  'modules that import each other in a row': (most) => {
    const next = (index: number) => (index === most - 2 ? 'last' : `m${index}`);
    const inner = times(most - 2, (index): [string, string] => {
      return [`m${index}.py`, `from ${next(index + 1)} import x\n`];
    });
    return { ...settings(`from ${next(0)} import x\n`), ...Object.fromEntries(inner), ...LAST };
  },
  'brackets within each other': (most) => settings(`x = ${nested(most, '1', '(', ')')}\n`),
  'lists within each other': (most) => settings(`x = ${nested(most, '1')}\n`),
  'items of a loop': (most) => settings(`x = 0\nfor i in [${'1,'.repeat(most)}]:\n    x = i\n`),
  'items of a comprehension': (most) => settings(`ITEMS = [${'1,'.repeat(most)}]\nx = [i for i in ITEMS]\n`),
  'functions that call each other in a row': (most) =>
    settings(`def f(n):\n    return 1 if n == 1 else f(n - 1)\nx = f(${most})\n`),
  'characters of a text': (most) => settings(`x = "${'a'.repeat(most)}"\n`),
  'items of a list': (most) => settings(`x = [1] + [${'1,'.repeat(most - 1)}]\n`),
  'outcomes of a value': (most) => {
    const tests = times(most - 1, (index) => `${index} if A == ${index} else `);
    return settings(`from partner import A\nx = ${tests.join('')}-1\n`);
  },
};

const LIMITS = TOKENS.filter((token): token is Tokens.Table => token.type === 'table').flatMap(({ rows }) =>
  rows.map((cells) => cells.map((cell) => cell.text)),
);

describe('the limits', () => {
  it('are all tried', () => {
    expect(LIMITS.map(([limit]) => limit).sort()).toEqual(Object.keys(LARGEST).sort());
  });

  it.each(LIMITS)('%s: %s', { timeout: 180_000 }, (limit = '', number = '', beyond = '') => {
    const most = Number(number.replaceAll(',', ''));
    const of = (count: number) => evaluated(LARGEST[limit]?.(count) ?? {}, 'settings.py', 'x');
    expect(of(most)).toMatch(/^(?:sure|or) /);
    expect(of(most + 1)).toBe(beyond);
  });
});
