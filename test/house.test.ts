/** How the rooms of src/ may lean on each other; scripts/house.mjs has their order. */
import { expect, test } from 'vitest';
import { betweenCommands, homeless, upwards } from '../scripts/house.mjs';

test('no file is outside of the rooms', () => {
  expect(homeless()).toEqual([]);
});

test('no command imports another', () => {
  expect(betweenCommands()).toEqual([]);
});

test('imports run down from room to room, but for those with a reason', () => {
  expect(upwards()).toEqual([
    // Which frameworks there are to look for, the frameworks know; how one of them is found, detection does.
    'detect/index.ts > frameworks/index.ts',
  ]);
});
