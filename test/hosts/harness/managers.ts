/** What a person types to operate the app, by process manager: shell scripts for the host. */
import type { Plan } from '../../../src/plan/schema.ts';

export interface Manager {
  reload: string;
  restart: string;
  /** Stops the app so that no visit brings it back. */
  stop: string;
  start: string;
  /** Prints the number of the app server's main process. */
  main: string;
  /** Prints the numbers of all processes of the app. */
  processes: string;
  /** Prints how it goes, for a person. */
  status: string;
  /** Prints what the app and its server have logged. */
  log: string;
  /** The end of the logs, for a person. */
  logEnd: string;
  /** Succeeds when what was wrong is forgotten: after tests that provoke failures. */
  forgive: string;
  /** Prints the overall exposure of each sandbox, a number a line; undefined where nothing measures it. */
  exposure?: string;
  /** What works in the background, by its name among the answers. */
  background(name: string): Background;
}

interface Background {
  restart: string;
  stop: string;
  /** Prints the number of its main process, 0 for none. */
  main: string;
  /** Prints what it has logged, each line with the seconds since 1970 before it. */
  log: string;
}

const MANAGERS: Record<string, (plan: Plan) => Manager> = {
  systemd: ({ name, background }) => ({
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
    exposure: [name, ...background.map(({ id }) => id)]
      .map((id) => `systemd-analyze security --no-pager ${id}.service`)
      .map((rating) => `${rating} | sed -n 's/.*Overall exposure level for .*: \\([0-9.]*\\).*/\\1/p'`)
      .join('\n'),
    background: (process) => ({
      restart: `systemctl restart ${name}-${process}.service`,
      stop: `systemctl stop ${name}-${process}.service`,
      main: `systemctl show --property MainPID --value ${name}-${process}.service`,
      log: `journalctl --sync; journalctl -u ${name}-${process}.service -o short-unix --no-pager`,
    }),
  }),
};

/** For the plan's process manager. */
export function managerOf(plan: Plan): Manager {
  const make = MANAGERS[plan.processManager.kind];
  if (make === undefined)
    throw new Error(`test/hosts/harness/managers.ts does not know ${plan.processManager.kind}`);
  return make(plan);
}
