/**
 * Every combination of units: those that can be had render, and pass the real tools of the target's own Debian. The
 * product is walked from the units themselves, so that a new one joins by itself; what a unit refuses is counted with
 * its reason. Files that several combinations share are judged once.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { templates } from '#templates';
import { SYSTEMS, systemFolder } from '../../scripts/provision.mjs';
import { resolveAnswers } from '../../src/answers/resolve.ts';
import { FIELDS } from '../../src/answers/schema.ts';
import { check, type ToolRunner } from '../../src/check/run.ts';
import { applies, refusalsIn } from '../../src/contract/field.ts';
import type { Plan } from '../../src/contract/plan.ts';
import type { TreeFile, Validator } from '../../src/contract/validator.ts';
import { renderKit } from '../../src/kit/kit.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { systemTools } from '../../src/system/processes.ts';
import { UNIT_KINDS } from '../../src/units.ts';
import { type Planned, planned, validatorsOf } from '../support/plan.ts';
import { isRoot, itNeeds } from '../support/tools.ts';

type Answers = Record<string, unknown>;

/** What is the same in all: enough for every unit to have something to say. */
const COMMON: Answers = {
  name: 'shop',
  domains: ['shop.example', 'www.shop.example'],
  static: { '/static/': 'static' },
  media: { '/media/': 'media' },
  protected: { '/_protected/': 'protected' },
  background: { worker: 'celery -A shop worker' },
  requirements: 'requirements.txt',
};

/** Answers that only some units have are added where the unit is chosen; each value is a combination of its own. */
const variants = (answer: string): readonly Answers[] => {
  const choices = FIELDS[answer]?.choices;
  return choices === undefined ? [{}] : choices.map(({ value }) => ({ [answer]: value }));
};

/** One after another, each with each. */
function product(axes: readonly (readonly Answers[])[]): Answers[] {
  return axes.reduce<Answers[]>(
    (all, axis) => all.flatMap((some) => axis.map((one) => ({ ...some, ...one }))),
    [{}],
  );
}

const axes = [
  ...UNIT_KINDS.map(({ answer, units }) => units.map(({ kind }) => ({ [answer]: kind }))),
  [{ app: 'shop.wsgi:application' }, { app: 'shop.asgi:application' }],
  variants('tls'),
];

/** What a unit must be told, where it has no default. */
function needs(answers: Answers): Answers {
  const more: Answers = {};
  if (answers.framework === 'django') more['django-settings'] = 'shop.settings';
  if (answers.tls === 'proxy') more['trusted-proxies'] = ['10.0.0.0/8'];
  return { ...COMMON, ...more, ...answers };
}

const resolve = (answers: Answers, target: string) =>
  resolveAnswers([
    {
      insistent: true,
      answers: Object.fromEntries(
        Object.entries({ ...needs(answers), target }).map(([name, value]) => [
          name,
          { value, source: 'test' },
        ]),
      ),
    },
  ]);

/** With the choices of the chosen units' own answers, where they apply: an app server's workers, its protocols. */
function withOwnChoices(answers: Answers, target: string): Answers[] {
  const known = resolve(answers, target).answers;
  const chosen = UNIT_KINDS.flatMap(({ answer, units }) =>
    units.filter(({ kind }) => kind === answers[answer]),
  );
  const names = chosen
    .flatMap((unit) => Object.entries(unit.fields))
    .filter(([, field]) => field.choices !== undefined && applies(field, known))
    .map(([name]) => name);
  return product([[answers], ...[...new Set(names)].map(variants)]);
}

interface Combination {
  title: string;
  plan: Plan;
}

/** All that can be had on a target, and why the others cannot. */
function combinations(target: string): { valid: Combination[]; reasons: Map<string, number> } {
  const valid: Combination[] = [];
  const reasons = new Map<string, number>();
  for (const answers of product(axes).flatMap((some) => withOwnChoices(some, target))) {
    const resolution = resolve(answers, target);
    // In the words of the alternative that refuses it.
    const because = refusalsIn(Object.entries(FIELDS), resolution.answers)[0]?.because;
    const title = Object.values(answers).join(' + ');
    // Whatever cannot be had says why, and nothing else is ever wrong.
    expect(resolution.problems.length > 0, `${title}: ${JSON.stringify(resolution.problems)}`).toBe(
      because !== undefined,
    );
    if (because !== undefined) reasons.set(because, (reasons.get(because) ?? 0) + 1);
    else valid.push({ title, plan: makePlan(resolution.answers) });
  }
  return { valid, reasons };
}

