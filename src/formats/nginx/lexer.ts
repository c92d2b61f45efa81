/**
 * How nginx divides a file into words: ngx_conf_read_token in
 * https://github.com/nginx/nginx/blob/master/src/core/ngx_conf_file.c
 *  - a word ends at white space, `;` or `{`; quotes count only at its start, and white space, `;`, `{` or `)` must
 *    follow the closing one; in the middle of a bare word quotes, `#` and `}` are ordinary;
 *  - `\"`, `\'` and `\\` lose the backslash, `\t`, `\r`, `\n` are characters, any other backslash stays;
 *  - `${` does not end a bare word.
 * It goes a character at a time, so that it follows a file as well as the text of a template around its values.
 */

/** Where a character has led to. */
export interface Lexed {
  readonly mode: 'space' | 'bare' | 'double' | 'single' | 'closed' | 'comment';
  /** A backslash, a `$` with or without its brace, or the name of a variable, which the next character may continue. */
  readonly pending: '' | '\\' | '$' | '${' | '$name';
}

/** Where a file begins. */
export const BETWEEN: Lexed = { mode: 'space', pending: '' };

/** What ends a directive, opens a block, closes one. */
export type Sign = ';' | '{' | '}';

/** To nginx all others, such as a form feed or a no-break space, are part of a word. */
const SPACES = new Set([' ', '\t', '\r', '\n']);

/** The state after one more character. What nginx refuses is read as if white space stood before it. */
export function lex(before: Lexed, c: string): Lexed {
  if (before.mode === 'comment') return c === '\n' ? BETWEEN : before;
  return isWord(before) ? lexInWord(before, c) : lexBetween(c);
}

/** Is it in a word, its closing quote excepted? */
export const isWord = ({ mode }: Lexed) => mode === 'bare' || mode === 'double' || mode === 'single';

/** The sign that a character is where it has led to this state; undefined where it is part of something else. */
export function signOf({ mode }: Lexed, c: string): Sign | undefined {
  return mode === 'space' && (c === ';' || c === '{' || c === '}') ? c : undefined;
}

/** May it stand behind a closing quote? */
export const mayFollowQuote = (c: string) => SPACES.has(c) || c === ';' || c === '{' || c === ')';

function lexBetween(c: string): Lexed {
  if (SPACES.has(c) || c === ';' || c === '{' || c === '}') return BETWEEN;
  if (c === '#') return { mode: 'comment', pending: '' };
  if (c === '"') return { mode: 'double', pending: '' };
  if (c === "'") return { mode: 'single', pending: '' };
  return { mode: 'bare', pending: c === '\\' || c === '$' ? c : '' };
}

function lexInWord({ mode, pending }: Lexed, c: string): Lexed {
  if (pending === '\\') return { mode, pending: '' };
  if (c === '{' && (pending === '$' || pending === '${')) return { mode, pending: '${' };
  if (c === '\\' || c === '$') return { mode, pending: c };
  if (mode === 'bare') {
    if (SPACES.has(c) || c === ';' || c === '{') return BETWEEN;
  } else if (c === (mode === 'double' ? '"' : "'")) return { mode: 'closed', pending: '' };
  const named = (pending === '$' || pending === '$name') && /\w/.test(c);
  return { mode, pending: named ? '$name' : '' };
}

/** nginx leaves a backslash before anything else where it is. */
const ESCAPES: Record<string, string> = { t: '\t', r: '\r', n: '\n' };

/** What nginx makes of the inside of a word. */
export function unescaped(word: string): string {
  return word.replace(/\\(["'\\trn])/g, (_, c: string) => ESCAPES[c] ?? c);
}

/** A text for the inside of a word in such quotes. */
export function escaped(text: string, mark: '"' | "'" = '"'): string {
  return text.replace(mark === '"' ? /[\\"]/g : /[\\']/g, '\\$&');
}
