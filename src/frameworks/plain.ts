/** What frameworks without settings and commands of their own have in common: the unit but for what differs. */
import * as z from 'zod/mini';
import type { LazyParts } from '../contract/lazy.ts';
import { type CommonPlan, frameworkContract, type Plan, unitPlan } from '../contract/plan.ts';
import type { Framework, GivenAnswers } from '../contract/unit.ts';
import { alembic, alembicConfig, migrate } from './migrate.ts';
import { adviceOn, appSnippet, listed, ofDeployed, type Wanted } from './wanted.ts';

interface Difference
  extends Pick<
    Framework,
    | 'kind'
    | 'title'
    | 'why'
    | 'docs'
    | 'refuses'
    | 'distribution'
    | 'needs'
    | 'general'
    | 'interface'
    | 'detect'
  > {
  fields?: Framework['fields'];
  section?: Framework['section'];
  /** What the app has to set, given the plan. */
  wanted(plan: CommonPlan): Wanted[];
  /** What stands in the plan otherwise than here, or beside it. */
  plan?(usual: Usual, answers: GivenAnswers): Partial<LazyParts<Plan['framework']>>;
}

/** What stands in the plan of every such framework unless it says otherwise. */
const usualPlan = ({ upstream }: CommonPlan) => ({
  modules: () => [upstream.module],
  example: 'python',
  exampleDoes: 'have a Python with all that the app has',
});

type Usual = ReturnType<typeof usualPlan>;

export function plainFramework({ fields, section, wanted, plan: own, ...unit }: Difference): Framework {
  const { kind, title, docs } = unit;
  return {
    ...unit,
    // Without a mount the app serves its files itself: slower, and right.
    assets: {},
    fields: { migrate, 'alembic-config': alembicConfig, ...fields },
    section: section ?? (() => z.object({ ...unitPlan(), ...frameworkContract() })),
    plan: (plan, answers) => ({
      ...{ kind, title, docs },
      wanted: () => listed(wanted(plan)),
      snippet: () => appSnippet(plan, wanted(plan)),
      ...usualPlan(plan),
      ...{ brings: [], environment: [], prepare: [] },
      migrate: () => alembic(answers),
      ...own?.(usualPlan(plan), answers),
    }),
    files: () => [],
    validators: async () => [],
    advise: (plan, detection) => adviceOn(title, wanted(plan), ofDeployed(plan, detection)),
  };
}
