/** systemd: https://www.freedesktop.org/software/systemd/man/latest/ */
import * as z from 'zod/mini';
import { field, type Known } from '../../contract/field.ts';
import { processManagerContract, unitPlan } from '../../contract/plan.ts';
import { defineProcessManager } from '../../contract/unit.ts';
import { versionFrom } from '../../contract/values.ts';
import { packaged } from '../../words/targets.ts';

const text = { mode: 0o644, owner: 'root:root' };

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
      /** The unit that runs the app. */
      service: z.string(),
      /** The unit that holds its socket. */
      socket: z.string(),
      /** The units that work in the background. */
      workers: z.array(z.string()),
    }),

  plan(plan, answers) {
    const { upstream } = plan;
    const workers = () => plan.background.map(({ id }) => `${id}.service`);
    const service = () => upstream.inside?.service ?? `${plan.name}.service`;
    const socket = () => (upstream.inside === null ? `${plan.name}.socket` : '');
    const own = () => [socket(), service()].filter((unit) => unit !== '');
    return {
      kind: 'systemd',
      title: 'systemd',
      docs: 'https://www.freedesktop.org/software/systemd/man/latest/',
      systemd: () => answers['systemd-version'],
      restart: () => {
        const units = workers();
        if (upstream.inside === null) return ['systemctl restart', service(), ...units].join(' ');
        const others = units.length > 0 ? [['systemctl restart', ...units].join(' ')] : [];
        return [upstream.inside.restart, ...others].join(' && sudo ');
      },
      status: () => `systemctl status ${service()}`,
      logs: () => upstream.inside?.logs ?? `journalctl -u ${service()}`,
      stopAll: () => ['systemctl stop', ...own(), ...workers()].join(' '),
      startAll: () => ['systemctl start', ...own(), ...workers()].join(' '),
      enableAll: () => ['systemctl enable --now', ...own(), ...workers()].join(' '),
      show: () => `systemctl cat ${service()}`,
      monitorSocket: '',
      socketFolders: [],
      readsSystem: false,
      distributions: [],
      programs: '',
      service,
      socket,
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

  files(plan) {
    const app = [
      {
        ...text,
        template: 'process-managers/systemd/app.socket',
        path: () => `/etc/systemd/system/${plan.name}.socket`,
        purpose: 'Keeps the socket open, so that no connection is refused while the app restarts.',
      },
      {
        ...text,
        template: 'process-managers/systemd/app.service',
        path: () => `/etc/systemd/system/${plan.name}.service`,
        purpose: 'Runs the app in a sandbox, and restarts it if it stops.',
      },
    ];
    return [
      ...(plan.upstream.inside === null ? app : []),
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
