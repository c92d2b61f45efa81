/** The plan of a site with one service, for tests that look at both. */
import type { Plan, Service } from '../../src/contract/plan.ts';
import type { Validator } from '../../src/contract/validator.ts';
import { appServerOf, unitsOfPlan } from '../../src/units.ts';

/** A site, and what its own service has. */
export type Planned = Plan & Service;

export function planned(plan: Plan): Planned {
  const [own] = plan.services;
  if (own === undefined) throw new Error('a site has a service of its own');
  return { ...plan, ...own };
}

/** The real tools of its units. */
export async function validatorsOf(plan: Planned): Promise<Validator<Planned>[]> {
  const { framework, webServer, processManager } = unitsOfPlan(plan);
  const all = [framework, webServer, processManager, appServerOf(plan)].map((unit) => unit.validators());
  return (await Promise.all<readonly Validator<Planned>[]>(all)).flat();
}
