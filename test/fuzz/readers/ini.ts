/** The ini files of supervisord and Circus (Python's configparser and shlex), and of uWSGI (its own reader). */
import { enliven, live, type Reader, type Token } from './token.ts';

/** Lines with a value in which a program finds something of its own. */
const reader =
  (understood: (key: string, value: string) => string[], comment: RegExp, cutOff?: RegExp): Reader =>
  (text) =>
    text.split('\n').flatMap((line): Token[] => {
      if (line.trim() === '') return [];
      if (comment.test(line)) return [['comment', line.trim()]];
      if (/^\[.*\]\s*$/.test(line)) return [['section', line.trim()]];
      // configparser takes an indented line for more of the value before.
      if (/^\s/.test(line)) return understood('', line.trim()).map((word) => ['more', word]);
      const equals = line.search(/[=:]/);
      if (equals === -1) return [['junk', live(line)]];
      const key = line.slice(0, equals).trim();
      const value = line.slice(equals + 1);
      const rest = cutOff === undefined ? value : (value.split(cutOff)[0] as string);
      const words = understood(key, rest.trim());
      return [['key', key], ...words.map((word): Token => ['value', word])];
    });

/** https://docs.python.org/3/library/shlex.html#shlex.split */
function shlexWords(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    let c = text[at] as string;
    if (quote !== '') {
      if (c === quote) {
        quote = '';
        continue;
      }
      if (quote === '"' && c === '\\' && /["\\]/.test(text[at + 1] ?? '')) c = text[++at] as string;
      word += c;
    } else if (c === '\\') word = (word ?? '') + (text[++at] ?? '');
    else if (c === '"' || c === "'") {
      quote = c;
      word ??= '';
    } else if (/\s/.test(c)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + c;
  }
  if (word !== undefined) words.push(word);
  return quote === '' ? words : [...words, live('unclosed')];
}

/** Both programs put values in before they divide a command into words. */
const wordsOf = (commands: RegExp, key: string, value: string) =>
  commands.test(key) ? shlexWords(value) : [value];

const percent = (text: string) =>
  text.replaceAll(/%%|%(?:\(\w*\)\w?)?/g, (match) => (match === '%%' ? '%' : live(match)));

/** https://supervisord.org/configuration.html */
export const readSupervisord = reader(
  (key, value) => wordsOf(/^(?:command|serverurl)$/, key, percent(value)),
  /^[#;]/,
  /\s;/,
);

/** https://circus.readthedocs.io/en/latest/configuration/ */
export const readCircus = reader(
  (key, value) => wordsOf(/^(?:cmd|args)$/, key, enliven(value, /\$\([^)]*\)?|\(\([^)]*\)?\)?/g)),
  /^[#;]/,
  /\s;/,
);

/** magic_sub of https://github.com/unbit/uwsgi/blob/uwsgi-2.0/core/utils.c and ini.c beside it */
export const readUwsgi = reader(
  (_key, value) => [
    value.replaceAll(/%%|[$@%]\([^)]*\)?|%./g, (match) => (match === '%%' ? '%' : live(match))),
  ],
  /^\s*[#;]/,
);
