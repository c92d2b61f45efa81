import { followedBy, type Hole, Misuse, refuse, type Syntax, textOf } from '../syntax.ts';

// POSIX sh: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02 (quoting)
//  - '...' holds everything but a single quote, which is written '\'' (quote closed, escaped, opened again);
//  - in "..." only `$`, `` ` ``, `"` and `\` need a backslash;
//  - what follows `sh -c`, eval, trap and ssh is read as code a second time: no quoting here holds there.

type Frame = 'code' | 'paren' | 'double' | 'single' | 'braces' | 'arithmetic' | 'comment' | 'document';

interface Document {
  readonly end: string;
  readonly tabs: boolean;
}

interface State {
  readonly stack: readonly Frame[];
  /** What has been read of something longer: `\`, `$`, `$(`, `$name`, `<`, or `<<` and what follows it. */
  readonly pending: string;
  /** The word being read, without its quotes; undefined between words. */
  readonly word: string | undefined;
  /** The command is one that reads its arguments as code. */
  readonly evaluates: boolean;
  /** The command has named a shell. */
  readonly shell: boolean;
  /** The word before was the -c of a shell. */
  readonly command: boolean;
  /** Here-documents that start at the next line, and the line being read in one. */
  readonly documents: readonly Document[];
  readonly line: string;
  /** True on a line that goes on after a backslash. */
  readonly continued: boolean;
}

const idle = { word: undefined, evaluates: false, shell: false, command: false };
const start: State = { stack: ['code'], pending: '', ...idle, documents: [], line: '', continued: false };

const EVALUATES = /^(eval|trap|ssh)$/;
const SHELL = /^(.*\/)?(sh|ash|dash|bash|ksh|zsh|su|runuser|sg|script|flock|watch)$/;

const top = (state: State): Frame => state.stack.at(-1) as Frame;
const push = (state: State, frame: Frame): State => ({
  ...state,
  stack: [...state.stack, frame],
  pending: '',
});
const pop = (state: State): State => ({ ...state, stack: state.stack.slice(0, -1), pending: '' });

function step(state: State, c: string): State {
  switch (top(state)) {
    case 'comment':
      return c === '\n' ? step(pop(state), c) : state;
    case 'single':
      return c === "'" ? pop(state) : state;
    case 'document':
      return stepInDocument(state, c);
    case 'double':
      return stepInDouble(state, c);
    case 'braces':
      return stepInBraces(state, c);
    case 'arithmetic':
      return c === '(' ? push(state, 'arithmetic') : c === ')' ? pop(state) : state;
    default:
      return stepInCode(state, c);
  }
}

function stepInDouble(state: State, c: string): State {
  if (state.pending === '\\') return { ...state, pending: '' };
  const opened = expansion(state, c);
  if (opened) return opened;
  return c === '"' ? pop(state) : { ...state, pending: c === '\\' ? c : '' };
}

function stepInBraces(state: State, c: string): State {
  if (state.pending === '\\') return { ...state, pending: '' };
  const opened = expansion(state, c);
  if (opened) return opened;
  if (c === '}') return pop(state);
  if (c === '"') return push(state, 'double');
  return { ...state, pending: c === '\\' ? c : '' };
}

/** `$`, `${`, `$(` and `$((`: the state inside, or undefined where the character belongs to none of them. */
function expansion(state: State, c: string): State | undefined {
  if (c === '`') throw new Misuse('shell: write $(...) instead of backticks');
  if (state.pending === '$(') {
    const closing: State = { ...state, pending: '' };
    if (c === '(') return push(push(closing, 'arithmetic'), 'arithmetic');
    return step({ ...push(closing, 'code'), ...idle }, c);
  }
  if (state.pending === '$' && c === '(') return { ...state, pending: '$(' };
  if (state.pending === '$' && c === '{') return push(state, 'braces');
  if (c === '$' && state.pending !== '$') return { ...state, pending: '$' };
  const named = (state.pending === '$' && /[A-Za-z_]/.test(c)) || (state.pending === '$name' && /\w/.test(c));
  return named ? { ...state, pending: '$name' } : undefined;
}

function stepInCode(before: State, c: string): State {
  const state = before.continued && !/\s/.test(c) ? { ...before, continued: false } : before;
  if (state.pending === '\\')
    return { ...inWord(state, c === '\n' ? '' : c), pending: '', continued: c === '\n' };
  if (state.pending.startsWith('<')) return stepAfterLess(state, c);
  const opened = expansion(state, c);
  if (opened)
    return { ...opened, word: opened.stack.length > state.stack.length ? opened.word : (opened.word ?? '') };
  const plain = state.pending === '' ? state : { ...state, pending: '' };
  if (c === '\\') return { ...plain, pending: '\\' };
  if (c === "'") return push(inWord(plain, ''), 'single');
  if (c === '"') return push(inWord(plain, ''), 'double');
  if (c === '#' && plain.word === undefined) return push(plain, 'comment');
  if (c === '\n') return newline(plain);
  if (/[;|&]/.test(c)) return { ...plain, ...idle };
  if (c === '(') return { ...push(plain, 'paren'), ...idle };
  if (c === ')')
    return {
      ...(plain.stack.length > 1 ? pop(plain) : plain),
      ...idle,
      word: plain.stack.length > 1 ? '' : undefined,
    };
  if (c === '<') return { ...endWord(plain), pending: '<' };
  if (/[\s>]/.test(c)) return endWord(plain);
  return inWord(plain, c);
}

function inWord(state: State, c: string): State {
  return { ...state, word: `${state.word ?? ''}${c}`.slice(-40) };
}

