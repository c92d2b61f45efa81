import {
  CannotHold,
  followedBy,
  type Hole,
  Misuse,
  refuse,
  refuseEmpty,
  type Syntax,
  textOf,
} from '../syntax.ts';

// Lines of fields: https://www.freedesktop.org/software/systemd/man/latest/tmpfiles.d.html and
// https://www.freedesktop.org/software/systemd/man/latest/sysusers.d.html
// "Fields may contain C-style escapes" for both, but extract_many_words without CUNESCAPE in v252 makes `\x20` of a
// path `x20` (tried): in "..." only `\"` and `\\` mean the same everywhere. `%` starts a specifier, `%%` is one.
// A field that is `-`, quoted or not, is unset.

interface State {
  readonly mode: 'line' | 'comment' | 'space' | 'bare' | 'double' | 'single' | 'closed';
  /** Index of the current or next field. */
  readonly field: number;
  readonly escaped: boolean;
}

const start: State = { mode: 'line', field: 0, escaped: false };
/** The seventh field of tmpfiles.d goes on to the end of the line, and its quotes are part of it. */
const REST = 6;

function step(state: State, c: string): State {
  const { mode, field } = state;
  if (c === '\n') {
    if (mode === 'double' || mode === 'single') throw new Misuse('tmpfiles: the quote is not closed');
    return start;
  }
  if (mode === 'comment') return state;
  if (mode === 'line' && c === '#') return { ...state, mode: 'comment' };
  if (field >= REST) return /\s/.test(c) ? state : { ...state, mode: 'bare' };
  if (state.escaped) return { ...state, escaped: false };
  if (mode === 'double' || mode === 'single') {
    if (c === '\\') return { ...state, escaped: true };
    return c === (mode === 'double' ? '"' : "'") ? { ...state, mode: 'closed' } : state;
  }
  if (/\s/.test(c))
    return mode === 'bare' || mode === 'closed' ? { ...start, mode: 'space', field: field + 1 } : state;
  if (mode === 'closed') throw new Misuse('tmpfiles: white space must follow a closing quote');
  if (mode !== 'bare' && c === '"') return { ...state, mode: 'double' };
  if (mode !== 'bare' && c === "'") return { ...state, mode: 'single' };
  return { ...state, mode: 'bare', escaped: c === '\\' };
}

function hole(state: State, next: readonly string[]): Hole<State> {
  const { mode, field } = state;
  if (mode === 'comment') return { context: 'comment', state };
  if (state.escaped || mode === 'closed') throw new Misuse('tmpfiles: a value may not stand here');
  if (field === 0) throw new Misuse('tmpfiles: the type of a line cannot be a value');
  if (field >= REST) return { context: 'rest', state: { ...state, mode: 'bare' } };
  if (mode === 'double' || mode === 'single') return { context: mode, state };
  const whole = mode === 'space' && followedBy(next, ' \t\n');
  return { context: whole ? 'field' : 'part', state: { ...state, mode: 'bare' } };
}

function quote(context: string, value: unknown): string {
  const text = textOf(value);
  if (context === 'comment') return text;
  const plain = text.replace(/%/g, '%%');
  if (context === 'single') return plain.replace(/[\\']/g, '\\$&');
  if (context === 'double') return escapeQuotes(plain);
  if (context === 'field') {
    refuseEmpty(text, 'an empty field means that it is not set');
    if (text === '-') throw new CannotHold('a field that is - means that it is not set', '-');
    return /^[\w./:@%+,=~-]+$/.test(plain) ? plain : `"${escapeQuotes(plain)}"`;
  }
  if (context === 'rest') refuse(text, /\\|^\s|\s$/, 'the argument of a tmpfiles line cannot hold here');
  else
    refuse(
      text,
      /[\s\\"']/,
      'put the whole field into double quotes in the template: unquoted it cannot hold',
    );
  return plain;
}

function escapeQuotes(text: string): string {
  return text.replace(/[\\"]/g, '\\$&');
}

/** Files of tmpfiles.d and sysusers.d. */
export const tmpfiles: Syntax<State> = {
  name: 'tmpfiles',
  start,
  step,
  hole,
  key: (state) => JSON.stringify(state),
  comment: (state) => (state.mode === 'line' ? '# ' : undefined),
  end(state) {
    if (state.mode === 'double' || state.mode === 'single')
      throw new Misuse('tmpfiles: the quote is not closed');
  },
  quote,
};
