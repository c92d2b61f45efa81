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

// uWSGI's own ini files: https://uwsgi-docs.readthedocs.io/en/latest/Configuration.html
//  - `%x` is a magic variable anywhere in the file, comments included, and `%%` is a per cent sign (magic_sub in
//    https://github.com/unbit/uwsgi/blob/uwsgi-2.0/core/utils.c);
//  - in a value, `$(NAME)` is an environment variable, `@(URL)` the content of a file or the output of a command,
//    `%(name)` another option; nothing escapes them (https://github.com/unbit/uwsgi/blob/uwsgi-2.0/core/config.c);
//  - there are no quotes, white space at both ends of a value is dropped, a line ends where it ends
//    (https://github.com/unbit/uwsgi/blob/uwsgi-2.0/core/ini.c).

interface State {
  readonly mode: 'line' | 'comment' | 'section' | 'key' | 'gap' | 'value' | 'magic';
  /** The character before, where it may be the first of two that mean something. */
  readonly before: '' | '$' | '@' | '%';
}

const start: State = { mode: 'line', before: '' };

function step(state: State, c: string): State {
  const { mode } = state;
  if (c === '\n') {
    if (mode === 'key' || mode === 'section') throw new Misuse('uwsgi: a line that is not complete');
    if (mode === 'magic') throw new Misuse('uwsgi: a parenthesis is not closed');
    return start;
  }
  if (mode === 'comment') return state;
  if (mode === 'line') {
    if (c === '#' || c === ';') return { ...state, mode: 'comment' };
    if (/\s/.test(c)) return state;
    return { ...state, mode: c === '[' ? 'section' : 'key' };
  }
  if (mode === 'section') return c === ']' ? { ...state, mode: 'comment' } : state;
  if (mode === 'key') return c === '=' ? { ...state, mode: 'gap' } : state;
  if (mode === 'magic') return c === ')' ? { mode: 'value', before: '' } : state;
  if (mode === 'gap' && /\s/.test(c)) return state;
  if (c === '(' && state.before !== '') return { mode: 'magic', before: '' };
  const special = c === '$' || c === '@' || (c === '%' && state.before !== '%');
  return { mode: 'value', before: special ? (c as State['before']) : '' };
}

function hole(state: State, next: readonly string[]): Hole<State> {
  const { mode } = state;
  if (mode === 'comment') return { context: 'comment', state };
  if (mode === 'magic') throw new Misuse('uwsgi: no value between the parentheses of $( ), @( ) and %( )');
  if (mode !== 'gap' && mode !== 'value')
    throw new Misuse('uwsgi: a value may stand only behind a key and =');
  if (state.before !== '') throw new Misuse(`uwsgi: a value may not follow ${state.before}`);
  const whole = mode === 'gap' && followedBy(next, '\n');
  return { context: whole ? 'whole' : 'part', state: { mode: 'value', before: '' } };
}

function quote(context: string, value: unknown): string {
  const text = textOf(value);
  if (context !== 'comment') {
    refuse(text, /[$@%](?=\()/, 'a value of uWSGI cannot hold a parenthesis after');
    refuse(text, /^\s|\s$/, 'uWSGI drops at the start or end of a value');
    if (context === 'whole') refuseEmpty(text, 'an empty value means yes to uWSGI');
    if (context === 'part' && /[$@%]$|^\(/.test(text))
      throw new CannotHold(
        'what stands beside it could make a variable of it',
        text.at(text[0] === '(' ? 0 : -1),
      );
  }
  return text.replaceAll('%', '%%');
}

/** uWSGI's ini files. */
export const uwsgi: Syntax<State> = {
  name: 'uwsgi',
  start,
  step,
  hole,
  key: (state) => JSON.stringify(state),
  comment: (state) => (state.mode === 'line' ? '; ' : undefined),
  end(state) {
    if (state.mode === 'key' || state.mode === 'section' || state.mode === 'magic')
      throw new Misuse('uwsgi: the last line is not complete');
  },
  quote,
};