function endWord(state: State): State {
  if (state.word === undefined) return state;
  const { word } = state;
  return {
    ...state,
    word: undefined,
    evaluates: state.evaluates || EVALUATES.test(word),
    shell: state.shell || SHELL.test(word),
    command: state.shell && /^-[a-z]*c$/.test(word),
  };
}

/** `<<` and its word: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_07_04 */
function stepAfterLess(state: State, c: string): State {
  if (state.pending === '<')
    return c === '<' ? { ...state, pending: '<<' } : stepInCode({ ...state, pending: '' }, c);
  const quoted = /^<<-?\s*(['"])/.exec(state.pending)?.[1];
  const closed =
    quoted !== undefined &&
    state.pending.indexOf(quoted) < state.pending.length - 1 &&
    state.pending.endsWith(quoted);
  const ends = closed || (quoted === undefined && /[\s;&|<>()]/.test(c) && !/^<<-?\s*$/.test(state.pending));
  if (!ends) {
    if (c === '\n') throw new Misuse('shell: << without a word');
    return { ...state, pending: state.pending + c };
  }
  const document = {
    end: state.pending.replace(/^<<-?\s*|['"\\]/g, ''),
    tabs: state.pending.startsWith('<<-'),
  };
  return stepInCode({ ...state, pending: '', documents: [...state.documents, document] }, c);
}

function newline(state: State): State {
  const next: State = { ...state, ...idle, continued: false };
  return state.documents.length > 0 ? { ...push(next, 'document'), line: '' } : next;
}

function stepInDocument(state: State, c: string): State {
  if (c !== '\n') return { ...state, line: state.line + c };
  const [document, ...rest] = state.documents as [Document, ...Document[]];
  const line = document.tabs ? state.line.replace(/^\t+/, '') : state.line;
  if (line !== document.end) return { ...state, line: '' };
  const next: State = { ...state, documents: rest, line: '' };
  return rest.length > 0 ? next : pop(next);
}

function hole(state: State, next: readonly string[]): Hole<State> {
  const frame = top(state);
  if (frame === 'comment') return { context: 'comment', state };
  if (frame === 'document') throw new Misuse('shell: no value in a here-document; use printf %s');
  if (frame === 'braces')
    throw new Misuse('shell: no value inside a parameter expansion; set a variable from it first');
  if (state.pending === '\\' || state.pending === '$' || state.pending === '$(')
    throw new Misuse(`shell: a value may not follow ${state.pending}`);
  if (state.pending.startsWith('<<')) throw new Misuse('shell: a value may not name a here-document');
  const named = state.pending === '$name';
  const ended = { ...state, pending: '' };
  if (ended.evaluates || ended.command)
    throw new Misuse(
      'shell: no value in what is read as code a second time; give it as an argument: sh -c \'... "$1"\' sh VALUE',
    );
  if (frame === 'arithmetic') return { context: 'arithmetic', state: ended };
  if (frame === 'double' && named) return { context: 'double name', state: ended };
  if (frame === 'double' || frame === 'single') return { context: frame, state: ended };
  const after = { ...inWord(ended, 'x'), continued: false };
  const starts = ended.word === undefined;
  if (starts && next.includes('=')) return { context: 'name', state: after };
  if (named || next.some((each) => '<>'.includes(each))) return { context: 'quoted', state: after };
  if (!starts) return { context: 'piece', state: after };
  return { context: followedBy(next, ' \t\n;|&)') ? 'words' : 'word', state: after };
}

const SAFE = /^[\w./:@%+,-]+$/;
/** Words that are syntax when they stand unquoted where a command does. */
const RESERVED = /^(if|then|else|elif|fi|do|done|case|esac|while|until|for|in|function|select|time)$/;

/** A list is printed as words where a whole word stands. */
function quote(context: string, value: unknown): string {
  if (Array.isArray(value) && context === 'words') return value.map((each) => quote('word', each)).join(' ');
  const text = textOf(value);
  if (context === 'comment') return text;
  if (context === 'double name')
    refuse(
      text,
      /^\w/,
      'write the variable before it with braces in the template: its name would go on with',
    );
  if (context.startsWith('double')) return text.replace(/[$`"\\]/g, '\\$&');
  if (context === 'single') return text.replace(/'/g, "'\\''");
  if (context === 'arithmetic') refuse(text, /^$|[^0-9]/, 'arithmetic takes a whole number, not');
  if (context === 'name') refuse(text, /^\d|[^A-Za-z0-9_]/, 'the name of a variable cannot hold');
  if (context === 'arithmetic' || context === 'name') return text;
  if (context === 'piece' && text === '') return text;
  const plain = context !== 'quoted' && SAFE.test(text) && !RESERVED.test(text);
  return plain ? text : `'${text.replace(/'/g, "'\\''")}'`;
}

/** POSIX sh. */
export const shell: Syntax<State> = {
  name: 'shell',
  start,
  step,
  hole,
  key: ({ word, ...state }) =>
    JSON.stringify({
      ...state,
      word: word === undefined ? 'none' : 'some',
      pending: state.pending === '$name' ? '' : state.pending,
    }),
  join: (a, b) => (b.pending === '' ? a : b),
  comment: (state) =>
    /^(code|paren)$/.test(top(state)) && state.pending === '' && !state.continued && state.word === undefined
      ? '# '
      : undefined,
  end(state) {
    const open = state.stack.filter((frame) => frame !== 'comment');
    if (open.length > 1 || state.documents.length > 0)
      throw new Misuse(`shell: the file ends inside ${open.at(-1)}`);
  },
  quote,
};
