/**
 * nginx's configuration language, as far as it takes to exchange an argument in place: words, quotes, comments, and
 * the ends of directives. https://nginx.org/en/docs/beginners_guide.html#conf_structure and ngx_conf_read_token in
 * https://github.com/nginx/nginx/blob/master/src/core/ngx_conf_file.c
 */

/** A word: `value` without quotes and backslashes, `from` and `to` as offsets of what stands in the text. */
interface NginxWord {
  value: string;
  from: number;
  to: number;
}

/** `name arguments…` up to its `;`, `{` or `}`. */
export interface NginxDirective {
  name: string;
  arguments: NginxWord[];
  line: number;
  /** How many blocks of the file it stands in. */
  depth: number;
  /** It opens a block of its own. */
  opens: boolean;
}

const END = new Set([';', '{', '}']);
/** To nginx all others, such as a form feed or a no-break space, are part of a word. */
const SPACES = new Set([' ', '\t', '\r', '\n']);

/** The directives of a file, those inside of blocks too, in order. Never throws: a broken file gives what is there. */
export function nginxDirectives(text: string): NginxDirective[] {
  const directives: NginxDirective[] = [];
  let words: NginxWord[] = [];
  let depth = 0;
  const finish = (opens: boolean) => {
    const [name, ...rest] = words;
    if (name)
      directives.push({ name: name.value, arguments: rest, line: lineAt(text, name.from), depth, opens });
    words = [];
  };
  let at = 0;
  while (at < text.length) {
    const character = text[at] as string;
    if (SPACES.has(character)) at += 1;
    else if (character === '#') at = endOfLine(text, at);
    else if (END.has(character)) {
      finish(character === '{');
      depth += character === '{' ? 1 : character === '}' ? -1 : 0;
      at += 1;
    } else {
      const word = readWord(text, at);
      words.push(word);
      at = word.to;
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
      result += text.slice(copied, word.from) + quote(changed) + '\n'.repeat(lines);
      copied = word.to;
    }
  }
  return result + text.slice(copied);
}

function quote(value: string): string {
  return `"${value.replace(/[\\"]/g, '\\$&')}"`;
}

/** One word, in quotes or bare: a backslash takes the next character with it, whatever that is. */
function readWord(text: string, from: number): NginxWord {
  const mark = text[from] as string;
  const isQuoted = mark === '"' || mark === "'";
  const ends = (character: string) =>
    isQuoted ? character === mark : SPACES.has(character) || character === ';' || character === '{';
  const start = isQuoted ? from + 1 : from;
  let isVariable = false;
  let at = start;
  for (; at < text.length; at++) {
    const character = text[at] as string;
    // "${name}": braces right behind a "$" that no backslash protects open no block.
    if (character === '{' && isVariable) continue;
    isVariable = character === '$';
    if (character === '\\') at += 1;
    else if (ends(character)) break;
  }
  const end = Math.min(at, text.length);
  return {
    value: withoutEscapes(text.slice(start, end)),
    from,
    to: Math.min(isQuoted ? end + 1 : end, text.length),
  };
}

/** nginx leaves a backslash before anything else where it is. */
const ESCAPES: Record<string, string> = { t: '\t', r: '\r', n: '\n' };

function withoutEscapes(word: string): string {
  return word.replace(/\\(["'\\trn])/g, (_, character: string) => ESCAPES[character] ?? character);
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
