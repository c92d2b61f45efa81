/** What a person types to operate the app, by process manager: shell scripts for the host, which each has beside its tests. */

import { inside } from '../../app-servers/mod-wsgi/host.ts';
import { manager as circus } from '../../process-managers/circus/host.ts';
import { manager as supervisord } from '../../process-managers/supervisord/host.ts';
import { manager as systemd } from '../../process-managers/systemd/host.ts';
import type { Planned as Plan } from '../../support/plan.ts';

export interface Manager {
  reload: string;
  restart: string;
  /** Stops the app so that no visit brings it back. */
  stop: string;
  start: string;
  /** Prints the number of the app server's main process. */
  main: string;
  /** Prints the numbers of all processes of the app. */
  processes: string;
  /** Prints how it goes, for a person. */
  status: string;
  /** Prints what the app and its server have logged. */
  log: string;
  /** The end of the logs, for a person. */
  logEnd: string;
  /** Succeeds when what was wrong is forgotten: after tests that provoke failures. */
  forgive: string;
  /** Folders of its own that the app can write to, since it runs as the app's user. */
  folders: readonly string[];
  /** Prints the overall exposure of each sandbox, a number a line: one command for each. */
  exposure: readonly string[];
  /** What works in the background, by its name among the answers. */
  background(name: string): Background;
}

interface Background {
  restart: string;
  stop: string;
  /** Prints the number of its main process, 0 for none. */
  main: string;
  /** Prints what it has logged, each line with the seconds since 1970 before it. */
  log: string;
}

const MANAGERS: Record<string, (plan: Plan) => Manager> = { systemd, supervisord, circus };

/** For the plan's process manager. */
export function managerOf(plan: Plan): Manager {
  if (plan.upstream.inside !== null) return inside(plan);
  const make = MANAGERS[plan.processManager.kind];
  if (make === undefined)
    throw new Error(`test/hosts/harness/managers.ts does not know ${plan.processManager.kind}`);
  return make(plan);
}
