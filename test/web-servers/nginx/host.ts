/** What a visitor and a person on the host see of nginx. */
import type { Front } from '../../hosts/harness/web-servers.ts';

export const front: Front = {
  // It closes the connection.
  refuses: ({ text, end }) => text === '' && end !== 'silent',
  ending(line) {
    const [, total, upstream, id = ''] = /" (\d+\.\d{3}) (\d+\.\d{3}) ([0-9a-f]{32})$/.exec(line) ?? [];
    return total === undefined ? undefined : { total: Number(total), upstream: Number(upstream), id };
  },
  endingOfFile: (line) => /" \d+\.\d{3} - [0-9a-f]{32}$/.test(line),
  refusesBody: /413 Request Entity Too Large/,
  folder: '/etc/nginx',
  signature: /nginx/i,
};
