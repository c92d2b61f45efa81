import { followedBy, type Hole, Misuse, refuse, refuseEmpty, type Syntax, textOf } from '../syntax.ts';
import { escaped, isQuoted, isSpace, type Lexed, LINE, lex } from './lexer.ts';

// How Apache divides a line into words is in lexer.ts; ap_cfg_getline and ap_resolve_env in
// https://github.com/apache/httpd/blob/2.4.x/server/util.c and core.c have the rest:
//  - a directive is a line; a backslash at its end joins the next one to it, after a comment too;
//  - `${` begins a variable anywhere in the line, and has no escape.
// What a word means is each directive's own affair: a format, in which `%` is doubled, a pattern of file names, a
// regular expression, an expression. mod_rewrite reads its words by itself, and takes no backslash away.

interface State extends Lexed {
  /** The first word of the line so far, in lower case; of a section, with its "<". */
  readonly directive: string;
  /** True while that word is still being read. */
  readonly naming: boolean;
  /** The words after it that have begun. */
  readonly words: number;
  /** The section lines around, by their names. */
  readonly sections: readonly string[];
  /** The start of the current word, as far as it tells an expression. */
  readonly lead: string;
  /** The character before is a `$`, which a brace would make the beginning of a variable. */
  readonly isDollar: boolean;
  /** How far a regular expression of an expression has been read: `m` was, then `#`. */
  readonly match: '' | 'm' | 'inside';
}

const start: State = {
  ...LINE,
  directive: '',
  naming: false,
  words: 0,
  sections: [],
  lead: '',
  isDollar: false,
  match: '',
};

const DOUBLE = '"';
const EXPRESSION = 'expr=';

function step(state: State, c: string): State {
  if (c === '\n') return endLine(state);
  if (state.mode === 'closed' && !isSpace(c) && c !== '>')
    throw new Misuse('apache: white space or > must follow a closing quote');
  const lexed = lex(state, c);
  const after: State = {
    ...{ ...state, ...lexed, isDollar: c === '$' && lexed.mode !== 'comment' },
    match: isWord(lexed) ? matchAfter(state, c) : '',
  };
  if (!isWord(lexed)) return lexed.mode === 'space' ? { ...after, naming: false } : after;
  if (state.mode === 'line') return { ...after, directive: c.toLowerCase(), naming: true };
  if (!isWord(state)) return begun(after, c);
  return state.naming
    ? { ...after, directive: state.directive + c.toLowerCase() }
    : { ...after, lead: longer(state.lead, c) };
}

/** As these templates write one: `=~ m#PATTERN#`. https://httpd.apache.org/docs/2.4/expr.html#grammar */
function matchAfter({ match }: State, c: string): State['match'] {
  if (match === 'inside') return c === '#' ? '' : 'inside';
  if (match === 'm' && c === '#') return 'inside';
  return c === 'm' ? 'm' : '';
}

const isWord = (lexed: Lexed) => lexed.mode === 'bare' || isQuoted(lexed);

