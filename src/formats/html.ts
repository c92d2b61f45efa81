import { type Hole, Misuse, refuse, type Syntax, textOf } from './syntax.ts';

// https://html.spec.whatwg.org/multipage/parsing.html#tokenization, as far as values may stand: text and quoted
// attribute values. In both, character references are decoded, so escaping five characters is enough.

interface State {
  readonly mode: 'text' | 'tag' | 'equals' | 'double' | 'single' | 'unquoted' | 'comment' | 'raw';
  /** What follows `<`; in a comment or raw text the last characters. */
  readonly read: string;
  readonly attribute: string;
  readonly tag: string;
  /** True before the first character of an attribute's value. */
  readonly fresh: boolean;
}

const start: State = { mode: 'text', read: '', attribute: '', tag: '', fresh: false };

function step(state: State, c: string): State {
  switch (state.mode) {
    case 'text':
      return c === '<' ? { ...start, mode: 'tag' } : state;
    case 'comment': {
      const read = (state.read + c).slice(-3);
      return read === '-->' ? start : { ...state, read };
    }
    case 'raw': {
      const read = (state.read + c.toLowerCase()).slice(-12);
      return read.endsWith(`</${state.tag}>`) ? start : { ...state, read };
    }
    case 'double':
    case 'single':
      if (c === (state.mode === 'double' ? '"' : "'")) return { ...state, mode: 'tag', attribute: '' };
      return { ...state, fresh: false };
    case 'equals':
      if (c === '"') return { ...state, mode: 'double', fresh: true };
      if (c === "'") return { ...state, mode: 'single', fresh: true };
      return /\s/.test(c) ? state : step({ ...state, mode: 'unquoted' }, c);
    case 'unquoted':
      return c === '>' || /\s/.test(c) ? step({ ...state, mode: 'tag' }, c) : state;
    default:
      return stepInTag(state, c);
  }
}

function stepInTag(state: State, c: string): State {
  if (state.tag === '') {
    const read = state.read + c;
    if (read === '!--') return { ...start, mode: 'comment' };
    if (read.length === 1 && !/[a-z/!?]/i.test(c)) return step(start, c === '<' ? c : ' ');
    if (!/[\s/>]/.test(c) || read === '/') return { ...state, read };
    return stepInTag({ ...state, tag: state.read.toLowerCase() }, c);
  }
  if (c === '>')
    return /^(script|style)$/.test(state.tag) ? { ...start, mode: 'raw', tag: state.tag } : start;
  if (c === '=') return { ...state, mode: 'equals' };
  return { ...state, attribute: /[\s/]/.test(c) ? '' : state.attribute + c.toLowerCase() };
}

const CODE = /^(on.*|style|srcdoc)$/;
const ADDRESS = /^(href|src|action|formaction|poster|cite|data)$/;

function hole(state: State, _next: readonly string[]): Hole<State> {
  if (state.mode === 'text' || state.mode === 'comment')
    return { context: state.mode, state: { ...state, read: '' } };
  if (state.mode !== 'double' && state.mode !== 'single')
    throw new Misuse('html: a value may stand in text or in a quoted attribute only');
  if (CODE.test(state.attribute)) throw new Misuse(`html: no value in ${state.attribute}, which is code`);
  const address = state.fresh && ADDRESS.test(state.attribute);
  return { context: address ? 'address' : 'attribute', state: { ...state, fresh: false } };
}

function quote(context: string, value: unknown): string {
  const text = textOf(value);
  if (context === 'comment') refuse(text, /[<>-]/, 'an HTML comment cannot safely hold');
  if (context === 'address')
    refuse(text, /^(?!https?:|mailto:|tel:)[^/?#]*:/i, 'a link cannot safely start with');
  const names: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (c) => names[c] as string);
}

/** HTML pages. */
export const html: Syntax<State> = {
  name: 'html',
  start,
  step,
  hole,
  key: ({ read, ...state }) => JSON.stringify({ ...state, read: state.mode === 'tag' ? read : '' }),
  comment: () => false,
  end(state) {
    if (state.mode !== 'text') throw new Misuse(`html: the file ends inside ${state.mode}`);
  },
  quote,
};
