/**
 * How Apache divides a line into words: ap_getword_conf in
 * https://github.com/apache/httpd/blob/2.4.x/server/util.c
 *  - a word ends at white space, or, where it begins with a quote, at the next such quote, behind which another word
 *    begins at once; in the middle of a bare word quotes are ordinary;
 *  - `\\` loses a backslash, and so does the quote's own `\"` or `\'`; any other backslash stays;
 *  - `#` starts a comment only where the line begins.
 * It goes a character at a time, so that it follows a line as well as the text of a template around its values.
 */

/** Where a character has led to. */
export interface Lexed {
  readonly mode: 'line' | 'space' | 'bare' | 'double' | 'single' | 'closed' | 'comment';
  /** The character was a backslash; in quotes, one that protects the next. */
  readonly isBackslash: boolean;
}

/** Where a line begins. */
export const LINE: Lexed = { mode: 'line', isBackslash: false };

/** isspace() of C; to Apache all others, such as a no-break space, are part of a word. */
const SPACES = new Set([' ', '\t', '\n', '\v', '\f', '\r']);

export const isSpace = (c: string) => SPACES.has(c);

/** Is it inside of quotes? */
export const isQuoted = ({ mode }: Lexed) => mode === 'double' || mode === 'single';

/** The state after one more character of a line, which has no line end in it. */
export function lex(before: Lexed, c: string): Lexed {
  const isProtected = isQuoted(before) && before.isBackslash;
  return { mode: modeAfter(before.mode, c, isProtected), isBackslash: c === '\\' && !isProtected };
}

function modeAfter(mode: Lexed['mode'], c: string, isProtected: boolean): Lexed['mode'] {
  if (mode === 'comment' || (mode === 'line' && c === '#')) return 'comment';
  if (mode === 'double' || mode === 'single') return !isProtected && c === QUOTES[mode] ? 'closed' : mode;
  if (isSpace(c)) return mode === 'line' ? 'line' : 'space';
  if (mode === 'bare') return 'bare';
  return c === QUOTES.double ? 'double' : c === QUOTES.single ? 'single' : 'bare';
}

const QUOTES = { double: '"', single: "'" };

/** A line's words, without quotes and what protects them. Nothing in it is a comment. */
export function wordsOf(line: string): string[] {
  const words: { mode: Lexed['mode']; text: string }[] = [];
  let state: Lexed = { mode: 'space', isBackslash: false };
  for (const c of line) {
    const { mode } = state;
    state = lex(state, c);
    if (state.mode === 'space' || state.mode === 'closed') continue;
    const isBare = state.mode === 'bare';
    if (state.mode === mode) (words.at(-1) as { text: string }).text += c;
    else words.push({ mode: state.mode, text: isBare ? c : '' });
  }
  return words.map(({ mode, text }) => unescaped(text, mode));
}

/** What Apache makes of the inside of a word. */
function unescaped(text: string, mode: Lexed['mode']): string {
  if (mode === 'double') return text.replace(/\\(["\\])/g, '$1');
  return mode === 'single' ? text.replace(/\\(['\\])/g, '$1') : text.replaceAll('\\\\', '\\');
}

/** A text for the inside of a word in such quotes. */
export function escaped(text: string, quote: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`);
}
