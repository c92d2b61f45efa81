/** F1 to F5: what the web server sends from disk. */
import { gunzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { pause } from '../harness/processes.ts';
import { part } from '../harness/sites.ts';
import type { Stack } from '../harness/stack.ts';
import { figures, times } from './measure.ts';
import { reached } from './requests.ts';
import type { Row } from './suite.ts';

/** The paths of hashed assets that the home page names. */
export async function hashedAssets(stack: Stack): Promise<string[]> {
  const { text } = await stack.fetch('/');
  const paths = [...text.matchAll(/(?:href|src)="([^"]+\.[0-9a-f]{12}\.[^"]+)"/g)].map(
    ([, path = '']) => path,
  );
  if (paths.length === 0) throw new Error('the home page names no asset with a hash');
  return [...new Set(paths)];
}

export const fileRows: Row[] = [
  {
    id: 'F1',
    lines: /_asset_cache|gzip|alias/,
    async prove({ stack }) {
      const assets = await hashedAssets(stack);
      for (const path of assets) {
        const plain = await stack.fetch(path);
        expect(plain.status, path).toBe(200);
        expect(plain.headers['cache-control'], path).toBe('public, max-age=31536000, immutable');
        expect(plain.headers['x-content-type-options'], path).toBe('nosniff');
        expect(plain.headers['content-encoding'], path).toBeUndefined();
        const { etag = '', 'last-modified': modified = '' } = plain.headers;
        expect([etag, modified], path).not.toContain('');
        for (const headers of [{ 'if-none-match': etag }, { 'if-modified-since': modified }]) {
          const again = await stack.fetch(path, { headers: headers as Record<string, string> });
          expect([again.status, again.body.length], `${path} with ${Object.keys(headers)}`).toEqual([304, 0]);
          expect(again.headers['cache-control']).toBe('public, max-age=31536000, immutable');
        }
        const range = await stack.fetch(path, { headers: { range: 'bytes=2-9' } });
        expect(range.status, path).toBe(206);
        expect(range.headers['content-range']).toBe(`bytes 2-9/${plain.body.length}`);
        expect(range.body).toEqual(plain.body.subarray(2, 10));
        const packed = await stack.fetch(path, { headers: { 'accept-encoding': 'gzip, br' } });
        expect(packed.headers['content-encoding'], path).toBe('gzip');
        for (const { headers } of [plain, packed]) expect(headers.vary, path).toBe('Accept-Encoding');
        expect(packed.headers['cache-control']).toBe('public, max-age=31536000, immutable');
        expect(gunzipSync(packed.body)).toEqual(plain.body);
        expect(packed.body.length).toBeLessThan(plain.body.length);
      }
    },
  },
  {
    id: 'F2',
    lines: /_asset_cache|staticfiles|return 404|alias/,
    async prove({ stack }) {
      const { asset } = stack.site;
      const plain = await stack.fetch(asset);
      expect([plain.status, plain.headers['cache-control']]).toEqual([200, 'public, max-age=300']);
      const [mount] = stack.plan.static;
      if (mount === undefined) throw new Error('there are no assets');
      const missing = await stack.fetch(`${mount.url}no-such.css?mark=missing-asset`);
      expect(missing.status).toBe(404);
      expect(missing.headers['cache-control'] ?? '', 'a 404 is not kept').not.toMatch(
        /immutable|max-age=\d{4}/,
      );
      const gone = await stack.fetch(`${mount.url}no-such.0123456789ab.css`);
      expect(gone.status).toBe(404);
      expect(gone.headers['cache-control'] ?? '', 'a 404 is not kept for a year').not.toMatch(/immutable/);
      expect(await reached(stack, 'mark=missing-asset'), 'the app was asked for a missing asset').toBe(false);
      await stack.host.shell(
        `cd ${mount.path} && mkdir .git sub && touch .env .git/config sub/.hidden && chmod -R a+rX .`,
      );
      const refused = [
        'staticfiles.json',
        'staticfiles.json.gz',
        '.env',
        '.git/config',
        'sub/.hidden',
        '',
        'sub/',
      ];
      for (const name of [...refused, '%2eenv', '.git/../staticfiles.json', 'staticfiles%2ejson']) {
        const answer = await stack.fetch(mount.url + name);
        expect([403, 404], `${mount.url}${name}`).toContain(answer.status);
      }
      await stack.host.shell(`cd ${mount.path} && rm -r .git sub .env`);
    },
  },
  {
    id: 'F3',
    lines: /alias|location|internal/,
    async prove({ stack, note }) {
      const { plan, site } = stack;
      const mounts = [...plan.static, ...plan.media, ...plan.protected].map(({ url }) => url);
      const words = [
        ...site.secretFiles.map(({ word }) => word),
        'root:x:0:0',
        'include-system-site-packages',
        'SQLite format',
      ];
      const files = [
        ...site.secretFiles.map(({ path }) => `app/${path}`),
        'venv/pyvenv.cfg',
        'current/app/manage.py',
      ];
      const up = [
        '../',
        '..%2f',
        '%2e%2e/',
        '%2e%2e%2f',
        '..%252f',
        '..//',
        './../',
        '..;/',
        '..\\',
        '%5c..%5c',
        '..%00/',
      ];
      const paths: string[] = [];
      for (const url of mounts) {
        const bare = url.slice(0, -1);
        for (const step of up) {
          for (const depth of [1, 2, 3])
            for (const file of files) paths.push(url + step.repeat(depth) + file);
          paths.push(
            `${url}${step.repeat(8)}etc/passwd`,
            `${bare}${step}app/manage.py`,
            `${bare}${step.repeat(2)}app/manage.py`,
          );
        }
        paths.push(
          `${url}/etc/passwd`,
          `/${url}/etc/passwd`,
          `${bare}etc/passwd`,
          `${bare}//..//..//etc/passwd`,
        );
        if (plan.database.file !== null) paths.push(`${bare}../${plan.database.file.inProject}`);
      }
      const { visitor } = stack.host;
      const wrong: string[] = [];
      for (let at = 0; at < paths.length; at += 8) {
        const some = paths.slice(at, at + 8);
        const answers = await Promise.all(
          some.map((path) => visitor.fetch(stack.url(path)).catch(() => undefined)),
        );
        answers.forEach((answer, index) => {
          if (answer === undefined) return;
          if (words.some((word) => answer.body.includes(word)) || answer.status === 200)
            wrong.push(`${some[index]}: ${answer.status} ${answer.text.slice(0, 80)}`);
        });
      }
      expect(wrong).toEqual([]);
      note(`${paths.length} paths tried`);
    },
  },
  {
    id: 'F4',
    lines: /_media_disposition|Content-Security-Policy|alias/,
    async prove({ stack }) {
      const {
        login,
        upload,
        protected: { owner },
      } = part('members', stack.site.members);
      const cookies = await login(stack, owner);
      const script = '<script>alert(document.domain)</script>';
      const kinds = [
        { name: 'evil.html', type: 'text/html', content: script, inline: false },
        {
          name: 'evil.svg',
          type: 'image/svg+xml',
          content: `<svg xmlns="http://www.w3.org/2000/svg">${script}</svg>`,
          inline: false,
        },
        {
          name: 'evil.xhtml',
          type: 'application/xhtml+xml',
          content: `<html xmlns="http://www.w3.org/1999/xhtml">${script}</html>`,
          inline: false,
        },
        { name: 'evil.HTM', type: 'text/html', content: script, inline: false },
        { name: 'evil.js', type: 'text/javascript', content: 'alert(1)', inline: false },
        { name: 'evil.png.html', type: 'image/png', content: script, inline: false },
        { name: 'notes', type: 'text/plain', content: script, inline: false },
        { name: 'picture.png', type: 'image/png', content: 'PNG', inline: true },
      ];
      for (const { inline, ...file } of kinds) {
        const path = await upload(stack, cookies, file);
        const answer = await stack.fetch(`${path}?mark=upload`);
        expect([answer.status, answer.text], path).toEqual([200, file.content]);
        expect(answer.headers['x-content-type-options'], path).toBe('nosniff');
        expect(answer.headers['content-security-policy'], path).toMatch(/(^|;)\s*sandbox\s*(;|$)/);
        expect(answer.headers['content-disposition'], path).toMatch(inline ? /^inline/ : /^attachment/);
      }
      expect(await reached(stack, 'mark=upload'), 'the app was asked for an upload').toBe(false);
      const [mount] = stack.plan.media;
      for (const path of ['', '.env', 'no-such']) {
        expect([403, 404], path).toContain((await stack.fetch(`${mount?.url}${path}`)).status);
      }
    },
  },
  {
    id: 'F5',
    lines: /internal|upstream_http|alias/,
    async prove({ stack, note }) {
      const { plan, host } = stack;
      const members = part('members', stack.site.members);
      const { page, owner, stranger, internal, file, downloadName } = members.protected;
      const cookie = await members.login(stack, owner);
      const other = await members.login(stack, stranger);
      const ordinary = await stack.fetch('/');
      const answer = await stack.fetch(page, { headers: { cookie } });
      expect(answer.status).toBe(200);
      expect(answer.body.subarray(0, 5).toString()).toBe('%PDF-');
      expect(answer.headers['content-type']).toBe('application/pdf');
      expect(answer.headers['content-disposition']).toMatch(downloadName);
      expect(answer.headers['x-accel-redirect'], 'the internal path is told').toBeUndefined();
      expect((await stack.fetch(page)).status, 'without a login').toBe(403);
      expect((await stack.fetch(page, { headers: { cookie: other } })).status, 'by a stranger').toBe(403);
      for (const path of [internal, `${internal}?x`, `/${internal}`, internal.replace('_p', '%5fp')])
        expect((await stack.fetch(path, { headers: { cookie } })).status, path).toBe(404);
      const range = await stack.fetch(page, { headers: { cookie, range: 'bytes=0-4' } });
      expect([range.status, range.text]).toEqual([206, '%PDF-']);

      // The worker is free while the client downloads.
      const [mount] = plan.protected;
      const path = `${mount?.path}/${file}`;
      await host.shell(`cp -a '${path}' /root/kept && truncate -s 64M '${path}'`);
      const clients = plan.workers.count + 2;
      const id = await host.visitor.order('startSlowReaders', {
        visit: stack.visit(page, { headers: { cookie } }),
        clients,
        bytesPerSecond: 100_000,
        seconds: 30,
      });
      await pause(1500);
      const busy = await times(stack, '/', 20);
      const readers = await host.visitor.order('stopSlowReaders', id);
      await host.shell(`cat /root/kept >'${path}'`);
      note(`with ${clients} downloads going on, GET /: ${figures(busy)}`);
      expect(readers.statuses).toEqual(Array(clients).fill(200));
      expect(readers.open).toBe(clients);
      expect(busy.at(-1)).toBeLessThan(1000);

      const names =
        /^(x-frame-options|x-content-type-options|referrer-policy|cross-origin-|content-security-policy|strict-transport-security|permissions-policy)/;
      const security = (pairs: readonly [string, string][]) =>
        pairs.filter(([name]) => names.test(name)).sort();
      expect(security(answer.headerPairs), 'security headers, beside those of any other page').toEqual(
        security(ordinary.headerPairs),
      );
    },
  },
];
