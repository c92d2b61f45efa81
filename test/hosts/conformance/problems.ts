/** P1 and P2, the two problems of a development server; R6 and R7, the same with slow clients. */
import { expect } from 'vitest';
import { pause, until } from '../harness/processes.ts';
import type { Stack } from '../harness/stack.ts';
import { HOST_ADDRESS } from '../harness/visitor.ts';
import { hashedAssets } from './files.ts';
import { figures, quantile, quantiles, times } from './measure.ts';
import { type Echo, echo } from './requests.ts';
import type { Row } from './suite.ts';

const PORT = 8000;

/** GET / while so many slow documents are made, at most for two seconds. */
async function whileBusy(stack: Stack, url: (path: string) => string, slow: number): Promise<number[]> {
  const slowOnes = Array.from({ length: slow }, () => stack.host.fetch(url(stack.site.slow(3))));
  await pause(300);
  const ms: number[] = [];
  const end = Date.now() + 2000;
  while (Date.now() < end && ms.length < 40) {
    const answer = await stack.host.fetch(url('/'));
    expect(answer.status).toBe(200);
    ms.push(answer.ms);
  }
  for (const answer of await Promise.all(slowOnes)) expect(answer.status).toBe(200);
  return ms.sort((one, other) => one - other);
}

/** The requests that each worker has seen, when all have told; only by asking them. */
export async function counts(stack: Stack, asked: (answer: Echo) => void): Promise<Map<number, number>> {
  const workers = await stack.workers();
  const seen = new Map<number, number>();
  for (let tries = 0; seen.size < workers.length && tries < 100; tries++) {
    const answers = await Promise.all(workers.map(() => echo(stack)));
    for (const answer of answers) {
      asked(answer);
      seen.set(answer.pid, Math.max(answer.requests, seen.get(answer.pid) ?? 0));
    }
  }
  expect([...seen.keys()].sort(), 'all workers have answered').toEqual(workers.sort());
  return seen;
}

/** Starts the framework's own server beside the stack, for as long as it is visited; the visit is given its URLs. */
async function besideDevelopmentServer(
  { host, plan, site }: Stack,
  visit: (url: (path: string) => string, log: () => Promise<string>) => Promise<void>,
): Promise<void> {
  const { command, environment } = site.developmentServer(plan, PORT);
  const set = Object.entries(environment).map(([name, value]) => `--setenv=${name}=${value}`);
  await host.shell(
    `systemd-run --quiet --unit=development-server --uid=${plan.users.app} --gid=${plan.users.app} \
      --property=WorkingDirectory=${plan.paths.code} --property=EnvironmentFile=${plan.paths.environment} \
      ${set.join(' ')} ${command.join(' ')}`,
  );
  try {
    const url = (path: string) => `http://${plan.site.canonical}:${PORT}${path}`;
    await until(`the development server on ${HOST_ADDRESS[4]}:${PORT}`, 20, async () => {
      const answer = await host.fetch(url('/')).catch(() => undefined);
      return answer?.status === 200 ? true : undefined;
    });
    await visit(url, () =>
      host.shell('journalctl --sync; journalctl -u development-server.service -o cat --no-pager'),
    );
  } finally {
    await host.shell('systemctl stop development-server.service');
  }
}

