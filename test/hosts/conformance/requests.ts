/** R1 to R5: what the app is told of a request, and which requests it never sees. */
import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import type { Stack } from '../harness/stack.ts';
import { type Answer, type FetchOptions, HOST_ADDRESS, VISITOR_ADDRESS } from '../harness/visitor.ts';
import type { Row } from './suite.ts';

/** What /echo of a fixture answers: the request as the app sees it. */
export interface Echo {
  method: string;
  scheme: string;
  is_secure: boolean;
  host: string;
  absolute_uri: string;
  path: string;
  query_string: string;
  remote_addr: string;
  /** The same before anything around the app replaced it, where something does. */
  server_addr?: string;
  headers: Record<string, string>;
  body: { length: number; sha256: string };
  pid: number;
  requests: number;
  version: string;
}

export async function echo(stack: Stack, query = '', options: FetchOptions = {}): Promise<Echo> {
  const answer = await stack.fetch(`/echo${query}`, options);
  expect(answer.status).toBe(200);
  return JSON.parse(answer.text) as Echo;
}

/** Without what differs from request to request. */
export function stable({ pid: _pid, requests: _requests, headers, ...rest }: Echo) {
  const { HTTP_X_REQUEST_ID: _id, ...others } = headers;
  return { ...rest, headers: others };
}

/** Does the app's log know this word? The fixtures log each request that has `mark=` in its query. */
export async function reached(stack: Stack, word: string): Promise<boolean> {
  return (await stack.log()).includes(word);
}

/** Nothing that looks like a page came back. */
function noPage({ front }: Stack, answer: { text: string; end: string }): string {
  return front.refuses(answer) ? 'no page' : `${answer.end}: ${answer.text.slice(0, 200)}`;
}

export const SPOOFED = {
  'X-Forwarded-For': '1.2.3.4, 127.0.0.1',
  'X-Forwarded-Proto': 'http, ftp',
  'X-Forwarded-Host': 'evil.example',
  'X-Forwarded-Port': '8443',
  'X-Forwarded-Prefix': '/evil',
  'X-Forwarded-Ssl': 'off',
  'X-Forwarded-Protocol': 'ssl',
  'X-Forwarded-Scheme': 'ftp',
  'X-Forwarded-Server': 'evil.example',
  'X-Url-Scheme': 'ftp',
  'X-Real-IP': '1.2.3.4',
  'X-Script-Name': '/evil',
  'X-Request-ID': 'evil',
  Forwarded: 'for=1.2.3.4;proto=ftp;host=evil.example',
  Proxy: 'http://evil.example',
  X_Forwarded_For: '1.2.3.4',
  X_Forwarded_Proto: 'ftp',
  X_Real_IP: '1.2.3.4',
  SCRIPT_NAME: '/evil',
  REMOTE_ADDR: '1.2.3.4',
};

/** What is overwritten on the way to the app, and so must arrive however a client names it. */
const OVERWRITTEN = ['X-Forwarded-For', 'X-Forwarded-Proto', 'X-Real-IP', 'X-Request-ID', 'Host'];

/** Lines by which a client has a proxy take headers out: https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1 */
const HOP_BY_HOP: readonly (readonly string[])[] = [
  ...OVERWRITTEN.map((name) => [`Connection: close, ${name}`]),
  [`Connection: close, ${OVERWRITTEN.join(', ')}`],
  [`Connection: ${OVERWRITTEN.join(',')},close`],
  [...OVERWRITTEN.map((name) => `Connection: ${name}`), 'Connection: close'],
  ['Connection: close', ...OVERWRITTEN.map((name) => `Connection: ${name}`)],
  ['cOnNeCtIoN:\t cLoSe\t ,\tx-FORWARDED-for , ,X-real-ip\t,,x-forwarded-PROTO,x-request-id\t'],
  ['Connection: close', `Proxy-Connection: ${OVERWRITTEN.join(', ')}`],
];

/** The head of a request with these lines for what a test leaves to chance. */
function head(stack: Stack, path: string, lines: readonly string[]): string {
  return [`GET ${path} HTTP/1.1`, `Host: ${stack.plan.site.canonical}`, ...lines, '', ''].join('\r\n');
}

/** What the app sees of a request with these lines. */
async function seenWith(stack: Stack, lines: readonly string[]): Promise<Echo> {
  const { text } = await stack.host.visitor.raw(stack.plan.site.origin, head(stack, '/echo?x=1', lines), {
    insecure: true,
    seconds: 20,
  });
  expect(text.split(' ')[1], `${lines.join('\n')}\n${text}`).toBe('200');
  return JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1)) as Echo;
}

