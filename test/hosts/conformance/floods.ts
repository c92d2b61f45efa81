/** A3 and A6: many slow clients, and floods of frames; each of a bounded size. */
import { expect } from 'vitest';
import { FLAGS, FRAMES, frame, greeting, headerBlock } from '../harness/http2-frames.ts';
import { pause, until } from '../harness/processes.ts';
import type { Stack } from '../harness/stack.ts';
import { figures, quantile, quantiles, times } from './measure.ts';
import { memory, unharmed } from './siege.ts';
import type { Row } from './suite.ts';

/** Connections that flood at the same time. */
const FLOODERS = 8;
const MEGABYTE = 1024 * 1024;
/** Seconds until the app has worked off what reached it: some hundred pages, on a machine that may have other work. */
const RECOVERY = 30;

/** What is sent on each connection, by the name under which the attack is known. */
function floods({ plan, site }: Stack): Record<string, Buffer> {
  const block = (method: string, path: string) =>
    headerBlock([
      [':method', method],
      [':scheme', 'https'],
      [':path', path],
      [':authority', plan.site.canonical],
    ]);
  const flood = (...frames: Buffer[]) => Buffer.concat([greeting(), ...frames]);
  const many = (count: number, one: (number: number) => Buffer) =>
    Array.from({ length: count }, (_, number) => one(number));
  const get = block('GET', '/');
  const post = block('POST', '/echo');
  const asset = block('GET', site.asset);
  const number = (value: number) => {
    const four = Buffer.alloc(4);
    four.writeUInt32BE(value);
    return four;
  };
  /** Each asked for, and thought better of: https://nvd.nist.gov/vuln/detail/CVE-2023-44487 */
  const resets = (head: Buffer) =>
    many(500, (at) =>
      Buffer.concat([
        frame(FRAMES.headers, FLAGS.endHeaders | FLAGS.endStream, 2 * at + 1, head),
        frame(FRAMES.reset, 0, 2 * at + 1, number(8)),
      ]),
    );
  /** A head that never ends: https://kb.cert.org/vuls/id/421644 */
  const head = frame(FRAMES.headers, 0, 1, get);
  const field = headerBlock([['x-long', 'a'.repeat(1000)]]);
  return {
    'rapid reset of a page': flood(...resets(get)),
    'rapid reset of an asset': flood(...resets(asset)),
    // https://nvd.nist.gov/vuln/detail/CVE-2025-8671
    'made you reset': flood(
      ...many(500, (at) =>
        Buffer.concat([
          frame(FRAMES.headers, FLAGS.endHeaders | FLAGS.endStream, 2 * at + 1, asset),
          frame(FRAMES.window, 0, 2 * at + 1, number(0)),
        ]),
      ),
    ),
    continuations: flood(head, ...many(2000, () => frame(FRAMES.continuation, 0, 1, field))),
    'empty continuations': flood(head, ...many(50_000, () => frame(FRAMES.continuation, 0, 1))),
    settings: flood(...many(20_000, () => frame(FRAMES.settings, 0, 0))),
    pings: flood(...many(20_000, () => frame(FRAMES.ping, 0, 0, Buffer.alloc(8)))),
    'empty data': flood(
      frame(FRAMES.headers, FLAGS.endHeaders, 1, post),
      ...many(20_000, () => frame(FRAMES.data, 0, 1)),
    ),
    priorities: flood(...many(20_000, (at) => frame(FRAMES.priority, 0, 2 * at + 1, Buffer.alloc(5)))),
    // One long header is kept by the other side, and named by a byte again and again.
    'a bomb of headers': flood(
      frame(
        FRAMES.headers,
        FLAGS.endHeaders | FLAGS.endStream,
        1,
        Buffer.concat([get, Buffer.from([0x40]), field.subarray(1), Buffer.alloc(15_000, 0xbe)]),
      ),
    ),
    // Asked for, and not a byte of it taken: https://nvd.nist.gov/vuln/detail/CVE-2019-9517
    'a closed window': Buffer.concat([
      greeting([[4, 0]]),
      ...many(100, (at) => frame(FRAMES.headers, FLAGS.endHeaders | FLAGS.endStream, 2 * at + 1, asset)),
    ]),
  };
}