const begun = (state: State, c: string): State => ({
  ...state,
  words: Math.min(state.words + 1, 9),
  lead: /["']/.test(c) ? '' : c,
});

const longer = (lead: string, c: string) => (EXPRESSION.startsWith(lead) ? lead + c : lead);

function endLine(state: State): State {
  if (state.isBackslash)
    throw new Misuse('apache: a backslash at the end of a line would take the next one in');
  if (isQuoted(state)) throw new Misuse('apache: a quote must be closed on its own line');
  const name = state.directive.replace(/>$/, '');
  if (name.startsWith('</')) {
    if (state.sections.at(-1) !== `<${name.slice(2)}`)
      throw new Misuse(`apache: ${name}> closes no section of this file`);
    return { ...start, sections: state.sections.slice(0, -1) };
  }
  return { ...start, sections: name.startsWith('<') ? [...state.sections, name] : state.sections };
}

function hole(state: State, next: readonly string[]): Hole<State> {
  if (state.mode === 'comment') return { context: 'comment', state: { ...state, isBackslash: false } };
  if (state.mode === 'closed') throw new Misuse('apache: a value may not follow a closing quote directly');
  if (state.mode === 'line' || state.naming)
    throw new Misuse('apache: a value may not be the name of a directive');
  if (state.isBackslash || state.isDollar)
    throw new Misuse(`apache: a value may not follow ${state.isDollar ? '$' : '\\'}`);
  const word = state.mode === 'space' ? begun(state, 'x') : state;
  const meaning = meaningOf(word);
  if (isQuoted(word)) {
    const last = followedBy(next, word.mode === 'double' ? DOUBLE : "'");
    return {
      context: `${word.mode} ${meaning}${last ? '' : ' more'}`,
      state: { ...word, lead: longer(word.lead, 'x') },
    };
  }
  const ends = state.directive.startsWith('<') ? ' \t>' : ' \t\n';
  const whole = state.mode === 'space' && followedBy(next, ends);
  return {
    context: `${whole ? 'word' : 'part'} ${meaning}${state.mode === 'space' ? ' first' : ''}`,
    state: { ...word, mode: 'bare', lead: longer(word.lead, 'x') },
  };
}

const FORMATS = new Set(['header', 'requestheader', 'logformat', 'customlog', 'errorlogformat']);
const PATTERNS = new Set(['<directory', '<location', '<files', '<proxy', 'include', 'includeoptional']);
const EXPRESSIONS = new Set(['<if', '<elseif', 'require', 'setenvifexpr']);

/** What the directive makes of the word that the value stands in. */
function meaningOf({ directive, lead, words, match }: State): string {
  if (EXPRESSIONS.has(directive) || lead.startsWith(EXPRESSION))
    return match === 'inside' ? 'match' : 'expression';
  if (directive === 'rewriterule' || directive === 'rewritecond')
    return (directive === 'rewriterule') === (words === 1) ? 'pattern' : 'substitution';
  if (/match$/.test(directive)) return 'regex';
  if (PATTERNS.has(directive)) return 'files';
  if (FORMATS.has(directive)) return 'format';
  if (directive.startsWith('wsgi')) return 'option';
  return directive === 'errordocument' ? 'document' : 'plain';
}

const plain = (text: string) => text;

/** What each meaning does to the value before it is put into its form. */
const MEANINGS: Record<string, (text: string) => string> = {
  plain,
  format: (text) => text.replaceAll('%', '%%'),
  files: refusing(/[*?[\]]|^~/, 'Apache takes for a pattern'),
  regex: escapePattern,
  expression: refusing(/[^\w ./:@,+-]/, 'an expression cannot hold'),
  match: (text) => escapePattern(refusing(/[^\w ./:@,+~-]/, 'an expression cannot hold')(text)),
  document: refusing(/%/, 'Apache reads a variable after'),
  // It reads NAME="VALUE" by itself, with quotes in the middle of what is a bare word to Apache: a quote in the value
  // would begin an option of its own. https://github.com/GrahamDumpleton/mod_wsgi/blob/develop/src/server/mod_wsgi.c
  option: refusing(/["'\\]/, 'mod_wsgi ends a value or an option at'),
  pattern: (text) => escapePattern(refusing(/[\s"'\\]/, 'mod_rewrite has no sure escape for')(text)),
  // https://github.com/apache/httpd/blob/2.4.x/modules/mappers/mod_rewrite.c, do_expand: a backslash keeps the next
  // character from meaning anything, but the query string is split off later, and a quote ends the word before.
  substitution: (text) =>
    refusing(/["?\n]/, 'mod_rewrite gives a meaning to')(text).replace(/[\\$%]/g, '\\$&'),
};

function refusing(pattern: RegExp, why: string): (text: string) => string {
  return (text) => {
    refuse(text, pattern, why);
    return text;
  };
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');
}

/** mod_rewrite takes its words as they are. */
const RAW = new Set(['pattern', 'substitution']);

const FORMS: Record<string, (text: string) => string> = {
  word: (text) => (/^[\w./:@%+,=~^*!|&-]+$/.test(text) ? text : `"${escaped(text, DOUBLE)}"`),
  double: (text) => escaped(text, DOUBLE),
  single: (text) => escaped(text, "'"),
  part: refusing(/[\s\\]/, 'put the whole word into quotes in the template: Apache ends an unquoted one at'),
};

const RAW_FORMS: Record<string, (text: string) => string> = {
  word: (text) => `"${text}"`,
  double: plain,
  single: refusing(/'/, 'mod_rewrite ends a word at'),
  part: refusing(/[\s']/, 'mod_rewrite ends a word at'),
};

function quote(context: string, value: unknown): string {
  if (Array.isArray(value) && context.startsWith('word '))
    return value.map((each) => quote(context, each)).join(' ');
  const text = textOf(value);
  if (context === 'comment')
    return refusing(/\\$/, 'the next line would belong to a comment that ends with')(text);
  const [form = '', meaning = '', place] = context.split(' ');
  refuse(text, /\$(?=\{)/, 'Apache begins a variable with a brace after');
  if (form === 'part' || place === 'more') refuse(text, /\$$/, 'a brace behind it would make a variable of');
  if (form === 'part') refuseEmpty(text, 'nothing would be left of the word');
  if (form === 'part' && place === 'first') refuse(text, /^["']/, 'Apache begins a quoted word with');
  const meant = (MEANINGS[meaning] as (text: string) => string)(text);
  const forms = RAW.has(meaning) ? RAW_FORMS : FORMS;
  return (forms[form] as (text: string) => string)(meant);
}

/** Apache's configuration files. */
export const apache: Syntax<State> = {
  name: 'apache',
  start,
  step,
  hole,
  key: ({ naming: _, lead, words, ...state }) =>
    JSON.stringify({
      ...state,
      words: state.directive.startsWith('rewrite') ? words : 0,
      expression: lead.startsWith(EXPRESSION),
    }),
  comment: (state) => (state.mode === 'line' ? '# ' : undefined),
  end(state) {
    if (state.mode !== 'line') throw new Misuse('apache: the last line is not complete');
    if (state.sections.length > 0)
      throw new Misuse(`apache: the section ${state.sections.at(-1)}> is not closed`);
  },
  quote,
};
