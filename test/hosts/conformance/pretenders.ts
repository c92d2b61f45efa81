/** A7: what users upload never runs as a page of the site, whatever it pretends to be. */
import { expect } from 'vitest';
import type { Stack } from '../harness/stack.ts';
import { inTurn } from './siege.ts';
import type { Row } from './suite.ts';

const SCRIPT = '<script>alert(document.domain)</script>';
const HTML = `<!doctype html><html><body>${SCRIPT}</body></html>`;
const SVG = `<svg xmlns="http://www.w3.org/2000/svg">${SCRIPT}</svg>`;

/** By name, below a folder of uploads. */
const FILES: Readonly<Record<string, string>> = {
  // One kind under the name of another.
  ...named(HTML, [
    'a.png',
    'a.PNG',
    'a.jpg',
    'a.jpeg',
    'a.gif',
    'a.webp',
    'a.avif',
    'a.mp4',
    'a.ogg',
    'a.wav',
  ]),
  ...named(HTML, ['a.txt', 'a.css', 'a.json', 'a.pdf', 'a.bin', 'a.unknown', 'a', 'a.m4a', 'a.ogv', 'a.ico']),
  // Pages, in every kind that a browser or a server takes for one.
  ...named(HTML, [
    'p.html',
    'p.HTML',
    'p.htm',
    'p.xhtml',
    'p.xht',
    'p.shtml',
    'p.stm',
    'p.mht',
    'p.mhtml',
    'p.htc',
  ]),
  ...named(SVG, [
    's.svg',
    's.SVG',
    's.svgz',
    's.xml',
    's.xsl',
    's.xslt',
    's.rdf',
    's.rss',
    's.atom',
    's.mathml',
  ]),
  ...named('alert(1)', [
    'c.js',
    'c.mjs',
    'c.wasm',
    'c.swf',
    'c.hta',
    'c.vbs',
    'c.url',
    'c.manifest',
    'c.webmanifest',
  ]),
  // What a server may have a program for.
  ...named('<?php echo 6*7; ?><!--#echo var="DATE_LOCAL" -->', [
    'r.php',
    'r.phtml',
    'r.php5',
    'r.phar',
    'r.php.png',
  ]),
  ...named('#!/bin/sh\necho; echo 6*7', [
    'r.cgi',
    'r.pl',
    'r.py',
    'r.fcgi',
    'r.wsgi',
    'r.asis',
    'r.rb',
    'r.lua',
    'r.jsp',
  ]),
  'r.shtml.png': '<!--#exec cmd="id" -->',
  'r.var': 'URI: p.html\nContent-Type: text/html\n',
  'r.asis.png': `Status: 200\nContent-Type: text/html\n\n${HTML}`,
  // Several kinds at once: as the last name says, or the first.
  ...named(HTML, [
    'm.html.png',
    'm.png.html',
    'm.svg.png',
    'm.png.svg',
    'm.html.gz',
    'm.html.br',
    'm.html.gz.png',
  ]),
  ...named(HTML, [
    'm.html.de',
    'm.png.de',
    'm.html.unknown',
    'm.png.unknown',
    'm.html.utf8',
    'm.html.var',
    'm.de.html',
  ]),
  'm.gif': `GIF89a/*${SCRIPT}*/=1;`,
  'poly.png': `\x89PNG\r\n\x1a\n${HTML}`,
  'poly.jpg': `\xff\xd8\xff\xe0${HTML}`,
  'poly.pdf': `%PDF-1.4\n${HTML}`,
  'poly.zip': `PK\x03\x04${HTML}`,
  // Names that end elsewhere than they seem to.
  ...named(HTML, [
    'n\n.html',
    'n.html\n',
    'n.png\n',
    'n\r\nX-Injected: 1\r\n.png',
    'n\r\nX-Injected: 1.html',
    'n\t.png',
  ]),
  ...named(HTML, [
    'n\x01.png',
    'n\x7f.html',
    'n".html',
    "n'.html",
    'n\\.html',
    'n\\..\\p.png',
    'n;.html',
    'n;.png',
    'n?.png',
  ]),
  ...named(HTML, [
    'n#.png',
    'n%00.png',
    'n%2e.html',
    'n%2fp.html',
    'n .png',
    'n.png ',
    'n.png.',
    'n.html ',
    'n.html.',
    'n:$DATA.png',
  ]),
  ...named(HTML, [
    'ü.html',
    '\u202egnp.html',
    'n\u2028.html',
    '<img src=x>.html',
    '$(id).html',
    '{{7*7}}.html',
    'n,n.png',
  ]),
  // Folders with the name of a file, and indexes.
  ...named(HTML, [
    'index.html',
    'f.png/index.html',
    'f.png/index.htm',
    'f.html/a.png',
    'f/default.html',
    'f/index.php',
  ]),
};

