import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nginxDirectives, nginxTokens, rewriteNginx } from '../../../src/formats/nginx/directives.ts';

function words(text: string): string[][] {
  return nginxDirectives(text).map((directive) => [
    directive.name,
    ...directive.arguments.map(({ value }) => value),
  ]);
}

describe('nginxDirectives', () => {
  it.each([
    ['listen 80;', [['listen', '80']]],
    ['a{b c;d e;}', [['a'], ['b', 'c'], ['d', 'e']]],
    ['x \'two words\' "a;b";', [['x', 'two words', 'a;b']]],
    ['# no a b;\nc d; # e f;', [['c', 'd']]],
    ['x a#b;', [['x', 'a#b']]],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: nginx's own notation
    ['x ${host}y;', [['x', '${host}y']]],
    ['x "a\\"b" c\\ d \\.e;', [['x', 'a"b', 'c\\ d', '\\.e']]],
    ['x a\\;b\\{c;', [['x', 'a\\;b\\{c']]],
    [
      'x /a\\$' + '{y z;}',
      [
        ['x', '/a\\$'],
        ['y', 'z'],
      ],
    ],
    ['x /a\\\\$' + '{y} z;', [['x', '/a\\$' + '{y}', 'z']]],
    ['x $' + '{{a;', [['x', '$' + '{{a']]],
    [
      'x /a\u00a0#{y z;}',
      [
        ['x', '/a\u00a0#'],
        ['y', 'z'],
      ],
    ],
    ['x\fy z;', [['x\fy', 'z']]],
    ['x', [['x']]],
    ['x "unclosed', [['x', 'unclosed']]],
    ['x \\', [['x', '\\']]],
    ['', []],
    ['}}}', []],
  ])('reads %j', (text, expected) => {
    expect(words(text)).toEqual(expected);
  });

  it('knows the line of each directive', () => {
    expect(nginxDirectives('a;\n\nb {\n  c d;\n}').map(({ line }) => line)).toEqual([1, 3, 4]);
  });
});

describe('nginxTokens', () => {
  it('keeps comments, and the place of each piece', () => {
    const text = '# who\nserver { # of all\n  x "a\nb" c;#end\n}';
    expect(nginxTokens(text).map(({ kind, value, line }) => [kind, value, line])).toEqual([
      ['comment', '# who', 1],
      ['word', 'server', 2],
      ['{', '{', 2],
      ['comment', '# of all', 2],
      ['word', 'x', 3],
      ['word', 'a\nb', 3],
      ['word', 'c', 4],
      [';', ';', 4],
      ['comment', '#end', 4],
      ['}', '}', 5],
    ]);
  });

  it('leaves nothing out but white space', () => {
    const piece = fc.constantFrom(...'\\\\$${{}}"\';;#\n \tab\u00a0');
    fc.assert(
      fc.property(
        fc.array(piece).map((all) => all.join('')),
        (text) => {
          let end = 0;
          for (const { from, to, line } of nginxTokens(text)) {
            expect(text.slice(end, from)).toMatch(/^[ \t\r\n]*$/);
            expect(line).toBe(text.slice(0, from).split('\n').length);
            expect(to).toBeGreaterThan(from);
            end = to;
          }
          expect(text.slice(end)).toMatch(/^[ \t\r\n]*$/);
        },
      ),
      { numRuns: 1000, seed: 3 },
    );
  });
});

describe('rewriteNginx', () => {
  it('writes what is read back as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const written = rewriteNginx('a b;\nx off y;', ({ name }, _, index) =>
          name === 'x' && index === 0 ? value : undefined,
        );
        expect(words(written)).toEqual([
          ['a', 'b'],
          ['x', value, 'y'],
        ]);
      }),
    );
  });

  const change = (text: string) =>
    rewriteNginx(text, ({ name }, argument) => (name === 'x' && argument !== 'off' ? 'NEW "1"' : undefined));

  it.each([
    ['x /a/b;', 'x "NEW \\"1\\"";'],
    ["x '/a b' # x /c;\n;", 'x "NEW \\"1\\"" # x /c;\n;'],
    ['x off; y /a;', 'x off; y /a;'],
    ['x "/a\nb";', 'x "NEW \\"1\\""\n;'],
    ['# x /a;\n', '# x /a;\n'],
  ])('%j', (text, expected) => {
    expect(change(text)).toBe(expected);
  });
});
