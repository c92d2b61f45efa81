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
import { BETWEEN, escaped, isWord, type Lexed, lex, mayFollowQuote, type Sign, signOf } from './lexer.ts';

// How nginx reads its files is in lexer.ts. What is a variable is decided later, by each directive, on the word without
// its quotes: `$` has no escape (https://trac.nginx.org/nginx/ticket/1128). It is literal where nothing is expanded: the
// name of a location, and the keys of a map (https://nginx.org/en/docs/http/ngx_http_map_module.html). In a regular
// expression it is `\$`.

interface State extends Lexed {
  /** The first token of the directive so far; '' between directives. */
  readonly directive: string;
  /** True while that first token is still being read. */
  readonly naming: boolean;
  /** The blocks around, by the names of their directives. */
  readonly blocks: readonly string[];
  /** The first characters of the current token: only those that tell an operator or a regular expression. */
  readonly lead: string;
  /** True if the tokens from here are regular expressions. */
  readonly regex: boolean;
}

const start: State = { ...BETWEEN, directive: '', naming: false, blocks: [], lead: '', regex: false };

const OPERATOR = /^!?~\*?$/;
/** Directives in which a token that starts with `~` is a regular expression. */
const TILDE = new Set(['location', 'server_name', 'proxy_redirect', 'proxy_cookie_path', 'valid_referers']);

function step(state: State, c: string): State {
  if (state.mode === 'closed' && !mayFollowQuote(c))
    throw new Misuse('nginx: white space, ; or { must follow a closing quote');
  const lexed = lex(state, c);
  const after: State = { ...(isWord(state) && !isWord(lexed) ? endToken(state) : state), ...lexed };
  const sign = signOf(lexed, c);
  if (sign !== undefined) return stepOverSign(after, sign);
  if (!isWord(lexed)) return after;
  if (isWord(state)) return begun(after, c);
  const fresh: State = { ...after, naming: state.directive === '', lead: '' };
  return lexed.mode === 'bare' ? begun(fresh, c) : { ...fresh, directive: state.directive || '"' };
}

/** Notes one more character of the current token. */
function begun(state: State, c: string): State {
  const lead = /^[!~*]{0,3}$/.test(state.lead) ? state.lead + c : state.lead;
  const directive = state.naming && state.mode === 'bare' ? state.directive + c : state.directive;
  return { ...state, lead, directive };
}

function endToken(state: State): State {
  const regex = state.naming
    ? state.directive === 'rewrite'
    : state.directive !== 'rewrite' && (state.regex || (state.mode === 'bare' && OPERATOR.test(state.lead)));
  return { ...state, naming: false, lead: '', regex };
}

function stepOverSign({ directive, blocks }: State, sign: Sign): State {
  if (sign === ';') return { ...start, blocks };
  if (sign === '{') return { ...start, blocks: [...blocks, directive] };
  if (directive !== '') throw new Misuse('nginx: } before the directive has ended with ;');
  if (blocks.length === 0) throw new Misuse('nginx: } closes no block of this file');
  return { ...start, blocks: blocks.slice(0, -1) };
}

function hole(state: State, next: readonly string[]): Hole<State> {
  if (state.mode === 'comment') return { context: 'comment', state };
  if (state.mode === 'closed') throw new Misuse('nginx: a value may not follow a closing quote directly');
  if (state.pending === '\\') throw new Misuse('nginx: a value may not follow a backslash');
  if (state.pending === '$' || state.pending === '${')
    return { context: 'variable', state: { ...begun(state, 'x'), pending: '$name' } };
  const key = state.directive === '' || state.naming;
  if (key && !inMap(state)) throw new Misuse('nginx: a value may not be the name of a directive');
  const meaning = meaningOf(state, key);
  const behind = state.pending === '$name' && meaning !== 'regex' ? ' name' : '';
  if (state.mode === 'double' || state.mode === 'single')
    return { context: `${state.mode} ${meaning}${behind}`, state: { ...begun(state, 'x'), pending: '' } };
  const inCondition = state.directive === 'if' && followedBy(next, ')');
  const whole = state.mode === 'space' && (inCondition || followedBy(next, ' \t\n;{'));
  const after: State = { ...state, mode: 'bare', lead: 'x', naming: key, directive: state.directive || '"' };
  return { context: `${whole ? 'token' : 'part'} ${meaning}${behind}`, state: after };
}

