/** A Debian host, by an installer with releases and a way back. */

import type { Delivery } from '../contract/delivery.ts';
import { type Plan, recoverUnit } from '../contract/plan.ts';
import type { LazyFile, PlannedFile } from '../contract/unit.ts';
import { accounts, broughtModules, environmentExample, runScript, text } from './host.ts';

/** What the installer sources, beside what it asks of the units. */
const INSTALLER_PARTS = {
  preflight: 'What the installer checks before it changes anything.',
  release: 'How the installer builds a release and tries it.',
  switch: 'How the installer makes a release live, and rolls it back.',
  removal: 'How the installer removes the app.',
};

/** The scripts in which units answer it. */
const hooks = ({ webServer, services, processManager }: Plan) => [
  { folder: 'web-servers', script: 'web-server', unit: webServer },
  ...services.map(({ appServer, service: { tail } }, service) => ({
    ...{ folder: 'app-servers', script: `app-server${tail}`, unit: appServer, service },
  })),
  { folder: 'process-managers', script: 'process-manager', unit: processManager },
];

export const debian: Delivery = {
  kind: 'debian',
  title: 'an installer for Debian',
  why: 'A script puts releases on a Debian host, tries each before it goes live, and takes back what fails.',
  installer: 'install.sh',
  hostFiles: (plan) => [runScript(plan), ...accounts(plan), recovery(plan), environmentExample(plan)],
  kitFiles,
};

function recovery(plan: Plan): LazyFile {
  return {
    ...text,
    template: 'deliveries/debian/recover.service',
    path: () => `/etc/systemd/system/${recoverUnit(plan.name)}`,
    purpose: 'At boot, rolls back an installation that was cut off when the host went down.',
  };
}

function kitFiles(plan: Plan): PlannedFile[] {
  return [
    {
      template: 'deliveries/debian/install.sh',
      path: 'install.sh',
      mode: 0o755,
      owner: '',
      purpose: 'Installs a release and these files on a host.',
    },
    ...Object.entries(INSTALLER_PARTS).map(([part, purpose]) => ({
      ...text,
      template: `deliveries/debian/install.d/${part}.sh`,
      path: `install.d/${part}.sh`,
      purpose,
    })),
    {
      ...text,
      template: 'deliveries/debian/install.d/assets.py',
      path: 'install.d/assets.py',
      purpose: 'How the installer keeps the assets of other releases available.',
    },
    ...broughtModules(plan, 'install.d'),
    ...hooks(plan).map(({ folder, script, unit, ...seen }) => ({
      ...text,
      ...seen,
      template: `${folder}/${unit.kind}/install.sh`,
      path: `install.d/${script}.sh`,
      purpose: `The steps of the installer that depend on ${unit.title}.`,
    })),
    {
      template: 'deliveries/debian/README.md',
      path: 'README.md',
      mode: 0o644,
      owner: '',
      purpose: 'This run-book.',
    },
  ];
}
