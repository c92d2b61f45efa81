/** A1: one request in is at most one request at the app. */
import { expect } from 'vitest';
import { bodies, FLAGS, FRAMES, frame, greeting, headerBlock } from '../harness/http2-frames.ts';
import type { Stack } from '../harness/stack.ts';
import { counts } from './problems.ts';
import { inTurn } from './siege.ts';
import type { Row } from './suite.ts';

/** A request as it goes over the wire. */
interface Variant {
  name: string;
  send: string;
  http2?: boolean;
  /** It is several requests in a row to anybody who leaves the doubtful header aside: so many answers are right. */
  most?: number;
}

/** How many variants are on their way at a time: the doubtful ones stay open until nothing more comes. */
const AT_A_TIME = 16;

/** Ways to write "Transfer-Encoding: chunked" that some servers take for it and others do not. */
const CHUNKED: Record<string, string> = {
  plain: 'Transfer-Encoding: chunked',
  'a space before the colon': 'Transfer-Encoding : chunked',
  'a tab before the colon': 'Transfer-Encoding\t: chunked',
  'a tab after the colon': 'Transfer-Encoding:\tchunked',
  'no space': 'Transfer-Encoding:chunked',
  'a vertical tab': 'Transfer-Encoding:\x0bchunked',
  'a form feed': 'Transfer-Encoding: \x0cchunked',
  'a NUL before': 'Transfer-Encoding: \x00chunked',
  'a NUL after': 'Transfer-Encoding: chunked\x00',
  'a no-break space': 'Transfer-Encoding: \xa0chunked',
  'a space after': 'Transfer-Encoding: chunked ',
  'a space before the name': ' Transfer-Encoding: chunked',
  'a tab before the name': '\tTransfer-Encoding: chunked',
  'obs-fold': 'Transfer-Encoding:\r\n chunked',
  'obs-fold with a tab': 'Transfer-Encoding:\r\n\tchunked',
  'obs-fold inside': 'Transfer-Encoding: chun\r\n ked',
  'obs-fold from another header': 'X-Before: x\r\n Transfer-Encoding: chunked',
  'a bare LF before': 'X-Before: x\nTransfer-Encoding: chunked',
  'a bare LF after': 'Transfer-Encoding: chunked\nX-After: x',
  'a bare CR before': 'X-Before: x\rTransfer-Encoding: chunked',
  'a bare CR after': 'Transfer-Encoding: chunked\rX-After: x',
  'an underscore': 'Transfer_Encoding: chunked',
  capitals: 'TRANSFER-ENCODING: CHUNKED',
  quotes: 'Transfer-Encoding: "chunked"',
  single: "Transfer-Encoding: 'chunked'",
  'a parameter': 'Transfer-Encoding: chunked;q=1',
  'a letter before': 'Transfer-Encoding: xchunked',
  'a letter after': 'Transfer-Encoding: chunkedx',
  identity: 'Transfer-Encoding: identity',
  'identity in the list': 'Transfer-Encoding: identity, chunked',
  'identity last': 'Transfer-Encoding: chunked, identity',
  'gzip in the list': 'Transfer-Encoding: gzip, chunked',
  'twice in the list': 'Transfer-Encoding: chunked, chunked',
  'an empty item': 'Transfer-Encoding: ,chunked',
  doubled: 'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked',
  'doubled, another first': 'Transfer-Encoding: x\r\nTransfer-Encoding: chunked',
  'doubled, another last': 'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity',
  empty: 'Transfer-Encoding:\r\nTransfer-Encoding: chunked',
  'named by Connection': 'Transfer-Encoding: chunked\r\nConnection: keep-alive, Transfer-Encoding',
};

