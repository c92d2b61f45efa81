import { CannotHold, type Hole, Misuse, refuse, type Syntax, textOf, VALUE } from './syntax.ts';

// https://docs.python.org/3/reference/lexical_analysis.html#string-and-bytes-literals

interface State {
  readonly mode: 'code' | 'comment' | 'opening' | 'empty' | 'string';
  readonly quote: string;
  readonly triple: boolean;
  readonly prefix: string;
  readonly escaped: boolean;
  /** Quotes in a row inside a triple-quoted string. */
  readonly run: number;
  /** The name or number being read. */
  readonly word: string;
  /** True on a line that goes on after a backslash. */
  readonly continued: boolean;
  /** Where a name stands and no value can: at the very beginning of a line, and behind `from` and `import`. */
  readonly names: boolean;
}

const start: State = {
  mode: 'code',
  quote: '',
  triple: false,
  prefix: '',
  escaped: false,
  run: 0,
  word: '',
  continued: false,
  names: false,
};

/** The beginning of a line that no backslash leads to. */
const fresh: State = { ...start, names: true };

function step(state: State, c: string): State {
  if (state.mode === 'comment') return c === '\n' ? fresh : state;
  if (state.mode === 'opening') {
    if (c === state.quote) return { ...state, mode: 'empty' };
    return step({ ...state, mode: 'string' }, c);
  }
  if (state.mode === 'empty')
    return c === state.quote ? { ...state, mode: 'string', triple: true } : step(start, c);
  return state.mode === 'string' ? stepInString(state, c) : stepInCode(state, c);
}

function stepInString(state: State, c: string): State {
  if (state.escaped) return { ...state, escaped: false };
  if (c === '\\') return { ...state, escaped: true, run: 0 };
  if (c === '\n' && !state.triple) throw new Misuse('python: the string is not closed');
  if (c !== state.quote) return { ...state, run: 0 };
  return !state.triple || state.run === 2 ? start : { ...state, run: state.run + 1 };
}

function stepInCode(state: State, c: string): State {
  if (c === '#') return { ...start, mode: 'comment' };
  if (c === '"' || c === "'")
    return { ...start, mode: 'opening', quote: c, prefix: state.word.toLowerCase() };
  if (c === '\n') return { ...start, continued: state.escaped, names: !state.escaped };
  if (/\s/.test(c))
    return { ...state, word: '', escaped: false, names: state.word === 'from' || state.word === 'import' };
  return { ...start, escaped: c === '\\', word: /[\w\u0080-\uFFFF]/.test(c) ? state.word + c : '' };
}

function hole(state: State, next: readonly string[]): Hole<State> {
  if (state.mode === 'comment') return { context: 'comment', state };
  if (state.mode === 'empty' || state.escaped) throw new Misuse('python: a value may not stand here');
  if (state.mode === 'code') {
    const joined = next.some((each) => each === VALUE || /^[\w"'\u0080-\uFFFF]$/.test(each));
    if (state.word !== '' || joined) throw new Misuse('python: a value may not be a part of a name');
    if (state.names) return { context: 'name', state: { ...start, continued: state.continued } };
    return { context: 'literal', state: { ...start, continued: state.continued } };
  }
  if (state.prefix.includes('f')) throw new Misuse('python: no value in an f-string');
  const kind = state.prefix.includes('r') ? 'raw' : state.prefix.includes('b') ? 'bytes' : 'string';
  return { context: kind, state: { ...state, mode: 'string', run: 0 } };
}

function quote(context: string, value: unknown): string {
  if (context === 'literal') return literal(value);
  const text = textOf(value);
  if (context === 'name') return name(text);
  if (context === 'comment') return text;
  if (context === 'raw') refuse(text, /[\\"']/, 'a raw string cannot hold');
  if (context === 'bytes') refuse(text, /[^ -~]/u, 'a bytes literal cannot hold');
  return escapeQuotes(text);
}

/** Names of modules and what is in them. Keywords are none: https://docs.python.org/3/reference/lexical_analysis.html#keywords */
function name(text: string): string {
  const isName = text.split('.').every((part) => /^[A-Za-z_]\w*$/.test(part) && !KEYWORDS.has(part));
  if (!isName) throw new CannotHold('not a name of Python');
  return text;
}

const KEYWORDS = new Set(
  (
    'False None True and as assert async await break class continue def del elif else except finally for from ' +
    'global if import in is lambda nonlocal not or pass raise return try while with yield'
  ).split(' '),
);

function literal(value: unknown): string {
  if (value === null) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value === 'object' || value === undefined) throw new CannotHold('not a single value');
  return typeof value === 'number' ? textOf(value) : `"${textOf(value).replace(/[\\"]/g, '\\$&')}"`;
}

/** Both kinds of quotes, so that it holds in any string. */
function escapeQuotes(text: string): string {
  return text.replace(/[\\"']/g, '\\$&');
}

/** Python source, such as gunicorn.conf.py. */
export const python: Syntax<State> = {
  name: 'python',
  start: fresh,
  step,
  hole,
  key: ({ word, ...state }) =>
    JSON.stringify({ ...state, word: word !== '' && /^\D/.test(word) ? 'x' : word }),
  comment: (state) => (state.mode === 'code' && !state.continued ? '# ' : undefined),
  end(state) {
    if (state.mode === 'string' || state.mode === 'opening')
      throw new Misuse('python: the string is not closed');
  },
  quote,
};
