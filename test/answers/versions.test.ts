/** The answers file's versions: what each wrote is read for ever, and what is newer is left alone. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readAnswersFile, writeAnswersFile } from '../../src/answers/file.ts';
import type { Problem } from '../../src/answers/problem.ts';
import { DEFAULT, resolveAnswers } from '../../src/answers/resolve.ts';
import { FIELDS } from '../../src/answers/schema.ts';
import { MIGRATIONS, type Migration, migrated, newest, versionOf } from '../../src/answers/versions.ts';

/** As version 0.1.0 wrote them, each with other answers; never written anew. */
const KEPT = new URL('../../fixtures/answers/1/', import.meta.url).pathname;
/** The same, as it is in a whole kit. */
const IN_KIT = new URL('../../fixtures/kits/0.1.0/django-contracts/deploy-scaffold.yaml', import.meta.url);

const files = new Map([
  ...readdirSync(KEPT).map((name) => [name, readFileSync(join(KEPT, name), 'utf8')] as const),
  ['a whole kit', readFileSync(IN_KIT, 'utf8')] as const,
]);
const valuesIn = (text: string) =>
  Object.fromEntries(
    Object.entries(readAnswersFile(text, 'kept').answers).map(([name, { value }]) => [name, value]),
  );

/** Two versions on: an answer that came, then one that got another name. */
const TWO: readonly Migration[] = [
  { brings: ['health'] },
  {
    brings: [],
    migrate: ({ processes, ...rest }) => ({ ...rest, ...(processes && { workers: processes }) }),
  },
];
const FIRST = TWO.slice(0, 1);

const told = ({ problems }: { problems: Problem[] }) => problems;

describe.each([...files])('%s, as 0.1.0 wrote it', (_name, text) => {
  const { answers, problems } = readAnswersFile(text, 'kept');

  it('is read whole, and its answers hold', () => {
    expect(problems).toEqual([]);
    const resolution = resolveAnswers([{ insistent: true, answers }]);
    expect(resolution.problems).toEqual([]);
    expect(resolution.answers).toMatchObject(valuesIn(text));
  });

  it('stays a file of version 1, every byte that was there', () => {
    const resolution = resolveAnswers([{ insistent: true, answers }]);
    const written = writeAnswersFile(resolution.answers, resolution.sources, text);
    expect(written.startsWith(text)).toBe(true);
    expect(written).not.toMatch(/^version:/m);
  });
});

describe('the kept files', () => {
  const kept = [...files.values()].map(valuesIn);
  const since = MIGRATIONS.flatMap(({ brings }) => brings);
  const first = Object.entries(FIELDS).filter(([name]) => !since.includes(name));

  it.each(first)('have %s, and each choice of it', (name, { choices, form }) => {
    const values = kept.filter((answers) => Object.hasOwn(answers, name)).map((answers) => answers[name]);
    expect(values.length, 'an answer that a later version brought is named in versions.ts').toBeGreaterThan(
      0,
    );
    const later = MIGRATIONS.flatMap((one) => one.values?.[name] ?? []);
    const had = choices?.map(({ value }) => value).filter((value) => !later.includes(value)) ?? [];
    expect(had.filter((value) => !values.includes(value))).toEqual([]);
    if (form === 'yes-no') expect(new Set(values)).toEqual(new Set([true, false]));
  });
});

describe('a version', () => {
  it.each(['', 'version: 1\n', 'version:\n'])('is 1 where a file says %j', (line) => {
    const { answers, problems } = readAnswersFile(`${line}name: shop\n`, 'a.yaml');
    expect(problems).toEqual([]);
    expect(Object.keys(answers)).toEqual(['name']);
  });

  it.each(['-1', '0', '1.5', '"2"', 'two', 'true', '[1]', '{ a: 1 }', '.inf', '.nan'])(
    'is none where a file says %s',
    (version) => {
      expect(told(readAnswersFile(`name: shop\nversion: ${version}\n`, 'a.yaml'))).toEqual([
        expect.objectContaining({ code: 'answer-invalid', path: 'version', source: 'a.yaml:2' }),
      ]);
    },
  );

  it('that is newer is refused, and nothing else of its file is judged', () => {
    const text = 'unheard-of: { b: 1 }\nversion: 4\nname: [shop]\n';
    const read = readAnswersFile(text, 'a.yaml', TWO);
    expect(read.answers).toEqual({});
    expect(read.problems).toEqual([
      expect.objectContaining({
        ...{ code: 'answers-file-newer', path: 'version', value: 4, source: 'a.yaml:2' },
        message: expect.stringContaining('this one knows versions 1 to 3: update deploy-scaffold'),
      }),
    ]);
    expect(told(readAnswersFile('version: 2\n', 'a.yaml', []))[0]?.message).toContain('version 1 alone');
  });
});