/** Ways to write a length of which servers make different numbers; N stands for the right one. */
const LENGTHS: Record<string, string> = {
  doubled: 'Content-Length: N\r\nContent-Length: N',
  'doubled, 0 first': 'Content-Length: 0\r\nContent-Length: N',
  'doubled, 0 last': 'Content-Length: N\r\nContent-Length: 0',
  'a list': 'Content-Length: N, N',
  'a list with 0': 'Content-Length: 0, N',
  'a plus': 'Content-Length: +N',
  'a minus': 'Content-Length: -N',
  hexadecimal: 'Content-Length: 0xN',
  'leading zeros': 'Content-Length: 00000N',
  'a fraction': 'Content-Length: N.0',
  'an exponent': 'Content-Length: Ne0',
  'an underscore in it': 'Content-Length: 0_N',
  'letters after': 'Content-Length: Nabc',
  'a space in it': 'Content-Length: 0 N',
  'a tab before': 'Content-Length:\tN',
  'a vertical tab before': 'Content-Length: \x0bN',
  'a NUL after': 'Content-Length: N\x00',
  'a space before the colon': 'Content-Length : N',
  'an underscore': 'Content_Length: N',
  'a bare CR before': 'X-Before: x\rContent-Length: N',
  'obs-fold': 'Content-Length:\r\n N',
  'obs-fold after 0': 'Content-Length: 0\r\n N',
  'a superscript': 'Content-Length: \xb2N',
  'more than 64 bits': 'Content-Length: 18446744073709551616',
  'more than 64 bits, the rest right': 'Content-Length: 18446744073709551N',
  empty: 'Content-Length: ',
  quotes: 'Content-Length: "N"',
  'named by Connection': 'Content-Length: N\r\nConnection: keep-alive, Content-Length',
};

/** Chunked bodies that servers end at different places; INNER stands for another request. */
const CHUNKS: Record<string, string> = {
  'an extension': '5;a=b\r\nhello\r\n0\r\n\r\nINNER',
  'an extension with a bare LF': '5;\nhello\r\n0\r\n\r\nINNER',
  'an extension in quotes': '5;a="\r\nhello\r\n0\r\n\r\nINNER"',
  'a long extension': `5;${'a'.repeat(20_000)}\r\nhello\r\n0\r\n\r\nINNER`,
  'a bare LF after the size': '5\nhello\r\n0\r\n\r\nINNER',
  'bare LFs': '5\nhello\n0\n\nINNER',
  'a bare CR after the size': '5\rhello\r\n0\r\n\r\nINNER',
  'no end of the data': '5\r\nhello0\r\n\r\nINNER',
  'two bytes of any kind after the data': '5\r\nhelloXX0\r\n\r\nINNER',
  'a space before the size': ' 5\r\nhello\r\n0\r\n\r\nINNER',
  'a space after the size': '5 \r\nhello\r\n0\r\n\r\nINNER',
  'a plus': '+5\r\nhello\r\n0\r\n\r\nINNER',
  'a minus': '-5\r\nhello\r\n0\r\n\r\nINNER',
  'hexadecimal by 0x': '0x5\r\nhello\r\n0\r\n\r\nINNER',
  'an underscore in the size': '0_5\r\nhello\r\n0\r\n\r\nINNER',
  'leading zeros': '00000000000000000005\r\nhello\r\n0\r\n\r\nINNER',
  'more than 64 bits': '10000000000000005\r\nhello\r\n0\r\n\r\nINNER',
  'a negative size of 64 bits': 'ffffffffffffffff\r\nhello\r\n0\r\n\r\nINNER',
  'an end of two zeros': '5\r\nhello\r\n00\r\n\r\nINNER',
  'an end with an extension': '5\r\nhello\r\n0;INNER',
  'a trailer': '5\r\nhello\r\n0\r\nX-Trailer: x\r\n\r\nINNER',
  'a length as trailer': '5\r\nhello\r\n0\r\nContent-Length: 100\r\n\r\nINNER',
  'an encoding as trailer': '5\r\nhello\r\n0\r\nTransfer-Encoding: chunked\r\n\r\nINNER',
  'a request as trailer': '5\r\nhello\r\n0\r\nINNER',
};

