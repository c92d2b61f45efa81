import { describe, expect, it } from 'vitest';
import { nginxDirectives, rewriteNginx } from '../../../src/formats/nginx/directives.ts';

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

describe('rewriteNginx', () => {
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
