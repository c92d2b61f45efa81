import { type Hole, Misuse, refuseEmpty, type Syntax, textOf } from './syntax.ts';

// Lines of a path and of keywords: https://man.freebsd.org/cgi/man.cgi?query=mtree&sektion=5
// Words end at white space; a backslash and three octal digits are a byte, which libarchive and mtree(8) read alike:
// parse_escapes in https://github.com/libarchive/libarchive/blob/master/libarchive/archive_read_support_format_mtree.c

interface State {
  readonly mode: 'line' | 'comment' | 'word' | 'space';
}

const start: State = { mode: 'line' };

function step(state: State, character: string): State {
  if (character === '\n') return start;
  if (state.mode === 'comment') return state;
  if (state.mode === 'line' && character === '#') return { mode: 'comment' };
  if (character === '\\') throw new Misuse('mtree: no backslash in a template; values are escaped');
  return { mode: /\s/.test(character) ? 'space' : 'word' };
}

function hole(state: State): Hole<State> {
  return state.mode === 'comment'
    ? { context: 'comment', state }
    : { context: 'word', state: { mode: 'word' } };
}

function quote(context: string, value: unknown): string {
  const word = textOf(value);
  if (context === 'comment') return word;
  refuseEmpty(word, 'a word of a manifest cannot be empty');
  return word.replace(/[^\w./:@%+,-]/gu, (character) =>
    [...new TextEncoder().encode(character)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join(''),
  );
}

/** Manifests of mtree(5), as bsdtar and mtree read them. */
export const mtree: Syntax<State> = {
  name: 'mtree',
  start,
  step,
  hole,
  key: (state) => JSON.stringify(state),
  comment: (state) => (state.mode === 'line' ? '# ' : undefined),
  end: () => {},
  quote,
};
