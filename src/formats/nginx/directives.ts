/**
 * nginx's configuration language, as far as it takes to exchange an argument in place: words, comments, and the ends of
 * directives, each with its place. https://nginx.org/en/docs/beginners_guide.html#conf_structure
 */
import { BETWEEN, escaped, lex, type Sign, signOf, unescaped } from './lexer.ts';

/** A piece of a file: `from` and `to` are offsets of what stands in the text, `line` counts from 1. */
interface NginxToken {
  kind: 'word' | 'comment' | Sign;
  /** A word without quotes and backslashes; of anything else, what stands there. */
  value: string;
  from: number;
  to: number;
  line: number;
}

/** `name arguments…` up to its `;`, `{` or `}`. */
export interface NginxDirective {
  name: string;
  arguments: NginxToken[];
  line: number;
  /** How many blocks of the file it stands in. */
  depth: number;
  /** It opens a block of its own. */
  opens: boolean;
}

/** All that a file holds but white space, in order. Never throws: a broken file gives what is there. */
export function nginxTokens(text: string): NginxToken[] {
  const tokens: NginxToken[] = [];
  let state = BETWEEN;
  let line = 1;
  let begun: { from: number; line: number } | undefined;
  const finish = (to: number, closed: boolean) => {
    if (begun === undefined) return;
    const source = text.slice(begun.from, to);
    const isComment = state.mode === 'comment';
    const inside = state.mode === 'bare' ? source : source.slice(1, closed ? -1 : undefined);
    tokens.push({
      kind: isComment ? 'comment' : 'word',
      value: isComment ? source : unescaped(inside),
      ...begun,
      to,
    });
    begun = undefined;
  };
  for (let at = 0; at < text.length; at++) {
    const c = text[at] as string;
    const next = lex(state, c);
    const sign = signOf(next, c);
    if (next.mode === 'closed') finish(at + 1, true);
    else if (next.mode === 'space') finish(at, false);
    else if (begun === undefined) begun = { from: at, line };
    if (sign !== undefined) tokens.push({ kind: sign, value: c, from: at, to: at + 1, line });
    if (c === '\n') line += 1;
    state = next;
  }
  finish(text.length, false);
  return tokens;
}

/** The directives of a file, those inside of blocks too, in order. Never throws: a broken file gives what is there. */
export function nginxDirectives(text: string): NginxDirective[] {
  const directives: NginxDirective[] = [];
  let words: NginxToken[] = [];
  let depth = 0;
  const finish = (opens: boolean) => {
    const [name, ...rest] = words;
    if (name) directives.push({ name: name.value, arguments: rest, line: name.line, depth, opens });
    words = [];
  };
  for (const token of nginxTokens(text)) {
    if (token.kind === 'word') words.push(token);
    else if (token.kind !== 'comment') {
      finish(token.kind === '{');
      depth += token.kind === '{' ? 1 : token.kind === '}' ? -1 : 0;
    }
  }
  finish(false);
  return directives;
}

/**
 * Exchanges arguments. `change` gets each directive and says what an argument becomes; undefined leaves it as it is.
 * New values stand in double quotes; the number of lines stays.
 */
export function rewriteNginx(
  text: string,
  change: (directive: NginxDirective, argument: string, index: number) => string | undefined,
): string {
  let result = '';
  let copied = 0;
  for (const directive of nginxDirectives(text)) {
    for (const [index, word] of directive.arguments.entries()) {
      const changed = change(directive, word.value, index);
      if (changed === undefined) continue;
      const lines = text.slice(word.from, word.to).split('\n').length - 1;
      result += `${text.slice(copied, word.from)}"${escaped(changed)}"${'\n'.repeat(lines)}`;
      copied = word.to;
    }
  }
  return result + text.slice(copied);
}
