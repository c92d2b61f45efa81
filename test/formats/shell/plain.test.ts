import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainLine, plainWords } from '../../../src/formats/shell/plain.ts';

test('words that are written as a line are read back as they were, or refused', () => {
  const word = fc.string({ unit: fc.constantFrom(...'\'"\\$`{}#~*?!|&;<>() ab/=é☃') });
  fc.assert(
    fc.property(fc.array(word), (words) => {
      const line = plainLine(words);
      if (line === undefined) expect(words.join('')).toContain("'");
      else expect(plainWords(line, '{}')).toEqual(words);
    }),
  );
});

test('a placeholder stands where a shell would act on it', () => {
  expect(plainWords('a {x}/b', '{x}')).toEqual(['a', '{x}/b']);
  expect(() => plainWords('a {y}/b', '{x}')).toThrow('has { in it');
});
