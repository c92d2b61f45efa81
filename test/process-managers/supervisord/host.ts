/** What a person types to operate the app under supervisord. */

import type { Manager } from '../../hosts/harness/managers.ts';
import type { Planned as Plan } from '../../support/plan.ts';
import { daemon } from '../daemon-host.ts';

export const manager = (plan: Plan): Manager =>
  daemon(plan, `${plan.name}:0`, {
    signal: `signal HUP ${plan.name}:0`,
    restart: 'restart',
    stop: 'stop',
    main: (process) => `pid ${process}`,
  });
