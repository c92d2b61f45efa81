import { nginx } from './nginx/syntax.ts';
import { python } from './python.ts';
import { shell } from './shell/syntax.ts';
import { followedBy, type Hole, Misuse, refuse, refuseEmpty, type Syntax, textOf } from './syntax.ts';
import { systemd } from './systemd/syntax.ts';

// CommonMark with GitHub's tables: https://spec.commonmark.org/0.31.2/ and https://github.github.com/gfm/
//  - any ASCII punctuation may be escaped with a backslash in text, none in code;
//  - a table cell ends at `|` even in code, where (only there) `\|` is one; and nothing stands for `\` before it.
// A fenced block whose language has a syntax here is quoted for that syntax: what a person copies from it must work.

interface State {
  readonly block: 'text' | 'fence';
  readonly fence: string;
  readonly language: string;
  readonly inner: unknown;
  /** The line so far; values count as `x`. In a fence, only as long as it may still be the closing one. */
  readonly line: string;
  readonly inline: 'text' | 'code' | 'angle' | 'link' | 'title' | 'comment';
  /** Backticks around the code span; while a run of them is read, `run` counts. */
  readonly ticks: number;
  readonly run: number;
  readonly tail: string;
  readonly escaped: boolean;
  /** True before the first character of a code span or link. */
  readonly fresh: boolean;
}

const start: State = {
  block: 'text',
  fence: '',
  language: '',
  inner: undefined,
  line: '',
  inline: 'text',
  ticks: 0,
  run: 0,
  tail: '',
  escaped: false,
  fresh: false,
};

const LANGUAGES: Record<string, Syntax> = {
  sh: shell,
  shell,
  bash: shell,
  nginx,
  python,
  systemd,
  ini: systemd,
};

function languageOf(state: State): Syntax | undefined {
  return Object.hasOwn(LANGUAGES, state.language) ? (LANGUAGES[state.language] as Syntax) : undefined;
}

