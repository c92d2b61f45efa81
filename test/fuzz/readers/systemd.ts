/**
 * systemd's units: https://www.freedesktop.org/software/systemd/man/latest/systemd.syntax.html, words by
 * https://github.com/systemd/systemd/blob/main/src/basic/extract-word.c
 */
import { enliven, live, type Reader, type Token } from './token.ts';

const COMMAND = /^Exec/;
/** Keys that systemd takes apart into words. */
const WORDS =
  /^(?:Environment|PassEnvironment|UnsetEnvironment|SupplementaryGroups|.*Paths|TemporaryFileSystem|.*MountsFor|(?:Runtime|State|Cache|Logs|Configuration)Directory|RestrictAddressFamilies|SystemCallFilter|.*Capabilit\w+|Documentation|Requires|Wants|After|Before|BindsTo|PartOf|Conflicts|OnFailure|WantedBy|Sockets|Also)$/;

export const readSystemd: Reader = (text) =>
  joined(text).flatMap((line): Token[] => {
    const plain = line.trim();
    if (plain === '') return [];
    if (/^[#;]/.test(plain)) return [['comment', plain]];
    if (plain.startsWith('[')) return [['section', plain]];
    const equals = plain.indexOf('=');
    const key = plain.slice(0, equals).trim();
    const value = plain.slice(equals + 1).trim();
    return [['key', equals === -1 ? live(plain) : key], ...valueTokens(key, value)];
  });

/** A backslash at a line's end joins the next to it; a comment in between is passed over. */
function joined(text: string): string[] {
  const lines: string[] = [];
  let open = '';
  for (const line of text.split('\n')) {
    if (open !== '' && /^\s*[#;]/.test(line)) continue;
    if (open === '' && /^\s*[#;]/.test(line)) lines.push(line);
    else if (line.endsWith('\\')) open += `${line.slice(0, -1)} `;
    else {
      lines.push(open + line);
      open = '';
    }
  }
  return [...lines, open];
}

function valueTokens(key: string, value: string): Token[] {
  const words = COMMAND.test(key) || WORDS.test(key);
  const texts = words ? wordsOf(value) : [value];
  return texts.map((text, index) => {
    const specifiers = text.replaceAll(/%%|%[A-Za-z]?/g, (match) => (match === '%%' ? '%' : live(match)));
    if (!COMMAND.test(key)) return ['value', specifiers];
    const prefix = index === 0 ? enliven(specifiers, /^[-@:+!|]+/g) : specifiers;
    // The program's own path is not expanded: https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html
    if (index === 0) return ['program', prefix];
    return [
      'value',
      prefix.replaceAll(/\$\$|\$\{\w*\}?|\$\w*/g, (match) => (match === '$$' ? '$' : live(match))),
    ];
  });
}

const ESCAPES: Record<string, string> = { n: '\n', t: '\t', s: ' ' };

function wordsOf(value: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < value.length; at++) {
    const c = value[at] as string;
    if (c === '\\') {
      at++;
      const next = value[at] ?? '';
      word = (word ?? '') + (ESCAPES[next] === undefined ? next : live(`\\${next}`));
    } else if (quote !== '') {
      if (c === quote) quote = '';
      else word += c;
    } else if (c === '"' || c === "'") {
      quote = c;
      word ??= '';
    } else if (/\s/.test(c)) {
      if (word !== undefined) words.push(word === ';' ? live(';') : word);
      word = undefined;
    } else word = (word ?? '') + c;
  }
  if (word !== undefined) words.push(word);
  return quote === '' ? words : [...words, live('unclosed')];
}
