import { expect, it } from 'vitest';
import { innermostFirst } from '../../src/contract/host-folders.ts';

it.each([
  [
    ['a', 'b'],
    ['a', 'b'],
  ],
  [
    ['a', 'deep/er/one', 'b'],
    ['a', 'deep/er/one', 'b'],
  ],
  [
    ['a', 'a/b', 'a/b/c', 'x'],
    ['a/b/c', 'a/b', 'a', 'x'],
  ],
  [
    ['a/b/c', 'a', 'ab', 'a/b'],
    ['a/b/c', 'a/b', 'a', 'ab'],
  ],
  [
    ['a', 'a'],
    ['a', 'a'],
  ],
])('of %j, the inner ones come first: %j', (paths, ordered) => {
  expect(innermostFirst((path) => path, paths)).toEqual(ordered);
});
