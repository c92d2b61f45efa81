/**
 * What each part of the plan is recorded to follow from is true: whichever answer is changed, only parts that follow from
 * it differ. How much is tried is RUNS in test/fuzz/runs.ts.
 */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { makePlan, tracePlan } from '../../src/plan/plan.ts';
import { planSchema } from '../../src/plan/schema.ts';
import { trace } from '../../src/plan/trace.ts';
import { RUNS, SEED } from '../fuzz/runs.ts';
import { judgeOrigins, missed, someAnswers, twoAnswers } from './perturb.ts';

const ALONE = { numRuns: Math.ceil(RUNS / 2), seed: SEED };

it(`an answer changes only what follows from it (${ALONE.numRuns} pairs, seed ${SEED})`, () => {
  fc.assert(
    fc.property(twoAnswers, ([one, other]) => {
      expect(missed(one, other, tracePlan)).toEqual([]);
    }),
    ALONE,
  );
});

it('a plan is plain data, of the shape that templates are checked against', () => {
  fc.assert(
    fc.property(someAnswers, (answers) => {
      const plan = makePlan(answers);
      expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
      expect(planSchema(plan).parse(plan)).toEqual(plan);
    }),
    { ...ALONE, numRuns: Math.ceil(RUNS / 20) },
  );
});

/** Plans that are made wrongly: each reads an answer where it is not noticed. */
const BEHIND = {
  'by its own hands': (answers: Answers) =>
    trace<Small, Answers>(answers, () => ({ name: 'x', timeout: () => Number(answers.timeout) })),
  'from another plan': (answers: Answers) =>
    trace<Small, Answers>(answers, () => ({
      name: 'x',
      timeout: makePlan(answers).services[0]?.timeouts.request ?? 0,
    })),
  'in another part, and keeps it': (answers: Answers) => {
    let kept = 0;
    return trace<Small, Answers>(answers, (given) => ({
      name: () => {
        kept = Number(given.timeout);
        return 'x';
      },
      timeout: () => kept,
    }));
  },
};
type Answers = Readonly<Record<string, unknown>>;
interface Small {
  name: string;
  timeout: number;
}

it.each(Object.entries(BEHIND))('is seen where a plan reads an answer %s', (_, plan) => {
  const property = fc.property(twoAnswers, ([one, other]) => missed(one, other, plan).length === 0);
  const { failed, counterexample } = fc.check(property, ALONE);
  expect(failed).toBe(true);
  const [[one, other] = [{}, {}]] = counterexample ?? [];
  expect(missed(one, other, plan)).toEqual([
    { path: 'timeout', changed: expect.arrayContaining(['timeout']) },
  ]);
});

it('no answer is recorded that never matters, but for those with a reason', () => {
  expect(judgeOrigins(tracePlan, 4)).toMatchObject({ missed: [], idle: [] });
}, 600_000);