const filesOf = (plan: Plan): TreeFile[] =>
  renderKit(plan, templates).map(({ path, hostPath, text, mode }) => ({
    path: hostPath ?? path,
    shown: path,
    text,
    mode,
    edited: false,
  }));

/** The programs of a target's Debian system: they run in it, and so do what they are asked about. */
function toolsIn(system: string): ToolRunner {
  const programs = systemTools({ path: '/usr/bin:/bin:/usr/sbin:/sbin' });
  const inside = { path: '/opt/venv/bin:/usr/sbin:/usr/bin:/sbin:/bin' };
  const real = systemTools({ path: inside.path.replaceAll(/(^|:)/g, `$1${system}`) });
  return {
    root: true,
    find: async (tool) => {
      const { programs: found } = await real.find(tool, {});
      return { programs: found.map((path) => path.slice(system.length)), passedOver: [] };
    },
    async withStage(use) {
      const stage = mkdtempSync(join(system, 'tmp/stage-'));
      try {
        return await use(stage.slice(system.length));
      } finally {
        rmSync(stage, { recursive: true, force: true });
      }
    },
    async write(path, text, mode) {
      mkdirSync(dirname(join(system, path)), { recursive: true });
      writeFileSync(join(system, path), text, { mode: mode ?? 0o644 });
    },
    run: (command, { cwd, environment }) =>
      programs.run(
        [
          'chroot',
          system,
          ...['/bin/sh', '-c', 'cd "$0" && exec "$@"', cwd ?? '/'],
          ...['env', `PATH=${inside.path}`, 'LC_ALL=C', ...Object.entries(environment ?? {}).map(String)].map(
            (word) => word.replace(',', '='),
          ),
          ...command,
        ],
        {},
      ),
  };
}

for (const target of Object.keys(SYSTEMS)) {
  const system = systemFolder(target);
  const test = itNeeds({ root: isRoot, [`a ${target} system`]: system !== undefined });

  describe(`every combination of units on ${target}`, () => {
    let all: ReturnType<typeof combinations> = { valid: [], reasons: new Map() };
    beforeAll(() => {
      all = combinations(target);
    });
    afterAll(() => {
      all.valid.length = 0;
    });

    test('can be had, or is refused with a reason, and passes its real validators', async () => {
      const runner = toolsIn(system ?? '');
      const seen = new Map<string, Promise<unknown>>();
      let asked = 0;
      const wrong: unknown[] = [];
      const ask = async (
        { title, plan }: Combination & { plan: Planned },
        validator: Validator<Planned>,
        files: TreeFile[],
      ) => {
        const staging = validator.prepare({ plan, files, stage: '/stage', tool: validator.tool, root: true });
        if (staging === undefined) return;
        asked++;
        const key = createHash('sha256')
          .update(JSON.stringify([validator.tool, validator.checks, staging]))
          .digest('hex');
        if (!seen.has(key)) {
          const answer = check({ plan, files, validators: [validator], runner });
          seen.set(key, answer);
          for (const finding of await answer) wrong.push({ title, ...finding });
        }
      };
      for (const combination of all.valid) {
        const { plan } = combination;
        const files = filesOf(plan);
        const seen = { ...combination, plan: planned(plan) };
        const validators = await validatorsOf(seen.plan);
        await Promise.all(validators.map((validator) => ask(seen, validator, files)));
      }
      const refusals = [...all.reasons].map(([because, count]) => `  ${count} refused: ${because}`);
      console.log(
        [
          `${target}: ${all.valid.length} combinations can be had, and pass ${asked} validators (${seen.size} of them different)`,
          ...refusals,
        ].join('\n'),
      );
      expect(wrong).toEqual([]);
      expect(all.valid.length).toBeGreaterThan(0);
    }, 600_000);
  });
}
