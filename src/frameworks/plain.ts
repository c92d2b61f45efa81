/** What frameworks without settings and commands of their own have in common: the unit but for what differs. */
import * as z from 'zod/mini';
import { type CommonPlan, frameworkContract, type PlanOfService, unitPlan } from '../contract/plan.ts';
import { defineFramework, type Framework } from '../contract/unit.ts';
import type { Advice } from '../words/advice.ts';
import type { Detection } from '../words/detection.ts';
import { alembic, alembicConfig, migrate } from './migrate.ts';
import { adviceOn, appSnippet, moduleFor, ofDeployed, onHost, settingsPlan, type Wanted } from './wanted.ts';

interface Difference
  extends Pick<
    Framework,
    'kind' | 'title' | 'why' | 'docs' | 'refuses' | 'distribution' | 'needs' | 'interface' | 'bringable'
  > {
  /** What the app has to set, given the plan. */
  wanted(plan: CommonPlan): Wanted[];
  /** It has a template of this name, for what a release brings around its apps. */
  wraps?: string;
}

/** The answers that each of them has. */
export const plainFields = { migrate, 'alembic-config': alembicConfig };

/** What each of them says in the plan. */
export function plainPlan(
  { kind, title, docs }: Pick<Framework, 'kind' | 'title' | 'docs'>,
  plan: CommonPlan,
  wanted: () => readonly Wanted[],
  answers: Parameters<typeof alembic>[0] & Parameters<typeof settingsPlan>[2],
  /** The module that a release brings around the app, where anything is to be set in one. */
  wrapper?: string,
) {
  return {
    ...{ kind, title, docs },
    ...settingsPlan(plan, wanted, answers, () => appSnippet(plan, wanted())),
    modules: () => [plan.upstream.module],
    ...{ example: 'python', exampleDoes: 'have a Python with all that the app has' },
    brings: () =>
      wrapper === undefined || moduleFor(wrapper, answers) === undefined ? [] : [`${wrapper}.py`],
    ...{ troubles: [], environment: [onHost(plan)], prepare: [] },
    migrate: () => alembic(answers),
  };
}

/** What is said of the settings of an app of such a framework, where it is the one that was read. */
export function advisePlain(
  wanted: readonly Wanted[],
  plan: PlanOfService,
  detection: Detection | undefined,
): Advice[] {
  return adviceOn(plan, wanted, ofDeployed(plan, detection));
}

/** A framework that has no answer, and says nothing in the plan, but what all of these do. */
export function plainFramework({ wanted, wraps, ...unit }: Difference): Framework {
  return defineFramework({
    ...unit,
    // Without a mount the app serves its files itself: slower, and right.
    assets: {},
    fields: plainFields,
    section: () => z.object({ ...unitPlan(), ...frameworkContract() }),
    plan: (plan, answers) => plainPlan(unit, plan, () => wanted(plan), answers, wraps),
    wrapper: (answers) => (wraps === undefined ? undefined : moduleFor(wraps, answers)),
    files: () => [],
    validators: async () => [],
    advise: (plan, detection) => advisePlain(wanted(plan), plan, detection),
  });
}
