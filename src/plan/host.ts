/** What every stack has around its four units: the user, the folders, the installer, the run-book. */

import { type Plan, recoverUnit } from '../contract/plan.ts';
import type { LazyFile, PlannedFile } from '../contract/unit.ts';

const text = { mode: 0o644, owner: 'root:root' };

/** What the installer sources, beside what it asks of the units. */
const INSTALLER_PARTS = {
  preflight: 'What has to be right before the installer changes anything.',
  release: 'How the installer builds a release and tries it.',
  switch: 'How the installer goes live, and back.',
  removal: 'How the installer takes the app away.',
};

/** Files of the host that belong to no unit. */
export function hostFiles(plan: Plan): LazyFile[] {
  return [
    {
      template: 'host/run.sh',
      path: () => plan.paths.run,
      mode: 0o755,
      owner: 'root:root',
      purpose:
        'Runs a command on the host as the app runs: its user, its environment, its virtual environment.',
    },
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
      purpose: 'The folders, with owners and modes.',
    },
    {
      ...text,
      template: 'host/recover.service',
      path: () => `/etc/systemd/system/${recoverUnit(plan.name)}`,
      purpose: 'At boot, takes back an installation that the host went down in.',
    },
    {
      ...text,
      template: 'host/environment',
      path: () => `${plan.paths.environment}.example`,
      purpose: 'Which environment variables the app reads; the values are filled in on the host.',
    },
  ];
}

/** Files of the kit itself, beside the tree for the host: `path` is relative to the output folder. */
export function kitFiles({ framework, webServer, appServer, processManager }: Plan): PlannedFile[] {
  return [
    {
      template: 'host/install.sh',
      path: 'install.sh',
      mode: 0o755,
      owner: '',
      purpose: 'Puts a release and these files on a host.',
    },
    ...Object.entries(INSTALLER_PARTS).map(([part, purpose]) => ({
      ...text,
      template: `host/install.d/${part}.sh`,
      path: `install.d/${part}.sh`,
      purpose,
    })),
    {
      ...text,
      template: 'host/install.d/assets.py',
      path: 'install.d/assets.py',
      purpose: 'How the installer keeps the assets of other releases within reach.',
    },
    ...framework.brings.map((module) => ({
      ...text,
      template: `frameworks/${framework.kind}/${module}`,
      path: `install.d/${module}`,
      purpose: `The module that each release has beside the app, for ${appServer.title} to load.`,
    })),
    {
      ...text,
      template: `web-servers/${webServer.kind}/install.sh`,
      path: 'install.d/web-server.sh',
      purpose: `What the installer asks of ${webServer.title}.`,
    },
    {
      ...text,
      template: `app-servers/${appServer.kind}/install.sh`,
      path: 'install.d/app-server.sh',
      purpose: `What the installer asks of ${appServer.title}.`,
    },
    {
      ...text,
      template: `process-managers/${processManager.kind}/install.sh`,
      path: 'install.d/process-manager.sh',
      purpose: `What the installer asks of ${processManager.title}.`,
    },
    { template: 'host/README.md', path: 'README.md', mode: 0o644, owner: '', purpose: 'This run-book.' },
  ];
}
