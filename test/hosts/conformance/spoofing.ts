/** A8: whatever a client claims of itself, of the host and of the scheme, nothing differs. */
import { expect } from 'vitest';
import type { Stack } from '../harness/stack.ts';
import { type Echo, SPOOFED, stable } from './requests.ts';
import { inTurn } from './siege.ts';
import type { Row } from './suite.ts';

/** Claims beside those of R2: other spellings, and headers that some server, cache or framework believes. */
const CLAIMS: readonly string[] = [
  ...Object.entries(SPOOFED).map(([name, value]) => `${name}: ${value}`),
  ...[
    'x-forwarded-for: 127.0.0.1',
    'X-FORWARDED-PROTO: http',
    'X-Forwarded-For: ::1\r\nX-Forwarded-For: 10.0.0.1',
  ],
  ...[
    'X-Forwarded_For: 1.2.3.4',
    'X_Forwarded-Proto: ftp',
    'X_Real_IP: 1.2.3.4',
    'X-Forwarded_Host: evil.example',
  ],
  ...[
    'Front-End-Https: on',
    'X-Scheme: ftp',
    'X-Original-URL: /evil',
    'X-Rewrite-URL: /evil',
    'X-Original-Host: evil.example',
  ],
  ...[
    'X-Host: evil.example',
    'X-HTTP-Host-Override: evil.example',
    'X-Forwarded-Uri: /evil',
    'X-Forwarded-Method: DELETE',
  ],
  ...[
    'X-HTTP-Method-Override: DELETE',
    'X-Method-Override: DELETE',
    'X-Client-IP: 1.2.3.4',
    'X-Cluster-Client-IP: 1.2.3.4',
  ],
  ...[
    'Client-IP: 1.2.3.4',
    'True-Client-IP: 1.2.3.4',
    'CF-Connecting-IP: 1.2.3.4',
    'CF-Visitor: {"scheme":"http"}',
  ],
  ...[
    'Forwarded: for="[::1]";host=evil.example',
    'Forwarded: proto=ftp\r\nForwarded: host=evil.example',
    'Via: 1.1 evil.example',
  ],
  ...[
    'X-Accel-Redirect: /_protected/x',
    'X-Sendfile: /etc/passwd',
    'X-LiteSpeed-Location: /etc/passwd',
    'X-Accel-Buffering: no',
  ],
  ...[
    'PATH_INFO: /evil',
    'REQUEST_URI: /evil',
    'SERVER_NAME: evil.example',
    'HTTPS: off',
    'wsgi.url_scheme: ftp',
    'REMOTE_USER: root',
  ],
  ...[
    'HTTP_HOST: evil.example',
    'HTTP_X_FORWARDED_FOR: 1.2.3.4',
    'Remote-User: root',
    'X-Remote-User: root',
    'X-Forwarded-User: root',
  ],
];

/** Ways to write the host that are the site's own name all the same. */
const hosts = (name: string, port: number): string[] => [
  ...[
    name.toUpperCase(),
    `${name}.`,
    `${name}:${port}`,
    `${name}:80`,
    `${name}:443`,
    `${name}:1`,
    `${name}.:${port}`,
  ],
];

/** Names that must not get through, written so that somebody may cut them wrongly. */
const strangers = (name: string): string[] => [
  ...[
    `${name}@evil.example`,
    `evil.example@${name}`,
    `${name}/evil.example`,
    `evil.example/${name}`,
    `${name}#evil.example`,
  ],
  ...[
    `${name}?evil.example`,
    `${name},evil.example`,
    `evil.example, ${name}`,
    `${name} evil.example`,
    `${name}\tevil.example`,
  ],
  ...[
    `${name}:80@evil.example`,
    `${name}:evil.example`,
    `${name}:80:evil.example`,
    `evil.example:${name}`,
    `"${name}"`,
  ],
  ...[
    `${name}\r\nHost: evil.example`,
    `evil.example\r\nHost: ${name}`,
    `${name}\r\nX-Forwarded-Host: evil.example`,
  ],
  ...['', 'localhost', '127.0.0.1', '[::1]', '[::1', `${name}\x00.evil.example`, `${name}%00.evil.example`],
];

/** What of an answer a browser or a cache goes by; not its body, where each page has its own token. */
const KEPT =
  /^(location|vary|cache-control|etag|content-type|link|refresh|content-location|access-control-[a-z-]*):/i;

/** Apache adds it to a short answer or not, as its end comes a moment later or at once. https://github.com/apache/httpd/blob/2.4.65/modules/filters/mod_deflate.c */
const COMPRESSIBLE = /^vary: accept-encoding$/i;

