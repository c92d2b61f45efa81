/** The four kinds of unit and their alternatives. */
import { appServers } from './app-servers/index.ts';
import type { Plan, Service } from './contract/plan.ts';
import type { AppServer, Framework, ProcessManager, WebServer } from './contract/unit.ts';
import { frameworks } from './frameworks/index.ts';
import { processManagers } from './process-managers/index.ts';
import { webServers } from './web-servers/index.ts';

/** What all units have in common. */
export type AnyUnit = AppServer | Framework | ProcessManager | WebServer;

/** Each kind: the answer that chooses among its units, and the units, the recommended one first. */
export const UNIT_KINDS = [
  { answer: 'framework', folder: 'frameworks', title: 'framework', units: frameworks },
  { answer: 'web-server', folder: 'web-servers', title: 'web server', units: webServers },
  { answer: 'app-server', folder: 'app-servers', title: 'app server', units: appServers },
  { answer: 'process-manager', folder: 'process-managers', title: 'process manager', units: processManagers },
] as const satisfies readonly { answer: string; folder: string; title: string; units: readonly AnyUnit[] }[];

export interface ChosenUnits {
  framework: Framework;
  webServer: WebServer;
  appServer: AppServer;
  processManager: ProcessManager;
}

/** The units that validated answers name, each looked up when it is asked for: then alone its answer counts. */
export function unitsOfAnswers(answers: Readonly<Record<string, unknown>>): ChosenUnits {
  return {
    get framework() {
      return find(frameworks, answers.framework);
    },
    get webServer() {
      return find(webServers, answers['web-server']);
    },
    get appServer() {
      return find(appServers, answers['app-server']);
    },
    get processManager() {
      return find(processManagers, answers['process-manager']);
    },
  };
}

/** The units that a plan is made of; each service has an app server of its own. */
export function unitsOfPlan(
  plan: Pick<Plan, 'framework' | 'webServer' | 'processManager'>,
): Omit<ChosenUnits, 'appServer'> {
  return {
    framework: find(frameworks, plan.framework.kind),
    webServer: find(webServers, plan.webServer.kind),
    processManager: find(processManagers, plan.processManager.kind),
  };
}

/** The app server of a service. */
export const appServerOf = ({ appServer }: Pick<Service, 'appServer'>): AppServer =>
  find(appServers, appServer.kind);

function find<U extends { kind: string }>(units: readonly U[], kind: unknown): U {
  const unit = units.find((candidate) => candidate.kind === kind);
  if (!unit) throw new Error(`no unit "${String(kind)}": answers are validated before they are planned`);
  return unit;
}
