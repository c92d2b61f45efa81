/** Apache: ap_cfg_getline, ap_getword_conf and ap_resolve_env of https://github.com/apache/httpd/tree/2.4.x/server */
import { enliven, pattern, type Reader, type Token } from './token.ts';

/** Directives whose words hold a format, in which `%` begins something and `%%` is one. */
const FORMATS = /^(?:header|requestheader|logformat|customlog|errorlogformat)$/i;
/** Sections whose word is a pattern of names. */
const PATTERNS = /^<(?:directory|location|files|proxy)$|^include/i;

export const readApache: Reader = (text) =>
  text
    .replaceAll('\\\n', '')
    .split('\n')
    .flatMap((line): Token[] => {
      const plain = line.trim();
      if (plain === '') return [];
      if (plain.startsWith('#')) return [['comment', plain]];
      const isRaw = /^rewrite(?:rule|cond)\b/i.test(plain);
      const [name = '', ...words] = wordsOf(enliven(plain, /\$\{[^}]*\}?/g), isRaw);
      return [
        ['directive', name],
        ...words.map((word, index): Token => ['word', meaningOf(name, word, index)]),
        ['end', ''],
      ];
    });

function meaningOf(directive: string, word: string, index: number): string {
  if (FORMATS.test(directive))
    return word.replaceAll(/%%|%\{[^}]*\}\w|%\w?/g, (match) =>
      match === '%%' ? '%' : `\uE000${match}\uE001`,
    );
  if (/^rewrite(?:rule|cond)$/i.test(directive))
    return /rule$/i.test(directive) === (index === 0) ? pattern(word) : substitution(word);
  if (/match$/i.test(directive)) return pattern(word);
  return PATTERNS.test(directive) ? enliven(word, /[*?[\]]/g) : word;
}

/** https://github.com/apache/httpd/blob/2.4.x/modules/mappers/mod_rewrite.c, do_expand; the query string begins at "?". */
function substitution(word: string): string {
  return word.replaceAll(/\\([\s\S])|[$%](?:\{[^}]*\}?|\d)|\?/g, (match, escaped?: string) =>
    escaped === undefined ? `\uE000${match}\uE001` : escaped,
  );
}

/** @param isRaw The directive takes no backslash away, before a quote neither. */
function wordsOf(line: string, isRaw: boolean): string[] {
  const words: string[] = [];
  let at = 0;
  while (at < line.length) {
    while (/\s/.test(line[at] ?? '')) at++;
    const quote = line[at];
    if (quote === undefined) break;
    let word = '';
    if (quote === '"' || quote === "'") {
      for (at++; at < line.length && line[at] !== quote; at++) {
        if (!isRaw && line[at] === '\\' && (line[at + 1] === '\\' || line[at + 1] === quote)) at++;
        word += line[at];
      }
      at++;
    } else for (; at < line.length && !/\s/.test(line[at] as string); at++) word += line[at];
    words.push(word);
  }
  return words;
}