describe('migrations', () => {
  it('take a file from its own version to the newest', () => {
    const text = 'name: shop\nprocesses: 3 # enough\n';
    expect(readAnswersFile(text, 'a.yaml', TWO).answers).toEqual({
      name: { value: 'shop', source: 'a.yaml:1' },
      workers: { value: 3, source: 'a.yaml:2' },
    });
    expect(readAnswersFile(`version: 3\n${text}`, 'a.yaml', TWO).answers).toHaveProperty('processes');
    expect(newest(TWO)).toBe(3);
  });

  it('change nothing that they were given', () => {
    const given = { processes: { value: 3, source: 'a.yaml:1' } };
    migrated(given, 1, TWO);
    expect(given).toEqual({ processes: { value: 3, source: 'a.yaml:1' } });
  });

  it.each([
    [[], { name: 'shop' }, 1],
    [FIRST, { name: 'shop' }, 1],
    [FIRST, { name: 'shop', health: '/up' }, 2],
    [TWO, { name: 'shop' }, 3],
    [MIGRATIONS, { target: 'debian-12' }, 1],
    [MIGRATIONS, { target: 'ubuntu-24.04' }, 2],
  ])('with %j, %j is a file of version %i', (migrations, answers, version) => {
    expect(versionOf(answers, migrations)).toBe(version);
  });

  it.each([...new Set(MIGRATIONS.flatMap(({ brings }) => brings))])('%s is an answer', (name) => {
    expect(FIELDS).toHaveProperty([name]);
  });
});

describe('a file that is written', () => {
  const write = (text: string | undefined, migrations: readonly Migration[], more = {}) => {
    const { answers, sources } = resolveAnswers([
      {
        insistent: true,
        answers: {
          ...readAnswersFile(text ?? '', 'a.yaml', migrations).answers,
          ...more,
        },
      },
    ]);
    return writeAnswersFile({ name: answers.name, health: answers.health }, sources, text, migrations);
  };
  const SHOP = { name: { value: 'shop', source: '--name' } };

  it('says no version while an older one can say it all', () => {
    expect(write(undefined, [{ brings: ['paths'] }], SHOP)).toMatch(/\n\nname: shop\nhealth: \/\n$/);
  });

  it('says first which version it needs', () => {
    expect(write(undefined, FIRST, SHOP)).toMatch(/\n\nversion: 2\nname: shop\nhealth: \/\n$/);
  });

  it('gets a version when it has something new to say, and keeps its comments', () => {
    const text = "# Ann's\nname: shop # for good\n\n# The page.\nhealth: /\n";
    expect(write(text, FIRST)).toBe(`${text}version: 2\n`);
    expect(write(`${text}version: 2\n`, FIRST)).toBe(`${text}version: 2\n`);
  });

  it('keeps a version that a person wrote without need', () => {
    const text = 'version: 2 # of Ann\nname: shop\nhealth: /\n';
    expect(write(text, [{ brings: ['paths'] }])).toBe(text);
  });

  it('is of version 2 where a release brings something, and not for what needs no word', () => {
    const written = (answers: Record<string, unknown>) => {
      const given = Object.fromEntries(
        Object.entries(answers).map(([name, value]) => [name, { value, source: DEFAULT }]),
      );
      const resolution = resolveAnswers([{ insistent: true, answers: given }]);
      return writeAnswersFile(resolution.answers, resolution.sources);
    };
    expect(written({ settings: 'bring', brings: ['DEBUG'] })).toMatch(
      /^version: 2$.*^brings:\n {2}- DEBUG$/ms,
    );
    expect(written({ settings: 'own' })).toMatch(/^version: 2$.*^settings: own$/ms);
    expect(written({ settings: 'bring', brings: [] })).not.toMatch(/^(?:version|settings|brings):/m);
  });

  it('is of the newest version where its words have changed', () => {
    expect(write('version: 2\nname: shop\nhealth: /\n', TWO)).toBe('version: 3\nname: shop\nhealth: /\n');
  });
});
