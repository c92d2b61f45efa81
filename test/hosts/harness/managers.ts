/** What a person types to operate the app, by process manager: shell scripts for the host. */
import type { Plan } from '../../../src/contract/plan.ts';

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
  /** Folders of its own that the app can write to, since it runs as the app's user. */
  folders: readonly string[];
  /** Prints the overall exposure of each sandbox, a number a line: one command for each. */
  exposure: readonly string[];
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

/** The overall exposure of a service's sandbox, as a number. */
const exposureOf = (id: string) =>
  `systemd-analyze security --no-pager ${id}.service | sed -n 's/.*Overall exposure level for .*: \\([0-9.]*\\).*/\\1/p'`;

/** Those that are a daemon of the app's own, with a client for it. */
function daemon(
  { name }: Plan,
  app: string,
  words: { signal: string; restart: string; stop: string; main: (process: string) => string },
): Manager {
  const control = `/usr/local/sbin/${name}-ctl`;
  const main = (process: string) => `${control} ${words.main(process)} | grep -x '[0-9]*' || echo 0`;
  return {
    reload: `${control} ${words.signal}`,
    restart: `${control} ${words.restart} ${app} >/dev/null`,
    stop: `systemctl stop ${name}.service`,
    start: `systemctl start ${name}.service`,
    main: main(app),
    processes: `main=$(${main(app)}); echo "$main"; pgrep -P "$main"`,
    status: `${control} status`,
    log: `journalctl --sync; journalctl -u ${name}.service -o cat --no-pager`,
    logEnd: `journalctl -u ${name}.service -n 12 -o short --no-pager`,
    forgive: 'true',
    folders: [`/run/${name}`, `/run/${name}-monitor`, `/run/${name}-manager`],
    exposure: [exposureOf(name)],
    background: (process) => ({
      restart: `${control} ${words.restart} ${name}-${process} >/dev/null`,
      stop: `${control} ${words.stop} ${name}-${process} >/dev/null`,
      main: main(`${name}-${process}`),
      log: `journalctl --sync; journalctl -u ${name}.service -t ${name}-${process} -o short-unix --no-pager`,
    }),
  };
}

/** An app inside of the web server: its processes are that one's, under a name of their own. */
function inside({ name, background, upstream, paths }: Plan): Manager {
  const service = upstream.inside?.service ?? '';
  const script = `${paths.current}/wsgi.py`;
  return {
    reload: `touch ${script}`,
    restart: `touch ${script}`,
    stop: `systemctl stop ${service}`,
    start: `systemctl start ${service}`,
    main: `systemctl show --property MainPID --value ${service}`,
    processes: `pgrep -u ${name} apache2`,
    status: `systemctl status --no-pager ${service}`,
    log: `journalctl --sync; journalctl -u ${service} -o cat --no-pager; cat /var/log/apache2/${name}.error.log`,
    logEnd: `tail -n 12 /var/log/apache2/${name}.error.log`,
    forgive: 'systemctl reset-failed',
    folders: [],
    exposure: [],
    background: MANAGERS.systemd?.({ name, background } as Plan).background as Manager['background'],
  };
}

const MANAGERS: Record<string, (plan: Plan) => Manager> = {
  supervisord: (plan) =>
    daemon(plan, `${plan.name}:0`, {
      signal: `signal HUP ${plan.name}:0`,
      restart: 'restart',
      stop: 'stop',
      main: (process) => `pid ${process}`,
    }),
  circus: (plan) =>
    daemon(plan, plan.name, {
      signal: `signal ${plan.name} hup`,
      restart: 'restart --waiting',
      stop: 'stop --waiting',
      main: (process) => `list ${process}`,
    }),
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
    folders: [],
    exposure: [name, ...background.map(({ id }) => id)].map(exposureOf),
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
  if (plan.upstream.inside !== null) return inside(plan);
  const make = MANAGERS[plan.processManager.kind];
  if (make === undefined)
    throw new Error(`test/hosts/harness/managers.ts does not know ${plan.processManager.kind}`);
  return make(plan);
}
