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

// https://www.freedesktop.org/software/systemd/man/latest/systemd.syntax.html (lines, quoting)
// https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html#Command%20lines (`$$`, prefixes)
// https://www.freedesktop.org/software/systemd/man/latest/systemd.unit.html#Specifiers (`%%`)
// Which parser reads which key: https://github.com/systemd/systemd/blob/main/src/core/load-fragment-gperf.gperf.in
//  - words are taken apart by https://github.com/systemd/systemd/blob/main/src/basic/extract-word.c, where lists
//    differ in the C escapes that they know: `\"`, `\\` inside quotes are the ones that all of them read alike;
//  - a key that takes one value takes it as it stands: quotes and inner spaces are part of it;
//  - a backslash at the end of a line joins it with the next, in every key.

type Kind = 'exec' | 'words' | 'units' | 'glob' | 'verbatim' | 'plain';

interface State {
  readonly mode: 'line' | 'comment' | 'section' | 'key' | 'gap' | 'word' | 'double' | 'single';
  readonly key: string;
  /** True if the line before ended with a backslash. */
  readonly continued: boolean;
  readonly escaped: boolean;
  /** Exec: before the program, in it, or after it. */
  readonly place: 'before' | 'program' | 'arguments';
  /** Exec: the text of the current word outside quotes. */
  readonly word: string;
  /** Exec: a shell has been named; the word before was its -c, so that the next is a command itself. */
  readonly shell: boolean;
  readonly command: boolean;
  /** Exec: false behind the prefix `:`, where variables are not substituted. */
  readonly variables: boolean;
}

const start: State = {
  mode: 'line',
  key: '',
  continued: false,
  escaped: false,
  place: 'before',
  word: '',
  shell: false,
  command: false,
  variables: true,
};

const EXEC = /^Exec(Condition|(Start|Stop)(Pre|Post)?|Reload)$/;
const WORDS = new Set(
  `Environment PassEnvironment UnsetEnvironment SupplementaryGroups ReadWritePaths ReadOnlyPaths InaccessiblePaths
   ExecPaths NoExecPaths BindPaths BindReadOnlyPaths TemporaryFileSystem RequiresMountsFor WantsMountsFor
   RuntimeDirectory StateDirectory CacheDirectory LogsDirectory ConfigurationDirectory ExtensionDirectories
   RestrictAddressFamilies SystemCallFilter CapabilityBoundingSet AmbientCapabilities Documentation
   Symlinks LogExtraFields`.split(/\s+/),
);
const UNITS = new Set(
  `Requires Requisite Wants BindsTo PartOf Upholds Conflicts Before After OnFailure OnSuccess PropagatesReloadTo
   ReloadPropagatedFrom PropagatesStopTo StopPropagatedFrom JoinsNamespaceOf Sockets WantedBy RequiredBy UpheldBy
   Alias Also Unit Service Slice`.split(/\s+/),
);
/** Keys that take a percentage and no specifiers. */
const VERBATIM =
  /^((Startup|Default)?Memory(Min|Low|High|Max|SwapMax|ZSwapMax|Limit)|CPUQuota|TasksMax|ManagedOOMMemoryPressureLimit)$/;
const GLOB = new Set([
  'EnvironmentFile',
  'ConditionPathExistsGlob',
  'AssertPathExistsGlob',
  'PathExistsGlob',
]);

function kindOf(key: string): Kind {
  if (EXEC.test(key)) return 'exec';
  if (WORDS.has(key)) return 'words';
  if (UNITS.has(key)) return 'units';
  if (GLOB.has(key)) return 'glob';
  return VERBATIM.test(key) ? 'verbatim' : 'plain';
}

function step(state: State, c: string): State {
  const { mode } = state;
  if (mode === 'comment') {
    if (c !== '\n') return state;
    return { ...state, mode: 'line' };
  }
  if (mode === 'line') return stepAtLineStart(state, c);
  if (mode === 'section') return c === '\n' ? start : state;
  if (mode === 'key') {
    if (c === '\n') throw new Misuse('systemd: a line without =');
    return c === '=' ? { ...state, mode: 'gap', key: state.key.trim() } : { ...state, key: state.key + c };
  }
  if (state.escaped) {
    if (c === '\n') return { ...endWord({ ...state, escaped: false }), mode: 'line', continued: true };
    return stepInValue({ ...state, escaped: false }, c, true);
  }
  return stepInValue(state, c, false);
}

