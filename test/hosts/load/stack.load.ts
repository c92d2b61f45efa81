/**
 * npm run bench:hosts, its second part: a deployed stack under load, as ratios within one run, so that a slow or busy
 * machine changes little. What is compared takes turns, and the figure is the median. It is not a test: a goal that is
 * missed fails nothing.
 */
import { afterAll, beforeAll, describe, it } from 'vitest';
import { figures, quantile, times } from '../conformance/measure.ts';
import { pause, until } from '../harness/processes.ts';
import { deploy, type Stack } from '../harness/stack.ts';
import { MODES, median, report, summary, TARGET } from './report.ts';
import { failed, told, wrk } from './wrk.ts';

const IDLE = 10_000;
const TRICKLING = 200;

afterAll(() => console.log(`\n${summary()}`));

describe.each(MODES)(`${TARGET}, tls %s`, (mode) => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await deploy({
      project: 'django-contracts',
      target: TARGET,
      flags: ['--tls', mode],
    });
  });
  afterAll(() => stack?.destroy());

  it('GET / while all workers but one are busy: p99 as on an idle stack', async () => {
    const busyOnes = (await stack.workers()).length - 1;
    const visit = () => wrk(stack.host, stack.url('/'), { connections: 1, seconds: 5 });
    await visit();
    const turns = await inTurns(9, async () => {
      const idle = await visit();
      const id = await stack.host.visitor.order('startLoad', {
        visit: stack.visit(stack.site.slow(6)),
        ...{ clients: busyOnes, pause: 0, most: busyOnes, seconds: 20 },
      });
      await pause(500);
      const busy = await visit();
      await stack.host.visitor.order('stopLoad', id);
      return { idle, busy };
    });
    const ratio = median(turns.map(({ idle, busy }) => busy.p99 / idle.p99));
    const all = turns.map(({ idle, busy }) => `${busy.p99.toFixed(1)}/${idle.p99.toFixed(1)}`).join(' ');
    report(
      `${mode}: GET /, ${busyOnes} workers busy`,
      `p99 ${ratio.toFixed(2)} of idle (${all} ms)`,
      'at most 1.2',
      ratio <= 1.2,
    );
  });

  it('thousands of idle connections, and hundreds of slow clients', async () => {
    await writeByHand(stack);
    const { visitor } = stack.host;
    const before = await times(stack, '/', 100);
    const idle = await visitor.order('startIdle', {
      visit: stack.visit(stack.site.asset),
      clients: IDLE,
      seconds: 170,
    });
    const opened = await until(`${IDLE} connections`, 120, async () => {
      const count = await visitor.order('countIdle', idle);
      return count.open + count.closed === IDLE ? count : undefined;
    });
    const slow = await visitor.order('startTrickle', {
      visit: stack.visit('/echo', { method: 'POST' }),
      clients: TRICKLING,
      seconds: 60,
    });
    await pause(5000);
    const during = await times(stack, '/', 100);
    const [held, slowHeld] = [
      await visitor.order('stopIdle', idle),
      await visitor.order('stopTrickle', slow),
    ];
    const ratio = quantile(during, 0.5) / quantile(before, 0.5);
    report(
      `${mode}: ${IDLE} idle connections and ${TRICKLING} slow clients`,
      `${held.open} and ${slowHeld.open} held, opened in ${(opened.ms / 1000).toFixed(1)} s; GET / before: ${figures(before)}; meanwhile: ${figures(during)}; median ${ratio.toFixed(2)}`,
      'all held, GET / served',
      held.open === IDLE && slowHeld.open === TRICKLING,
    );
  });

  it('operations under load: no request fails', async () => {
    const { manager, plan, host } = stack;
    const some = (count: number, script: string) => async () => {
      for (let number = 0; number < count; number++) {
        await host.shell(script);
        await pause(5000);
      }
    };
    // A client may send into a connection that the server is about to close for idling, at any reload, and sends it
    // again on another: https://www.rfc-editor.org/rfc/rfc9112#section-9.3.1. wrk does not, so it keeps none there.
    const close = { Connection: 'close' };
    const operations: { what: string; headers?: Record<string, string>; action: () => Promise<unknown> }[] = [
      { what: 'reload of the app', action: some(4, manager.reload) },
      { what: 'restart of the app', action: some(4, manager.restart) },
      { what: 'release by the installer', action: () => release(stack), headers: close },
      { what: 'reload of nginx', action: some(4, plan.webServer.reload), headers: close },
    ];
    let [requests, failures] = [0, 0];
    for (let round = 0; round < 5 && requests < 20_000; round++) {
      for (const { what, headers = {}, action } of operations) {
        const found = await wrk(host, stack.url('/'), {
          ...{ connections: 8, seconds: 180, headers },
          until: async () => {
            await pause(1000);
            await action();
            await pause(1500);
          },
        });
        requests += found.requests;
        failures += failed(found);
        console.log(`${what}: ${told(found)}`);
      }
    }
    report(
      `${mode}: reload, restart, release, reload of nginx`,
      `${failures} of ${requests} requests failed`,
      '0 of 20000',
      failures === 0 && requests >= 20_000,
    );
  });
});

/** New code, by the way that a person takes. */
function release(stack: Stack): Promise<string> {
  stack.setVersion(`load-${Date.now()}`);
  return stack.install();
}

async function inTurns<Value>(turns: number, turn: (number: number) => Promise<Value>): Promise<Value[]> {
  const values: Value[] = [];
  for (let number = 0; number < turns; number++) values.push(await turn(number));
  return values;
}

/** What the run-book has a person write for many visitors: in the place of the line that is there, or at the top. */
async function writeByHand({ host, plan }: Stack): Promise<void> {
  for (const { file, line } of plan.webServer.byHand) {
    const [word] = line.split(' ');
    await host.shell(`sed -i 's/^\\([[:space:]]*\\)${word} .*/\\1${line}/' ${file}
      grep -qF '${line}' ${file} || sed -i '1i ${line}' ${file}`);
  }
  await host.shell(`${plan.webServer.check} && ${plan.webServer.reload}`);
  await pause(500);
}
