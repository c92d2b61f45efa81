/** How long a browser keeps what a build wrote, by its name: the same to nginx, to Apache and to the installer. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { kit } from '../check/kit.ts';

const KEPT: readonly string[] = [
  '/assets/index-Bk3x_9aZ.js',
  '/docs/assets/sub/index-DiwrgTda.css',
  '/_app/immutable/chunks/x.B3x_9abc.js',
  '/main-ABCD2345.js',
  '/chunk-QWERTYUI.css',
  '/app.3f2a9c1b.js',
  '/static/js/main.3f2a9c1b.chunk.js',
];
const ASKED: readonly string[] = ['/index.html', '/assets/page-Bk3x_9aZ.html', '/release-3f2a9c1b.html'];
const SHORT: readonly string[] = [
  '/font-awesome5.min.css',
  '/holiday-DSC_0042.jpg',
  '/api-version2.json',
  '/my-assets/api-version2.json',
  '/photo-PORTRAIT.jpg',
  '/robots.txt',
];

const PAGES = 'paths: { /docs/: { folder: docs/built } }';
const fileOf = (end: string, ...lines: string[]) =>
  kit(PAGES, ...lines).files.find(({ path }) => path.endsWith(end))?.text ?? '';

/** nginx takes the first pattern of a map that fits. */
function byNginx(url: string): string {
  const map =
    /^map \$uri \$\w+_page_cache \{\n([\s\S]*?)^\}/m.exec(fileOf('/sites-enabled/zz-shop.conf'))?.[1] ?? '';
  const rules = [...map.matchAll(/"~(\S+)"\s+"?([^";]+)"?;/g)];
  return rules.find(([, pattern]) => new RegExp(pattern ?? '').test(url))?.[2] ?? 'public, max-age=300';
}

/** Apache takes the last header, and those of sections after those outside of them. */
function byApache(url: string): string {
  const site = fileOf('/sites-enabled/zz-shop.conf', 'web-server: apache');
  const folder = /<Directory "[^"]*public\/docs\/">([\s\S]*?)<\/Directory>/.exec(site)?.[1] ?? '';
  const plain = [
    ...folder.matchAll(/^ {8}Header set Cache-Control "?([^"\n]+)"?(?: "expr=.*? =~ m#(.*)#")?$/gm),
  ];
  const sections = [...folder.matchAll(/<FilesMatch "(.*)">\s+Header set Cache-Control "?([^"\n]+)"?/g)];
  const name = url.split('/').at(-1) ?? '';
  return [
    ...plain.filter(([, , pattern = '']) => new RegExp(pattern).test(url)).map(([, value]) => value),
    ...sections.filter(([, pattern = '']) => new RegExp(pattern).test(name)).map(([, , value]) => value),
  ].at(-1) as string;
}

const YEAR = 'public, max-age=31536000, immutable';

describe.each([
  ['nginx', byNginx],
  ['Apache', byApache],
])('%s', (_, cacheOf) => {
  it.each(KEPT)('keeps %s for a year', (url) => expect(cacheOf(url)).toBe(YEAR));
  it.each(ASKED)('asks for %s each time', (url) => expect(cacheOf(url)).toBe('no-cache'));
  it.each(SHORT)('keeps %s for minutes', (url) => expect(cacheOf(url)).toBe('public, max-age=300'));
});

describe('a single-page app', () => {
  const PAGE = 'paths: { /docs/: { folder: docs/built, single-page: true } }';
  const rule = (pattern: RegExp, ...lines: string[]) => {
    const site = kit(PAGE, ...lines).files.find(({ path }) => path.endsWith('/zz-shop.conf'))?.text ?? '';
    return new RegExp(pattern.exec(site)?.[1] ?? '$never');
  };
  it.each([
    ['nginx', rule(/^ {8}location ~ "(.*)" \{\n {12}try_files \$uri =404;/m)],
    ['Apache', rule(/<If "%\{REQUEST_URI\} =~ m#(.*)#">\s+FallbackResource disabled/, 'web-server: apache')],
  ])('has 404 for the files that may be kept, and its index for any other path: %s', (_, isFile) => {
    expect(KEPT.filter((url) => !isFile.test(url))).toEqual([]);
    const pages = ['/', '/shelf/42', '/release-3f2a9c1b', '/x.js'];
    expect([...ASKED, ...SHORT, ...pages].filter((url) => isFile.test(url))).toEqual([]);
  });

  it('is alone in having it: any other folder has 404 for all that it does not hold', () => {
    expect(fileOf('/sites-enabled/zz-shop.conf')).not.toContain('try_files $uri =404');
    expect(fileOf('/sites-enabled/zz-shop.conf', 'web-server: apache')).not.toContain('FallbackResource');
  });
});

it('the installer gives those to later releases', () => {
  const source = fileOf('/assets.py')
    .split('\n')
    .filter((line) => /^(HASHED|BUILT) = /.test(line));
  const names = [...KEPT, ...SHORT].map((url) => `docs${url}`);
  const program = [
    'import json, re, sys',
    ...source,
    'print(json.dumps([n for n in json.load(sys.stdin) if HASHED.search(n)]))',
  ];
  const kept = JSON.parse(
    execFileSync('python3', ['-c', program.join('\n')], { input: JSON.stringify(names), encoding: 'utf8' }),
  );
  expect(kept).toEqual(KEPT.map((url) => `docs${url}`));
});

it('a folder without its slash leads to https behind a proxy that ends TLS', () => {
  const proxy = ['tls: proxy', 'trusted-proxies: [10.0.0.0/8]'];
  const nginx = fileOf('/sites-enabled/zz-shop.conf', ...proxy);
  expect(/^ {4}location \/docs\/ \{\n[\s\S]*?^ {4}\}/m.exec(nginx)?.[0]).toContain('absolute_redirect off;');
  expect(fileOf('/sites-enabled/zz-shop.conf', 'web-server: apache', ...proxy)).toContain(
    'ServerName "https://shop.example"',
  );
  expect(fileOf('/sites-enabled/zz-shop.conf', 'web-server: apache')).toContain('ServerName shop.example\n');
});

it('Apache runs nothing that a build wrote', () => {
  const site = fileOf('/sites-enabled/zz-shop.conf', 'web-server: apache');
  expect(/<Directory "[^"]*public\/docs\/">[\s\S]*?<\/Directory>/.exec(site)?.[0]).toContain(
    '<If "-f %{REQUEST_FILENAME}">\n            SetHandler default-handler\n',
  );
});
