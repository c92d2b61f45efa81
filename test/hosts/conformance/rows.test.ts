import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { MINUTES } from '../../../scripts/budget.mjs';
import { expected } from './budget.ts';
import { cellsOf, plannedStacks, rowsToProve } from './cells.ts';
import { committed } from './results.ts';
import { ROWS } from './rows.ts';
import { STACKS } from './stacks.ts';
import { PROOFS } from './suite.ts';

/** Those that boot nothing. */
const UNIT_TESTS = ['covering.test.ts', 'paths.test.ts', 'results.test.ts', 'rows.test.ts'];
const ROOT = new URL('../../../', import.meta.url).pathname;

it('proves every row of the table once, in no other place', () => {
  const proved = PROOFS.map(({ id }) => id);
  expect(proved.sort()).toEqual(ROWS.map(({ id }) => id).sort());
});

it('has a test file for the stacks of every group, and none for others', () => {
  const files = readdirSync(new URL('.', import.meta.url)).filter((file) => file.endsWith('.test.ts'));
  const groups = Object.keys(STACKS).map((group) => `${group}.test.ts`);
  expect(files.filter((file) => !UNIT_TESTS.includes(file))).toEqual(groups.sort());
});

it('proves every row on some stack, each on one that stands for itself', () => {
  const stacks = plannedStacks(ROOT);
  const cells = cellsOf(stacks);
  expect(new Set(stacks.map(({ name }) => name)).size, 'names that no two stacks have').toBe(stacks.length);
  expect(new Set(cells.map(({ row }) => row))).toEqual(new Set(ROWS.map(({ id }) => id)));
  for (const { row, by } of cells)
    expect(cells.find((cell) => cell.row === row && cell.stack === by)?.by, `${row} of ${by}`).toBe(by);
});

it('takes no longer than the budget has, by the times of the table', () => {
  const { together } = expected(committed(ROOT), cellsOf(plannedStacks(ROOT)));
  const over = 'a row or a stack has to go to test:all alone, see scripts/budget.mjs';
  expect(together, over).toBeLessThanOrEqual(MINUTES.hostsAtMost);
  expect(together).toBeGreaterThan(1);
});

it('leaves to a run of everything what is too long for others', () => {
  const [one, two, ...others] = plannedStacks(ROOT);
  if (one === undefined || two === undefined) throw new Error('there are no stacks');
  const late = cellsOf([{ ...one, onlyInAll: true }, two, ...others]);
  expect(rowsToProve(late, one.name)).toEqual([]);
  expect(late.filter(({ by }) => by === one.name).every((cell) => cell.late && cell.stack === one.name)).toBe(
    true,
  );
});
