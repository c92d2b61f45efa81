/** L1 and L2: connections that stay open while other requests come and go. */
import { expect } from 'vitest';
import { pause, until } from '../harness/processes.ts';
import { part } from '../harness/sites.ts';
import type { Stack } from '../harness/stack.ts';
import { type FetchOptions, VISITOR_ADDRESS } from '../harness/visitor.ts';
import type { StreamState } from '../harness/visits.ts';
import { times, told, unharmed } from './measure.ts';
import { underLoad } from './operations.ts';
import { echo, reached } from './requests.ts';
import type { Row } from './suite.ts';

/** What every EventSource asks for. */
const EVENT_STREAM = { accept: 'text/event-stream' };

/** A restart ends what is open at once: nobody waits for it as for a request. */
const AT_ONCE = 5;

const siteOf = (stack: Stack) => part('WebSockets and event streams', stack.site.live);

/** So many WebSockets, as pages of the site itself open them. */
function openSockets(stack: Stack, count: number): Promise<number[]> {
  const visit = stack.visit(siteOf(stack).echo, { headers: { origin: stack.plan.site.origin }, seconds: 10 });
  return Promise.all(Array.from({ length: count }, () => stack.host.visitor.order('openSocket', visit)));
}

const say = (stack: Stack, id: number, text: string) =>
  stack.host.visitor.order('saySocket', { id, text, seconds: 5 });

/** How the WebSockets have ended, each within so many seconds. */
function ends(
  stack: Stack,
  ids: readonly number[],
  seconds: number,
): Promise<{ code: number; reason: string }[]> {
  return Promise.all(
    ids.map((id) =>
      until('the end of a WebSocket', seconds, async () => {
        const { closed } = await stack.host.visitor.order('countSocket', id);
        return closed === undefined ? undefined : { code: closed.code, reason: closed.reason };
      }),
    ),
  );
}

const openStream = (stack: Stack, every: number, options: FetchOptions = {}) =>
  stack.host.visitor.order('openStream', {
    ...stack.visit(siteOf(stack).events(every), { headers: EVENT_STREAM, ...options }),
  });

const events = ({ pieces }: StreamState) => pieces.filter(({ text }) => /^data:/m.test(text));

/** A command under load, which no request may feel; the seconds that it took. */
async function under(stack: Stack, command: string, note: (text: string) => void): Promise<number> {
  let seconds = 0;
  const load = await underLoad(stack, '/', async () => {
    const started = performance.now();
    await stack.host.shell(command);
    seconds = (performance.now() - started) / 1000;
  });
  note(`${command}, ${seconds.toFixed(1)} s; meanwhile ${told(load)}`);
  expect(unharmed(load), told(load)).toBe(true);
  return seconds;
}

/**
 * Restarts and reloads while so many visitors come that some connect just when a process stops listening, their
 * requests still on the way.
 */
async function inACrowd(stack: Stack, note: (text: string) => void): Promise<void> {
  const { host, manager } = stack;
  const visit = stack.visit('/', { seconds: 30 });
  const crowd = { visit, clients: 24, pause: 0, most: 100_000, seconds: 120 };
  const id = await host.visitor.order('startLoad', crowd);
  try {
    for (const command of [manager.restart, manager.reload, manager.restart, manager.reload]) {
      await pause(1500);
      await host.shell(command);
    }
    await pause(1500);
  } finally {
    const load = await host.visitor.order('stopLoad', id);
    note(`two restarts and two reloads in a crowd: ${told(load)}`);
    expect(unharmed(load), told(load)).toBe(true);
    expect(load.bounded, 'the load ended too early').toBe(false);
  }
}

/** 1001 and 1012 tell a client that the site goes, and comes again. https://www.iana.org/assignments/websocket */
function goesCleanly(closed: readonly { code: number }[]): void {
  for (const { code } of closed) expect([1001, 1012]).toContain(code);
}

