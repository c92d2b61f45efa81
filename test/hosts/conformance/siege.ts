/** What every attack has: many attempts, a few of them at a time, and a look at what they left. */
import { expect } from 'vitest';
import type { Stack } from '../harness/stack.ts';

/** So many at a time; the results in the order of the items. */
export async function inTurn<Item, Result>(
  items: readonly Item[],
  atATime: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const one = async () => {
    for (let at = next++; at < items.length; at = next++) results[at] = await work(items[at] as Item);
  };
  await Promise.all(Array.from({ length: atATime }, one));
  return results;
}

const webService = ({ plan }: Stack) => (plan.webServer.kind === 'nginx' ? 'nginx' : 'apache2');

/** Who serves: the processes of the app and of the web server. */
async function servants(stack: Stack): Promise<string[]> {
  const { main, processes } = stack.manager;
  const words = await stack.host.shell(
    `${main}; ${processes}; systemctl show --property MainPID,NRestarts --value ${webService(stack)}`,
  );
  return words.split('\n').sort();
}

/** What nobody who asks for whatever may achieve: that somebody has to be started anew, or is of no use afterwards. */
export async function unharmed(stack: Stack, attack: () => Promise<void>): Promise<void> {
  const before = await servants(stack);
  await attack();
  expect((await stack.fetch('/')).status, 'GET / afterwards').toBe(200);
  expect(await servants(stack), 'processes afterwards').toEqual(before);
}

/** Kilobytes that the web server's processes hold in memory. */
export async function memory(stack: Stack): Promise<number> {
  const words = await stack.host.shell(
    `for pid in $(cat /sys/fs/cgroup/system.slice/${webService(stack)}.service/cgroup.procs); do grep -h ^RssAnon: /proc/$pid/status || true; done`,
  );
  return [...words.matchAll(/\d+/g)].reduce((sum, [kilobytes]) => sum + Number(kilobytes), 0);
}
