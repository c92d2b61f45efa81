/**
 * What a template's value becomes, and what is read from it, by language: a value comes back as it was, or is refused.
 * Languages that are only written are read back by readers of the tests' own: test/fuzz.
 */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { apacheDirectives } from '../../src/formats/apache/directives.ts';
import { apache } from '../../src/formats/apache/syntax.ts';
import { DIALECTS, type Dialect } from '../../src/formats/ini/dialects.ts';
import { parseIni } from '../../src/formats/ini/parse.ts';
import { circus, supervisord } from '../../src/formats/ini/syntax.ts';
import { uwsgi } from '../../src/formats/ini/uwsgi.ts';
import { nginxDirectives } from '../../src/formats/nginx/directives.ts';
import { nginx } from '../../src/formats/nginx/syntax.ts';
import { simpleCommands } from '../../src/formats/shell/commands.ts';
import { shell } from '../../src/formats/shell/syntax.ts';
import { CannotHold, type Syntax } from '../../src/formats/syntax.ts';
import { systemd } from '../../src/formats/systemd/syntax.ts';
import { systemdWords } from '../../src/formats/systemd/words.ts';

const argument = (text: string) => nginxDirectives(text)[0]?.arguments[1]?.value;
const word = (text: string) => apacheDirectives(text)[0]?.words[2];
const value = (text: string, dialect: Dialect) => parseIni(text, dialect).sections[0]?.entries[0]?.value;
/** Where a per cent sign begins something, two are one. */
const valueIn = (dialect: Dialect) => (text: string) => value(text, dialect)?.replaceAll('%%', '%');
const unitWord = (text: string) => systemdWords(value(text, DIALECTS.systemd) ?? '')[1];

/** A place of a file, as the syntax calls it; the file around a value; what is read of it. */
const PLACES: readonly [Syntax, string, (value: string) => string, (text: string) => string | undefined][] = [
  [nginx, 'token expanded', (value) => `a b ${value};`, argument],
  [nginx, 'double expanded', (value) => `a b "${value}" c;`, argument],
  [nginx, 'single expanded', (value) => `a b '${value}'{`, argument],
  [nginx, 'part expanded', (value) => `a b x${value};`, (text) => argument(text)?.slice(1)],
  [apache, 'word plain', (value) => `a b ${value} c`, word],
  [apache, 'double plain', (value) => `a b "${value}" c`, word],
  [apache, 'single plain', (value) => `a b '${value}' c`, word],
  [apache, 'part plain', (value) => `a b x${value}`, (text) => word(text)?.slice(1)],
  [supervisord, 'whole', (value) => `[a]\nb = ${value}\nc = d\n`, valueIn(DIALECTS.supervisord)],
  [circus, 'whole', (value) => `[a]\nb = ${value}\nc = d\n`, (text) => value(text, DIALECTS.circus)],
  [uwsgi, 'whole', (value) => `[a]\nb = ${value}\nc = d\n`, valueIn(DIALECTS.uwsgi)],
  [systemd, 'plain whole', (value) => `[a]\nb=${value}\nc=d\n`, valueIn(DIALECTS.systemd)],
  [systemd, 'words word', (value) => `[a]\nEnvironment=b ${value} c\n`, unitWord],
  [systemd, 'words double', (value) => `[a]\nEnvironment=b "${value}" c\n`, unitWord],
  [systemd, 'words single', (value) => `[a]\nEnvironment=b '${value}' c\n`, unitWord],
  [shell, 'words', (value) => `a ${value} b`, (text) => simpleCommands(text)[0]?.words[1]],
  [shell, 'single', (value) => `a '${value}' b`, (text) => simpleCommands(text)[0]?.words[1]],
];

/** Characters that mean something somewhere. What a shell would expand is put in by the reader, in quotes too. */
const text = (name: string) =>
  fc.string({ unit: fc.constantFrom(...`"'\\%;{}#*?!~-=|&<>()[]: \tab/é☃${name === 'shell' ? '' : '$`'}`) });

test.each(PLACES.map((place) => [place[0].name, place[1], place] as const))(
  'a value of %s, as a %s, is read back or refused',
  (name, context, [syntax, , around, read]) => {
    let held = 0;
    fc.assert(
      fc.property(text(name), (value) => {
        try {
          expect(read(around(syntax.quote(context, value)))).toBe(value);
          held += 1;
        } catch (error) {
          if (!(error instanceof CannotHold)) throw error;
        }
      }),
      { numRuns: 500, seed: 5 },
    );
    expect(held).toBeGreaterThan(20);
  },
);
