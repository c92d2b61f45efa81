import { expect, it } from 'vitest';
import { cover } from './covering.ts';

const place = (name: string, things: string) => ({ name, things: things.split('') });
const chosen = (...places: ReturnType<typeof place>[]) => Object.fromEntries(cover(places));

it('finds a place for every thing', () => {
  expect(chosen()).toEqual({});
  expect(chosen(place('one', ''))).toEqual({});
  expect(chosen(place('one', 'ab'), place('two', 'c'))).toEqual({ a: 'one', b: 'one', c: 'two' });
});

it('takes what proves most, so that the fewest are needed', () => {
  const few = chosen(place('one', 'ab'), place('two', 'cd'), place('all', 'abcd'));
  expect(new Set(Object.values(few))).toEqual(new Set(['all']));
});

it('takes the first of two that prove as much', () => {
  expect(chosen(place('one', 'ab'), place('two', 'ab'))).toEqual({ a: 'one', b: 'one' });
});

it('leaves one out of which those that were chosen after it prove everything', () => {
  // The greedy choice begins with the middle, and then needs both others all the same.
  const places = [place('middle', 'bcde'), place('left', 'abc'), place('right', 'def')];
  expect(new Set(Object.values(chosen(...places)))).toEqual(new Set(['left', 'right']));
});