interface Asked {
  text: string;
  status: number;
  /** What the app saw, where the page tells. */
  echo: Echo | undefined;
  /** All that is not to differ. */
  outcome: string;
}

/** One request with these lines. */
async function asked({ host }: Stack, { origin, path }: Place, lines: string): Promise<Asked> {
  const send = `GET ${path} HTTP/1.1\r\n${lines}\r\nConnection: close\r\n\r\n`;
  const { text } = await host.visitor.raw(origin, send, { seconds: 15 });
  const [first = '', ...headers] = (text.split('\r\n\r\n')[0] ?? '').split('\r\n');
  const status = Number(first.split(' ')[1] ?? 0);
  const json = text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1);
  const echo = path.startsWith('/echo') && status === 200 ? (JSON.parse(json) as Echo) : undefined;
  const kept = headers.filter((line) => KEPT.test(line) && !COMPRESSIBLE.test(line)).sort();
  return { text, status, echo, outcome: JSON.stringify({ status, kept, made: echo && made(echo) }, null, 1) };
}

/** Headers that nobody here reads reach the app as they are; what is made of a request is to stay the same. */
function made(seen: Echo): object {
  const { headers, ...rest } = stable(seen);
  const { HTTP_HOST, HTTP_X_FORWARDED_FOR, HTTP_X_FORWARDED_PROTO, HTTP_X_REAL_IP } = headers;
  return { ...rest, headers: { HTTP_HOST, HTTP_X_FORWARDED_FOR, HTTP_X_FORWARDED_PROTO, HTTP_X_REAL_IP } };
}

interface Place {
  origin: string;
  path: string;
  host: string;
}

/** Where the stack makes something of host, scheme and client: pages, links, redirects, files and errors. */
function places({ plan, site }: Stack): [Place, ...Place[]] {
  const { canonical, aliases, origin } = plan.site;
  const of = (path: string): Place => ({ origin, path, host: canonical });
  const pages = ['/', '/accounts/login', '/contract/1', '/no-such', plan.probe.path, site.asset];
  return [
    of('/echo?x=1'),
    ...[...pages, ...plan.static.map(({ url }) => url.slice(0, -1))].map(of),
    ...[...(plan.tls.here ? [canonical] : []), ...aliases].map((host) => ({
      ...{ origin: `http://${host}`, path: '/a?b', host },
    })),
  ];
}

export const spoofingRows: Row[] = [
  {
    id: 'A8',
    lines: /proxy_set_header|uwsgi_param|RequestHeader|server_name|ServerName|return 30/,
    async prove({ stack, note }) {
      const { canonical } = stack.plan.site;
      const { probe } = stack.plan;
      const wrong: string[] = [];
      let tried = 0;
      const compare = async (place: Place, honest: Asked, lines: string) => {
        tried++;
        const { outcome } = await asked(stack, place, lines);
        if (outcome !== honest.outcome)
          wrong.push(
            `${place.origin}${place.path} with ${JSON.stringify(lines)}: ${outcome}, not ${honest.outcome}`,
          );
      };
      const [echoed, ...others] = places(stack);
      const [home = echoed, login = echoed] = others;
      for (const place of [echoed, ...others]) {
        const own = `Host: ${place.host}`;
        const honest = await asked(stack, place, own);
        // One by one where the app tells what it saw, else a handful at once.
        const handful = place === echoed ? 1 : 12;
        const sets: string[] = [];
        for (let at = 0; at < CLAIMS.length; at += handful)
          sets.push([own, ...CLAIMS.slice(at, at + handful)].join('\r\n'));
        await inTurn(sets, 8, (lines) => compare(place, honest, lines));
      }
      for (const place of [echoed, home, login]) {
        const honest = await asked(stack, place, `Host: ${canonical}`);
        await inTurn(hosts(canonical, probe.port), 8, (host) => compare(place, honest, `Host: ${host}`));
        await inTurn(strangers(canonical), 8, async (host) => {
          tried++;
          const { text, echo } = await asked(stack, place, `Host: ${host}`);
          // A header that nobody reads may come back as it was.
          const told = text.replaceAll(/"HTTP_X_[A-Z_]*": "[^"]*"/g, '');
          if (/evil/.test(told) || (echo !== undefined && echo.host !== canonical))
            wrong.push(`${place.origin}${place.path}, Host ${JSON.stringify(host)}: ${text.slice(0, 300)}`);
        });
      }
      expect(wrong).toEqual([]);
      note(`${tried} requests in ${others.length + 1} places`);
    },
  },
];
