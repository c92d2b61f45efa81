/** What a visitor and a person on the host see of Apache. */
import type { Front } from '../../hosts/harness/web-servers.ts';

export const front: Front = {
  // It cannot hang up without a word: a status, and nothing else.
  refuses: ({ text, end }) =>
    end !== 'silent' &&
    /^(|HTTP\/1\.[01] (400|403|421) [\s\S]*\r\n\r\n)$/.test(text) &&
    !/^(location|set-cookie):/im.test(text),
  ending(line) {
    const [, total, first, id = ''] = /" (\d+) (\d+) ([\w@-]{27})$/.exec(line) ?? [];
    return total === undefined
      ? undefined
      : { total: Number(total) / 1e6, upstream: Number(first) / 1e6, id };
  },
  // It knows no way of the app's: until the first byte, a file takes next to nothing.
  endingOfFile(line) {
    const first = /" \d+ (\d+) [\w@-]{27}$/.exec(line)?.[1];
    return first !== undefined && Number(first) < 500_000;
  },
  refusesBody: /<title>413 Request Entity Too Large<\/title>/,
  folder: '/etc/apache2',
  signature: /apache/i,
};
