import { expect, it } from 'vitest';
import { ROWS } from './rows.ts';
import { PROOFS } from './suite.ts';

it('proves every row of the table once, in no other place', () => {
  const proved = PROOFS.map(({ id }) => id);
  expect(proved.sort()).toEqual(ROWS.map(({ id }) => id).sort());
});
