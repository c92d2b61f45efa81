/**
 * Whatever text an answer or a project has, no file breaks out: each program understands the same of it as of a harmless
 * text, or the answer is refused by its name. `npm run fuzz` tries 100,000; the seed is printed, and FUZZ_SEED repeats a run.
 */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { FIELDS } from '../../src/answers/schema.ts';
import { check } from '../../src/check/run.ts';
import { systemTools } from '../../src/system/processes.ts';
import { planned, validatorsOf } from '../support/plan.ts';
import { itNeeds, programs } from '../support/tools.ts';
import { COMBINATIONS, hostileText, put, type Target, targets } from './attacks.ts';
import { type Answers, breakOuts, filled, type Hostile, kitOf, layerOf, type Outcome } from './kits.ts';
import { layersOf, PROJECTS } from './projects.ts';
import { RUNS, SEED } from './runs.ts';

const LONGEST = 6 * 3_600_000;

type Attack = { target: Target; name: string; text: string }[];

/** One or two answers of a combination, each with hostile text in one of its shapes. */
const attacks = fc.constantFrom(...COMBINATIONS).chain((combination) => {
  const one = (name: string) =>
    fc
      .tuple(fc.constantFrom(...targets(combination)), hostileText(name))
      .map(([target, text]) => ({ target, name, text }));
  return fc
    .oneof(
      { weight: 3, arbitrary: fc.tuple(one('qza')) },
      { weight: 1, arbitrary: fc.tuple(one('qza'), one('qzb')) },
    )
    .map((attack: Attack) => ({ combination, attack }));
});

const layersWith = (combination: Answers, attack: Attack, text: (one: Attack[number]) => string) => [
  layerOf({
    ...combination,
    ...Object.fromEntries(attack.map((one) => [one.target.name, put(one.target.shape, text(one))])),
  }),
];

const hostileOf = (attack: Attack): Hostile =>
  Object.fromEntries(attack.map(({ name, text }) => [name, text]));

/** A refusal names answers that there are. */
function expectNames(outcome: Extract<Outcome, { problems: unknown }>): void {
  const known = Object.keys(FIELDS);
  // "static./a, b" is a place in one answer, and "static, media" are two answers.
  const isPlace = (path: string) => known.some((name) => path.startsWith(`${name}.`));
  const names = outcome.problems.flatMap(({ path }) => (isPlace(path) ? [] : path.split(', ')));
  for (const name of names) expect(known).toContain(name);
}

/** Attacks that were taken, for the real tools to see: of each answer and shape the first. */
const taken = new Map<string, Extract<Outcome, { files: unknown }>>();

test(
  `no answer breaks out of a file (${RUNS} attacks, seed ${SEED})`,
  () => {
    const count = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(attacks, ({ combination, attack }) => {
        const attacked = kitOf(layersWith(combination, attack, ({ text }) => text));
        if ('problems' in attacked) {
          count.refused++;
          return expectNames(attacked);
        }
        const harmless = kitOf(layersWith(combination, attack, ({ name }) => name));
        // Beside each other, two harmless texts may be what cannot go together: the same URL twice, for instance.
        if ('problems' in harmless) return;
        count.accepted++;
        expect(breakOuts(harmless.files, attacked.files, hostileOf(attack))).toEqual([]);
        if (combination.target === 'debian-12')
          taken.set(JSON.stringify(attack.map(({ target }) => target)), attacked);
      }),
      { numRuns: RUNS, seed: SEED },
    );
    console.log(`${count.accepted} accepted without a break-out, ${count.refused} refused by name`);
    expect(count.accepted).toBeGreaterThan(RUNS / 10);
  },
  LONGEST,
);

const withTools = itNeeds(
  programs('nginx', 'apache2', 'systemd-analyze', 'gunicorn', 'uwsgi', 'supervisord', 'circusd'),
);

withTools(
  'the real tools accept what is taken',
  async () => {
    const sample = [...taken.values()].slice(0, Math.max(12, RUNS / 200));
    expect(sample.length).toBeGreaterThan(0);
    for (const { plan, files } of sample) {
      const seen = planned(plan);
      const validators = await validatorsOf(seen);
      const onHost = files.map(({ path, hostPath, text, mode }) => ({
        path: hostPath ?? path,
        shown: path,
        text,
        mode,
        edited: false,
      }));
      const findings = await check({ plan: seen, files: onHost, validators, runner: systemTools() });
      expect(findings.filter(({ level }) => level === 'error')).toEqual([]);
    }
  },
  LONGEST,
);

test(
  `no project breaks out of a file (${RUNS / 4} projects, seed ${SEED})`,
  () => {
    const count = { accepted: 0, refused: 0, other: 0 };
    fc.assert(
      fc.property(fc.constantFrom(...PROJECTS), hostileText('qza'), (project, text) => {
        const attacked = kitOf(layersOf(project(text)));
        if ('problems' in attacked) {
          count.refused++;
          return expectNames(attacked);
        }
        const harmless = kitOf(layersOf(project('qza')));
        if ('problems' in harmless) return;
        // What is not taken for what it looks like, such as a folder with dots in it, leads to other answers.
        if (
          filled(JSON.stringify(Object.keys(harmless.answers)), { qza: text }) !==
          JSON.stringify(Object.keys(attacked.answers))
        ) {
          count.other++;
          return;
        }
        const same =
          JSON.stringify(fillAll(harmless.answers, { qza: text })) === JSON.stringify(attacked.answers);
        if (!same) {
          count.other++;
          return;
        }
        count.accepted++;
        expect(breakOuts(harmless.files, attacked.files, { qza: text })).toEqual([]);
      }),
      { numRuns: RUNS / 4, seed: SEED },
    );
    console.log(
      `${count.accepted} accepted without a break-out, ${count.refused} refused by name, ${count.other} read as something else`,
    );
    expect(count.accepted).toBeGreaterThan(RUNS / 100);
  },
  LONGEST,
);

/** Answers with the placeholder filled in, keys included. */
function fillAll(value: unknown, hostile: Hostile): unknown {
  if (typeof value === 'string') return filled(value, hostile);
  if (Array.isArray(value)) return value.map((each) => fillAll(each, hostile));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [filled(key, hostile), fillAll(inner, hostile)]),
  );
}