/** Heads at which servers disagree where a request begins or ends; INNER stands for another request. */
const HEADS: Record<string, string> = {
  'HTTP/0.9': 'GET /echo\r\nINNER',
  'HTTP/1.0 that keeps its connection': 'GET /echo HTTP/1.0\r\nHOST\r\nConnection: keep-alive\r\n\r\nINNER',
  'HTTP/1.0 in chunks':
    'POST /echo HTTP/1.0\r\nHOST\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nINNER',
  'an unknown version': 'GET /echo HTTP/1.9\r\nHOST\r\n\r\nINNER',
  'a version of two figures': 'GET /echo HTTP/01.1\r\nHOST\r\n\r\nINNER',
  'another protocol': 'GET /echo ICY/1.1\r\nHOST\r\n\r\nINNER',
  'two spaces': 'GET  /echo  HTTP/1.1\r\nHOST\r\n\r\nINNER',
  'a tab': 'GET\t/echo\tHTTP/1.1\r\nHOST\r\n\r\nINNER',
  'a space in the path': 'GET /echo?a b HTTP/1.1\r\nHOST\r\n\r\nINNER',
  'a request in the path': 'GET /echo? HTTP/1.1\rHOST\r\r HTTP/1.1\r\nHOST\r\n\r\nINNER',
  'a NUL in the path': 'GET /echo?\x00 HTTP/1.1\r\nHOST\r\n\r\nINNER',
  'lines that end with LF': 'GET /echo HTTP/1.1\nHOST\n\nINNER',
  'lines that end with CR': 'GET /echo HTTP/1.1\rHOST\r\rINNER',
  'an end of LF CR LF': 'GET /echo HTTP/1.1\r\nHOST\n\r\nINNER',
  'an end of CR CR LF': 'GET /echo HTTP/1.1\r\nHOST\r\n\r\r\nINNER',
  'a header without a colon': 'GET /echo HTTP/1.1\r\nHOST\r\nX\r\n\r\nINNER',
  'a header without a name': 'GET /echo HTTP/1.1\r\nHOST\r\n: x\r\n\r\nINNER',
  'a request as header': 'GET /echo HTTP/1.1\r\nHOST\r\nGET /echo?inner HTTP/1.1\r\n\r\nINNER',
  'a header with a NUL': 'GET /echo HTTP/1.1\r\nHOST\r\nX: a\x00b\r\n\r\nINNER',
  'a bare CR in a header':
    'GET /echo HTTP/1.1\r\nHOST\r\nX: a\r\rGET /echo?inner HTTP/1.1\rHOST\r\n\r\nINNER',
  'two hosts': 'GET /echo HTTP/1.1\r\nHOST\r\nHost: evil.example\r\n\r\nINNER',
  'a host that is named by Connection':
    'GET /echo HTTP/1.1\r\nHOST\r\nConnection: keep-alive, Host\r\n\r\nINNER',
  'empty lines before': '\r\n\r\n\r\nGET /echo HTTP/1.1\r\nHOST\r\n\r\nINNER',
  'a body with GET': 'GET /echo HTTP/1.1\r\nHOST\r\nContent-Length: LENGTH\r\n\r\nINNER',
  'a body with an upgrade':
    'GET /echo HTTP/1.1\r\nHOST\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 1\r\nContent-Length: LENGTH\r\n\r\nINNER',
  'a body that is expected':
    'POST /echo HTTP/1.1\r\nHOST\r\nExpect: 100-continue\r\nContent-Length: LENGTH\r\n\r\nINNER',
  'a body that is expected oddly':
    'POST /echo HTTP/1.1\r\nHOST\r\nExpect: y 100-continue\r\nContent-Length: LENGTH\r\n\r\nINNER',
  'a body of an asset': 'GET ASSET HTTP/1.1\r\nHOST\r\nContent-Length: LENGTH\r\n\r\nINNER',
  'a body in chunks of an asset':
    'GET ASSET HTTP/1.1\r\nHOST\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\nINNER',
};

/** Pipelined: to whoever reads them aright, these are two requests. */
const TWO = /\n\r?\nINNER"?$/;

