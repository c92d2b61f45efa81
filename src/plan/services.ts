/** The plan as its services see it. */
import { type Plan, type PlanOfService, servicePlan } from '../contract/plan.ts';

/** What each service has for itself. */
const PARTS = new Set([...Object.keys(servicePlan()), 'appServer', 'process']);

/** The plan as one of its services sees it, which knows of no other. Each part is read where it is asked for. */
export function planOfService(plan: Plan, index: number): PlanOfService {
  return new Proxy(plan as unknown as PlanOfService, {
    get: (_, name) => Reflect.get(PARTS.has(String(name)) ? (plan.services[index] ?? {}) : plan, name),
  });
}

/** Where a part that a service sees stands in the whole plan: "upstream.app" is "services.1.upstream.app". */
export function pathInPlan(path: string, index: number): string {
  return PARTS.has(path.split('.')[0] ?? '') ? `services.${index}.${path}` : path;
}
