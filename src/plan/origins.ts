/** From a place in the plan back to the answers that it follows from. */
import * as z from 'zod/mini';
import { commonPlan, filesSchema, limitsSchema, origins, type Plan } from '../contract/plan.ts';
import { unitsOfPlan } from '../units.ts';

/** The schema of a whole plan, with the sections of its units. */
export function planSchema(
  plan: Pick<Plan, 'framework' | 'webServer' | 'appServer' | 'processManager'>,
): z.ZodMiniObject {
  const { framework, appServer, processManager, webServer } = unitsOfPlan(plan as Plan);
  return z.object({
    ...commonPlan(),
    framework: framework.section(),
    appServer: appServer.section(),
    processManager: processManager.section(),
    webServer: webServer.section(),
    limits: limitsSchema(),
    files: filesSchema(),
  });
}

/** One step down a schema: the name of a property, or any index of a list. Undefined where there is nothing. */
export function inner(schema: z.core.$ZodType, part: string): z.core.$ZodType | undefined {
  const { def } = schema._zod;
  switch (def.type) {
    case 'nullable':
    case 'optional':
      return inner((def as z.core.$ZodNullableDef).innerType, part);
    case 'array':
      return part === '*' || /^\d+$/.test(part) ? (def as z.core.$ZodArrayDef).element : undefined;
    case 'object':
      return (def as z.core.$ZodObjectDef).shape[part];
    default:
      return undefined;
  }
}

/** The answers that a place of the plan ("static.0.url") follows from; none for what is always the same. */
export function answersBehind(path: string, plan: Plan): readonly string[] {
  let schema: z.core.$ZodType | undefined = planSchema(plan);
  let from: readonly string[] = [];
  for (const part of path.split('.')) {
    schema = schema && inner(schema, part);
    if (schema === undefined) break;
    from = origins.get(schema)?.from ?? from;
  }
  return from;
}
