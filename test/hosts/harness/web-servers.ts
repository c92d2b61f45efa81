/** What a visitor and a person on the host see of each web server where they differ: each says it beside its tests. */
import type { Planned as Plan } from '../../support/plan.ts';
import { front as apache } from '../../web-servers/apache/host.ts';
import { front as nginx } from '../../web-servers/nginx/host.ts';

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

const FRONTS: Record<string, Front> = { nginx, apache };

/** For the plan's web server. */
export function frontOf({ webServer }: Plan): Front {
  const front = FRONTS[webServer.kind];
  if (front === undefined)
    throw new Error(`test/hosts/harness/web-servers.ts does not know ${webServer.kind}`);
  return front;
}
