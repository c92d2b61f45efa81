/** O6: what works in the background. */
import { expect } from 'vitest';
import { pause, until } from '../harness/processes.ts';
import type { Site } from '../harness/sites.ts';
import type { Stack } from '../harness/stack.ts';
import type { Row } from './suite.ts';

const PERIOD = 2;
/** How far apart two ticks may seem to be from what they are. */
const JITTER = 0.5;

function backgroundOf({ site, deployment }: Stack): NonNullable<Site['background']> {
  if (site.background === undefined) throw new Error(`sites.ts knows no background of ${deployment.project}`);
  return site.background;
}

async function counts(stack: Stack, work: number) {
  return (await backgroundOf(stack).done(stack)).works[work] ?? { begun: 0, finished: 0 };
}

/** Until each has been finished; the counts, which are 1 and 1 for what was done exactly once. */
async function finished(stack: Stack, works: readonly number[], seconds: number) {
  for (const work of works)
    await until(`the end of work ${work}`, seconds, async () =>
      (await counts(stack, work)).finished > 0 ? true : undefined,
    );
  return Promise.all(works.map((work) => counts(stack, work)));
}

const ONCE = { begun: 1, finished: 1 };

/** A piece of work is done, where anything works in the background at all. */
export async function worksAgain(stack: Stack): Promise<void> {
  if (stack.plan.background.length === 0) return;
  const work = await backgroundOf(stack).order(stack, 0);
  expect(await finished(stack, [work], 20)).toEqual([ONCE]);
}

/** When the schedule ticked: seconds since 1970. */
async function ticks(stack: Stack): Promise<number[]> {
  const { schedule, tick } = backgroundOf(stack);
  const log = await stack.host.shell(stack.manager.background(schedule).log);
  return log
    .split('\n')
    .filter((line) => tick.test(line))
    .map((line) => Number.parseFloat(line));
}

/** Orders work that is in hand when the next release goes live: when most of it is built. */
async function orderDuringRelease(stack: Stack): Promise<number> {
  const { paths, background } = stack.plan;
  const last = Number(await stack.host.shell(`readlink ${paths.current} | sed 's|.*/||'`));
  const program = background[0]?.command[0]?.replace(paths.current, `${paths.releases}/${last + 1}`);
  await until('the next release', 120, async () =>
    (await stack.host.run('test', '-e', `${program}`)).status === 0 ? true : undefined,
  );
  return backgroundOf(stack).order(stack, 20);
}

/** Ends the main process; the seconds until there is another. */
async function secondsUntilBack(stack: Stack, name: string): Promise<number> {
  const { main } = stack.manager.background(name);
  const before = Number(await stack.host.shell(main));
  const started = performance.now();
  await stack.host.kill(before);
  await until(`another ${name}`, 10, async () => {
    const now = Number(await stack.host.shell(main));
    return now !== 0 && now !== before ? true : undefined;
  });
  return (performance.now() - started) / 1000;
}

export const backgroundRows: Row[] = [
  {
    id: 'O6',
    lines: /^(ExecStart|KillMode|KillSignal|TimeoutStopSec|Restart|Type)=/,
    hurries: true,
    async prove({ stack, note }) {
      const { host, manager, plan } = stack;
      const { worker, schedule, atOnce, order, done, finished: line, period } = backgroundOf(stack);
      expect(await stack.background(), 'main processes').not.toContain(0);

      // The work is done, and the manager has its log.
      const first = await order(stack, 1);
      expect(await finished(stack, [first], 20)).toEqual([ONCE]);
      expect(await host.shell(manager.background(worker).log)).toMatch(line(first));

      // A restart waits for what is in hand, and takes nothing else with it.
      const inHand = await Promise.all(Array.from({ length: atOnce }, () => order(stack, 6)));
      for (const work of inHand)
        await until(`the beginning of work ${work}`, 20, async () =>
          (await counts(stack, work)).begun > 0 ? true : undefined,
        );
      const waiting = await Promise.all(Array.from({ length: 4 }, () => order(stack, 1)));
      const restart = await host.shell(`date +%s.%N; ${manager.background(worker).restart}; date +%s.%N`);
      const [asked = 0, up = 0] = restart.split('\n').map(Number);
      expect(await Promise.all(inHand.map((work) => counts(stack, work))), 'in hand at the restart').toEqual(
        inHand.map(() => ONCE),
      );
      expect(await finished(stack, waiting, 30), 'ordered, and not begun').toEqual(waiting.map(() => ONCE));
      expect(up - asked, 'seconds that it waited').toBeGreaterThan(1);
      note(`a restart waited ${(up - asked).toFixed(1)} s for what was in hand; none was lost or done twice`);

      // The schedule ticks once a period, through restarts of everything and through a release with work in hand.
      await host.shell(manager.background(schedule).stop);
      await until('the work of earlier ticks', 20, async () => {
        const some = (await done(stack)).ticks;
        await pause(1000);
        return (await done(stack)).ticks === some ? true : undefined;
      });
      const before = (await ticks(stack)).length;
      const takenBefore = (await done(stack)).ticks;
      await host.shell(`echo ${period}=${PERIOD} >>${plan.paths.environment}`);
      await host.shell(manager.background(schedule).restart);
      await until('the schedule', 30, async () =>
        (await ticks(stack)).length > before + 2 ? true : undefined,
      );
      const [atRelease] = await Promise.all([orderDuringRelease(stack), stack.install()]);
      expect(await finished(stack, [atRelease], 30), 'in hand at the release').toEqual([ONCE]);
      for (let times = 0; times < 3; times++) await host.shell(manager.background(schedule).restart);
      const last = (await ticks(stack)).length;
      await until('the schedule', 30, async () =>
        (await ticks(stack)).length > last + 1 ? true : undefined,
      );
      // Celery tells of a tick before it orders the work: between two of them there is none on the way.
      await pause(PERIOD * 500);
      await host.shell(manager.background(schedule).stop);
      const times = (await ticks(stack)).slice(before);
      const apart = times.slice(1).map((time, index) => time - (times[index] ?? 0));
      note(
        `${times.length} ticks over a release and three restarts, ${Math.min(...apart).toFixed(2)} to ${Math.max(...apart).toFixed(2)} s apart`,
      );
      expect(Math.min(...apart), 'seconds between two ticks').toBeGreaterThan(PERIOD - JITTER);
      const taken = await until('the work of every tick', 20, async () => {
        const now = (await done(stack)).ticks - takenBefore;
        return now >= times.length ? now : undefined;
      });
      expect(taken, 'each tick is worked on once').toBe(times.length);
      await host.shell(manager.background(schedule).restart);

      // Whatever ends one, it comes back.
      const back = [await secondsUntilBack(stack, worker), await secondsUntilBack(stack, schedule)];
      note(`killed: back after ${back.map((seconds) => `${seconds.toFixed(2)} s`).join(' and ')}`);
      expect(Math.max(...back)).toBeLessThan(5);
      await worksAgain(stack);
    },
  },
];
