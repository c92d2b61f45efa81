/** What a person types to operate the app under Circus. */

import type { Manager } from '../../hosts/harness/managers.ts';
import type { Planned as Plan } from '../../support/plan.ts';
import { daemon } from '../daemon-host.ts';

export const manager = (plan: Plan): Manager =>
  daemon(plan, plan.name, {
    signal: `signal ${plan.name} hup`,
    restart: 'restart --waiting',
    stop: 'stop --waiting',
    main: (process) => `list ${process}`,
  });