/** How nginx takes the token the value stands in: its start matters in names, `$` in what is expanded. */
function meaningOf(state: State, key: boolean): string {
  const atStart = state.lead === '';
  const tilde = state.lead.startsWith('~') && (key || TILDE.has(state.directive));
  if (state.regex || tilde) return 'regex';
  if (key) return atStart ? 'key' : 'literal';
  if (state.directive === 'location') return atStart ? 'location' : 'literal';
  return state.directive === 'server_name' && atStart ? 'host' : 'expanded';
}

function inMap(state: State): boolean {
  const block = state.blocks.at(-1);
  return block === 'map' || block === 'geo' || block === 'split_clients' || block === 'types';
}

const FORMS: Record<string, (text: string) => string> = {
  token: (text) => (/^[\w./:@%+,=~^*?!|&<>-]+$/.test(text) ? text : `"${escaped(text)}"`),
  double: (text) => escaped(text),
  single: (text) => escaped(text, "'"),
  part(text) {
    const why = 'put the whole token into quotes in the template: nginx ends an unquoted one at';
    refuse(text, /[\s;{}"'#]/, why);
    return text.replace(/\\/g, '\\\\');
  },
};

/** What each meaning does to the value before it is put into its form. */
const MEANINGS: Record<string, (text: string) => string> = {
  expanded: withoutVariables,
  host: (text) =>
    special(withoutVariables(text), /^~/, 'nginx takes a server name for a regular expression after'),
  literal: (text) => text,
  location: (text) =>
    special(text, /^(=|~|\^~|@)/, 'nginx takes for a modifier of the location, and not its name,'),
  key: mapKey,
  regex: (text) => text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&'),
};

function withoutVariables(text: string): string {
  refuse(text, /\$/, 'nginx reads a variable, and has no escape for,');
  return text;
}

function special(text: string, pattern: RegExp, why: string): string {
  refuse(text, pattern, why);
  return text;
}

/** https://nginx.org/en/docs/http/ngx_http_map_module.html: a backslash before special names, `~` is a regex. */
function mapKey(text: string): string {
  if (/^(default|hostnames|include|volatile|ranges|delete|proxy|proxy_recursive)$/.test(text))
    throw new CannotHold(`nginx takes ${text} for a parameter of the map`);
  return special(text, /^[~\\]/, 'nginx gives a meaning to a map key that starts with');
}

/** A list is printed as tokens where a whole token stands. */
function quote(context: string, value: unknown): string {
  if (Array.isArray(value) && /^token (expanded|host)$/.test(context))
    return value.map((each) => quote(context, each)).join(' ');
  const text = textOf(value);
  if (context === 'comment') return text;
  if (context === 'variable') {
    refuseEmpty(text, 'the name of a variable cannot be empty');
    refuse(text, /[^A-Za-z0-9_]/, 'the name of a variable cannot hold');
    return text;
  }
  const [form = '', meaning = '', behind] = context.split(' ');
  if (behind)
    refuse(
      text,
      /^\w/,
      'write the variable before it with braces in the template: its name would go on with',
    );
  if (form === 'token') refuseEmpty(meaning === 'expanded' ? 'x' : text, 'an empty name matches nothing');
  return (FORMS[form] as (text: string) => string)((MEANINGS[meaning] as (text: string) => string)(text));
}

/** nginx configuration files. */
export const nginx: Syntax<State> = {
  name: 'nginx',
  start,
  step,
  hole,
  key: ({ naming: _, lead, ...state }) =>
    JSON.stringify({
      ...state,
      pending: state.pending === '\\' ? 'escape' : '',
      lead: state.mode === 'bare' || /^[^~!]/.test(lead) ? 'x' : lead,
    }),
  join: (a, b) => (b.pending === '' ? a : b),
  comment: (state) => (state.mode === 'space' ? '# ' : undefined),
  end(state) {
    if (state.mode !== 'comment' && (state.mode !== 'space' || state.directive !== ''))
      throw new Misuse('nginx: the file ends in the middle of a directive');
    if (state.blocks.length > 0) throw new Misuse(`nginx: the block ${state.blocks.at(-1)} is not closed`);
  },
  quote,
};
