/** Which answers a part follows from, as far as its making tells. */
import { describe, expect, it } from 'vitest';
import { answersBehind, trace } from '../../src/plan/trace.ts';

interface Small {
  name: string;
  paths: { home: string; shown: string };
  mounts: { url: string; path: string }[];
  first: { url: string; path: string } | null;
  always: string[];
}

const ANSWERS = { name: 'shop', urls: ['/a/', '/b/'], root: 'src', unused: 1 };

const small = (answers: typeof ANSWERS) =>
  trace<Small, typeof ANSWERS>(answers, (given, whole) => ({
    name: () => given.name,
    paths: { home: () => `/srv/${whole.name}`, shown: () => whole.paths.home.toUpperCase() },
    mounts: () => given.urls.map((url) => ({ url, path: () => `${whole.paths.home}/${given.root}${url}` })),
    first: () => whole.mounts[0] ?? null,
    always: ['a', 'b'],
  }));

describe('a traced whole', () => {
  const { value, origins } = small(ANSWERS);
  const behind = (path: string) => answersBehind(path, origins);

  it('is plain data in the order in which it was written', () => {
    const [a, b] = [
      { url: '/a/', path: '/srv/shop/src/a/' },
      { url: '/b/', path: '/srv/shop/src/b/' },
    ];
    expect(JSON.stringify(value)).toBe(
      JSON.stringify({
        name: 'shop',
        paths: { home: '/srv/shop', shown: '/SRV/SHOP' },
        mounts: [a, b],
        first: a,
        always: ['a', 'b'],
      }),
    );
    expect(value).toEqual(structuredClone(value));
  });

  it.each([
    ['name', ['name']],
    ['paths', []],
    ['paths.home', ['name']],
    ['paths.shown', ['name']],
    ['mounts', ['urls']],
    ['mounts.1.url', ['urls']],
    ['mounts.1.path', ['urls', 'name', 'root']],
    ['first', ['urls']],
    ['first.url', ['urls']],
    ['first.path', ['urls', 'name', 'root']],
    ['always.0', []],
  ])('has %s follow from what was read for it: %j', (path, names) => {
    expect(behind(path)).toEqual(names);
  });

  it('has what is not there follow from what would hold it', () => {
    expect(behind('mounts.7.path')).toEqual(['urls']);
    expect(behind('nothing.of.this')).toEqual([]);
  });

  it('takes a missing answer for one that was read', () => {
    const { origins: of } = trace<{ a: string; b: boolean }, { x?: string; y?: string }>({}, (given) => ({
      a: () => given.x ?? '',
      b: () => 'y' in given,
    }));
    expect([answersBehind('a', of), answersBehind('b', of)]).toEqual([['x'], ['y']]);
  });

  it('counts what is read outside of all functions for everything around it', () => {
    const { origins: of } = trace<{ a: { b: string; c: number } }, { x: string }>({ x: '1' }, (given) => ({
      a: () => {
        const { x } = given;
        return { b: () => x, c: 1 };
      },
    }));
    expect(answersBehind('a.c', of)).toEqual(['x']);
  });

  it('refuses a part that follows from itself, and whoever wants all answers', () => {
    expect(() => trace<{ a: string }, object>({}, (_, whole) => ({ a: () => whole.a }))).toThrow(
      /from itself/,
    );
    expect(() => trace<{ a: string }, object>({}, (_, { a }) => ({ a: () => a }))).toThrow(/too early/);
    expect(() => trace<{ a: object }, object>({}, (given) => ({ a: () => ({ ...given }) }))).toThrow(
      /by their names/,
    );
  });
});
