import { followedBy, type Hole, Misuse, refuse, type Syntax, textOf } from './syntax.ts';

// EnvironmentFile= of systemd: parse_env_file_internal in
// https://github.com/systemd/systemd/blob/main/src/basic/env-file.c
//  - '...' is literal; in "..." a backslash escapes `"`, `\`, `` ` ``, `$` and nothing else; bare, it escapes all;
//  - after a closing quote a value goes on, white space at its end is dropped;
//  - a comment starts only at the start of a line, and until v254 went on over a line end after a backslash.
// Nothing is expanded, but POSIX sh expands `$` when it sources the same file, so what is written reads the same in
// both.

interface State {
  readonly mode: 'line' | 'comment' | 'key' | 'value' | 'double' | 'single' | 'closed';
  /** True before the first character of the value. */
  readonly fresh: boolean;
  readonly escaped: boolean;
}

const start: State = { mode: 'line', fresh: false, escaped: false };

function step(state: State, c: string): State {
  const { mode } = state;
  if (state.escaped) return { ...state, escaped: false };
  if (c === '\\' && mode === 'comment') throw new Misuse('environment: no backslash in a comment');
  if (c === '\\' && mode !== 'single' && mode !== 'line' && mode !== 'key')
    return { mode: mode === 'double' ? mode : 'value', fresh: false, escaped: true };
  if (mode === 'double' || mode === 'single')
    return c === (mode === 'double' ? '"' : "'") ? { ...state, mode: 'closed' } : { ...state, fresh: false };
  if (c === '\n') {
    if (mode === 'key') throw new Misuse('environment: a line without =');
    return start;
  }
  if (mode === 'comment') return state;
  if (mode === 'line') {
    if (/[#;]/.test(c)) return { ...state, mode: 'comment' };
    return /\s/.test(c) ? state : { ...state, mode: 'key' };
  }
  if (mode === 'key') return c === '=' ? { mode: 'value', fresh: true, escaped: false } : state;
  if (/\s/.test(c) && (state.fresh || mode === 'closed')) return state;
  const opened = c === '"' ? 'double' : c === "'" ? 'single' : undefined;
  if (opened && (state.fresh || mode === 'closed')) return { mode: opened, fresh: false, escaped: false };
  if (opened || /\s/.test(c)) throw new Misuse('environment: put the whole value into quotes');
  return { mode: 'value', fresh: false, escaped: false };
}

function hole(state: State, next: readonly string[]): Hole<State> {
  const { mode } = state;
  if (state.escaped) throw new Misuse('environment: a value may not follow a backslash');
  if (mode === 'comment') return { context: 'comment', state };
  if (mode === 'line' || mode === 'key') {
    if (mode === 'line' || followedBy(next, '='))
      return { context: 'name', state: { ...state, mode: 'key' } };
    return { context: 'name', state };
  }
  if (mode === 'double' || mode === 'single') return { context: mode, state: { ...state, fresh: false } };
  if (mode === 'closed') throw new Misuse('environment: a value may not follow a closing quote');
  const whole = state.fresh && followedBy(next, '\n');
  return { context: whole ? 'whole' : 'part', state: { ...state, fresh: false } };
}

function quote(context: string, value: unknown): string {
  const text = textOf(value);
  if (context === 'double') return escapeQuotes(text);
  if (context === 'whole') return whole(text);
  if (context === 'comment') refuse(text, /\\/, 'a comment in an environment file cannot hold');
  if (context === 'name') refuse(text, /[^A-Za-z0-9_]/, 'the name of a variable cannot hold');
  if (context === 'single') refuse(text, /'/, 'a value in single quotes cannot hold');
  if (context === 'part')
    refuse(text, BARE, 'put the whole value into double quotes in the template: unquoted it cannot hold');
  return text;
}

const BARE = /[^\w./:@%+,=-]/;

function whole(text: string): string {
  if (text !== '' && !BARE.test(text)) return text;
  return text.includes("'") ? `"${escapeQuotes(text)}"` : `'${text}'`;
}

function escapeQuotes(text: string): string {
  return text.replace(/["\\`$]/g, '\\$&');
}

/** Environment files, as systemd reads them with EnvironmentFile= and sh with `.`. */
export const environment: Syntax<State> = {
  name: 'environment',
  start,
  step,
  hole,
  key: (state) => JSON.stringify(state),
  comment: (state) => (state.mode === 'line' ? '# ' : undefined),
  end(state) {
    if (state.mode === 'double' || state.mode === 'single' || state.escaped)
      throw new Misuse('environment: the file ends in the middle of a value');
  },
  quote,
};
