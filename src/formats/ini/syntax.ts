import { followedBy, type Hole, Misuse, refuse, refuseEmpty, type Syntax, textOf } from '../syntax.ts';
import { CIRCUS, SUPERVISORD, type Written } from './dialects.ts';

interface State {
  readonly mode:
    | 'line'
    | 'comment'
    | 'section'
    | 'after'
    | 'key'
    | 'gap'
    | 'value'
    | 'word'
    | 'double'
    | 'single';
  readonly key: string;
  readonly escaped: boolean;
}

const start: State = { mode: 'line', key: '', escaped: false };

/** Files that configparser reads, with command lines for shlex in them. */
function ini(dialect: Written): Syntax<State> {
  const isCommand = ({ key }: State) => dialect.commands.has(key);

  function step(state: State, c: string): State {
    const { mode } = state;
    if (c === '\n') {
      if (mode === 'key' || mode === 'section')
        throw new Misuse(`${dialect.name}: a line that is not complete`);
      if (mode === 'double' || mode === 'single')
        throw new Misuse(`${dialect.name}: the quote is not closed`);
      return start;
    }
    if (mode === 'comment') return state;
    if (mode === 'line') {
      if (c === '#' || c === ';') return { ...state, mode: 'comment' };
      if (/\s/.test(c))
        throw new Misuse(`${dialect.name}: a line that begins with white space goes on with the one before`);
      return c === '[' ? { ...state, mode: 'section' } : { ...state, mode: 'key', key: c };
    }
    if (mode === 'section') return c === ']' ? { ...state, mode: 'after' } : state;
    if (mode === 'key')
      return c === '=' ? { ...state, mode: 'gap', key: state.key.trim() } : { ...state, key: state.key + c };
    return stepInValue(state, c);
  }

  function stepInValue(state: State, c: string): State {
    const { mode } = state;
    if (state.escaped) return { ...state, escaped: false };
    if (mode === 'gap' && /\s/.test(c)) return state;
    if (!isCommand(state)) return { ...state, mode: mode === 'after' ? 'after' : 'value' };
    if (mode === 'single') return c === "'" ? { ...state, mode: 'word' } : state;
    if (c === '\\') return { ...state, mode: mode === 'double' ? 'double' : 'word', escaped: true };
    if (mode === 'double') return c === '"' ? { ...state, mode: 'word' } : state;
    if (c === '"') return { ...state, mode: 'double' };
    if (c === "'") return { ...state, mode: 'single' };
    return { ...state, mode: /\s/.test(c) ? 'gap' : 'word' };
  }

  function hole(state: State, next: readonly string[]): Hole<State> {
    const { mode } = state;
    if (mode === 'comment') return { context: 'comment', state };
    if (mode === 'section') return { context: 'name', state };
    // A part of what is replaced: $(circus.sockets.NAME).
    if (mode === 'word' && followedBy(next, ')')) return { context: 'name', state };
    if (mode !== 'gap' && mode !== 'value')
      throw new Misuse(
        isCommand(state)
          ? `${dialect.name}: in a command, a value is a whole word`
          : `${dialect.name}: a value may stand only behind a key and =`,
      );
    if (!isCommand(state))
      return {
        context: mode === 'gap' && followedBy(next, '\n') ? 'whole' : 'part',
        state: { ...state, mode: 'value' },
      };
    if (!followedBy(next, ' \n')) throw new Misuse(`${dialect.name}: in a command, a value is a whole word`);
    return { context: 'word', state: { ...state, mode: 'word' } };
  }

  /** shlex puts quoted parts together again, so what would mean something is taken apart. */
  function word(value: unknown): string {
    const text = dialect.escape(textOf(value));
    if (/^[\w./:@+,=-]+$/.test(text)) return text;
    const parts: string[] = [];
    let rest = text;
    for (let at = rest.search(dialect.magic); at !== -1; at = rest.search(dialect.magic)) {
      parts.push(rest.slice(0, at + 1));
      rest = rest.slice(at + 1);
    }
    return [...parts, rest].map((part) => `'${part.replaceAll("'", `'"'"'`)}'`).join('');
  }

  function quote(context: string, value: unknown): string {
    if (context === 'word') return Array.isArray(value) ? value.map(word).join(' ') : word(value);
    const text = textOf(value);
    if (context === 'comment') return text;
    if (context === 'name') {
      refuse(text, /[^\w.-]/, 'a name cannot hold');
      return text;
    }
    refuse(text, dialect.magic, dialect.meaning);
    refuse(text, /^\s|\s$/, `${dialect.name} drops at the start or end of a value`);
    // What stands before it may end with white space.
    refuse(text, /^[;#(]/, `${dialect.name} may read as more than a character`);
    if (context === 'whole') refuseEmpty(text, `an empty value is none to ${dialect.name}`);
    return dialect.escape(text);
  }

  return {
    name: dialect.name,
    start,
    step,
    hole,
    key: (state) => JSON.stringify(state),
    comment: (state) => (state.mode === 'line' ? '; ' : undefined),
    end(state) {
      if (!/^(line|comment|after|gap|value|word)$/.test(state.mode))
        throw new Misuse(`${dialect.name}: the last line is not complete`);
    },
    quote,
  };
}

/** supervisord's configuration. */
export const supervisord = ini(SUPERVISORD);

/** Circus's configuration. */
export const circus = ini(CIRCUS);
