/** What a person types to operate an app that runs inside of Apache. */

import type { Manager } from '../../hosts/harness/managers.ts';
import { manager as systemd } from '../../process-managers/systemd/host.ts';
import type { Planned as Plan } from '../../support/plan.ts';

/** An app inside of the web server: its processes are that one's, under a name of their own. */
export function inside({ name, background, upstream, paths }: Plan): Manager {
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
    background: systemd({ name, background }).background,
  };
}