function named(content: string, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, content]));
}

const FOLDER = 'pretenders';

/** Written by the app itself, as it writes uploads. */
function write(stack: Stack, folder: string): Promise<string> {
  const files = Object.entries(FILES).map(([name, content]) => [
    Buffer.from(name, 'utf8').toString('base64'),
    Buffer.from(content, 'latin1').toString('base64'),
  ]);
  const program = [
    'import base64, json, os, sys',
    'for name, content in json.loads(sys.argv[2]):',
    '    path = os.path.join(sys.argv[1], base64.b64decode(name).decode())',
    '    os.makedirs(os.path.dirname(path), exist_ok=True)',
    '    open(path, "wb").write(base64.b64decode(content))',
  ].join('\n');
  return stack.runAsApp('python', '-c', program, folder, JSON.stringify(files));
}

/** Kinds that a browser shows, and in which nothing can run; the last it saves. */
const HARMLESS =
  /^(image\/(?!svg)[\w.+-]+|audio\/[\w.+-]+|video\/[\w.+-]+|application\/(ogg|octet-stream))(;|$)/;

/** What is wrong with an answer that has a file in it; undefined where nothing can run. */
function trouble(headers: Record<string, string>): string | undefined {
  const policy = headers['content-security-policy'] ?? '';
  const disposition = headers['content-disposition'] ?? '';
  if (headers['x-injected'] !== undefined) return 'its name is a header';
  if (headers['x-content-type-options'] !== 'nosniff') return 'a browser may guess what it is';
  if (!/(^|;)\s*sandbox\s*(;|$)/.test(policy)) return `no sandbox: ${policy}`;
  if (/^attachment/.test(disposition)) return undefined;
  return HARMLESS.test(headers['content-type'] ?? '') ? undefined : `shown as ${headers['content-type']}`;
}

export const pretenderRows: Row[] = [
  {
    id: 'A7',
    lines: /_media_disposition|Content-Security-Policy|Content-Disposition|SetHandler|nosniff/,
    async prove({ stack, note, measured }) {
      const [mount] = stack.plan.media;
      if (mount === undefined) throw new Error('there are no uploads');
      const wrong: string[] = [];
      const kinds: Record<string, number> = {};
      await write(stack, `${mount.path}/${FOLDER}`);
      try {
        const paths = Object.keys(FILES).flatMap((name) => {
          const path = `${mount.url}${FOLDER}/${name.split('/').map(encodeURIComponent).join('/')}`;
          const folder = name.includes('/') ? [path.slice(0, path.lastIndexOf('/') + 1)] : [];
          return [path, `${path}?x=.html`, `${path}/`, `${path}/x.html`, `${path};x.html`, ...folder];
        });
        await inTurn([...new Set(paths)], 8, async (path) => {
          for (const headers of [{ accept: 'text/html' }, { range: 'bytes=0-99' }]) {
            const answer = await stack.fetch(path, { headers: headers as Record<string, string> });
            kinds[answer.status] = (kinds[answer.status] ?? 0) + 1;
            if ([400, 403, 404].includes(answer.status)) continue;
            const problem = [200, 206].includes(answer.status)
              ? trouble(answer.headers)
              : 'not sent as a file';
            const name = decodeURIComponent(path.slice(`${mount.url}${FOLDER}/`.length).split('?')[0] ?? '');
            const content = Buffer.from(FILES[name] ?? '', 'latin1').subarray(
              0,
              answer.status === 206 ? 100 : undefined,
            );
            if (problem !== undefined) wrong.push(`${path}: ${answer.status}, ${problem}`);
            else if (FILES[name] !== undefined && !answer.body.equals(content))
              wrong.push(`${path}: another content, ${answer.text.slice(0, 80)}`);
          }
        });
      } finally {
        await stack.host.shell(`rm -rf '${mount.path}/${FOLDER}'`);
      }
      expect(wrong).toEqual([]);
      expect(kinds[200] ?? 0, 'files that were sent').toBeGreaterThan(Object.keys(FILES).length / 2);
      note(`${Object.keys(FILES).length} files: ${JSON.stringify(kinds)}`);
      measured('answers', kinds);
    },
  },
];
