/** Circus: https://circus.readthedocs.io/ */
import * as z from 'zod/mini';
import { field } from '../../contract/field.ts';
import { defineProcessManager } from '../../contract/unit.ts';
import { versionFrom } from '../../contract/values.ts';
import {
  daemonFiles,
  daemonPlan,
  daemonProcess,
  daemonSection,
  monitor,
  refusedByDaemon,
  socketOf,
} from '../daemon.ts';

/** The version that the generated files were tried with. */
const TRIED = '0.19.0';

/** It takes one name, or all. */
const one = (processes: readonly string[]) => (processes.length === 1 ? processes : []);

/** How its client is spoken to. */
const words = {
  app: (id: string) => id,
  restart: (processes: readonly string[]) => ['restart', '--waiting', ...one(processes)].join(' '),
  status: (processes: readonly string[]) => ['status', ...one(processes)].join(' '),
};

export const circus = defineProcessManager({
  kind: 'circus',
  title: 'Circus',
  why: 'Written in Python, with sockets of its own; for those who have it already.',
  docs: 'https://circus.readthedocs.io/',
  packages: [],
  refuses: refusedByDaemon,
  socket: socketOf,
  fields: {
    monitor,
    'circus-version': field({
      schema: versionFrom('0.18'),
      form: 'text',
      placeholder: 'VERSION',
      question: 'Which Circus runs the app?',
      help: 'pip installs it into a virtual environment of its own.',
      fallback: () => TRIED,
    }),
  },
  section: () => z.object({ ...daemonSection(), version: z.string() }),

  process: (plan) => daemonProcess(plan, words),

  plan(plan, answers) {
    const configuration = () => `${plan.paths.config}/circus.ini`;
    const programs = () => `${plan.paths.home}/circus-${answers['circus-version']}`;
    const section = daemonPlan(plan, answers, {
      kind: 'circus',
      title: 'Circus',
      docs: 'https://circus.readthedocs.io/',
      configuration,
      command: () => [`${programs()}/bin/circusd`, configuration()],
      client: (seconds) => [
        `${programs()}/bin/circusctl`,
        '--endpoint',
        `ipc:///run/${plan.name}-manager/endpoint`,
        '--timeout',
        String(seconds()),
      ],
      // psutil reads when the host was started: https://psutil.readthedocs.io/en/latest/#psutil.boot_time
      readsSystem: true,
      chowns: false,
      schedules: true,
      distributions: () => [`circus==${answers['circus-version']}`],
      programs,
      ...words,
    });
    return { ...section, version: () => answers['circus-version'] };
  },

  files: (plan) =>
    daemonFiles(plan, plan.processManager, {
      template: 'process-managers/circus/circus.ini',
      purpose: "What Circus runs, and how; it keeps the app's socket open.",
    }),

  async validators() {
    const { systemdAcceptsUnits, systemdSandboxIsTight } = await import('../systemd/check.ts');
    const { circusAccepts } = await import('./check.ts');
    return [systemdAcceptsUnits, systemdSandboxIsTight, circusAccepts];
  },
});
