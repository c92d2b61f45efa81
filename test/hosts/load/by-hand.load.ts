/**
 * npm run bench:hosts, its first part: the generated stack and one written by hand on the same host, in turn. The
 * figure is the ratio of the medians, so that a slow or busy machine changes little. Like the rest it is not a test.
 */
import { afterAll, beforeAll, describe, it } from 'vitest';
import { hashedAssets } from '../conformance/files.ts';
import { deploy, type Stack } from '../harness/stack.ts';
import { generated, type Served, startByHand } from './by-hand.ts';
import { MODES, median, report, summary, TARGET } from './report.ts';
import { failed, told, wrk } from './wrk.ts';

const WEB_SERVERS = (process.env.DEPLOY_SCAFFOLD_BENCH_WEB ?? 'nginx apache').split(' ');
const ROUNDS = 5;
const SECONDS = 4;

afterAll(() => console.log(`\n${summary()}`));

describe.each(WEB_SERVERS.flatMap((web) => MODES.map((mode) => ({ web, mode }))))(
  `${TARGET}, $web, tls $mode`,
  ({ web, mode }) => {
    let stack: Stack;
    let both: Record<'ours' | 'byHand', Served>;

    beforeAll(async () => {
      stack = await deploy({
        project: 'django-contracts',
        target: TARGET,
        flags: ['--tls', mode, '--web-server', web],
        answers: { background: {} },
      });
      both = { ours: generated(stack), byHand: await startByHand(stack) };
    });
    afterAll(() => stack?.destroy());

    it('the home page', async () => {
      await compare('/', 8, {}, 0.95);
    });

    it('a static file', async () => {
      const [hashed = ''] = await hashedAssets(stack);
      for (const encoding of ['gzip', 'identity'])
        await compare(hashed, 16, { 'Accept-Encoding': encoding }, 0.97);
    });

    /** Both are asked for a page in turn, and which one is first changes. */
    async function compare(
      path: string,
      connections: number,
      headers: Record<string, string>,
      goal: number,
    ): Promise<void> {
      const speeds = { ours: [] as Speed[], byHand: [] as Speed[] };
      for (const which of ['ours', 'byHand'] as const) await speed(both[which], 1);
      for (let round = 0; round < ROUNDS; round++)
        for (const which of (['ours', 'byHand'] as const).toSorted(() => (round % 2 === 0 ? 1 : -1)))
          speeds[which].push(await speed(both[which], SECONDS));
      const ratio = (of: keyof Speed) =>
        median(speeds.ours.map((one) => one[of])) / median(speeds.byHand.map((one) => one[of]));
      const shown = (all: readonly Speed[]) => all.map(({ aSecond }) => aSecond.toFixed(0)).join(' ');
      report(
        `${web}, ${mode}: ${path} ${Object.values(headers).join()}`,
        `${ratio('aSecond').toFixed(2)} of by hand in requests a second, ${ratio('aCpuSecond').toFixed(2)} in requests a second of processor time (${shown(speeds.ours)} to ${shown(speeds.byHand)})`,
        `at least ${goal}`,
        ratio('aSecond') >= goal,
      );

      async function speed({ origin, services }: Served, seconds: number): Promise<Speed> {
        const before = await processorSeconds(stack, services);
        const found = await wrk(stack.host, origin + path, { connections, seconds, headers });
        if (failed(found) > 0) throw new Error(`${origin}${path}: ${told(found)}`);
        const spent = (await processorSeconds(stack, services)) - before;
        return { aSecond: found.requests / found.seconds, aCpuSecond: found.requests / spent };
      }
    }
  },
);

interface Speed {
  aSecond: number;
  /** What the services alone needed, whatever else the machine was doing meanwhile. */
  aCpuSecond: number;
}

/** https://docs.kernel.org/admin-guide/cgroup-v2.html#cpu-interface-files */
async function processorSeconds({ host }: Stack, services: readonly string[]): Promise<number> {
  const files = services.map((name) => `/sys/fs/cgroup/system.slice/${name}.service/cpu.stat`);
  return (
    Number(await host.shell(`awk '/^usage_usec/ { sum += $2 } END { print sum }' ${files.join(' ')}`)) / 1e6
  );
}
