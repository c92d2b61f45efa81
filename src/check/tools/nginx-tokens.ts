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
}

const END = new Set([';', '{', '}']);

/** The directives of a file, those inside of blocks too, in order. Never throws: a broken file gives what is there. */
export function nginxDirectives(text: string): NginxDirective[] {
  const directives: NginxDirective[] = [];
  let words: NginxWord[] = [];
  const finish = () => {
    const [name, ...rest] = words;
    if (name) directives.push({ name: name.value, arguments: rest, line: lineAt(text, name.from) });
    words = [];
  };
  let at = 0;
  while (at < text.length) {
    const character = text[at] as string;
    if (/\s/.test(character)) at += 1;
    else if (character === '#') at = endOfLine(text, at);
    else if (END.has(character)) {
      finish();
      at += 1;
    } else {
      const word = readWord(text, at);
      words.push(word);
      at = word.to;
    }
  }
  finish();
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

function readWord(text: string, from: number): NginxWord {
  const mark = text[from] as string;
  if (mark === '"' || mark === "'") return readQuoted(text, from, mark);
  let value = '';
  let at = from;
  while (at < text.length) {
    const character = text[at] as string;
    if (/\s/.test(character) || character === ';') break;
    if (character === '{' && text[at - 1] !== '$') break;
    const length = characterLength(text, at);
    value += text.slice(at + length - 1, at + length);
    at += length;
  }
  return { value, from, to: Math.min(Math.max(at, from + 1), text.length) };
}

function readQuoted(text: string, from: number, mark: string): NginxWord {
  let value = '';
  let at = from + 1;
  while (at < text.length && text[at] !== mark) {
    const length = characterLength(text, at);
    value += text.slice(at + length - 1, at + length);
    at += length;
  }
  return { value, from, to: Math.min(at + 1, text.length) };
}

/** 2 for a backslash and what it protects; nginx leaves a backslash before anything else where it is. */
function characterLength(text: string, at: number): 1 | 2 {
  return text[at] === '\\' && /["' \\]/.test(text[at + 1] ?? '') ? 2 : 1;
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
