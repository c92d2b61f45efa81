/** The operations of a day, under load; and R8 and R9, when the app fails. */
import { expect } from 'vitest';
import { pause, until } from '../harness/processes.ts';
import { part } from '../harness/sites.ts';
import type { Stack } from '../harness/stack.ts';
import type { LoadSummary } from '../harness/visits.ts';
import { worksAgain } from './background.ts';
import { figures, times, told, unharmed } from './measure.ts';
import { echo, reached } from './requests.ts';
import type { Row } from './suite.ts';

/** How hard visitors press, and for how long at most. */
const PRESSURE = { clients: 4, pause: 50, most: 20_000, seconds: 300 };

/** Twice as much as four others together, so that they do not stand still for as long as a load lasts. */
const SHARE = 8;

/**
 * What happens to visitors while something is done: four clients, for five minutes at most, unless told.
 * The app has some seconds for a request, and what is done may have it load anew: meanwhile the host goes before others.
 */
export async function underLoad(
  stack: Stack,
  path: string,
  action: () => Promise<unknown>,
  pressure: Partial<typeof PRESSURE> = {},
): Promise<LoadSummary> {
  const goOn = stack.host.goFirst(SHARE);
  try {
    return await loadDuring(stack, path, action, { ...PRESSURE, ...pressure });
  } finally {
    goOn?.();
  }
}

async function loadDuring(
  stack: Stack,
  path: string,
  action: () => Promise<unknown>,
  pressure: typeof PRESSURE,
): Promise<LoadSummary> {
  const id = await stack.host.visitor.order('startLoad', {
    visit: stack.visit(path, { seconds: 20 }),
    ...pressure,
  });
  try {
    await pause(700);
    await action();
    await pause(1500);
  } catch (error) {
    throw new Error(
      `${(error as Error).message}\nmeanwhile: ${told(await stack.host.visitor.order('stopLoad', id))}`,
    );
  }
  const summary = await stack.host.visitor.order('stopLoad', id);
  expect(summary.bounded, 'the load ended before what was to happen under it').toBe(false);
  return summary;
}

/** Until this page is answered with 200; the seconds that it took. */
async function secondsUntilServed(stack: Stack, path: string, most: number): Promise<number> {
  const started = performance.now();
  await until(`200 from ${path}`, most, async () => {
    const answer = await stack.fetch(path, { seconds: 2 }).catch(() => undefined);
    return answer?.status === 200 ? true : undefined;
  });
  return (performance.now() - started) / 1000;
}

/** Asks for the home page again and again; the answers are those since the host let nobody in, at its end. */
function firstVisitors(stack: Stack): { end: () => Promise<number[]> } {
  const answers: number[] = [];
  let [asking, down] = [true, false];
  const asked = (async () => {
    while (asking) {
      const answer = await stack.fetch('/', { seconds: 5 }).catch(() => undefined);
      if (answer === undefined) down = true;
      else if (down) answers.push(answer.status);
      await pause(20);
    }
  })();
  return {
    async end() {
      asking = false;
      await asked;
      return answers;
    },
  };
}

const version = async (stack: Stack) => (await echo(stack)).version;

/** All workers answer, and each with the same version. */
async function versions(stack: Stack): Promise<string[]> {
  const answers = await Promise.all(Array.from({ length: 12 }, () => version(stack)));
  return [...new Set(answers)];
}

/** This page gets the site's own 504 in time, and others are served meanwhile. */
async function isLate(stack: Stack, path: string, note: (text: string) => void): Promise<void> {
  const { request } = stack.plan.timeouts;
  const answer = stack.fetch(path);
  await pause(300);
  await times(stack, '/', 10);
  const late = await answer;
  note(`${path}: ${late.status} after ${(late.ms / 1000).toFixed(1)} s, with ${request} s allowed`);
  expect(late.status).toBe(504);
  expect(late.ms / 1000).toBeGreaterThan(request - 0.5);
  expect(late.ms / 1000).toBeLessThan(request + 2);
  expect(late.text, "the site's own page").toContain(stack.plan.site.canonical);
}

