/** What a person types to operate the app under systemd. */

import type { Manager } from '../../hosts/harness/managers.ts';
import type { Planned as Plan } from '../../support/plan.ts';
import { exposureOf } from '../exposure.ts';

export const manager = ({ name, background }: Pick<Plan, 'name' | 'background'>): Manager => ({
  reload: `systemctl reload ${name}.service`,
  restart: `systemctl restart ${name}.service`,
  stop: `systemctl stop ${name}.socket ${name}.service`,
  start: `systemctl start ${name}.socket ${name}.service`,
  main: `systemctl show --property MainPID --value ${name}.service`,
  processes: `cat /sys/fs/cgroup/system.slice/${name}.service/cgroup.procs`,
  status: `systemctl status --no-pager ${name}.service`,
  log: `journalctl --sync; journalctl -u ${name}.service -o cat --no-pager`,
  logEnd: `journalctl -u ${name}.service -u ${name}.socket -n 12 -o short --no-pager`,
  forgive: `systemctl reset-failed`,
  folders: [],
  exposure: [name, ...background.map(({ id }) => id)].map(exposureOf),
  background: (process) => ({
    restart: `systemctl restart ${name}-${process}.service`,
    stop: `systemctl stop ${name}-${process}.service`,
    main: `systemctl show --property MainPID --value ${name}-${process}.service`,
    log: `journalctl --sync; journalctl -u ${name}-${process}.service -o short-unix --no-pager`,
  }),
});