function overHttp1({ plan, site }: Stack): Variant[] {
  const host = `Host: ${plan.site.canonical}`;
  const inner = `GET /echo?inner HTTP/1.1\r\n${host}\r\n\r\n`;
  const filled = (text: string) =>
    text
      .replaceAll('INNER', inner)
      .replaceAll('HOST', host)
      .replaceAll('ASSET', site.asset)
      .replaceAll('LENGTH', String(inner.length));
  const post = (headers: string, body: string) =>
    `POST /echo HTTP/1.1\r\n${host}\r\n${headers}\r\n\r\n${body}`;
  const ended = `0\r\n\r\n${inner}`;
  const wrapped = `${inner.length.toString(16)}\r\n${inner}\r\n0\r\n\r\n`;
  const size = `${inner.length.toString(16)}\r\n`.length;
  return [
    ...Object.entries(CHUNKED).flatMap(([name, header]) => [
      // Who believes the length sees one request, who believes the chunks sees another behind it.
      {
        name: `a length, then chunked (${name})`,
        send: post(`Content-Length: ${ended.length}\r\n${header}`, ended),
      },
      {
        name: `chunked (${name}), then a length`,
        send: post(`${header}\r\nContent-Length: ${ended.length}`, ended),
      },
      // The other way round.
      {
        name: `a short length, and chunked (${name})`,
        send: post(`Content-Length: ${size}\r\n${header}`, wrapped),
        most: 2,
      },
    ]),
    ...Object.entries(LENGTHS).map(([name, header]) => ({
      name: `length: ${name}`,
      send: post(
        header.replaceAll('N', String(inner.length)).replaceAll(`Co${inner.length}tent`, 'Content'),
        inner,
      ),
      most: 2,
    })),
    ...Object.entries(CHUNKS).map(([name, body]) => ({
      name: `chunks: ${name}`,
      send: post('Transfer-Encoding: chunked', filled(body)),
      most: TWO.test(body) ? 2 : 1,
    })),
    ...Object.entries(HEADS).map(([name, text]) => ({
      name: `head: ${name}`,
      send: filled(text),
      most: text.includes('LENGTH') ? 1 : 2,
    })),
  ];
}

