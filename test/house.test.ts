/** How the rooms of src/ may lean on each other; scripts/house.mjs has their order. */
import { expect, test } from 'vitest';
import { betweenCommands, detectionInSchema, homeless, rendersOfInit, upwards } from '../scripts/house.mjs';

test('no file is outside of the rooms', () => {
  expect(homeless()).toEqual([]);
});

test('no command imports another', () => {
  expect(betweenCommands()).toEqual([]);
});

test('imports run down from room to room', () => {
  expect(upwards()).toEqual([]);
});

test('the JSON Schema loads nothing that reads a project', async () => {
  expect(await detectionInSchema()).toEqual([]);
});

test('init renders the kit once', async () => {
  expect(await rendersOfInit()).toBe(1);
});
