/**
 * What supervisord and Circus have in common: each is a daemon for this app alone, as the app's own user and locked in
 * like the app itself, which systemd starts at boot and keeps alive. It holds the app's socket and starts what works in
 * the background.
 */
import * as z from 'zod/mini';
import { field, type Refusal } from '../contract/field.ts';
import type { Lazy, LazyParts } from '../contract/lazy.ts';
import {
  type CommonPlan,
  processManagerContract,
  type Service,
  type Shape,
  unitPlan,
  type WholeSite,
} from '../contract/plan.ts';
import type { LazyFile } from '../contract/unit.ts';
import { truth } from '../contract/values.ts';
import { packaged } from '../words/targets.ts';

/** Seconds for the daemon to end after all that it has started. */
const MARGIN = 10;

export const socketOf = (name: string) => `${runtimeOf(name)}/app.sock`;
const runtimeOf = (name: string) => `/run/${name}`;
const monitorOf = (name: string) => `/run/${name}-monitor`;
const controlOf = (name: string) => `/usr/local/sbin/${name}-ctl`;

export const refusedByDaemon: readonly Refusal[] = [
  {
    answer: 'app-server',
    is: ['mod-wsgi'],
    because: "Apache itself starts mod_wsgi's processes",
    instead: 'systemd',
  },
];

export const monitor = field({
  schema: truth(),
  form: 'yes-no',
  question: 'Should there be a page that shows the processes?',
  help: 'It is read-only, listens on a Unix socket for members of the group adm, and is reached through ssh.',
  fallback: () => false,
});

export const daemonSection = () => ({
  ...unitPlan(),
  ...processManagerContract(),
  /** systemd's unit of the daemon. */
  service: z.string(),
  /** Its configuration. */
  configuration: z.string(),
  /** Program and arguments that run it in the foreground. */
  command: z.array(z.string()),
  /** Its own client, with the way to it. */
  client: z.array(z.string()),
  /** The client for a person: no way has to be named. */
  control: z.string(),
  /** Folder of the sockets by which it is told what to do, by its own user and root alone. */
  sockets: z.string(),
  /** Starts a program with the socket and the environment that it is to have. */
  launcher: z.string(),
  /** Seconds for all to end. */
  stop: z.number(),
  /** It calls chown, even where nothing is to change. */
  chowns: z.boolean(),
  /** It sets the scheduler of its threads, though nothing is to change. */
  schedules: z.boolean(),
  /** It starts more than one service. */
  several: z.boolean(),
  /** What its client calls what works in the background. */
  workers: z.array(z.string()),
  /** The program that serves the page; "" for none. */
  monitor: z.string(),
});

/** What differs: in its own words. */
interface Daemon {
  kind: string;
  title: string;
  docs: string;
  configuration(): string;
  command(): string[];
  /** Its client, which waits for so many seconds. */
  client(seconds: () => number): string[];
  /** What the client calls a service, and what it needs to say how they are. */
  app(id: string): string;
  readsSystem: boolean;
  chowns: boolean;
  schedules: boolean;
  distributions: Lazy<string[]>;
  /** Folder of what pip installs for it. */
  programs: Lazy<string>;
  /** Restarts these, by the client. */
  restart(processes: readonly string[]): string;
  /** Says how these are. */
  status(processes: readonly string[]): string;
}

/** What a daemon does for one service. */
export const daemonProcess = (
  { name, service }: CommonPlan,
  { app, restart, status }: Pick<Daemon, 'app' | 'restart' | 'status'>,
): LazyParts<Service['process']> => ({
  main: () => app(service.id),
  socket: '',
  restart: () => `${name}-ctl ${restart([app(service.id)])}`,
  status: () => `sudo ${name}-ctl ${status([app(service.id)])}`,
  logs: () => `journalctl -u ${name}.service -t ${service.id}`,
});

/** The plan's section of such a daemon. */
export function daemonPlan(plan: WholeSite, answers: { target: string; monitor: boolean }, daemon: Daemon) {
  const { restart, status, client, app: _, ...words } = daemon;
  const { users } = plan;
  const service = () => `${plan.name}.service`;
  const workers = () => plan.background.map(({ id }) => id);
  const monitored = () => answers.monitor;
  const stop = () =>
    Math.max(
      ...plan.services.map(({ timeouts }) => timeouts.stop),
      plan.background.length > 0 ? plan.patience.backgroundStop : 0,
    ) + MARGIN;
  const apps = () => plan.services.map(({ process }) => process.main);
  const logs = (of: readonly string[]) =>
    `journalctl -u ${service()} ${of.map((id) => `-t ${id}`).join(' ')}`;
  return {
    ...words,
    restart: () => `${plan.name}-ctl ${restart([...apps(), ...workers()])}`,
    stopAll: () => `systemctl stop ${service()}`,
    startAll: () => `systemctl start ${service()}`,
    enableAll: () => `systemctl enable --now ${service()}`,
    status: () => `sudo ${plan.name}-ctl ${status(apps())}`,
    logs: () => logs(plan.services.map((one) => one.service.id)),
    show: () => `systemctl cat ${service()}`,
    systemd: () => packaged(answers.target, 'systemd') ?? '',
    socketFolders: () => [
      ...plan.services.map((one) => ({ path: () => runtimeOf(one.service.id), group: () => users.web })),
      ...(monitored() ? [{ path: () => monitorOf(plan.name), group: 'adm' }] : []),
    ],
    background: () =>
      plan.background.map((process) => ({
        name: process.name,
        restart: () => `${plan.name}-ctl ${restart([process.id])}`,
        status: () => `sudo ${plan.name}-ctl ${status([process.id])}`,
        logs: () => logs([process.id]),
      })),
    service,
    control: () => controlOf(plan.name),
    sockets: () => `/run/${plan.name}-manager`,
    launcher: () => `/usr/local/sbin/${plan.name}-launch`,
    stop,
    several: () => plan.services.length > 1,
    client: () => client(stop),
    workers,
    monitor: () => (monitored() ? `/usr/local/sbin/${plan.name}-monitor` : ''),
    monitorSocket: () => (monitored() ? `${monitorOf(plan.name)}/page.sock` : ''),
  };
}

/** The files around such a daemon, with its own configuration. */
export function daemonFiles(
  plan: WholeSite,
  section: Shape<typeof daemonSection>,
  configuration: { template: string; purpose: string },
): LazyFile[] {
  const template = (file: string) => `process-managers/daemon/${file}`;
  const script = { mode: 0o755, owner: 'root:root' };
  return [
    { ...configuration, path: () => section.configuration, mode: 0o644, owner: 'root:root' },
    {
      template: template('manager.service'),
      path: () => `/etc/systemd/system/${section.service}`,
      mode: 0o644,
      owner: 'root:root',
      purpose: `Runs ${section.title} as the app's user in a sandbox, and restarts it if it stops.`,
    },
    {
      ...script,
      template: template('launch.py'),
      path: () => section.launcher,
      purpose: 'Starts a program with its environment and its socket, and sends its output to the journal.',
    },
    {
      ...script,
      template: template('control.sh'),
      path: () => section.control,
      purpose: () => `Controls ${section.title}: for example, ${plan.name}-ctl status.`,
    },
    ...(section.monitor === ''
      ? []
      : [
          {
            ...script,
            template: template('monitor.py'),
            path: () => section.monitor,
            purpose: 'A page that shows the processes, on a Unix socket.',
          },
        ]),
  ];
}
