/** What an earlier deployment has and the new one does not take over: in groups, by what a person can do about it. */
import type { Evidence } from './value.ts';

/** Each group's title, and what to do; in the order that they are shown in. */
export const GROUPS = {
  services: {
    title: 'Other services behind the same web server',
    remedy:
      "Their URLs reach the app from now on: give each a domain of its own, or add it to the site's file in the output folder.",
  },
  processes: {
    title: 'Other processes',
    remedy:
      'Give those that belong to the app with --background; another service keeps the configuration that it has.',
  },
  schedule: {
    title: 'Commands at times',
    remedy: 'No answer stands for them: keep them in cron or in timers, with the paths of the new site.',
  },
  beside: {
    title: 'What the app may need on the host',
    remedy:
      "Install programs on the host, or give those that are Debian's packages with --package; move what volumes hold.",
  },
  environment: {
    title: 'Environment variables',
    remedy:
      'Name those that the app reads with --env or --env-optional, and put their values into the environment file on the host: no value is copied.',
  },
  answers: {
    title: 'Values for answers',
    remedy: 'See which of them are still right, and give those with the flag that stands behind them.',
  },
  releases: {
    title: 'Commands at a start or a release',
    remedy:
      'A release installs the requirements, migrates and collects assets. Run what else is still needed by hand.',
  },
  web: {
    title: 'Rules of the web server',
    remedy:
      "Add those that are still needed to the site's file in the output folder: a file that you edited is never overwritten.",
  },
  server: {
    title: 'Settings of the app server',
    remedy:
      'Add those that are still needed to its file in the output folder: a file that you edited is never overwritten.',
  },
  limits: {
    title: 'Limits and rules for processes',
    remedy:
      "Put those that are still right into a drop-in on the host: systemctl edit, and the service's name.",
  },
  missing: {
    title: 'Files that are named, and are not in the project',
    remedy: 'Look at them on the old host: what they say was not read.',
  },
  development: {
    title: "For tests or a developer's machine",
    remedy:
      'They were read for where the app is, and for nothing else: give what the live site needs of them.',
  },
  unknown: {
    title: 'Not known to deploy-scaffold',
    remedy: 'See what each does, and whether the new site needs it.',
  },
} as const satisfies Record<string, { title: string; remedy: string }>;

export type Group = keyof typeof GROUPS;

/** One thing that is not taken over, with all the places that say it. */
export interface NotTaken {
  group: Group;
  text: string;
  /** The first of the places. */
  at: Evidence;
  from: Evidence[];
}
