/** What frameworks without settings and commands of their own have in common: the unit but for what differs. */
import * as z from 'zod/mini';
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
  /** What stands in the plan otherwise than here. */
  plan?(answers: GivenAnswers): Partial<Plan['framework']> & Record<string, unknown>;
}

export function plainFramework({ fields, section, wanted, plan: own, ...unit }: Difference): Framework {
  const { kind, title, docs } = unit;
  return {
    ...unit,
    // Without a mount the app serves its files itself: slower, and right.
    assets: {},
    fields: { migrate, 'alembic-config': alembicConfig, ...fields },
    section: section ?? (() => z.object({ ...unitPlan(), ...frameworkContract() })),
    plan: (common, answers) => ({
      ...{ kind, title, docs },
      wanted: listed(wanted(common)),
      snippet: appSnippet(common, wanted(common)),
      modules: [common.upstream.module],
      ...{ example: 'python', exampleDoes: 'have a Python with all that the app has' },
      ...{ brings: [], environment: [], prepare: [] },
      migrate: alembic(answers),
      ...own?.(answers),
    }),
    files: () => [],
    validators: async () => [],
    advise: (plan, detection) => adviceOn(title, wanted(plan), ofDeployed(plan, detection)),
  };
}
