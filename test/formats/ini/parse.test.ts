import { describe, expect, it, test } from 'vitest';
import { DIALECTS, type Dialect } from '../../../src/formats/ini/dialects.ts';
import { parseIni } from '../../../src/formats/ini/parse.ts';

function entries(text: string, dialect: Dialect) {
  return parseIni(`[s]\n${text}`, dialect).sections.flatMap((section) =>
    section.entries.map(({ name, value, line }) => [name, value, line]),
  );
}

test('sections, entries and comments have their lines', () => {
  const text = 'lost = 1\n# who\n[a]\n\nx = 1\n; what\ny: 2\n[b:c]\r\nz = 3\r\n[a]\nnothing\n';
  expect(parseIni(text, DIALECTS.paste)).toEqual({
    sections: [
      {
        name: 'a',
        line: 3,
        entries: [
          { name: 'x', value: '1', line: 5 },
          { name: 'y', value: '2', line: 7 },
        ],
      },
      { name: 'b:c', line: 8, entries: [{ name: 'z', value: '3', line: 9 }] },
      { name: 'a', line: 10, entries: [] },
    ],
    comments: [
      { text: '# who', line: 2 },
      { text: '; what', line: 6 },
    ],
    others: [
      { text: 'lost = 1', line: 1 },
      { text: 'nothing', line: 11 },
    ],
  });
});

test('a name without a delimiter says yes to uWSGI', () => {
  expect(entries('master\nprocesses = 2', DIALECTS.uwsgi)).toEqual([
    ['master', '1', 2],
    ['processes', '2', 3],
  ]);
});

describe('a value that goes on', () => {
  it.each<[keyof typeof DIALECTS, string, unknown[]]>([
    [
      'paste',
      'x = 1\n  2\n\n  3\ny = 4',
      [
        ['x', '1\n2\n3', 2],
        ['y', '4', 6],
      ],
    ],
    [
      'paste',
      '  x = 1\n  y = 2\n    3',
      [
        ['x', '1', 2],
        ['y', '2\n3', 3],
      ],
    ],
    ['paste', 'x =\n  1\n  # no\n  2', [['x', '1\n2', 2]]],
    ['supervisord', 'x = 1\n  2', [['x', '1\n2', 2]]],
    ['circus', 'x = 1\n  # 2', [['x', '1\n# 2', 2]]],
    [
      'uwsgi',
      'x = 1\n  y = 2',
      [
        ['x', '1', 2],
        ['y', '2', 3],
      ],
    ],
    [
      'systemd',
      'x=1 \\\n  2 \\\n; no\n3\ny=4',
      [
        ['x', '1 2 3', 2],
        ['y', '4', 6],
      ],
    ],
    [
      'systemd',
      'x=1 \\ \ny=2',
      [
        ['x', '1 \\', 2],
        ['y', '2', 3],
      ],
    ],
    [
      'systemd',
      'x=1\\\\\n  y=2',
      [
        ['x', '1\\\\', 2],
        ['y', '2', 3],
      ],
    ],
    [
      'systemd',
      'x=1 \\\n\ny=2',
      [
        ['x', '1', 2],
        ['y', '2', 4],
      ],
    ],
  ])('in %s: %j', (dialect, text, expected) => {
    expect(entries(text, DIALECTS[dialect])).toEqual(expected);
  });
});

describe('what ends a name, and what is a comment behind a value', () => {
  it.each<[keyof typeof DIALECTS, string, unknown[]]>([
    ['paste', 'set x = 1 ; 2', [['x', '1 ; 2', 2]]],
    [
      'supervisord',
      'x: 1 ; 2\ny=a;b #c',
      [
        ['x', '1', 2],
        ['y', 'a;b', 3],
      ],
    ],
    [
      'circus',
      'x = 1 ; 2 # 3\ny = a;b ;c\nz = 1 # 2',
      [
        ['x', '1', 2],
        ['y', 'a;b ;c', 3],
        ['z', '1 # 2', 4],
      ],
    ],
    ['uwsgi', 'x:y = 1 ; 2', [['x:y', '1 ; 2', 2]]],
    ['systemd', 'x:y=1 # 2', [['x:y', '1 # 2', 2]]],
  ])('in %s: %j', (dialect, text, expected) => {
    expect(entries(text, DIALECTS[dialect])).toEqual(expected);
  });

  it('is kept', () => {
    expect(parseIni('[s]\nx = 1 ; why', DIALECTS.supervisord).comments).toEqual([{ text: '; why', line: 2 }]);
  });
});