function stepAtLineStart(state: State, c: string): State {
  if (c === '#' || c === ';') return { ...state, mode: 'comment' };
  if (state.continued) {
    if (c === '\n') return start;
    return /\s/.test(c) ? state : stepInValue({ ...state, mode: 'gap', continued: false }, c, false);
  }
  if (/\s/.test(c)) return state;
  return c === '[' ? { ...state, mode: 'section' } : { ...start, mode: 'key', key: c };
}

function stepInValue(state: State, c: string, escaped: boolean): State {
  const quoting = kindOf(state.key) === 'exec' || kindOf(state.key) === 'words';
  if (c === '\n') {
    if (state.mode === 'double' || state.mode === 'single')
      throw new Misuse('systemd: the quote is not closed');
    return start;
  }
  if (c === '\\' && !escaped) return { ...entered(state, ''), escaped: true };
  if (quoting && !escaped) {
    if (state.mode === 'double') return c === '"' ? { ...state, mode: 'word' } : state;
    if (state.mode === 'single') return c === "'" ? { ...state, mode: 'word' } : state;
    if (c === '"') return { ...entered(state, ''), mode: 'double' };
    if (c === "'") return { ...entered(state, ''), mode: 'single' };
  }
  if (/\s/.test(c) && state.mode !== 'double' && state.mode !== 'single') return endWord(state);
  if (state.place === 'before' && /[-@:+!|]/.test(c))
    return { ...state, variables: state.variables && c !== ':' };
  return entered(state, c);
}

/** In a word, with one more character of it. */
function entered(state: State, c: string): State {
  const mode = state.mode === 'gap' ? 'word' : state.mode;
  const place = state.place === 'before' ? 'program' : state.place;
  return { ...state, mode, place, word: state.word + c };
}

function endWord(state: State): State {
  if (state.mode === 'double' || state.mode === 'single' || state.mode === 'gap') return state;
  const shell = state.shell || /^(.*\/)?(sh|ash|dash|bash|ksh|zsh|su|runuser)$/.test(state.word);
  const command = state.shell && /^-[a-z]*c$/.test(state.word);
  return {
    ...state,
    mode: 'gap',
    place: state.place === 'before' ? 'before' : 'arguments',
    word: '',
    shell,
    command,
  };
}