/** The same of a request that becomes a WebSocket, from the app at its other end. */
async function seenBySocket(
  stack: Stack,
  path: string,
  lines: readonly string[],
): Promise<Record<string, string>> {
  const { origin } = stack.plan.site;
  const upgrade = ['Upgrade: websocket', 'Sec-WebSocket-Version: 13', `Origin: ${origin}`].concat(
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  );
  // The word, and the end of the conversation, masked with nothing: https://www.rfc-editor.org/rfc/rfc6455#section-5.2
  const replies = ['\x81\x87\0\0\0\0headers', '\x88\x82\0\0\0\0\x03\xe8'];
  const { text } = await stack.host.visitor.raw(origin, head(stack, path, [...upgrade, ...lines]), {
    insecure: true,
    replies,
  });
  expect(text.split(' ')[1], `${lines.join('\n')}\n${text}`).toBe('101');
  return JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1)) as Record<string, string>;
}

/** No line of a client's takes away what the web server says of it. */
async function overwrittenArrive(stack: Stack): Promise<void> {
  const honest = await seenWith(stack, ['Connection: close']);
  for (const name of OVERWRITTEN) expect(Object.keys(honest.headers)).toContain(inWsgi(name));
  // An app server of ASGI's takes an upgrade for itself, and answers as it likes where the app has no WebSocket.
  const upgrades = stack.plan.upstream.interface === 'asgi' ? [[]] : [[], ['Upgrade: websocket']];
  for (const upgrade of upgrades)
    for (const lines of HOP_BY_HOP) {
      const seen = await seenWith(stack, [...upgrade, ...lines]);
      expect(seen.headers.HTTP_X_REQUEST_ID, lines.join('\n')).toMatch(/^[\w@-]{20,}$/);
      expect(withoutOwn(stable(seen)), lines.join('\n')).toEqual(withoutOwn(stable(honest)));
    }
  const { live } = stack.site;
  if (live === undefined) return;
  const own = ({ 'x-request-id': id, 'proxy-connection': _proxy, ...headers }: Record<string, string>) => {
    expect(id).toMatch(/^[\w@-]{20,}$/);
    return headers;
  };
  const plain = own(await seenBySocket(stack, live.echo, ['Connection: upgrade']));
  for (const lines of HOP_BY_HOP) {
    const asked = lines.map((line) => line.replace(/close/i, 'Upgrade'));
    expect(own(await seenBySocket(stack, live.echo, asked)), asked.join('\n')).toEqual(plain);
  }
}

const inWsgi = (name: string) => `HTTP_${name.toUpperCase().replaceAll('-', '_')}`;

/** Without headers that a client may well have of its own. */
function withoutOwn<Seen extends { headers: Record<string, string> }>(seen: Seen) {
  const { HTTP_UPGRADE: _upgrade, HTTP_PROXY_CONNECTION: _proxy, ...headers } = seen.headers;
  return { ...seen, headers };
}