/** What HTTP/1 says by its syntax, HTTP/2 says by frames: a web server that writes one as the other must look at it. */
function overHttp2({ plan }: Stack): Variant[] {
  const host = plan.site.canonical;
  const inner = `GET /echo?inner HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
  const pseudo = (given: Record<string, string> = {}): [string, string][] =>
    Object.entries({ ':method': 'POST', ':scheme': 'https', ':path': '/echo', ':authority': host, ...given });
  const request = (headers: [string, string][], body: string) =>
    Buffer.concat([
      greeting(),
      frame(FRAMES.headers, FLAGS.endHeaders, 1, headerBlock(headers)),
      frame(FRAMES.data, FLAGS.endStream, 1, Buffer.from(body, 'latin1')),
    ]).toString('latin1');
  const line = (before: string) => `${before} HTTP/1.1\r\nHost: ${host}\r\n\r\n${inner}`;
  const requests: Record<string, string> = {
    chunked: request([...pseudo(), ['transfer-encoding', 'chunked']], `0\r\n\r\n${inner}`),
    'chunked, with a length': request(
      [...pseudo(), ['transfer-encoding', 'chunked'], ['content-length', String(inner.length + 5)]],
      `0\r\n\r\n${inner}`,
    ),
    'a length of 0': request([...pseudo(), ['content-length', '0']], inner),
    'a short length': request([...pseudo(), ['content-length', '5']], `hello${inner}`),
    'a long length': request([...pseudo(), ['content-length', '500']], 'hello'),
    'two lengths': request(
      [...pseudo(), ['content-length', '0'], ['content-length', String(inner.length)]],
      inner,
    ),
    'a request in a value': request([...pseudo(), ['x', `x\r\n\r\n${inner}`]], ''),
    'a request in a value, by LF': request([...pseudo(), ['x', `x\n\n${inner}`]], ''),
    'a header in a value': request(
      [...pseudo(), ['x', 'x\r\nTransfer-Encoding: chunked']],
      `0\r\n\r\n${inner}`,
    ),
    'a header in a name': request(
      [...pseudo(), ['x: x\r\ntransfer-encoding', 'chunked']],
      `0\r\n\r\n${inner}`,
    ),
    'a colon in a name': request([...pseudo(), ['transfer-encoding: chunked', 'x']], `0\r\n\r\n${inner}`),
    'a capital in a name': request([...pseudo(), ['Transfer-Encoding', 'chunked']], `0\r\n\r\n${inner}`),
    'a request in the path': request(pseudo({ ':path': line('/echo') }), ''),
    'a space in the path': request(pseudo({ ':path': '/echo HTTP/1.1' }), ''),
    'a request in the method': request(pseudo({ ':method': line('GET /echo') }), ''),
    'a request in the authority': request(pseudo({ ':authority': `${host}\r\n\r\n${inner}` }), ''),
    'a request in the scheme': request(pseudo({ ':scheme': line('https://x/echo') }), ''),
    'two paths': request([...pseudo(), [':path', '/echo?inner']], ''),
    'a path at the end': request([['x', 'x'], ...pseudo()], ''),
    Connection: request([...pseudo(), ['connection', 'transfer-encoding, host']], inner),
    'another host': request([...pseudo(), ['host', 'evil.example']], ''),
  };
  return Object.entries(requests).map(([name, send]) => ({ name: `HTTP/2: ${name}`, send, http2: true }));
}

/** The answers of /echo that came back. */
async function answers({ host, plan }: Stack, { send, http2 = false }: Variant): Promise<number> {
  const { text } = await host.visitor.raw(plan.site.origin, send, { seconds: 6, quiet: 1500, http2 });
  const body = http2 ? bodies(Buffer.from(text, 'latin1')) : text;
  return [...body.matchAll(/"requests":/g)].length;
}

/** Sends them, and counts: what came back of each, and how many requests the app saw in all. */
async function sent(
  stack: Stack,
  variants: readonly Variant[],
): Promise<{ answered: number[]; seen: number }> {
  let asked = 0;
  await counts(stack, () => {});
  const before = await counts(stack, () => {});
  const answered = await inTurn(variants, AT_A_TIME, (variant) => answers(stack, variant));
  const after = await counts(stack, () => asked++);
  expect([...after.keys()].sort(), 'none of the workers was replaced').toEqual([...before.keys()].sort());
  const sum = (all: Map<number, number>) => [...all.values()].reduce((total, one) => total + one, 0);
  return { answered, seen: sum(after) - sum(before) - asked };
}

/** Those after which the app had seen more requests than it has answered: found by halves. */
async function culprits(stack: Stack, variants: readonly Variant[]): Promise<string[]> {
  const { answered, seen } = await sent(stack, variants);
  const total = answered.reduce((sum, one) => sum + one, 0);
  // An app may be asked before its body is there, and be told then that there is no whole one: the client is refused.
  if (seen <= Math.max(total, variants.length === 1 ? 1 : 0)) return [];
  if (variants.length === 1) return [`${variants[0]?.name}: ${seen} at the app, ${total} answered`];
  const half = Math.ceil(variants.length / 2);
  return [
    ...(await culprits(stack, variants.slice(0, half))),
    ...(await culprits(stack, variants.slice(half))),
  ];
}

export const smugglingRows: Row[] = [
  {
    id: 'A1',
    lines: /proxy_http_version|proxy_set_header|ProxyPass|HttpProtocolOptions/,
    async prove({ stack, note, measured }) {
      const variants = [...overHttp1(stack), ...(stack.plan.tls.here ? overHttp2(stack) : [])];
      const { answered, seen } = await sent(stack, variants);
      const wrong = variants.flatMap(({ name, most = 1 }, index) =>
        (answered[index] ?? 0) > most ? [`${name}: ${answered[index]} answers`] : [],
      );
      expect(wrong, 'more answers than requests').toEqual([]);
      const total = answered.reduce((sum, one) => sum + one, 0);
      const unanswered = seen === total ? [] : await culprits(stack, variants);
      expect(unanswered, 'requests that the app saw, and nobody was answered').toEqual([]);
      const refused = answered.filter((count) => count === 0).length;
      note(`${variants.length} requests: ${refused} refused, the app saw ${seen} and answered ${total}`);
      measured('requests', { sent: variants.length, refused, seen, answered: total });
    },
  },
];
