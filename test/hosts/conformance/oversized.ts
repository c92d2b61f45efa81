/** A2 and A5: requests that are too large, and those that ask for something odd. */
import { expect } from 'vitest';
import { FLAGS, FRAMES, frame, greeting, headerBlock } from '../harness/http2-frames.ts';
import type { Stack } from '../harness/stack.ts';
import { inTurn, memory, unharmed } from './siege.ts';
import type { Row } from './suite.ts';

/** All statuses that came, in order. */
const statuses = (text: string) =>
  [...text.matchAll(/HTTP\/1\.[01] (\d{3})/g)].map(([, code]) => Number(code));

/** Requests of a size that no honest client sends. */
function oversized({ plan, site }: Stack): Record<string, string> {
  const host = `Host: ${plan.site.canonical}\r\nConnection: close\r\n`;
  const get = (path: string, headers = '') => `GET ${path} HTTP/1.1\r\n${host}${headers}\r\n`;
  const sizes = [4000, 4094, 4096, 8100, 8192, 16_000, 32_768, 65_536, 262_144, 1_000_000];
  const counts = [50, 99, 100, 101, 200, 1000, 10_000];
  const lines = (count: number, line: (number: number) => string) =>
    Array.from({ length: count }, (_, number) => line(number)).join('');
  const long = (size: number) => 'a'.repeat(size);
  const requests: Record<string, string> = {};
  for (const size of sizes) {
    requests[`a path of ${size}`] = get(`/${long(size)}`);
    requests[`a query of ${size}`] = get(`/echo?${long(size)}`);
    requests[`an asset with a query of ${size}`] = get(`${site.asset}?${long(size)}`);
    requests[`a header of ${size}`] = get('/echo', `X-Long: ${long(size)}\r\n`);
    requests[`a name of ${size}`] = get('/echo', `X-${long(size)}: x\r\n`);
    requests[`a cookie of ${size}`] = get('/', `Cookie: a=${long(size)}\r\n`);
    requests[`a host of ${size}`] = `GET /echo HTTP/1.1\r\nHost: ${long(size)}\r\nConnection: close\r\n\r\n`;
    requests[`a method of ${size}`] = `${long(size).toUpperCase()} /echo HTTP/1.1\r\n${host}\r\n`;
    requests[`a path of ${size} encoded bytes`] = get(`/${'%41'.repeat(size / 3)}`);
    requests[`a fold of ${size}`] = get('/echo', `X: a\r\n ${long(size)}\r\n`);
  }
  for (const count of counts) {
    requests[`${count} headers`] = get(
      '/echo',
      lines(count, (number) => `X-${number}: x\r\n`),
    );
    requests[`${count} headers of a kilobyte`] = get(
      '/echo',
      lines(count, (number) => `X-${number}: ${long(1000)}\r\n`),
    );
    requests[`${count} headers of one name`] = get(
      '/echo',
      lines(count, () => 'X: x\r\n'),
    );
    requests[`${count} cookies`] = get(
      '/',
      lines(count, (number) => `Cookie: a${number}=x\r\n`),
    );
    requests[`${count} parameters`] = get(`/echo?${lines(count, (number) => `a${number}=&`)}`);
    requests[`a path of ${count} folders`] = get('/a'.repeat(count));
    requests[`${count} addresses in X-Forwarded-For`] = get(
      '/echo',
      `X-Forwarded-For: ${lines(count, () => '1.2.3.4, ')}\r\n`,
    );
  }
  // The most that fits, and one more line.
  for (const count of [3, 4, 8, 30, 98, 99])
    requests[`${count} headers of 8 KB`] = get(
      '/echo',
      lines(count, (number) => `X-${number}: ${long(8000)}\r\n`),
    );
  return requests;
}

/** The same over HTTP/2, where the head comes in frames. */
function oversizedFrames({ plan }: Stack): Record<string, string> {
  const request = (path: string, headers: [string, string][]) => {
    const block = headerBlock([
      [':method', 'GET'],
      [':scheme', 'https'],
      [':path', path],
      [':authority', plan.site.canonical],
      ...headers,
    ]);
    const pieces: Buffer[] = [];
    for (let at = 0; at < block.length; at += 16_384) {
      const last = at + 16_384 >= block.length ? FLAGS.endHeaders : 0;
      const [type, flags] = at === 0 ? [FRAMES.headers, FLAGS.endStream] : [FRAMES.continuation, 0];
      pieces.push(frame(type, flags | last, 1, block.subarray(at, at + 16_384)));
    }
    return Buffer.concat([greeting(), ...pieces]).toString('latin1');
  };
  const requests: Record<string, string> = {};
  for (const size of [4000, 8192, 16_000, 65_536, 1_000_000]) {
    requests[`HTTP/2, a path of ${size}`] = request(`/${'a'.repeat(size)}`, []);
    requests[`HTTP/2, a header of ${size}`] = request('/echo', [['x-long', 'a'.repeat(size)]]);
  }
  for (const count of [99, 101, 1000, 10_000])
    requests[`HTTP/2, ${count} headers`] = request(
      '/echo',
      Array.from({ length: count }, (_, number) => [`x-${number}`, 'x']),
    );
  return requests;
}

