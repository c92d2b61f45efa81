import { describe, expect, it } from 'vitest';
import { readAnswersFile, writeAnswersFile } from '../../src/answers/file.ts';
import { resolveAnswers } from '../../src/answers/resolve.ts';

const read = (text: string) => readAnswersFile(text, 'deploy.yaml');

/** What a later run with these answers makes of a file. */
const rewritten = (text: string, changes: Record<string, unknown> = {}) => {
  const given = Object.entries(changes).map(([name, value]) => [name, { value, source: `--${name}` }]);
  const { answers, sources, problems } = resolveAnswers([
    { insistent: true, answers: Object.fromEntries(given) },
    { insistent: true, answers: read(text).answers },
  ]);
  expect(problems).toEqual([]);
  return writeAnswersFile(answers, sources, text);
};

const FILE = `# Asked for by Ann.
domains: [shop.example] # the only one
django-settings: shop.settings

# Never change this.
name: shop
app: shop.wsgi:application
tls: files # bought
static: { /static/: 'static' }
`;

describe('reading', () => {
  it('knows the line of each answer', () => {
    expect(read('\n# comment\nname: shop\n\ndomains:\n  - shop.example\n').answers).toEqual({
      name: { value: 'shop', source: 'deploy.yaml:3' },
      domains: { value: ['shop.example'], source: 'deploy.yaml:5' },
    });
  });

  it('takes JSON, which is YAML', () => {
    const { answers, problems } = read('{\n  "name": "shop",\n  "static": {"/static/": "a"}\n}');
    expect(problems).toEqual([]);
    expect(answers.static).toEqual({ value: { '/static/': 'a' }, source: 'deploy.yaml:3' });
  });

  it.each(['', '\n', '# nothing but a comment\n', '---\n', 'null'])('finds no answer in %j', (text) => {
    expect(read(text)).toEqual({ answers: {}, problems: [] });
  });

  it('takes a key without a value for one that is not there', () => {
    expect(read('tls:\nname: ~\n').answers).toEqual({});
  });

  it('takes a byte order mark and the line ends of Windows', () => {
    expect(read('\uFEFFname: shop\r\ntls: none\r\n').answers).toMatchObject({
      name: { value: 'shop' },
      tls: { value: 'none', source: 'deploy.yaml:2' },
    });
  });

  it('follows anchors and aliases', () => {
    expect(read('env: &all [A, B]\nenv-optional: *all\n').answers['env-optional']?.value).toEqual(['A', 'B']);
  });

  it.each([
    ['name: shop\ndomains: [a.example\n', 3],
    ['name: shop\n\ttls: none\n', 2],
    ['name: "shop\n', 2],
    ['name: shop\ntls: none\nname: again\n', 3],
    ['name: shop\n---\nname: other\n', 2],
    ['name: shop\nenv: *nowhere\n', 2],
  ])('says in which line %j is wrong', (text, line) => {
    const { problems } = read(text);
    expect(problems[0]).toMatchObject({ source: `deploy.yaml:${line}`, kind: 'invalid' });
    expect(problems[0]?.message).toContain('is not valid YAML: ');
    expect(problems[0]?.message).not.toContain('\n');
  });

  it('is not brought down by aliases of aliases', () => {
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]']
      .concat(
        [...'bcdefgh'].map((key, at) => `${key}: &${key} [${Array(9).fill(`*${'abcdefg'[at]}`).join(', ')}]`),
      )
      .join('\n');
    expect(read(bomb).problems.at(-1)?.message).toContain('Excessive alias count');
  });

  it.each([
    ['env: &a [*a]\n', 1],
    ['name: shop\nmedia: &m\n  /m/: *m\n', 2],
    ['&all\nname: shop\nenv: *all\n', 3],
  ])('refuses what is a part of itself: %j', (text, line) => {
    expect(read(text).problems).toEqual([
      expect.objectContaining({
        source: `deploy.yaml:${line}`,
        message: 'is not valid YAML: an alias stands for something that it is a part of',
      }),
    ]);
  });

  it('ends soon, however many names there are, and says how many are read', () => {
    const numbers = [...Array(40_000).keys()];
    const media = `media:\n${numbers.map((at) => `  /k${at}/: a\n`).join('')}`;
    expect(read(media).problems).toEqual([]);
    const many = numbers.map((at) => `k${at}: 1\n`).join('');
    expect(read(many).problems).toEqual([
      expect.objectContaining({ message: expect.stringContaining('has 40000 answers') }),
    ]);
    expect(read(`name: ${'x'.repeat(1_000_000)}`).problems).toEqual([
      expect.objectContaining({ message: expect.stringContaining('at most 1000000 are read') }),
    ]);
    expect(read('['.repeat(100_000)).problems.length).toBeLessThan(30);
  }, 60_000);

  it.each(['- name: shop', '[]', 'shop', '7'])('wants a map at the top, not %j', (text) => {
    expect(read(text).problems).toEqual([
      {
        ...{ code: 'answers-file-unreadable', level: 'error', path: 'deploy.yaml', kind: 'invalid' },
        message: expect.stringContaining('must be a map of answers'),
        remedy: expect.stringContaining('deploy-scaffold schema'),
      },
    ]);
  });
});

describe('writing', () => {
  it('keeps every byte where nothing has changed, once all is written down', () => {
    const first = rewritten(FILE);
    expect(rewritten(first)).toBe(first);
  });

  it('keeps comments and order where it adds what was not said', () => {
    const lines = (text: string) => text.replaceAll(/(?<=\[) | (?=\])/g, '').split('\n');
    expect(lines(rewritten(FILE)).slice(0, 9)).toEqual(lines(FILE).slice(0, 9));
  });

  it('keeps what an alias stood for', () => {
    const written = rewritten(`${FILE}env: &all [A, B]\nenv-optional: *all\n`, { env: ['C'] });
    expect(read(written).answers).toMatchObject({
      env: { value: ['C'] },
      'env-optional': { value: ['A', 'B'] },
    });
  });

  it('keeps the comment beside an answer that changes', () => {
    expect(rewritten(FILE, { tls: 'none' })).toContain('\ntls: none # bought\n');
  });

  it('takes out what the answers leave no room for', () => {
    const written = rewritten(`${FILE}tls-key: /k.pem\n`, { tls: 'none' });
    expect(written).not.toContain('tls-key');
    expect(written).toContain('# Never change this.\nname: shop\n');
  });

  it('leaves out what follows from other answers, unless somebody said otherwise', () => {
    expect(rewritten(FILE)).not.toMatch(/^(interface|nginx-version|openssl-version|systemd-version):/m);
    const written = rewritten(FILE, { 'nginx-version': '1.30.0' });
    expect(written).toMatch(/^nginx-version: 1\.30\.0$/m);
    expect(read(rewritten(written)).answers['nginx-version']?.value).toBe('1.30.0');
  });

  it('writes a new file whose first lines say what to do with it', () => {
    const { answers, sources } = resolveAnswers([{ insistent: true, answers: read(FILE).answers }]);
    const written = writeAnswersFile(answers, sources);
    expect(written).toMatch(/^# What deploy-scaffold writes this deployment from/);
    expect(writeAnswersFile(answers, sources, written)).toBe(written);
  });

  it.each([
    'yes',
    'null',
    '1.10',
    '# no comment',
    "it's",
    '"',
    'a: b',
    '*a',
    '-',
    ' x ',
    '50%',
    'ünï',
    '{{a}}',
  ])('gives %j back as it was', (dir) => {
    const written = rewritten(FILE, { media: { '/media/': dir } });
    expect(read(written).answers.media?.value).toEqual({ '/media/': dir });
  });
});
