/** supervisord: http://supervisord.org/ */
import * as z from 'zod/mini';
import { defineProcessManager } from '../../contract/unit.ts';
import {
  daemonFiles,
  daemonPlan,
  daemonProcess,
  daemonSection,
  monitor,
  refusedByDaemon,
  socketOf,
} from '../daemon.ts';

/** How its client is spoken to. */
const words = {
  // The first of two: see templates/process-managers/supervisord/supervisord.conf.hbs.
  app: (id: string) => `${id}:0`,
  restart: (processes: readonly string[]) => ['restart', ...processes].join(' '),
  status: (processes: readonly string[]) => ['status', ...processes].join(' '),
};

export const supervisord = defineProcessManager({
  kind: 'supervisord',
  title: 'supervisord',
  why: 'For those who know supervisorctl: a daemon for this app alone, itself kept by systemd.',
  docs: 'http://supervisord.org/',
  packages: ['supervisor'],
  refuses: refusedByDaemon,
  socket: socketOf,
  fields: { monitor },
  section: () => z.object(daemonSection()),

  process: (plan) => daemonProcess(plan, words),

  plan(plan, answers) {
    const configuration = () => `${plan.paths.config}/supervisord.conf`;
    return daemonPlan(plan, answers, {
      kind: 'supervisord',
      title: 'supervisord',
      docs: 'http://supervisord.org/',
      configuration,
      command: () => ['/usr/bin/supervisord', '--nodaemon', '--configuration', configuration()],
      client: () => ['/usr/bin/supervisorctl', '--configuration', configuration()],
      readsSystem: false,
      chowns: true,
      schedules: false,
      distributions: [],
      programs: '',
      ...words,
    });
  },

  files: (plan) =>
    daemonFiles(plan, plan.processManager, {
      template: 'process-managers/supervisord/supervisord.conf',
      purpose: "What supervisord runs, and how; it keeps the app's socket open.",
    }),

  async validators() {
    const { systemdAcceptsUnits, systemdSandboxIsTight } = await import('../systemd/check.ts');
    const { supervisordAccepts } = await import('./check.ts');
    return [systemdAcceptsUnits, systemdSandboxIsTight, supervisordAccepts];
  },
});
