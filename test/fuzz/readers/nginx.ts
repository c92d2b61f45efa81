/**
 * nginx: ngx_conf_read_token of https://github.com/nginx/nginx/blob/master/src/core/ngx_conf_file.c, and variables as
 * ngx_http_script_compile of src/http/ngx_http_script.c finds them.
 */
import { enliven, pattern, type Reader, type Token } from './token.ts';

const ESCAPES: Record<string, string> = { '"': '"', "'": "'", '\\': '\\', t: '\t', r: '\r', n: '\n' };
const SPACES = ' \t\r\n';

export const readNginx: Reader = (text) => {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const c = text[at] as string;
    if (SPACES.includes(c)) at++;
    else if (c === '#') {
      const end = lineEnd(text, at);
      tokens.push(['comment', text.slice(at, end)]);
      at = end;
    } else if (';{}'.includes(c)) {
      tokens.push([c, '']);
      at++;
    } else {
      const word = c === '"' || c === "'" ? quotedWord(text, at + 1, c) : bareWord(text, at);
      const matches = /^(?:~\*?)$/.test(tokens.at(-1)?.[1] ?? '');
      tokens.push(['word', matches ? pattern(word.value) : enliven(word.value, /\$(?:\{\w*\}?|\w+)/g)]);
      at = word.end;
    }
  }
  return tokens;
};

function quotedWord(text: string, from: number, quote: string) {
  let value = '';
  for (let at = from; at < text.length; at++) {
    const c = text[at] as string;
    if (c === quote) return { value, end: at + 1 };
    if (c === '\\') {
      at++;
      value += ESCAPES[text[at] ?? ''] ?? `\\${text[at] ?? ''}`;
    } else value += c;
  }
  return { value: `${value}<unclosed>`, end: text.length };
}

function bareWord(text: string, from: number) {
  let value = '';
  let variable = false;
  for (let at = from; at < text.length; at++) {
    const c = text[at] as string;
    const isBrace: boolean = c === '{' && variable;
    if (!isBrace && `${SPACES};{`.includes(c)) return { value, end: at };
    variable = isBrace || c === '$';
    if (c === '\\') {
      at++;
      value += ESCAPES[text[at] ?? ''] ?? `\\${text[at] ?? ''}`;
    } else value += c;
  }
  return { value, end: text.length };
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}
