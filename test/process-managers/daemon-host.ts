/** What a person types where the process manager is a daemon of the app's own, with a client for it. */

import type { Manager } from '../hosts/harness/managers.ts';
import type { Planned as Plan } from '../support/plan.ts';
import { exposureOf } from './exposure.ts';

export function daemon(
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
