/** What Apache is told of a site with several paths: which of its patterns a request meets, and what a service may be sent. */
import { describe, expect, it } from 'vitest';
import { kit } from '../../check/kit.ts';

const siteOf = (...lines: string[]) =>
  kit(...lines, 'web-server: apache').files.find(({ path }) => path.endsWith('/zz-shop.conf'))?.text ?? '';

/** The first word of each of these directives, without its quotes and their escapes. */
const wordsOf = (site: string, directive: string) =>
  [...site.matchAll(new RegExp(`^ *${directive} "((?:[^"\\\\]|\\\\.)*)"(.*)$`, 'gm'))].map((found) => ({
    word: (found[1] ?? '').replaceAll('\\\\', '\\'),
    rest: (found[2] ?? '').trim(),
  }));
const meets = (site: string, directive: string, url: string) =>
  wordsOf(site, directive).some(({ word }) => new RegExp(word).test(url));

describe('a folder beside an app that Apache itself runs', () => {
  it('is found below the path of the app', () => {
    const site = siteOf('app-server: mod-wsgi', 'paths: { /docs/: { folder: docs/built } }');
    expect(wordsOf(site, 'Alias')).toContainEqual({
      word: '/docs/',
      rest: '"/srv/shop/current/public/docs/"',
    });
    expect(site).not.toContain('AliasMatch');
    expect(meets(site, 'RedirectMatch 404', '/docs/.git/config')).toBe(true);
  });

  it('says nothing of what lies below the path of the app', () => {
    const site = siteOf(
      ...['app-server: mod-wsgi', 'path: /api/', 'health: /api/health'],
      'paths: { /: { folder: docs/built } }',
    );
    for (const [directive, below] of [
      ['AliasMatch', 'x'],
      ['RedirectMatch 404', '.well-known/x'],
    ] as const) {
      expect(meets(site, directive, `/api/${below}`), directive).toBe(false);
      expect(meets(site, directive, `/${below}`), directive).toBe(true);
    }
  });
});

/** Bytes that Apache allows by Content-Length, and in chunks, in the order of its rules. */
const limitsOf = (site: string) => ({
  length: [...site.matchAll(/Content-Length} -gt (\d+)"\n *RewriteRule "(\S+)"/g)].map(([, bytes, url]) => [
    url,
    Number(bytes),
  ]),
  chunks: [...site.matchAll(/KeptBodySize (\d+)/g)].map(([, bytes]) => Number(bytes)),
});

describe('how large a request may be', () => {
  const M = 1024 * 1024;

  it('is for a service at the top its own, where the app has another path', () => {
    const site = siteOf(
      ...['path: /app/', 'health: /app/health', 'max-body: 10m'],
      'paths: { /: { app: "front:app", max-body: 1m } }',
    );
    expect(limitsOf(site)).toEqual({
      length: [
        ['^/app/', 10 * M],
        ['^', M],
      ],
      chunks: [M, 10 * M],
    });
  });

  it('is one figure where all say the same', () => {
    const site = siteOf(
      ...['path: /app/', 'health: /app/health', 'max-body: 1m'],
      'paths: { /: { app: "front:app" } }',
    );
    expect(limitsOf(site)).toEqual({ length: [['^', M]], chunks: [M] });
  });
});
