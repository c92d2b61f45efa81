/** The rows of A: what a deployed stack withstands. */
import { floodRows } from './floods.ts';
import { oversizedRows } from './oversized.ts';
import { pretenderRows } from './pretenders.ts';
import { smugglingRows } from './smuggling.ts';
import { spoofingRows } from './spoofing.ts';
import type { Row } from './suite.ts';
import { traversalRows } from './traversal.ts';

export const attackRows: readonly Row[] = [
  ...smugglingRows,
  ...oversizedRows,
  ...traversalRows,
  ...pretenderRows,
  ...spoofingRows,
  ...floodRows,
];
