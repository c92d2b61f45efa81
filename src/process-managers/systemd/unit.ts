/** systemd: https://www.freedesktop.org/software/systemd/man/latest/ */
import * as z from 'zod/mini';
import { field, type Known } from '../../contract/field.ts';
import { processManagerContract, unitPlan } from '../../contract/plan.ts';
import { defineProcessManager } from '../../contract/unit.ts';
import { versionFrom } from '../../contract/values.ts';
import { packaged } from '../../words/targets.ts';

const text = { mode: 0o644, owner: 'root:root' };

/** A service as people call it. */
const named = (name: string) => (name === '' ? 'the app' : `the service ${name}`);

/** Debian 12's. */
const OLDEST = '252';

export const systemd = defineProcessManager({
  kind: 'systemd',
  title: 'systemd',
  why: 'Already runs on the host: it holds the socket, restarts the app and locks it in.',
  docs: 'https://www.freedesktop.org/software/systemd/man/latest/',
  packages: [],
  socket: (name) => `/run/${name}.sock`,
  fields: {
    'systemd-version': field({
      schema: versionFrom(OLDEST),
      derived: true,
      form: 'text',
      placeholder: 'VERSION',
      question: 'Which systemd does the host have?',
      help: "systemd on the host; default: the target's own.",
      fallback: ({ target }: Known) => packaged(target, 'systemd'),
    }),
  },
  section: () =>
    z.object({
      ...unitPlan(),
      ...processManagerContract(),
      /** The units that work in the background. */
      workers: z.array(z.string()),
    }),

  plan(plan, answers) {
    const workers = () => plan.background.map(({ id }) => `${id}.service`);
    const mains = () => plan.services.map(({ process }) => process.main);
    const own = () =>
      plan.services.flatMap(({ process }) => [process.socket, process.main]).filter((unit) => unit !== '');
    return {
      kind: 'systemd',
      title: 'systemd',
      docs: 'https://www.freedesktop.org/software/systemd/man/latest/',
      systemd: () => answers['systemd-version'],
      restart: () => {
        const inside = plan.services.flatMap((service) => service.upstream.inside?.restart ?? []);
        const units = plan.services
          .filter(({ upstream }) => upstream.inside === null)
          .map(({ process }) => process.main)
          .concat(workers());
        const others = units.length > 0 ? [['systemctl restart', ...units].join(' ')] : [];
        return [...inside, ...others].join(' && sudo ');
      },
      status: () => `systemctl status ${mains().join(' ')}`,
      logs: () =>
        plan.services.find(({ upstream }) => upstream.inside !== null)?.upstream.inside?.logs ??
        `journalctl ${mains()
          .map((unit) => `-u ${unit}`)
          .join(' ')}`,
      stopAll: () => ['systemctl stop', ...own(), ...workers()].join(' '),
      startAll: () => ['systemctl start', ...own(), ...workers()].join(' '),
      enableAll: () => ['systemctl enable --now', ...own(), ...workers()].join(' '),
      show: () => `systemctl cat ${mains().join(' ')}`,
      monitorSocket: '',
      socketFolders: [],
      readsSystem: false,
      distributions: [],
      programs: '',
      workers,
      background: () =>
        plan.background.map((process) => ({
          name: process.name,
          restart: () => `systemctl restart ${process.id}.service`,
          status: () => `systemctl status ${process.id}.service`,
          logs: () => `journalctl -u ${process.id}.service`,
        })),
    };
  },

  process: ({ service, upstream }) => {
    const main = () => upstream.inside?.service ?? `${service.id}.service`;
    return {
      main,
      socket: () => (upstream.inside === null ? `${service.id}.socket` : ''),
      restart: () => upstream.inside?.restart ?? `systemctl restart ${main()}`,
      status: () => `systemctl status ${main()}`,
      logs: () => upstream.inside?.logs ?? `journalctl -u ${main()}`,
    };
  },

  files(plan) {
    const units = plan.services.flatMap(({ service, upstream, process }, index) =>
      upstream.inside !== null
        ? []
        : [
            {
              ...text,
              service: index,
              template: 'process-managers/systemd/app.socket',
              path: () => `/etc/systemd/system/${process.socket}`,
              purpose: () =>
                `Keeps the socket open, so that no connection is refused while ${named(service.name)} restarts.`,
            },
            {
              ...text,
              service: index,
              template: 'process-managers/systemd/app.service',
              path: () => `/etc/systemd/system/${process.main}`,
              purpose: () => `Runs ${named(service.name)} in a sandbox, and restarts it if it stops.`,
            },
          ],
    );
    return [
      ...units,
      ...plan.background.map((process, index) => ({
        ...text,
        template: 'process-managers/systemd/background.service',
        only: { list: 'background', index },
        path: () => `/etc/systemd/system/${process.id}.service`,
        purpose: `Runs ${process.name} in the background, in a sandbox, and restarts it if it stops.`,
      })),
    ];
  },

  async validators() {
    const { systemdAcceptsUnits, systemdSandboxIsTight } = await import('./check.ts');
    return [systemdAcceptsUnits, systemdSandboxIsTight];
  },
});
