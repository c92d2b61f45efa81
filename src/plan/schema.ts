/** The shape of a whole plan: what templates may ask for. */
import * as z from 'zod/mini';
import { commonPlan, filesSchema, limitsSchema, type Plan } from '../contract/plan.ts';
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
