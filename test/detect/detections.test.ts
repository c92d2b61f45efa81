/** What detection is told of is what there is. */
import { expect, it } from 'vitest';
import { DETECTIONS } from '../../src/detections.ts';
import { UNIT_KINDS } from '../../src/units.ts';

const kindsOf = (...answers: string[]) =>
  UNIT_KINDS.filter(({ answer }) => answers.includes(answer)).flatMap(({ units }) =>
    units.map(({ kind }) => kind),
  );

it('finds the apps of every framework, the recommended one first', () => {
  expect(DETECTIONS.detectors.map(({ framework }) => framework)).toEqual(kindsOf('framework'));
});

it('reads the earlier files of units alone', () => {
  const kinds = kindsOf('web-server', 'app-server', 'process-manager');
  for (const { unit } of DETECTIONS.earlier) expect(kinds).toContain(unit);
});
