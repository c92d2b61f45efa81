import { expect, it } from 'vitest';
import { systemdWords } from '../../../src/formats/systemd/words.ts';

it.each([
  ['A=b "C=d e" F=\'g\'h', ['A=b', 'C=d e', 'F=gh']],
  ['A=http://h/?b=c&d=e;f#g', ['A=http://h/?b=c&d=e;f#g']],
  ['a\\x20b \\u263a \\101 c\\sd "\\"\\\\"', ['a b', '☺', 'A', 'c d', '"\\']],
  ['C:\\dir \\d \\', ['C:\\dir', '\\d', '\\']],
  ['100%% %i', ['100%', '%i']],
  ['"" \'\'', ['', '']],
  ['"open  x', ['open  x']],
  ['', []],
])('%j', (value, words) => {
  expect(systemdWords(value)).toEqual(words);
});
