/**
 * What running the tests may cost. A row or a stack that takes the hosts over `hostsAtMost`, by the times of the last
 * run, is proved by `npm run test:all` alone: it gets `onlyInAll` in test/hosts/conformance/rows.ts or stacks.ts.
 */

/** Minutes on two quiet cores, with a warm cache. */
export const MINUTES = { quick: 1, test: 15, all: 35, hosts: 12, hostsAtMost: 25 };

/** How many test files have hosts at the same time: most of what they do is waiting. */
export const HOSTS_AT_ONCE = 5;