export const requestRows: Row[] = [
  {
    id: 'R1',
    lines: /proxy_set_header|server_name|listen/,
    async prove({ stack, note }) {
      const { scheme, canonical } = stack.plan.site;
      for (const [ipv6, address] of [
        [false, VISITOR_ADDRESS[4]],
        [true, VISITOR_ADDRESS[6]],
      ] as const) {
        if (ipv6 && !stack.plan.site.ipv6) continue;
        const query = 'a=1&b=%2F%20x&b=%C3%A9&c=a+b';
        const seen = await echo(stack, `?${query}`, { ipv6 });
        expect(seen).toMatchObject({
          method: 'GET',
          scheme,
          is_secure: scheme === 'https',
          host: canonical,
          path: '/echo',
          query_string: query,
          absolute_uri: `${scheme}://${canonical}/echo?${query}`,
          remote_addr: address,
          headers: { HTTP_X_FORWARDED_FOR: address, HTTP_X_REAL_IP: address },
        });
        expect(seen.server_addr ?? address, 'the client, as the app server itself says').toBe(address);
      }
      const posted = await echo(stack, '', {
        method: 'POST',
        body: 'a=ü',
        headers: { 'x-own': 'kept', authorization: 'Basic dTpw' },
      });
      expect(posted).toMatchObject({
        method: 'POST',
        headers: { HTTP_X_OWN: 'kept', HTTP_AUTHORIZATION: 'Basic dTpw' },
        body: { length: 4, sha256: createHash('sha256').update('a=ü').digest('hex') },
      });
      note(`over ${scheme}, IPv4${stack.plan.site.ipv6 ? ' and IPv6' : ''}`);
    },
  },
  {
    id: 'R2',
    lines: /proxy_set_header|uwsgi_param|RequestHeader/,
    async prove({ stack }) {
      const { site, tls } = stack.plan;
      const honest = stable(await echo(stack, '?x=1'));
      for (const [name, value] of Object.entries(SPOOFED)) {
        expect(stable(await echo(stack, '?x=1', { headers: { [name]: value } })), name).toEqual(honest);
      }
      expect(stable(await echo(stack, '?x=1', { headers: SPOOFED })), 'all at once').toEqual(honest);
      await overwrittenArrive(stack);
      // The request line may name a host as well; whoever believes the Host header then is deceived.
      const options = { insecure: true, serverName: tls.here ? site.canonical : '' };
      const lie = `GET ${site.origin}/echo?x=1 HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`;
      const { text } = await stack.host.visitor.raw(site.origin, lie, options);
      expect(text.split(' ')[1], text).toBe('200');
      expect(JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1)).host).toBe(site.canonical);
      const other = `GET ${site.scheme}://evil.example/echo HTTP/1.1\r\nHost: ${site.canonical}\r\nConnection: close\r\n\r\n`;
      expect(noPage(stack, await stack.host.visitor.raw(site.origin, other, options))).toBe('no page');
    },
  },
  {
    id: 'R3',
    lines: /default_server|return 444|ssl_reject_handshake/,
    async prove({ stack }) {
      const { visitor } = stack.host;
      const { tls, site } = stack.plan;
      const get = (host: string) => `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
      const strangers = [
        'evil.example',
        HOST_ADDRESS[4],
        `x.${site.canonical}`,
        `${site.canonical}.evil.example`,
        '_',
      ];
      for (const host of strangers)
        expect(noPage(stack, await visitor.raw(`http://${host}`, get(host))), `http, Host ${host}`).toBe(
          'no page',
        );
      expect(noPage(stack, await visitor.raw('http://x', 'GET / HTTP/1.0\r\n\r\n')), 'http, no Host').toBe(
        'no page',
      );
      if (!tls.here) return;
      for (const serverName of ['evil.example', '']) {
        const { error } = await visitor.raw('https://x', get('evil.example'), { serverName, insecure: true });
        expect(error, `https, server name "${serverName}"`).toMatch(/alert|unrecognized|handshake/i);
      }
      for (const host of strangers) {
        const options = { serverName: site.canonical, insecure: true };
        const answer = await visitor.raw('https://x', get(host), options);
        expect(noPage(stack, answer), `https, server name ${site.canonical}, Host ${host}`).toBe('no page');
      }
    },
  },
  {
    id: 'R4',
    lines: /return 30|server_name/,
    async prove({ stack }) {
      const { site, tls } = stack.plan;
      const path = '/a/b%2Fc/?x=1%202&y=%C3%A9&z=a+b';
      const from = async (url: string, options: FetchOptions = {}) => {
        const { status, headers }: Answer = await stack.host.fetch(url, options);
        return `${status} ${headers.location}`;
      };
      const leads = new RegExp(`^30[18] ${site.origin.replaceAll('.', '\\.')}${escaped(path)}$`);
      for (const ipv6 of [false, true]) {
        if (ipv6 && !site.ipv6) continue;
        for (const alias of site.aliases)
          expect(await from(`http://${alias}${path}`, { ipv6 })).toMatch(leads);
        if (!tls.here) continue;
        expect(await from(`http://${site.canonical}${path}`, { ipv6 })).toMatch(leads);
        for (const alias of site.aliases) {
          expect(await from(`https://${alias}${path}`, { ipv6 })).toMatch(leads);
          expect(await from(`https://${alias}${path}`, { http2: true })).toMatch(leads);
        }
      }
      if (!tls.letsencrypt) return;
      const challenge = `${tls.challenges}/.well-known/acme-challenge/probe`;
      await stack.host.put(challenge, 'challenge');
      const answer = await stack.host.fetch(`http://${site.canonical}/.well-known/acme-challenge/probe`);
      expect([answer.status, answer.text]).toEqual([200, 'challenge']);
    },
  },
  {
    id: 'R5',
    lines: /client_max_body_size|proxy_request_buffering/,
    async prove({ stack }) {
      const { bytes } = stack.plan.body;
      const body = Buffer.alloc(bytes, 'abcdefghijklmnop');
      const whole = await echo(stack, '?mark=under', { method: 'POST', body });
      expect(whole.body).toEqual({ length: bytes, sha256: createHash('sha256').update(body).digest('hex') });
      const over = Buffer.alloc(bytes + 1, 'x');
      const refused = await stack.fetch('/echo?mark=over-by-one', { method: 'POST', body: over });
      expect(refused.status).toBe(413);
      const chunked = await stack.fetch('/echo?mark=over-in-chunks', {
        method: 'POST',
        body: over,
        headers: { 'transfer-encoding': 'chunked' },
      });
      expect(chunked.status).toBe(413);
      // Inside of the web server, its own words tell who refused, too.
      if (stack.plan.upstream.inside !== null)
        expect([refused.text, chunked.text]).toEqual([
          expect.stringMatching(stack.front.refusesBody),
          expect.stringMatching(stack.front.refusesBody),
        ]);
      expect(await reached(stack, 'mark=under'), 'the request that fits').toBe(true);
      // An app inside of the web server runs from the beginning of a request: of one in chunks it has the head, and is
      // refused the body while it reads.
      const never = stack.plan.upstream.inside === null ? 'mark=over' : 'mark=over-by-one';
      expect(await reached(stack, never), 'one that does not').toBe(false);
    },
  },
];

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
