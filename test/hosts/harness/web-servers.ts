/** What a visitor and a person on the host see of each web server where they differ. */
import type { Plan } from '../../../src/contract/plan.ts';

export interface Front {
  /** Is this how it refuses a request for a name that no site has: without a page? */
  refuses(answer: { text: string; end: string }): boolean;
  /** The durations, in seconds, and the id at the end of a line of the access log; undefined where there are none. */
  ending(line: string): { total: number; upstream: number; id: string } | undefined;
  /** The same of a request that the app never saw. */
  endingOfFile(line: string): boolean;
  /** What its own page says to a body that is too large. */
  refusesBody: RegExp;
  /** Its folder of files. */
  folder: string;
  /** Its name in pages of its own. */
  signature: RegExp;
}

const FRONTS: Record<string, Front> = {
  nginx: {
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
  },
  apache: {
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
  },
};

/** For the plan's web server. */
export function frontOf({ webServer }: Plan): Front {
  const front = FRONTS[webServer.kind];
  if (front === undefined)
    throw new Error(`test/hosts/harness/web-servers.ts does not know ${webServer.kind}`);
  return front;
}
