/** Combinations of units, the shapes that each answer can have, and hostile text for them. */
import * as fc from 'fast-check';
import { resolveAnswers } from '../../src/answers/resolve.ts';
import { FIELDS } from '../../src/answers/schema.ts';
import { applies, type Field } from '../../src/contract/field.ts';
import { UNIT_KINDS } from '../../src/units.ts';
import { TARGET_IDS } from '../../src/words/targets.ts';
import type { Answers } from './kits.ts';

/** What every combination is told, so that each template has something to say. */
const COMMON: Answers = {
  name: 'shop',
  domains: ['shop.example', 'www.shop.example'],
  static: { '/static/': 'static' },
  media: { '/media/': 'media' },
  protected: { '/_protected/': 'protected' },
  background: { worker: 'celery -A shop worker' },
  requirements: 'requirements.txt',
  'django-settings': 'shop.settings',
  'trusted-proxies': ['10.0.0.0/8'],
  database: 'sqlite',
};

const given = (answers: Answers) => [
  {
    insistent: false,
    answers: Object.fromEntries(
      Object.entries(answers).map(([name, value]) => [name, { value, source: name }]),
    ),
  },
];

const resolved = (answers: Answers) => resolveAnswers(given(answers));

/** One after another, each with each. */
const product = (axes: readonly (readonly Answers[])[]): Answers[] =>
  axes.reduce<Answers[]>(
    (all, axis) => all.flatMap((some) => axis.map((one) => ({ ...some, ...one }))),
    [{}],
  );

const choicesOf = (name: string): Answers[] =>
  FIELDS[name]?.choices?.map(({ value }) => ({ [name]: value })) ?? [{}];

/** Answers of all combinations of units that can be had; only the answers that apply. */
export const COMBINATIONS: readonly Answers[] = product([
  ...UNIT_KINDS.map(({ answer }) => choicesOf(answer)),
  [{ app: 'shop.wsgi:application' }, { app: 'shop.asgi:application' }],
  choicesOf('tls'),
  TARGET_IDS.map((target) => ({ target })),
])
  .map((answers) => resolved({ ...COMMON, ...answers }))
  .filter(({ problems }) => problems.length === 0)
  .map(({ answers, sources }) =>
    Object.fromEntries(Object.entries(answers).filter(([name]) => sources[name] !== 'default')),
  );

/** Forms in which an answer may hold text of anybody's choice; `{}` is its place. */
const TEXTS = [
  '{}',
  '/srv/{}',
  '/{}',
  'x/{}/y',
  '/srv/shop/{}/y',
  '{}.example',
  '{}:app',
  'x.{}:app',
  '{}@x.example',
  'a {} b',
  '"{}"',
];
/** The words of a command line are a person's to divide; `{q}` is one word, whatever is in it. */
const COMMANDS = ['{q}', 'run {q}', '/bin/run --x={q} y'];

function shaped(field: Field): unknown[] {
  if (field.placeholder?.endsWith('COMMAND')) return [...COMMANDS.map((x) => ({ x })), { '{}': 'run' }];
  if (field.form === 'list') return TEXTS.map((text) => [text]);
  if (field.form !== 'map') return [...TEXTS];
  return [
    ...TEXTS.map((text) => ({ x: text })),
    ...TEXTS.map((text) => ({ '/x/': text })),
    ...TEXTS.map((text) => ({ X: text })),
    { '{}': 'run' },
    { '/{}/': 'static' },
    { '/x{}/': '/srv/x' },
  ];
}

/** A value with text in its place, keys included. */
export function put(shape: unknown, text: string): unknown {
  if (typeof shape === 'string')
    return shape.replaceAll('{}', () => text).replaceAll('{q}', () => `'${text.replaceAll("'", "'\\''")}'`);
  if (Array.isArray(shape)) return shape.map((each) => put(each, text));
  if (typeof shape !== 'object' || shape === null) return shape;
  return Object.fromEntries(
    Object.entries(shape).map(([key, value]) => [put(key, text) as string, put(value, text)]),
  );
}

/** An answer under attack: which, and in which of its shapes. */
export interface Target {
  name: string;
  shape: unknown;
}

/** The shapes of each answer that are taken with harmless text in them: found out once, where it first applies. */
const shapes = new Map<string, readonly unknown[]>();

function shapesOf(name: string, field: Field, combination: Answers): readonly unknown[] {
  const known = shapes.get(name);
  if (known !== undefined) return known;
  const accepted = shaped(field).filter(
    (shape) => resolved({ ...combination, [name]: put(shape, 'qza') }).problems.length === 0,
  );
  // One that never takes text is attacked all the same: it must say no.
  const found = accepted.length > 0 ? accepted : ['{}'];
  shapes.set(name, found);
  return found;
}

/** What can be attacked in a combination: every answer that applies and takes more than yes or no. */
export function targets(combination: Answers): readonly Target[] {
  const known = resolved(combination).answers;
  return Object.entries(FIELDS)
    .filter(([, field]) => field.form !== 'yes-no' && applies(field, known))
    .flatMap(([name, field]) => shapesOf(name, field, combination).map((shape) => ({ name, shape })));
}

/** Characters and words that mean something somewhere. */
const PIECES = [
  ...' \t\n\r\0\'"\\$%;{}#`!*?~-=|&<>()[],.:@/+^_',
  ...[
    '..',
    './',
    '//',
    '$(id)',
    '`id`',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: for shells, nginx and Apache
    '${HOME}',
    '$HOME',
    '%n',
    '%%',
    '%(x)s',
    '%{HTTP_HOST}i',
    '@(exec://id)',
  ],
  ...[
    ' ;x',
    '\n[Service]\nExecStart=/bin/id',
    '\\\n',
    "';id;'",
    '";id;"',
    '$((1))',
    '((x))',
    '$(circus.env.x)',
  ],
  ...[
    '}\nlocation / { return 200; }',
    '</VirtualHost>',
    '<script>',
    '-->',
    '```\n',
    '|',
    '](http://x)',
    '&amp;',
  ],
  ...[
    '-rf',
    '--',
    ' -x',
    '"""',
    "'''",
    '\\x41',
    '\\u0041',
    '\\N',
    '{{x}}',
    '{{{x}}}',
    '#!',
    '# x',
    '; x',
    ' # x',
  ],
  ...['\u202e', '\u2028', '\u00a0', '\ufeff', '\ud800', 'ü', '漢', '😀', '\u0085', '\u001b[31m', '\u200b'],
  ...['a', 'b', '0', '1', 'if', 'fi', 'do', 'Include', '.conf', 'x'.repeat(300)],
];

const joined = (pieces: readonly string[]) =>
  fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 6 }).map((all) => all.join(''));

/** No file takes a control character, so that most attacks do without: a refusal tells nothing of quoting. */
const junk = fc.oneof(
  {
    weight: 4,
    arbitrary: joined(PIECES.filter((piece) => !/[\p{Cc}\p{Cs}\u2028\u202e\ufeff]/u.test(piece))),
  },
  { weight: 1, arbitrary: joined(PIECES) },
);

/**
 * A hostile text for a placeholder, which it keeps: so lists stay in their order. A slash in front would make another
 * path of it, an absolute one.
 */
export const hostileText = (placeholder: string) =>
  fc
    .oneof(
      junk.map((text) => placeholder + text),
      junk.map((text) => text + placeholder),
      fc.tuple(junk, junk).map(([before, behind]) => before + placeholder + behind),
    )
    .filter((text) => !text.startsWith('/'));
