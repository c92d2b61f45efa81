/** What every delivery puts on a host around the units: the app's user, its folders, its environment. */
import type { Plan } from '../contract/plan.ts';
import type { LazyFile, PlannedFile } from '../contract/unit.ts';

export const text = { mode: 0o644, owner: 'root:root' };

/** How a command is run as the app runs. */
export function runScript(plan: Plan): LazyFile {
  return {
    template: 'host/run.sh',
    path: () => plan.paths.run,
    mode: 0o755,
    owner: 'root:root',
    purpose:
      'Runs a command on the host the way the app runs: as its user, with its environment and its virtual environment.',
  };
}

/** The app's user and folders. */
export function accounts(plan: Plan): LazyFile[] {
  return [
    {
      ...text,
      template: 'host/sysusers.conf',
      path: () => `/etc/sysusers.d/${plan.name}.conf`,
      purpose: 'The user that the app runs as.',
    },
    {
      ...text,
      template: 'host/tmpfiles.conf',
      path: () => `/etc/tmpfiles.d/${plan.name}.conf`,
      purpose: "The app's folders, with their owners and modes.",
    },
  ];
}

/** The names of the environment's variables. */
export function environmentExample(plan: Plan): LazyFile {
  return {
    ...text,
    template: 'host/environment',
    path: () => `${plan.paths.environment}.example`,
    purpose: 'The environment variables that the app reads; their values are filled in on the host.',
  };
}

/** The modules that each release has beside the app. */
export function broughtModules({ framework }: Plan, folder: string): PlannedFile[] {
  return framework.brings.map((module) => ({
    ...text,
    template: `frameworks/${framework.kind}/${module}`,
    path: `${folder}/${module}`,
    purpose: 'A module that each release contains beside the app.',
    // It is around the site's own app.
    service: 0,
  }));
}
