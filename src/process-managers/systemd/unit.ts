/** systemd: https://www.freedesktop.org/software/systemd/man/latest/ */
import * as z from 'zod/mini';
import { field, type Known } from '../../contract/field.ts';
import { from, processManagerContract, unitPlan } from '../../contract/plan.ts';
import { defineProcessManager } from '../../contract/unit.ts';
import { versionFrom } from '../../contract/values.ts';
import { packaged } from '../../words/targets.ts';
import { earlierSystemd } from './reads.ts';

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
      service: from(z.string(), 'name'),
      /** The unit that holds its socket. */
      socket: from(z.string(), 'name'),
      /** The units that work in the background. */
      workers: from(z.array(z.string()), 'name', 'background'),
    }),

  plan({ name, background, upstream }, answers) {
    const workers = background.map(({ id }) => `${id}.service`);
    const { inside } = upstream;
    const own = inside === null ? [`${name}.socket`, `${name}.service`] : [inside.service];
    const service = inside?.service ?? `${name}.service`;
    const restart = inside?.restart ?? `systemctl restart ${service}`;
    return {
      kind: 'systemd',
      title: 'systemd',
      docs: 'https://www.freedesktop.org/software/systemd/man/latest/',
      systemd: answers['systemd-version'],
      restart:
        inside === null
          ? [restart, ...workers].join(' ')
          : [restart, ...(workers.length > 0 ? [['systemctl restart', ...workers].join(' ')] : [])].join(
              ' && sudo ',
            ),
      status: `systemctl status ${service}`,
      logs: inside?.logs ?? `journalctl -u ${service}`,
      stopAll: ['systemctl stop', ...own, ...workers].join(' '),
      startAll: ['systemctl start', ...own, ...workers].join(' '),
      show: `systemctl cat ${service}`,
      monitorSocket: '',
      socketFolders: [],
      readsSystem: false,
      distributions: [],
      programs: '',
      service,
      socket: inside === null ? `${name}.socket` : '',
      workers,
      background: background.map((process) => ({
        name: process.name,
        restart: `systemctl restart ${process.id}.service`,
        status: `systemctl status ${process.id}.service`,
        logs: `journalctl -u ${process.id}.service`,
      })),
    };
  },

  files({ name, background, upstream }) {
    const app = [
      {
        ...text,
        template: 'process-managers/systemd/app.socket',
        path: `/etc/systemd/system/${name}.socket`,
        purpose: 'Holds the socket, so that no connection is refused while the app restarts.',
      },
      {
        ...text,
        template: 'process-managers/systemd/app.service',
        path: `/etc/systemd/system/${name}.service`,
        purpose: 'Runs the app, restarts it, and locks it in.',
      },
    ];
    return [
      ...(upstream.inside === null ? app : []),
      ...background.map((process, index) => ({
        ...text,
        template: 'process-managers/systemd/background.service',
        only: { list: 'background', index },
        path: `/etc/systemd/system/${process.id}.service`,
        purpose: `Runs ${process.name} in the background, restarts it, and locks it in.`,
      })),
    ];
  },

  reads: earlierSystemd,
  async validators() {
    const { systemdAcceptsUnits, systemdSandboxIsTight } = await import('./check.ts');
    return [systemdAcceptsUnits, systemdSandboxIsTight];
  },
});