export const operationRows: Row[] = [
  {
    id: 'O7',
    lines: /log_format|access_log|error_log|accesslog/,
    hurries: true,
    async prove({ stack, note }) {
      const { host, plan, site } = stack;
      await stack.fetch(`${site.slow(1)}&mark=logged`);
      await stack.fetch(`${site.asset}?mark=logged-asset`);
      await stack.fetch('/?of=no-mark');
      await stack.fetch(site.logged.page);
      const line = await until('the request in the access log', 5, async () =>
        (await stack.accessLog()).split('\n').find((each) => each.includes('mark=logged ')),
      );
      note(line);
      const { total = 0, upstream = 0, id = '' } = stack.front.ending(line) ?? {};
      expect(total, 'duration').toBeGreaterThanOrEqual(1);
      expect(upstream, "the app's part of it").toBeGreaterThanOrEqual(1);
      expect(line).toMatch(/^10\.231\.0\.2 /);
      const asset = (await stack.accessLog()).split('\n').find((each) => each.includes('mark=logged-asset'));
      expect(stack.front.endingOfFile(asset ?? ''), `an asset has no upstream time: ${asset}`).toBe(true);
      expect(await reached(stack, 'mark=logged'), "the request in the app's log").toBe(true);
      const { listsRequests } = plan.appServer;
      expect(await reached(stack, ' /?of=no-mark'), "a list of requests in the app's log").toBe(
        listsRequests,
      );
      note(
        `requests are ${listsRequests ? 'listed by the app server, too' : "in the web server's list alone"}`,
      );
      if (plan.appServer.logsIds)
        await until("the same id in the app's log", 5, async () => (await reached(stack, id)) || undefined);
      expect(await stack.log(), "the app's own words").toMatch(site.logged.line);
      // Rotation: the system's own schedule knows the files, and writing goes on in the new one.
      for (const file of [plan.webServer.accessLog, plan.webServer.errorLog])
        expect(await host.shell('logrotate -d /etc/logrotate.conf 2>&1'), file).toContain(file);
      const owners = () =>
        host.shell(`stat -c '%a %U:%G' ${plan.webServer.accessLog} ${plan.webServer.errorLog}`);
      const first = await owners();
      await host.shell('logrotate -f /etc/logrotate.conf');
      expect(first, 'the first logs, as logrotate makes the others').toBe(await owners());
      expect(await host.shell(`test -e ${plan.webServer.accessLog}.1 && echo rotated`)).toBe('rotated');
      await stack.fetch('/?mark=after-rotation');
      await until(
        'a line in the new file',
        5,
        async () => (await stack.accessLog()).includes('mark=after-rotation') || undefined,
      );
      const { stdout } = await host.run('systemctl', 'is-enabled', 'logrotate.timer');
      expect(stdout.trim()).toBe('enabled');
    },
  },
  {
    id: 'O3',
    lines: /worker_shutdown_timeout|listen/,
    async prove({ stack, note }) {
      const slow = Array.from({ length: 2 }, () => stack.fetch(stack.site.slow(3)));
      const pages = await underLoad(stack, '/', async () => {
        for (let times = 0; times < 3; times++) {
          await stack.host.shell(stack.plan.webServer.reload);
          await pause(500);
        }
      });
      note(`three reloads: ${told(pages)}`);
      expect(unharmed(pages), told(pages)).toBe(true);
      expect(
        (await Promise.all(slow)).map(({ status }) => status),
        'in flight',
      ).toEqual([200, 200]);
    },
  },
  {
    id: 'O1',
    lines: /ExecReload|preload|Restart|ListenStream/,
    measures: true,
    async prove({ stack, note }) {
      const { host, plan, site } = stack;
      const before = await version(stack);
      const file = `${plan.paths.project}/${site.versionFile}`;
      if (plan.appServer.reloadSignal === '') note(`${plan.appServer.title} has no reload: a release alone`);
      else {
        const reload = await underLoad(stack, '/echo', async () => {
          await host.shell(`printf 'reloaded\\n' >${file} && ${stack.manager.reload}`);
          await until('the new code', 15, async () =>
            (await versions(stack)).join() === 'reloaded' ? true : undefined,
          );
        });
        note(`reload: ${told(reload)}`);
        expect(unharmed(reload), told(reload)).toBe(true);
      }
      stack.setVersion('released');
      stack.appendToAsset('/* released */');
      const release = await underLoad(stack, '/echo', () => stack.install());
      note(`a new release by the installer: ${told(release)}`);
      expect(unharmed(release), told(release)).toBe(true);
      expect(await versions(stack)).toEqual(['released']);
      await until('the new asset', 3, async () =>
        (await stack.fetch(site.asset)).text.includes('/* released */') ? true : undefined,
      );
      expect(before).not.toBe('released');
    },
  },
  {
    id: 'O2',
    lines: /ListenStream|KillMode|TimeoutStopSec|graceful_timeout/,
    async prove({ stack, note }) {
      const slow: ReturnType<Stack['fetch']>[] = [];
      const load = await underLoad(stack, '/', async () => {
        slow.push(stack.fetch(stack.site.slow(2)), stack.fetch(stack.site.slow(2)));
        await pause(500);
        await stack.host.shell(stack.manager.restart);
      });
      note(told(load));
      expect(
        (await Promise.all(slow)).map(({ status }) => status),
        'in flight',
      ).toEqual([200, 200]);
      expect(unharmed(load), told(load)).toBe(true);
    },
  },
  {
    id: 'O4',
    lines: /Restart/,
    hurries: true,
    async prove({ stack, note }) {
      const before = await stack.workers();
      const count = before.length;
      const [worker = 0] = before;
      if (stack.plan.appServer.supervises) {
        await stack.host.kill(worker);
        const after = await secondsUntilServed(stack, '/', 5);
        await until('as many workers as before', 5, async () => {
          const now = await stack.workers();
          return now.length === count && !now.includes(worker) ? true : undefined;
        });
        note(`a worker killed: served after ${after.toFixed(2)} s`);
      }
      const main = await stack.main();
      await stack.host.kill(main);
      const started = performance.now();
      await until('another main process', 5, async () => {
        const now = await stack.main();
        return now !== 0 && now !== main ? true : undefined;
      });
      await secondsUntilServed(stack, '/', 5);
      const served = (performance.now() - started) / 1000;
      note(`the main process killed: served after ${served.toFixed(2)} s`);
      expect(served).toBeLessThan(5);
      await until('all workers', 5, async () =>
        (await stack.workers()).length === count ? true : undefined,
      );
    },
  },
  {
    id: 'R8',
    lines: /proxy_read_timeout|^timeout|error_page/,
    hurries: true,
    async prove({ stack, note }) {
      const { request, worker, graceful } = stack.plan.timeouts;
      const before = await stack.workers();
      await isLate(stack, stack.site.slow(60), note);
      if (!stack.plan.appServer.endsSlowRequests) {
        // Such a request holds no worker: it is one that hangs as a whole that is replaced.
        expect((await stack.workers()).sort(), 'the same workers').toEqual(before.sort());
        await isLate(stack, part('a page that hangs', stack.site.live?.hang)(60), note);
      }
      // A process of mod_wsgi's has the time of a graceful end before it is ended with the request that hangs.
      // https://modwsgi.readthedocs.io/en/master/configuration-directives/WSGIDaemonProcess.html
      const grace = stack.plan.upstream.inside === null ? 0 : graceful;
      await until('another worker', worker + grace - request + 5, async () => {
        const now = await stack.workers();
        // At least as many as the plan has, for some of before may have been about to end, after a reload.
        const whole = now.length >= Math.min(before.length, stack.plan.workers.count);
        const [gone, come] = [
          before.some((pid) => !now.includes(pid)),
          now.some((pid) => !before.includes(pid)),
        ];
        return whole && gone && come ? true : undefined;
      });
      const after = await times(stack, '/', 20);
      note(`then GET /: ${figures(after)}`);
    },
  },
  {
    id: 'R9',
    lines: /error_page|unavailable|internal/,
    hurries: true,
    async prove({ stack, note }) {
      const { host, manager, plan } = stack;
      await host.shell(manager.stop);
      try {
        const eventStream = { headers: { accept: 'text/event-stream' } };
        for (const options of [{}, { method: 'POST', body: 'x' }, eventStream]) {
          const answer = await stack.fetch('/echo', { ...options, seconds: 10 });
          expect([502, 503]).toContain(answer.status);
          expect(answer.ms).toBeLessThan(2000);
          expect(answer.text, "the site's own page").toContain(plan.site.canonical);
          expect(answer.text).not.toMatch(stack.front.signature);
          expect(answer.headers['content-type']).toMatch(/^text\/html/);
          expect(answer.headers['cache-control']).toBe('no-store');
          note(
            `${'method' in options ? options.method : 'GET'}: ${answer.status} after ${answer.ms.toFixed(0)} ms`,
          );
        }
        expect((await stack.fetch(stack.site.asset)).status, 'assets are served all the same').toBe(200);
        expect((await stack.fetch('/unavailable.html')).status, 'the page itself has no address').not.toBe(
          200,
        );
      } finally {
        await host.shell(manager.start);
      }
      await secondsUntilServed(stack, '/', 10);
    },
  },
];

export const rebootRows: Row[] = [
  {
    id: 'O5',
    lines: /WantedBy|After=|Requires=/,
    hurries: true,
    async prove({ stack, note }) {
      const { host } = stack;
      const visitors = firstVisitors(stack);
      await host.reboot();
      const seconds = await secondsUntilServed(stack, '/', 15);
      const answers = await visitors.end();
      note(`first answers after the boot: ${answers.slice(0, 5).join(', ')}`);
      expect(answers.length, 'answers after the boot').toBeGreaterThan(0);
      expect(answers.filter((status) => status !== 200)).toEqual([]);
      note(`boot ${(host.bootTime / 1000).toFixed(1)} s, then served after ${seconds.toFixed(2)} s`);
      expect(await versions(stack)).toHaveLength(1);
      expect((await stack.fetch(stack.site.asset)).status).toBe(200);
      const { stdout } = await host.run('systemctl', 'list-units', '--failed', '--plain', '--no-legend');
      expect(stdout, 'units that failed').toBe('');
      await worksAgain(stack);
    },
  },
];
