/**
 * EnvironmentFile=: parse_env_file_internal of https://github.com/systemd/systemd/blob/main/src/basic/env-file.c, and
 * sh, which the installer reads the same file with: where sh would expand, that is not literal text either.
 */
import { live, type Reader, type Token } from './token.ts';

export const readEnvironment: Reader = (text) => {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    while (/\s/.test(text[at] ?? '')) at++;
    if (at >= text.length) break;
    const end = text.indexOf('\n', at) === -1 ? text.length : text.indexOf('\n', at);
    if (/[#;]/.test(text[at] as string)) {
      tokens.push(['comment', text.slice(at, end)]);
      at = end;
      continue;
    }
    const equals = text.indexOf('=', at);
    if (equals === -1 || equals > end) {
      tokens.push(['junk', live(text.slice(at, end))]);
      at = end;
      continue;
    }
    const value = readValue(text, equals + 1);
    tokens.push(['name', text.slice(at, equals)], ['value', value.value]);
    at = value.end;
  }
  return tokens;
};

function readValue(text: string, from: number) {
  let value = '';
  let quote = '';
  let at = from;
  for (; at < text.length; at++) {
    const c = text[at] as string;
    if (quote === "'") {
      if (c === "'") quote = '';
      else value += c;
    } else if (c === '\\') {
      at++;
      const next = text[at] ?? '';
      value += quote === '"' && !'"\\`$'.includes(next) ? `\\${next}` : next;
    } else if (quote === '"') {
      if (c === '"') quote = '';
      else value += '$`'.includes(c) ? live(c) : c;
    } else if (c === '\n') break;
    else if (c === '"' || c === "'") quote = c;
    else value += /[$`;&|<>()*?~[\]{}!\s]/.test(c) ? live(c) : c;
  }
  return { value: quote === '' ? value : live(value), end: at };
}
