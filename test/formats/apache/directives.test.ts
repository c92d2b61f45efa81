import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { apacheDirectives, apacheLines } from '../../../src/formats/apache/directives.ts';
import { escaped } from '../../../src/formats/apache/lexer.ts';

test('directives have their words, lines and sections', () => {
  const text = `# who
<VirtualHost *:80>
  <Directory "/srv/a b/">
    Header set X "say \\"no\\" \\\\" always
  </Directory>
  Alias /x \\
    '/y'"/z"
  # not \\
  ServerName a
</VirtualHost>
ErrorLog C:\\\\x\\y
`;
  expect(apacheDirectives(text)).toEqual([
    { words: ['VirtualHost', '*:80'], line: 2, sections: [] },
    { words: ['Directory', '/srv/a b/'], line: 3, sections: ['VirtualHost *:80'] },
    {
      words: ['Header', 'set', 'X', 'say "no" \\', 'always'],
      line: 4,
      sections: ['VirtualHost *:80', 'Directory /srv/a b/'],
    },
    { words: ['Alias', '/x', '/y', '/z'], line: 6, sections: ['VirtualHost *:80'] },
    { words: ['ErrorLog', 'C:\\x\\y'], line: 11, sections: [] },
  ]);
});

test('comments are lines, and go on behind a backslash too', () => {
  expect(apacheLines('# a\\\r\nb\n\nc')).toEqual([
    { text: '# ab', line: 1, isJoined: true },
    { text: '', line: 3, isJoined: false },
    { text: 'c', line: 4, isJoined: false },
  ]);
  expect(apacheLines('a\\')).toEqual([{ text: 'a\\', line: 1, isJoined: false }]);
});

test.each(['"', "'"])('what is escaped for %s is read back as it was', (quote) => {
  const text = fc.string({ unit: fc.constantFrom(...'\'"\\#<>$ aé☃') });
  fc.assert(
    fc.property(text, (value) => {
      const line = `A b ${quote}${escaped(value, quote)}${quote} c`;
      expect(apacheDirectives(line)[0]?.words).toEqual(['A', 'b', value, 'c']);
    }),
  );
});