/** Clients that are slow in each of three ways, and how they are counted and let go. */
async function besiege(stack: Stack, file: string) {
  const { visitor } = stack.host;
  // Half of these never get to the end of the head, the others never to that of the body.
  const senders = 340;
  const trickle = await visitor.order('startTrickle', {
    visit: stack.visit('/echo', { method: 'POST' }),
    ...{ clients: senders, seconds: 60 },
  });
  const readers = 160;
  const slow = await visitor.order('startSlowReaders', {
    visit: stack.visit(file),
    ...{ clients: readers, bytesPerSecond: 10_000, seconds: 60 },
  });
  await until('500 connections', 20, async () => {
    const { open } = await visitor.order('countTrickle', trickle);
    const { statuses } = await visitor.order('countSlowReaders', slow);
    return open === senders && statuses.every((status) => status === 200) ? true : undefined;
  });
  return async () => {
    const { open } = await visitor.order('stopTrickle', trickle);
    return open + (await visitor.order('stopSlowReaders', slow)).open;
  };
}

export const floodRows: Row[] = [
  {
    id: 'A3',
    lines:
      /client_(header|body)_timeout|send_timeout|worker_connections|RequestReadTimeout|MaxRequestWorkers/,
    hurries: true,
    async prove({ stack, note, measured }) {
      const [mount] = stack.plan.static;
      const file = `${mount?.path}/large.bin`;
      await stack.host.shell(`head -c ${8 * MEGABYTE} /dev/zero >'${file}' && chmod 644 '${file}'`);
      try {
        await times(stack, '/', 20);
        // A machine with other work to do is slow now and then, with clients and without them: the best of three counts.
        for (let round = 1; ; round++) {
          const idle = await times(stack, '/', 100);
          const leave = await besiege(stack, `${mount?.url}large.bin`);
          await pause(1000);
          const busy = await times(stack, '/', 60);
          const open = await leave();
          const limit = quantile(idle, 0.99) * 2;
          const held = quantile(busy, 0.9) <= limit && open === 500;
          if (!held && round < 3) continue;
          note(`idle: ${figures(idle)}; with ${open} slow clients: ${figures(busy)}`);
          measured('idle', quantiles(idle));
          measured('with 500 slow clients', quantiles(busy));
          expect(open, 'clients that are still at it').toBe(500);
          expect(quantile(busy, 0.9), 'twice the p99 of idle').toBeLessThanOrEqual(limit);
          return;
        }
      } finally {
        await stack.host.shell(`rm -f '${file}'`);
      }
    },
  },
  {
    id: 'A6',
    lines: /http2|Protocols|H2/,
    hurries: true,
    async prove({ stack, note, measured }) {
      const { host, plan } = stack;
      const slowest: Record<string, number> = {};
      const refused: Record<string, number> = {};
      const before = await memory(stack);
      await unharmed(stack, async () => {
        for (const [name, bytes] of Object.entries(floods(stack))) {
          const send = bytes.toString('latin1');
          const options = { http2: true, seconds: 4, quiet: 400 };
          let over = false;
          const flooding = Promise.all(
            Array.from({ length: FLOODERS }, () => host.visitor.raw(plan.site.origin, send, options)),
          ).finally(() => {
            over = true;
          });
          const ms: number[] = [];
          do {
            // The app may have more to do than it can, and say so; the web server has not.
            const answer = await stack.fetch(stack.site.asset);
            expect(answer.status, `an asset during ${name}`).toBe(200);
            ms.push(answer.ms);
            const page = await stack.fetch('/');
            if (page.status !== 200) refused[name] = (refused[name] ?? 0) + 1;
            await pause(50);
          } while (!over);
          await flooding;
          await until(
            `GET / after ${name}`,
            RECOVERY,
            async () => (await stack.fetch('/')).status === 200 || undefined,
          );
          slowest[name] = Math.round(Math.max(...ms));
        }
      });
      const grown = Math.max(0, (await memory(stack)) - before) / 1024;
      note(
        `slowest asset meanwhile, in ms: ${JSON.stringify(slowest)}; GET / was refused: ${JSON.stringify(refused)}; the web server grew by ${grown.toFixed(1)} MB`,
      );
      measured('slowest', slowest);
      expect(Math.max(...Object.values(slowest)), 'the slowest asset of all').toBeLessThan(5000);
      expect(grown, 'megabytes that the web server grew by').toBeLessThan(64);
    },
  },
];
