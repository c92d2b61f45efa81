import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseYaml } from '../../src/formats/yaml.ts';

test('a file with the lines of its parts, comments or not', () => {
  const file = parseYaml(
    '# what runs\nservices:\n  web: # the site\n    command: [a, b]\n  db: &one\n    image: x\n',
  );
  expect(file?.value).toEqual({ services: { web: { command: ['a', 'b'] }, db: { image: 'x' } } });
  expect(file?.lineOf(['services', 'web'])).toBe(4);
  expect(file?.lineOf(['services', 'web', 'command', 1])).toBe(4);
  expect(file?.lineOf(['services', 'db', 'image'])).toBe(6);
  expect(file?.lineOf(['services', 'cache'])).toBeUndefined();
});

test.each(['a: [', 'a: *nowhere', 'a: 1\na: 2'])('%j says nothing', (text) => {
  expect(parseYaml(text)).toBeUndefined();
});

test('aliases that multiply fill no memory', () => {
  const levels = Array.from(
    { length: 12 },
    (_, at) => `l${at}: &l${at} [${at === 0 ? 'x' : `*l${at - 1}, `.repeat(9)}]`,
  );
  expect(parseYaml(levels.join('\n'))).toBeUndefined();
});

test('JSON is YAML: any value comes back', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify({ value });
      expect(parseYaml(text)?.value).toEqual(JSON.parse(text));
    }),
  );
});