export const liveRows: Row[] = [
  {
    id: 'L1',
    lines: /@live|_live|_upgrade|_connection|worker_class|post_fork|graceful_timeout|TimeoutStopSec/,
    hurries: true,
    async prove({ stack, note }) {
      const { host, manager, plan } = stack;
      const { request, live } = plan.timeouts;
      const [one = 0, ...others] = await openSockets(stack, 20);
      for (const text of ['hello', 'ü€😀', 'x'.repeat(200_000)])
        expect(await say(stack, one, text)).toBe(text);
      expect(await say(stack, one, 'client'), 'the client').toBe(VISITOR_ADDRESS[4]);

      // Silent for longer than a request may take; and the web server's reload does not end it.
      const silence = request + 2;
      expect(silence, 'the silence that is allowed').toBeLessThan(live);
      await host.shell(plan.webServer.reload);
      await pause(silence * 1000);
      for (const id of [one, ...others]) expect(await say(stack, id, 'still here')).toBe('still here');
      note(`${others.length + 1} WebSockets, silent for ${silence} s with ${request} s allowed to a request`);

      const seconds = await under(stack, manager.restart, note);
      const closed = await ends(stack, [one, ...others], 1);
      goesCleanly(closed);
      note(`closed with ${[...new Set(closed.map(({ code }) => code))].join(', ')}`);
      expect(seconds, 'a restart does not wait for WebSockets').toBeLessThan(AT_ONCE);

      const again = await openSockets(stack, 20);
      for (const id of again) expect(await say(stack, id, 'again')).toBe('again');
      await under(stack, manager.reload, note);
      goesCleanly(await ends(stack, again, AT_ONCE));
      for (const id of await openSockets(stack, 3)) expect(await say(stack, id, 'hello')).toBe('hello');
      await inACrowd(stack, note);
    },
  },
  {
    id: 'L2',
    lines: /@live|_live|proxy_buffering|proxy_read_timeout|event-stream/,
    hurries: true,
    async prove({ stack, note }) {
      const { host, manager, plan, site } = stack;
      const { visitor } = host;
      const { request, live } = plan.timeouts;
      for (const http2 of plan.tls.here ? [false, true] : [false]) {
        const id = await openStream(stack, 1, { http2 });
        await pause(3600);
        const state = await visitor.order('stopStream', id);
        const came = events(state).map(({ ms }) => ms);
        const over = http2 ? 'HTTP/2' : 'HTTP/1.1';
        note(`over ${over}, one event a second: ${came.map((ms) => `${ms.toFixed(0)} ms`).join(', ')}`);
        expect(state.status).toBe(200);
        expect(Object.fromEntries(state.headers)['content-type']).toMatch(/^text\/event-stream/);
        expect(state.ended, 'the end').toBeUndefined();
        expect(came[0], 'the first event').toBeLessThan(900);
        expect(came.length, 'events within 3.6 s').toBeGreaterThanOrEqual(3);
      }
      await until(
        'the app to know that its listeners have gone',
        5,
        async () => (await reached(stack, 'a listener has gone')) || undefined,
      );

      // Silent for longer than a request may take.
      const silence = request + 2;
      const patient = await openStream(stack, silence);
      await pause((silence + 1) * 1000);
      const heard = await visitor.order('stopStream', patient);
      expect(events(heard), `events within ${silence + 1} s`).toHaveLength(2);
      expect(heard.ended, 'the end').toBeUndefined();

      // One that listens and one that has heard nothing for long are no reason for a restart to wait.
      const open = await Promise.all([1, 1, 60, 60].map((every) => openStream(stack, every)));
      await pause(500);
      const seconds = await under(stack, manager.restart, note);
      for (const id of open) expect((await visitor.order('stopStream', id)).ended, 'its end').toBeDefined();
      expect(seconds, 'a restart does not wait for event streams').toBeLessThan(AT_ONCE);

      // Whoever asks for events is told from others by a header alone: all else is as for any request.
      const body = Buffer.alloc(100_000, 'x');
      const seen = [{}, EVENT_STREAM].map(async (headers) => {
        const {
          pid: _pid,
          requests: _requests,
          headers: sent,
          ...rest
        } = await echo(stack, '?a=%2F&b=%C3%A9', {
          method: 'POST',
          body,
          headers,
        });
        const { HTTP_X_REQUEST_ID: _id, HTTP_ACCEPT: _accept, ...others } = sent;
        return { ...rest, headers: others };
      });
      const [ordinary, asking] = await Promise.all(seen);
      expect(asking).toEqual(ordinary);
      const heads = [{}, EVENT_STREAM].map(async (headers) => {
        const { status, headerPairs } = await stack.fetch('/', { headers });
        return { status, headers: headerPairs.filter(([name]) => name !== 'date').sort() };
      });
      expect(await heads[1], 'the head of a page').toEqual(await heads[0]);
      for (const [mark, headers] of Object.entries({ ordinary: {}, asking: EVENT_STREAM })) {
        await stack.fetch(`/no//such/../page?mark=${mark}`, { headers });
        expect(await reached(stack, `/no//such/../page?mark=${mark}`), `the path, ${mark}`).toBe(true);
      }
      const [late] = await Promise.all([
        stack.fetch(site.slow(60), { headers: EVENT_STREAM }),
        times(stack, '/', 10),
      ]);
      note(`silent for ever: ${late.status} after ${(late.ms / 1000).toFixed(1)} s, with ${live} s allowed`);
      expect(late.status).toBe(504);
      expect(late.ms / 1000).toBeGreaterThan(live - 0.5);
      expect(late.text, "the site's own page").toContain(plan.site.canonical);
    },
  },
];
