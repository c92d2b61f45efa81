import { expect, it } from 'vitest';
import { ROWS } from './rows.ts';
import { PROOFS } from './suite.ts';

it('proves every row of the table once, or says why not yet', () => {
  const proved = PROOFS.map(({ id }) => id);
  const later = ROWS.filter((row) => row.later !== undefined).map(({ id }) => id);
  expect([...proved, ...later].sort()).toEqual(ROWS.map(({ id }) => id).sort());
});
