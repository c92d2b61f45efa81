/** The shape of a plan: what templates may ask for. */
import * as z from 'zod/mini';
import {
  filesSchema,
  limitsSchema,
  type Plan,
  processContract,
  servicePlan,
  sitePlan,
} from '../contract/plan.ts';
import { appServerOf, unitsOfPlan } from '../units.ts';

type Sections = Pick<Plan, 'framework' | 'webServer' | 'processManager'>;
type OfService = Pick<Plan['services'][number], 'appServer'>;

const siteShape = (plan: Sections) => {
  const { framework, processManager, webServer } = unitsOfPlan(plan);
  return {
    ...sitePlan(),
    framework: framework.section(),
    processManager: processManager.section(),
    webServer: webServer.section(),
    limits: limitsSchema(),
    files: filesSchema(),
  };
};

const serviceShape = (service: OfService) => ({
  ...servicePlan(),
  appServer: appServerOf(service).section(),
  process: z.object(processContract()),
});

/** The schema of a whole plan, with the sections of its units. Services may have different app servers. */
export function planSchema(plan: Sections & { services: readonly OfService[] }): z.ZodMiniObject {
  const [first, ...others] = plan.services.map((service) => z.object(serviceShape(service)));
  if (first === undefined) throw new Error('a site has a service');
  return z.object({ ...siteShape(plan), services: z.array(z.union([first, ...others])) });
}

/** The schema of the plan as a service sees it. */
export function serviceSchema(plan: Sections & OfService): z.ZodMiniObject {
  return z.object({ ...siteShape(plan), ...serviceShape(plan) });
}