function hole(state: State, next: readonly string[]): Hole<State> {
  const { mode } = state;
  if (mode === 'comment') return { context: 'comment', state };
  if (mode === 'line' && !state.continued && followedBy(next, '\n'))
    return { context: 'setting', state: { ...start, mode: 'gap', key: 'Setting' } };
  if (mode === 'section' || mode === 'key' || (mode === 'line' && !state.continued))
    throw new Misuse('systemd: a value may stand only behind a key and =');
  if (state.escaped) throw new Misuse('systemd: a value may not follow a backslash');
  if (state.command)
    throw new Misuse(
      'systemd: no value in the command of a shell; give it as an argument and read it as "$$1"',
    );
  if (kindOf(state.key) === 'exec' && state.variables && /^\$[^{$]/.test(state.word))
    throw new Misuse('systemd: write a variable before a value with braces');
  const from: State = mode === 'line' ? { ...state, mode: 'gap', continued: false } : state;
  const after = entered(from, 'x');
  const fresh = from.mode === 'gap';
  const kind = kindOf(state.key);
  if (kind === 'exec' || kind === 'words' || kind === 'units') {
    const whole = fresh && followedBy(next, ' \t\n');
    const form = mode === 'double' || mode === 'single' ? mode : whole ? 'word' : 'part';
    return { context: `${kind === 'exec' ? execKind(after) : kind} ${form}`, state: after };
  }
  return {
    context: `${kind} ${fresh && state.place === 'before' && followedBy(next, '\n') ? 'whole' : 'part'}`,
    state: after,
  };
}

function execKind(state: State): string {
  if (state.place === 'program') return state.variables ? 'program' : 'programliteral';
  return state.variables ? 'exec' : 'execliteral';
}

/** What is no plain setting, a key with a value, the whole of a line. */
const SETTING = /^(?![A-Z][A-Za-z]*=[\w%@-]+$).*/s;

const SAFE = /^[\w./:@%+,=^~$-]+$/;

/** A list is printed as words where a whole word stands; of a command line, its first item is the program. */
function quote(context: string, value: unknown): string {
  if (Array.isArray(value) && /^program(literal)? word$/.test(context)) {
    const [program = '', ...rest] = value;
    return [
      quote(context, program),
      ...rest.map((each) => quote(context.replace('program', 'exec'), each)),
    ].join(' ');
  }
  if (Array.isArray(value) && /^(exec|execliteral|words|units) word$/.test(context))
    return value.map((each) => quote(context, each)).join(' ');
  return quoteOne(context, value);
}

function quoteOne(context: string, value: unknown): string {
  const text = textOf(value);
  if (context === 'comment') return text;
  if (context === 'setting') {
    refuse(text, SETTING, 'a line of its own is KEY=VALUE, in letters, digits and %@_-, and not');
    return text;
  }
  const [kind, form] = context.split(' ') as [string, string];
  if (kind === 'exec' || kind === 'execliteral' || kind.startsWith('program') || kind === 'words')
    return quoteWord(kind, form, text);
  if (kind === 'units') refuse(text, /[^\w:.@%\\-]/, 'the name of a unit cannot hold');
  if (kind === 'glob') refuse(text, /[*?[\\]/, 'systemd reads as a pattern');
  if (form === 'whole' || kind === 'units')
    refuseEmpty(text, 'an empty value takes back what was set before');
  refuse(text, /^\s|\s$/, 'systemd drops at the start or end of a value');
  refuse(text, /\\$/, 'systemd joins two lines at');
  return kind === 'verbatim' ? text : text.replace(/%/g, '%%');
}

function quoteWord(kind: string, form: string, text: string): string {
  if (kind.startsWith('program')) {
    refuse(text, /\$/, "systemd does not expand, but does not unescape either, in the program's path");
    if (form !== 'part') refuse(text, /^[-@:+!|]/, 'systemd takes for a prefix of the command line');
    if (form === 'word') refuseEmpty(text, 'there is no program to run');
  }
  if (kind === 'words' && form === 'word') refuseEmpty(text, 'an empty value takes back what was set before');
  const plain = text.replace(/%/g, '%%');
  const doubled = kind === 'exec' ? plain.replace(/\$/g, '$$$$') : plain;
  if (form === 'double') return doubled.replace(/[\\"]/g, '\\$&');
  if (form === 'single') return doubled.replace(/[\\']/g, '\\$&');
  if (form === 'word') return SAFE.test(doubled) ? doubled : `"${doubled.replace(/[\\"]/g, '\\$&')}"`;
  if (/[\s"'\\;]/.test(text)) {
    const bad = /[\s"'\\;]/.exec(text)?.[0];
    throw new CannotHold(
      `put the whole word into double quotes in the template: unquoted it cannot hold '${bad}'`,
      bad,
    );
  }
  return doubled;
}

/** systemd unit files. */
export const systemd: Syntax<State> = {
  name: 'systemd',
  start,
  step,
  hole,
  // In a word, the program and an argument differ no more: both end at the next white space.
  key: ({ word: _, place, ...state }) => JSON.stringify({ ...state, before: place === 'before' }),
  comment: (state) => (state.mode === 'line' ? '# ' : undefined),
  end(state) {
    if (state.mode === 'double' || state.mode === 'single')
      throw new Misuse('systemd: the quote is not closed');
    if (state.mode === 'section' || state.mode === 'key')
      throw new Misuse('systemd: the last line is not complete');
  },
  quote,
};
