/**
 * Markdown as GitHub reads it, by https://github.com/markedjs/marked. What a person copies out of a fenced block is read
 * as the language that the block names.
 */
import { type Token as Marked, marked } from 'marked';
import { readNginx } from './nginx.ts';
import { readPython } from './python.ts';
import { readShell } from './shell.ts';
import { readSystemd } from './systemd.ts';
import type { Reader, Token } from './token.ts';

const LANGUAGES: Record<string, Reader> = {
  sh: readShell,
  shell: readShell,
  bash: readShell,
  py: readPython,
  python: readPython,
  nginx: readNginx,
  systemd: readSystemd,
  ini: readSystemd,
};

export const readMarkdown: Reader = (text) => marked.lexer(text).flatMap(tokensOf);

function tokensOf(token: Marked): Token[] {
  switch (token.type) {
    case 'code': {
      const read = LANGUAGES[String(token.lang ?? '')];
      return [
        ['fence', String(token.lang)],
        ...(read?.(token.text) ?? [['text', decoded(token.text)] as Token]),
      ];
    }
    case 'table':
      return [
        ['table', ''],
        ...[token.header, ...token.rows].flatMap((row: { tokens: Marked[] }[]): Token[] => [
          ['row', String(row.length)],
          ...row.flatMap((cell) => [['cell', ''] as Token, ...inline(cell.tokens)]),
        ]),
      ];
    case 'list':
      return [['list', ''], ...token.items.flatMap(tokensOf)];
    case 'link':
      // A bare address leads to itself, and says so.
      if (token.raw === token.text) return [['text', token.raw]];
      return [['link', token.href], ...inline(token.tokens ?? [])];
    case 'html':
      return [['html', token.raw]];
    case 'space':
      return [];
    default:
      return 'tokens' in token && token.tokens !== undefined
        ? [[token.type, ''], ...inline(token.tokens)]
        : [[token.type, 'text' in token ? String(token.text) : token.raw]];
  }
}

/** Text next to text is one text: an escaped character is a token of its own. */
function inline(tokens: readonly Marked[]): Token[] {
  const all: [string, string][] = [];
  for (const [kind, text] of tokens.flatMap(tokensOf)) {
    const before = all.at(-1);
    const same = kind === 'escape' ? 'text' : kind;
    if (before?.[0] === 'text' && same === 'text') before[1] += text;
    else all.push([same, text]);
  }
  return all;
}

/** Mermaid's own references to characters. */
function decoded(text: string): string {
  return text.replaceAll(/#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
}
