/**
 * POSIX sh: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_03. Words with their quotes
 * taken away; what would be expanded, matched as a pattern or taken for a keyword is live.
 */
import { live, type Reader, type Token } from './token.ts';

const RESERVED = /^(?:if|then|else|elif|fi|do|done|case|esac|while|until|for|in|[{}!])$/;

export const readShell: Reader = (text) => new Lexer(text).read();

interface Document {
  end: string;
  literal: boolean;
}

class Lexer {
  #at = 0;
  #documents: Document[] = [];
  /** What stands in the command substitutions of the word at hand. */
  #inner: Token[] = [];
  constructor(readonly text: string) {}

  read(): Token[] {
    return this.#commands(false);
  }

  get #next(): string {
    return this.text[this.#at] ?? '';
  }

  /** Up to the end, or to the parenthesis that closes a substitution. */
  #commands(substitution: boolean): Token[] {
    const tokens: Token[] = [];
    let depth = 0;
    while (this.#at < this.text.length) {
      const c = this.#next;
      if (c === '\n') {
        this.#at++;
        tokens.push(['line', ''], ...this.#hereDocuments());
      } else if (/\s/.test(c)) this.#at++;
      else if (c === '\\' && this.text[this.#at + 1] === '\n') this.#at += 2;
      else if (c === '#') {
        const end = this.text.indexOf('\n', this.#at);
        tokens.push(['comment', this.text.slice(this.#at, end === -1 ? undefined : end)]);
        this.#at = end === -1 ? this.text.length : end;
      } else if (c === ')' && substitution && depth === 0) {
        this.#at++;
        return tokens;
      } else if (';&|<>()'.includes(c)) {
        // `case` patterns close a parenthesis that nothing opened.
        if (c === '(') depth++;
        if (c === ')' && depth > 0) depth--;
        this.#at++;
        tokens.push(['operator', c]);
        if (c === '<' && this.#next === '<') tokens.push(this.#document());
      } else tokens.push(...this.#wordWithInner());
    }
    return tokens;
  }

  #wordWithInner(): Token[] {
    const outer = this.#inner;
    this.#inner = [];
    const tokens = [this.#word(), ...this.#inner];
    this.#inner = outer;
    return tokens;
  }

  #document(): Token {
    this.#at++;
    while (/[ \t-]/.test(this.#next)) this.#at++;
    const literal = /['"\\]/.test(this.#next);
    const [, end] = this.#word();
    this.#documents.push({ end, literal });
    return ['document', end];
  }

  #hereDocuments(): Token[] {
    return this.#documents.splice(0).flatMap(({ end, literal }): Token[] => {
      let body = '';
      while (this.#at < this.text.length) {
        const from = this.#at;
        const stop = this.text.indexOf('\n', from);
        const line = this.text.slice(from, stop === -1 ? undefined : stop);
        this.#at = stop === -1 ? this.text.length : stop + 1;
        if (line.replace(/^\t+/, '') === end) break;
        body += `${line}\n`;
      }
      if (literal) return [['body', body]];
      const lexer = new Lexer(body);
      return [['body', lexer.#quoted('')], ...lexer.#inner];
    });
  }

  #word(): Token {
    const from = this.#at;
    let value = '';
    let bare = true;
    while (this.#at < this.text.length && !/[\s;&|<>()]/.test(this.#next)) {
      const c = this.#next;
      if (c === "'") {
        const end = this.text.indexOf("'", this.#at + 1);
        value += end === -1 ? live('unclosed') : this.text.slice(this.#at + 1, end);
        this.#at = end === -1 ? this.text.length : end + 1;
        bare = false;
      } else if (c === '"') {
        this.#at++;
        value += this.#quoted('"');
        bare = false;
      } else if (c === '\\') {
        value += this.text[this.#at + 1] === '\n' ? '' : (this.text[this.#at + 1] ?? '');
        this.#at += 2;
        bare = false;
      } else if (c === '$' || c === '`') value += this.#expansion();
      else {
        const tilde = c === '~' && (this.#at === from || /[:=]/.test(this.text[this.#at - 1] ?? ''));
        value += tilde || '*?['.includes(c) ? live(c) : c;
        this.#at++;
      }
    }
    if (bare && RESERVED.test(value)) return ['keyword', value];
    const assignment = /^[A-Za-z_]\w*=/.exec(this.text.slice(from, this.#at))?.[0];
    return [assignment === undefined ? 'word' : `assignment ${assignment}`, value];
  }

  /** Up to the closing quote; without one, to the end. */
  #quoted(quote: string): string {
    let value = '';
    while (this.#at < this.text.length && (quote === '' || this.#next !== quote)) {
      const c = this.#next;
      if (c === '\\') {
        const next = this.text[this.#at + 1] ?? '';
        value += next === '\n' ? '' : '$`"\\'.includes(next) ? next : `\\${next}`;
        this.#at += 2;
      } else if (c === '$' || c === '`') value += this.#expansion();
      else {
        value += c;
        this.#at++;
      }
    }
    if (quote !== '' && this.#at >= this.text.length) return live(`unclosed ${value}`);
    this.#at++;
    return value;
  }

  #expansion(): string {
    const rest = this.text.slice(this.#at, this.#at + 80);
    if (rest.startsWith('`')) {
      const end = this.text.indexOf('`', this.#at + 1);
      const inner = this.text.slice(this.#at, end === -1 ? undefined : end + 1);
      this.#at += inner.length;
      return live(inner);
    }
    if (rest.startsWith('$((')) return this.#balanced('(', ')', 1);
    if (rest.startsWith('$(')) {
      this.#at += 2;
      this.#inner.push(['substitution', ''], ...this.#commands(true), ['end', '']);
      return live('$()');
    }
    if (rest.startsWith('${')) return this.#balanced('{', '}', 1);
    const name = /^\$(?:[A-Za-z_]\w*|[\d@*#?$!-])/.exec(rest)?.[0];
    this.#at += name?.length ?? 1;
    return name === undefined ? '$' : live(name);
  }

  /** `${...}` and `$((...))`: no value ever stands in one, so its text is all there is to it. */
  #balanced(open: string, close: string, from: number): string {
    const start = this.#at;
    let depth = 0;
    for (this.#at += from; this.#at < this.text.length; this.#at++) {
      if (this.#next === open) depth++;
      if (this.#next === close && --depth === 0) break;
    }
    this.#at++;
    return live(this.text.slice(start, this.#at));
  }
}