/** The status of the first answer over HTTP/2, of those that HPACK has a number for; 0 for none of them. */
function statusOfFrames(received: Buffer): number {
  for (let at = 0; at + 9 < received.length; at += 9 + received.readUIntBE(at, 3))
    if (received[at + 3] === FRAMES.headers) {
      // https://www.rfc-editor.org/rfc/rfc7541#appendix-A
      const status = [200, 204, 206, 304, 400, 404, 500][(received[at + 9] ?? 0) - 0x88];
      return status ?? 0;
    }
  return 0;
}

/** Statuses of what is refused or answered in the ordinary way. A server of 501 and 505 has said that it will not. */
const ORDINARY = [
  200, 204, 206, 301, 302, 304, 400, 403, 404, 405, 408, 411, 413, 414, 416, 417, 421, 422, 426, 431, 501,
  505,
];

/** In a header of each odd request. */
const MARK = 'secret-of-a-proxy';

/** Methods, upgrades and the like: what each asks for. */
function oddities({ plan, site }: Stack): Record<string, string> {
  const host = `Host: ${plan.site.canonical}\r\nConnection: close\r\n`;
  const bare = `Host: ${plan.site.canonical}\r\n`;
  const requests: Record<string, string> = {};
  const methods = [
    ...[
      'TRACE',
      'TRACK',
      'CONNECT',
      'OPTIONS',
      'PUT',
      'DELETE',
      'PATCH',
      'PROPFIND',
      'MKCOL',
      'MOVE',
      'LOCK',
    ],
    ...[
      'PURGE',
      'BAN',
      'DEBUG',
      'get',
      'GeT',
      'FOO',
      'A'.repeat(40),
      'G-E_T',
      'G\x80T',
      '"GET"',
      'GET\x00',
      'PRI',
      'SEARCH',
    ],
  ];
  const [media] = plan.media;
  for (const method of methods)
    for (const path of [
      '/echo',
      '/',
      site.asset,
      ...(media === undefined ? [] : [`${media.url}no-such`]),
      '*',
    ])
      requests[`${JSON.stringify(method)} ${path}`] =
        `${method} ${path} HTTP/1.1\r\n${host}X-Mark: ${MARK}\r\n\r\n`;
  for (const target of ['127.0.0.1:22', `${plan.site.canonical}:443`, `${plan.site.canonical}:80`])
    requests[`CONNECT ${target}`] = `CONNECT ${target} HTTP/1.1\r\n${bare}\r\n`;
  for (const [upgrade, more] of [
    ['websocket', ''],
    ['websocket', 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x\r\n'],
    ['websocket', 'Sec-WebSocket-Version: 99\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'],
    ['WebSocket, h2c', 'Sec-WebSocket-Version: 13\r\n'],
    ['h2c', 'HTTP2-Settings: AAMAAABkAAQAAP__\r\n'],
    ['h2c', ''],
    ['h2', ''],
    ['TLS/1.0', ''],
    ['HTTP/2.0', ''],
    ['IRC/6.9', ''],
  ] as const)
    for (const connection of ['Upgrade', 'Upgrade, HTTP2-Settings', 'close', 'keep-alive'])
      for (const path of ['/echo', site.asset])
        requests[`Upgrade: ${upgrade} ${more.slice(0, 30).trim()}, Connection: ${connection}, ${path}`] =
          `GET ${path} HTTP/1.1\r\n${bare}Connection: ${connection}\r\nUpgrade: ${upgrade}\r\n${more}\r\n`;
  requests['HTTP/2 without a word'] = greeting().toString('latin1');
  for (const expect of ['100-continue', '200-ok', '100-continue, x', ''])
    requests[`Expect: ${expect}`] =
      `POST /echo HTTP/1.1\r\n${host}Expect: ${expect}\r\nContent-Length: 1\r\n\r\nx`;
  return requests;
}

/** Ranges of a file: how much of it is asked for, again and again. */
function ranges(): Record<string, string> {
  const many = (count: number, one: (number: number) => string) =>
    `bytes=${Array.from({ length: count }, (_, number) => one(number)).join(',')}`;
  return {
    'a hundred that overlap': many(100, (number) => `${number}-`),
    'a hundred times everything': many(100, () => '0-'),
    'a thousand that overlap': many(1000, (number) => `${number % 10}-`),
    'a thousand single bytes': many(1000, (number) => `${number}-${number}`),
    'a hundred from the end': many(100, (number) => `-${number + 1000}`),
    backwards: 'bytes=9-1',
    'beyond the end': 'bytes=999999999-',
    'more than 64 bits': 'bytes=-18446744073709551616',
    'a negative one': 'bytes=--5',
    'another unit': 'lines=1-2',
    nothing: 'bytes=',
    'commas alone': `bytes=${','.repeat(4000)}`,
  };
}

/** What is neither refused nor ordinary about an answer. */
function troubleOf(send: string, { text, end }: { text: string; end: string }): string | undefined {
  const status = statuses(text).at(-1);
  if (status === undefined)
    return text === '' && end === 'silent' ? 'neither answered nor refused' : undefined;
  if (!ORDINARY.includes(status)) return `status ${status}`;
  // What /echo tells of a request is the app's affair; the web server tells nobody what it got.
  if (text.includes(MARK) && !text.includes('"requests"')) return 'the request comes back';
  const framed = /\n(content-length|content-type|transfer-encoding):/i.test(text);
  if (send.startsWith('CONNECT') && status === 200 && !framed) return 'a tunnel';
  return undefined;
}

const MEGABYTE = 1024 * 1024;

export const oversizedRows: Row[] = [
  {
    id: 'A2',
    lines: /large_client_header_buffers|LimitRequest|limit_request|buffer-size|max_request_header_size/,
    async prove({ stack, note, measured }) {
      const { host, plan } = stack;
      const kinds: Record<string, number> = {};
      const wrong: string[] = [];
      const tell = (name: string, status: number, end: string) => {
        kinds[status] = (kinds[status] ?? 0) + 1;
        if (end === 'silent' || status >= 500) wrong.push(`${name}: ${status}, ${end}`);
      };
      await unharmed(stack, async () => {
        await inTurn(Object.entries(oversized(stack)), 8, async ([name, send]) => {
          const { text, end } = await host.visitor.raw(plan.site.origin, send, { seconds: 15 });
          tell(name, statuses(text)[0] ?? 0, end);
        });
        if (!plan.tls.here) return;
        await inTurn(Object.entries(oversizedFrames(stack)), 4, async ([name, send]) => {
          const options = { http2: true, seconds: 15, quiet: 1000 };
          const { text } = await host.visitor.raw(plan.site.origin, send, options);
          tell(name, statusOfFrames(Buffer.from(text, 'latin1')), text === '' ? 'silent' : 'closed');
        });
      });
      note(`answers by status (0: hung up, or a status of HTTP/2 in letters): ${JSON.stringify(kinds)}`);
      measured('answers', kinds);
      expect(wrong).toEqual([]);
    },
  },
  {
    id: 'A5',
    lines: /TraceEnable|Upgrade|upgrade|max_ranges|MaxRange|Protocols/,
    async prove({ stack, note, measured }) {
      const { host, plan } = stack;
      const kinds: Record<string, number> = {};
      const wrong: string[] = [];
      const [mount] = plan.static;
      const file = `${mount?.path}/large.bin`;
      await host.shell(`head -c ${8 * MEGABYTE} /dev/zero >'${file}' && chmod 644 '${file}'`);
      try {
        const before = await memory(stack);
        await unharmed(stack, async () => {
          const odd = Object.entries(oddities(stack));
          const secure = odd.map(([name, send]) => ({ name, send, origin: plan.site.origin }));
          const plain = odd.map(([name, send]) => ({ name, send, origin: `http://${plan.site.canonical}` }));
          await inTurn(
            plan.tls.here ? [...secure, ...plain.slice(-90)] : secure,
            16,
            async ({ name, send, origin }) => {
              const answer = await host.visitor.raw(origin, send, { seconds: 8, quiet: 2000 });
              const status = statuses(answer.text).at(-1) ?? 0;
              kinds[status] = (kinds[status] ?? 0) + 1;
              const trouble = troubleOf(send, answer);
              if (trouble !== undefined)
                wrong.push(`${origin}, ${name}: ${trouble}, ${answer.end}, ${answer.text.slice(0, 60)}`);
            },
          );
          await inTurn(Object.entries(ranges()), 4, async ([name, range]) => {
            const answer = await stack.fetch(`${mount?.url}large.bin`, { headers: { range } });
            kinds[answer.status] = (kinds[answer.status] ?? 0) + 1;
            if (answer.body.length > 9 * MEGABYTE) wrong.push(`ranges, ${name}: ${answer.body.length} bytes`);
            if (!ORDINARY.includes(answer.status)) wrong.push(`ranges, ${name}: ${answer.status}`);
          });
        });
        const grown = Math.max(0, (await memory(stack)) - before) / 1024;
        note(`answers by status: ${JSON.stringify(kinds)}; the web server grew by ${grown.toFixed(1)} MB`);
        measured('answers', kinds);
        expect(wrong).toEqual([]);
        expect(grown, 'megabytes that the web server grew by').toBeLessThan(32);
      } finally {
        await host.shell(`rm -f '${file}'`);
      }
    },
  },
];