export const problemRows: Row[] = [
  {
    id: 'P1',
    lines: /workers|worker_class|threads/,
    measures: true,
    async prove({ stack, note, measured }) {
      const workers = await stack.capacity();
      const slow = workers - 1;
      const tell = (what: string, series: string, ms: readonly number[]) => {
        note(`${what}: ${figures(ms)}`);
        measured(series, { ...quantiles(ms), slow: series.endsWith('busy') ? slow : 0 });
      };
      await times(stack, '/', 10);
      const idle = await times(stack, '/', 40);
      const busy = await whileBusy(stack, (path) => stack.url(path), slow);
      tell(`${workers} workers, idle`, 'stack, idle', idle);
      tell(`${workers} workers, ${slow} of them busy`, 'stack, busy', busy);
      await besideDevelopmentServer(stack, async (url) => {
        const alone = await times(stack, '/', 40, url('/'));
        const blocked = await whileBusy(stack, url, slow);
        tell('development server, idle', 'development server, idle', alone);
        tell(`development server, ${slow} slow requests`, 'development server, busy', blocked);
        expect(quantile(blocked, 0), 'the development server is expected to block').toBeGreaterThan(2000);
      });
      expect(quantile(busy, 0.5)).toBeLessThan(quantile(idle, 0.5) * 1.5 + 5);
      expect(quantile(busy, 1)).toBeLessThan(500);
    },
  },
  {
    id: 'P2',
    lines: /alias|location/,
    async prove({ stack, note, measured }) {
      const requests = 50;
      const visits = async (url: (number: number) => string) => {
        for (let number = 0; number < requests; number++)
          expect((await stack.host.fetch(url(number))).status).toBe(200);
      };
      let asked = 0;
      const [asset = ''] = stack.plan.hashed ? await hashedAssets(stack) : [stack.site.asset];
      await counts(stack, () => {});
      const before = await counts(stack, () => {});
      await visits((number) => stack.url(`${asset}?mark=asset-${number}`));
      const after = await counts(stack, () => asked++);
      const sum = (all: Map<number, number>) => [...all.values()].reduce((total, one) => total + one, 0);
      const reached = sum(after) - sum(before) - asked;
      note(`${requests} requests for ${asset}; the app counted ${reached} of them`);
      measured('stack', { asked: requests, reached });
      expect(reached, 'requests that the app has counted').toBe(0);
      expect(await stack.log()).not.toContain('mark=asset');

      await besideDevelopmentServer(stack, async (url, log) => {
        await visits((number) => url(`${stack.site.asset}?mark=asset-${number}`));
        // Python itself writes a line for each that it answers, some time after the answer.
        const lines = async () =>
          new Set([...(await log()).matchAll(/mark=asset-\d+/g)].map(([mark]) => mark));
        const answered = await until('a line for each', 5, async () => {
          const { size } = await lines();
          return size === requests ? size : undefined;
        }).catch(async () => (await lines()).size);
        note(`development server: ${answered} of ${requests} were answered by Python`);
        measured('development server', { asked: requests, reached: answered });
        expect(answered, 'the development server is expected to do it in Python').toBe(requests);
      });
    },
  },
];

export const burdenRows: Row[] = [
  {
    id: 'R6',
    lines: /client_(header|body)_timeout|proxy_request_buffering|worker_connections/,
    measures: true,
    async prove({ stack, note }) {
      const idle = await times(stack, '/', 30);
      const id = await stack.host.visitor.order('startTrickle', {
        visit: stack.visit('/echo', { method: 'POST' }),
        clients: 200,
        seconds: 30,
      });
      await until('200 connections', 10, async () => {
        const { open } = await stack.host.visitor.order('countTrickle', id);
        return open === 200 ? true : undefined;
      });
      await pause(3000);
      const busy = await times(stack, '/', 30);
      const { open } = await stack.host.visitor.order('stopTrickle', id);
      note(`idle: ${figures(idle)}; with ${open} such clients: ${figures(busy)}`);
      expect(open).toBe(200);
      expect(quantile(busy, 0.5)).toBeLessThan(quantile(idle, 0.5) * 2 + 10);
      expect(quantile(busy, 1)).toBeLessThan(500);
    },
  },
  {
    id: 'R7',
    lines: /proxy_buffering|proxy_buffers|proxy_max_temp_file_size/,
    measures: true,
    async prove({ stack, note }) {
      const idle = await times(stack, '/', 30);
      const clients = (await stack.capacity()) + 2;
      const id = await stack.host.visitor.order('startSlowReaders', {
        visit: stack.visit('/large?mb=32'),
        clients,
        bytesPerSecond: 100_000,
        seconds: 40,
      });
      await pause(4000);
      const busy = await times(stack, '/', 30);
      const readers = await stack.host.visitor.order('stopSlowReaders', id);
      note(`idle: ${figures(idle)}; with ${clients} such clients: ${figures(busy)}`);
      expect(readers.statuses).toEqual(Array(clients).fill(200));
      expect(readers.open, 'clients that are still at it').toBe(clients);
      expect(quantile(busy, 0.5)).toBeLessThan(quantile(idle, 0.5) * 2 + 10);
      expect(quantile(busy, 1)).toBeLessThan(500);
    },
  },
];