function step(state: State, c: string): State {
  if (state.block === 'fence') return stepInFence(state, c);
  if (c === '\n') return newline(settle(state));
  const line = state.line + c;
  if (/^\s*(```|~~~)/.test(line)) return { ...start, line };
  return { ...stepInline(state, c), line };
}

function newline(state: State): State {
  const opening = /^\s*(`{3,}|~{3,})\s*([\w-]*)[^`]*$/.exec(state.line);
  if (opening) {
    const fenced: State = {
      ...start,
      block: 'fence',
      fence: opening[1] as string,
      language: opening[2] as string,
    };
    return { ...fenced, inner: languageOf(fenced)?.start };
  }
  if (state.line.trim() === '' && state.inline === 'comment') return { ...state, line: '' };
  if (state.line.trim() === '' && state.inline !== 'text')
    throw new Misuse(`markdown: ${state.inline} is not closed`);
  return { ...state, line: '', escaped: false, tail: '' };
}

/** A run of backticks has ended. */
function settle(state: State): State {
  if (state.run === 0) return state;
  if (state.inline === 'code')
    return state.run === state.ticks ? { ...state, inline: 'text', run: 0, ticks: 0 } : { ...state, run: 0 };
  return { ...state, inline: 'code', ticks: state.run, run: 0, fresh: true };
}

function stepInline(before: State, c: string): State {
  const countsTicks = before.inline === 'text' || before.inline === 'code';
  if (countsTicks && c === '`' && !before.escaped) return { ...before, run: before.run + 1, tail: '' };
  const state = settle(before);
  const tail = (state.tail + c).slice(-4);
  switch (state.inline) {
    case 'code':
      return { ...state, fresh: false };
    case 'comment':
      return tail.endsWith('-->') ? { ...state, inline: 'text', tail: '' } : { ...state, tail };
    case 'angle':
      if (tail === '<!--') return { ...state, inline: 'comment', tail: '' };
      return c === '>' ? { ...state, inline: 'text', tail: '' } : { ...state, tail, fresh: false };
    case 'link':
      if (c === ')') return { ...state, inline: 'text', tail: '' };
      return { ...state, inline: /\s/.test(c) ? 'title' : 'link', fresh: false };
    case 'title':
      return c === ')' ? { ...state, inline: 'text', tail: '' } : state;
    default:
      if (state.escaped) return { ...state, escaped: false, tail: '' };
      if (c === '\\') return { ...state, escaped: true, tail: '' };
      if (tail.endsWith('](')) return { ...state, inline: 'link', fresh: true, tail: '' };
      if (/<[a-z/!]$/i.test(tail)) return { ...state, inline: 'angle', fresh: false, tail: tail.slice(-2) };
      return { ...state, tail };
  }
}

function stepInFence(state: State, c: string): State {
  const undecided = state.line !== FED && /^\s*[`~]*\s*$/.test(state.line);
  if (!undecided) {
    const inner = feed(state, c);
    return { ...state, inner, line: c === '\n' ? '' : FED };
  }
  if (c === '\n') {
    const mark = state.line.trim();
    if (mark.length >= state.fence.length && mark.startsWith(state.fence)) return { ...start };
    return { ...state, inner: feed(state, `${state.line}\n`), line: '' };
  }
  const line = state.line + c;
  return /^\s*[`~]*\s*$/.test(line) ? { ...state, line } : { ...state, inner: feed(state, line), line: FED };
}

/** Stands for a line whose text has gone to the inner syntax. */
const FED = 'fed';

function feed(state: State, text: string): unknown {
  const syntax = languageOf(state);
  if (!syntax) {
    if (state.language !== 'mermaid') return state.inner;
    return [...text].reduce(
      (open, c) => (c === '"' ? !open : c === '\n' ? false : open),
      state.inner === true,
    );
  }
  return [...text].reduce((inner, c) => syntax.step(inner, c), state.inner);
}

function hole(before: State, next: readonly string[]): Hole<State> {
  if (before.block === 'fence') return holeInFence(before, next);
  const state = settle(before);
  const after: State = { ...state, line: `${state.line}x`, tail: '', fresh: false };
  if (/^\s*(```|~~~)/.test(state.line))
    throw new Misuse('markdown: no value behind the opening of a fenced block');
  const cell = state.line.trimStart().startsWith('|') ? ' cell' : '';
  switch (state.inline) {
    case 'code':
      return { context: `code${state.fresh && followedBy(next, '`') ? ' whole' : ''}${cell}`, state: after };
    case 'comment':
      return { context: 'comment', state: after };
    case 'link':
      return { context: state.fresh ? 'address' : 'link', state: after };
    case 'title':
      throw new Misuse('markdown: no value in the title of a link');
    case 'angle':
      if (!/^<https?:\/\//.test(state.line.slice(state.line.lastIndexOf('<'))))
        throw new Misuse('markdown: no value inside <...>, except after <https://');
      return { context: 'link', state: after };
    default:
      if (state.escaped) throw new Misuse('markdown: a value may not follow a backslash');
      // Nothing is escaped in there. https://spec.commonmark.org/0.31.2/#autolinks
      if (state.tail.endsWith('<')) return { context: 'autolink', state: { ...after, inline: 'angle' } };
      return { context: state.line.trim() === '' ? 'start' : 'text', state: after };
  }
}

function holeInFence(state: State, next: readonly string[]): Hole<State> {
  const fed: State = state.line === FED ? state : { ...state, inner: feed(state, state.line), line: FED };
  const syntax = languageOf(fed);
  if (syntax) {
    const inner = syntax.hole(fed.inner, next);
    return { context: `${syntax.name}:${inner.context}`, state: { ...fed, inner: inner.state } };
  }
  if (state.language === 'mermaid') return { context: fed.inner === true ? 'label' : 'node', state: fed };
  return { context: state.line.trim() === '' ? 'fence' : 'raw', state: fed };
}

function quote(context: string, value: unknown): string {
  const [, name, inner] = /^(\w+):(.*)$/.exec(context) ?? [];
  if (name !== undefined) return (LANGUAGES[name] as Syntax).quote(inner as string, value);
  const text = textOf(value);
  if (context.startsWith('code')) {
    refuse(text, /`/, 'inline code cannot hold');
    if (context.includes('whole')) refuseEmpty(text, 'inline code cannot be empty');
    if (!context.endsWith('cell')) return text;
    // Of `\\|`, GitHub takes the first two for one escaped backslash, and ends the cell.
    refuse(text, /\\\|/, 'inline code in a table cannot hold');
    return text.replace(/\|/g, '\\|');
  }
  switch (context) {
    case 'comment':
      refuse(text, /[<>-]/, 'an HTML comment cannot safely hold');
      return text;
    case 'address':
      refuse(text, /^(?!https?:|mailto:)[^/?#]*:/i, 'a link cannot safely start with');
      return address(text);
    case 'autolink':
      refuse(text, /^(?!https?:\/\/)[^/?#]*/i, 'a link in <...> starts with http:// or https://, not with');
      return address(text);
    case 'link':
      return address(text);
    case 'fence':
      refuse(text, /^\s*(```|~~~)/, 'a fenced block ends at');
      return text;
    case 'raw':
      return text;
    case 'label':
      return text.replace(/[#"<>&;`\\]/g, (c) => `#${c.charCodeAt(0)};`);
    case 'node':
      refuse(
        text,
        /^$|[^A-Za-z0-9_]/,
        'put it into double quotes in the template: a name in mermaid cannot hold',
      );
      return text;
    default: {
      const plain = text.replace(/[\\`*_[\]<>|~&$]/g, '\\$&');
      return context === 'start' ? plain.replace(/^([-+=#]|\d+(?=[.)]))/, startEscaped) : plain;
    }
  }
}

/** At the start of a line `-`, `#` or `1.` would start a list or a heading. */
function startEscaped(start: string): string {
  return /\d/.test(start) ? `${start}\\` : `\\${start}`;
}

/** https://spec.commonmark.org/0.31.2/#link-destination */
function address(text: string): string {
  return text.replace(/[\s()<>\\"'`*_[\]|]/g, (c) =>
    c === '_' ? c : `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

/** Markdown, as GitHub reads it. */
export const markdown: Syntax<State> = {
  name: 'markdown',
  start,
  step,
  hole,
  key(before) {
    const { tail: _, line, inner, fresh: __, ...state } = settle(before);
    const lead =
      line === FED ? FED : line.trim() === '' ? 'start' : line.trimStart().startsWith('|') ? 'cell' : 'text';
    const syntax = languageOf(state as State);
    return JSON.stringify({ ...state, lead, inner: syntax ? syntax.key(inner) : inner });
  },
  comment: () => false,
  end(before) {
    const state = settle(before);
    if (state.block === 'fence') throw new Misuse('markdown: the fenced block is not closed');
    if (state.inline !== 'text') throw new Misuse(`markdown: ${state.inline} is not closed`);
  },
  quote,
};
