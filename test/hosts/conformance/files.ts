/** F1 to F6: what the web server sends from disk. */
import { gunzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { pause } from '../harness/processes.ts';
import { part } from '../harness/sites.ts';
import type { Stack } from '../harness/stack.ts';
import { figures, times, told, unharmed } from './measure.ts';
import { underLoad } from './operations.ts';
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

/** What a client takes: a file as it is, or the compressed copy beside it. */
const ENCODINGS: readonly Record<string, string>[] = [{}, { 'accept-encoding': 'gzip' }];

/** What a link must not lead to: a file that anybody may read, the app's secrets, its code, and all folders. */
const aims = ({ plan }: Stack) => ['/etc/passwd', plan.paths.environment, `${plan.paths.current}/app`, '/'];

/** Links in a folder that visitors are served from, made by a command that runs `ln`; none of them is followed. */
async function leadsNowhere(
  stack: Stack,
  { url, path }: { url: string; path: string },
  make: (...words: string[]) => Promise<unknown>,
): Promise<void> {
  // The second is what would be sent as the compressed copy of a file, or of the link.
  for (const [index, aim] of aims(stack).entries())
    for (const end of ['', '.gz']) await make('ln', '-s', aim, `${path}/link${index}.png${end}`);
  try {
    for (const index of aims(stack).keys())
      for (const below of ['', '/', '/etc/passwd', '/manage.py', '/../link0.png'])
        for (const headers of ENCODINGS) {
          const asked = `${url}link${index}.png${below}`;
          const answer = await stack.fetch(asked, { headers });
          expect([403, 404], `${asked}: ${answer.text.slice(0, 80)}`).toContain(answer.status);
        }
  } finally {
    await stack.host.shell(`rm ${path}/link[0-9].png ${path}/link[0-9].png.gz`);
  }
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
        expect(packed.headers['content-type'], path).toBe(plain.headers['content-type']);
        for (const { headers } of [plain, packed]) expect(headers.vary, path).toBe('Accept-Encoding');
        expect(packed.headers['cache-control']).toBe('public, max-age=31536000, immutable');
        expect(gunzipSync(packed.body)).toEqual(plain.body);
        expect(packed.body.length).toBeLessThan(plain.body.length);
        // By its own name, the copy is an archive.
        const copy = await stack.fetch(`${path}.gz`, { headers: { 'accept-encoding': 'gzip' } });
        expect(copy.headers['content-encoding'], `${path}.gz`).toBeUndefined();
        expect(copy.headers['content-type'], `${path}.gz`).toMatch(/gzip|octet-stream/);
        expect(copy.body).toEqual(packed.body);
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
        `cd ${mount.path} && mkdir .git sub && touch .env .git/config sub/.hidden && gzip --keep .env .git/config sub/.hidden && chmod -R a+rX .`,
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
        for (const headers of ENCODINGS) {
          const answer = await stack.fetch(mount.url + name, { headers });
          expect([403, 404], `${mount.url}${name}`).toContain(answer.status);
        }
      }
      await stack.host.shell(`cd ${mount.path} && rm -r .git sub .env .env.gz`);
    },
  },
  {
    id: 'F3',
    lines: /alias|location|internal|disable_symlinks|Options/,
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
      for (const mount of plan.static)
        await leadsNowhere(stack, mount, (...words) => stack.host.shell(words.join(' ')));
      note(`${paths.length} paths tried`);
    },
  },
  {
    id: 'F4',
    lines: /_media_disposition|Content-Security-Policy|alias|disable_symlinks|Options/,
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
      for (const folder of stack.plan.media)
        await leadsNowhere(stack, folder, (...words) => stack.runAsApp(...words));
      const [mount] = stack.plan.media;
      for (const path of ['', '.env', 'no-such']) {
        expect([403, 404], path).toContain((await stack.fetch(`${mount?.url}${path}`)).status);
      }
    },
  },
  {
    id: 'F5',
    lines: /internal|upstream_http|alias/,
    hurries: true,
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

/** The hashed assets that a release's page names, with what they hold. */
type Named = Map<string, Buffer>;

async function namedNow(stack: Stack): Promise<Named> {
  const named: Named = new Map();
  for (const path of await hashedAssets(stack)) {
    const { status, body } = await stack.fetch(path);
    expect(status, path).toBe(200);
    named.set(path, body);
  }
  return named;
}

export const assetRows: Row[] = [
  {
    id: 'F6',
    lines: /_asset_cache|alias/,
    seconds: 900,
    async prove({ stack, note }) {
      const { host, plan } = stack;
      const pages = new Map<string, Named>();
      const live = async () => (await host.shell(`basename "$(readlink ${plan.paths.current})"`)).trim();
      const kept = async () =>
        (await host.shell(`cd ${plan.paths.releases} && ls -d */proven | cut -d / -f 1`)).split('\n');
      /** Each asset of a kept release is what it was; one that only a pruned release named is gone. */
      const allInPlace = async (when: string) => {
        const releases = await kept();
        const wanted = new Set<string>();
        for (const [release, named] of pages) {
          if (!releases.includes(release)) continue;
          for (const [path, body] of named) {
            wanted.add(path);
            const answer = await stack.fetch(path);
            expect(answer.status, `${when}: ${path}, of release ${release}`).toBe(200);
            expect(answer.body.equals(body), `${when}: ${path} is what it was`).toBe(true);
            const packed = await stack.fetch(path, { headers: { 'accept-encoding': 'gzip' } });
            expect(gunzipSync(packed.body).equals(body), `${when}: ${path}, packed`).toBe(true);
          }
        }
        let gone = 0;
        for (const named of pages.values())
          for (const path of named.keys()) {
            if (wanted.has(path)) continue;
            gone++;
            expect((await stack.fetch(path)).status, `${when}: ${path}, of no kept release`).toBe(404);
          }
        return gone;
      };
      const step = async (what: string, action: () => Promise<unknown>) => {
        const [open = ''] = [...(pages.get(await live())?.keys() ?? [])].filter((path) =>
          path.endsWith('.css'),
        );
        const load = await underLoad(stack, open, action, { pause: 100, most: 20_000, seconds: 300 });
        expect(unharmed(load), `${what}: ${open}: ${told(load)}`).toBe(true);
        note(`${what}: ${told(load)}`);
        pages.set(await live(), await namedNow(stack));
        return allInPlace(what);
      };
      const release = (number: number) =>
        step(`release ${number}`, () => {
          stack.setVersion(`assets-${number}`);
          stack.appendToAsset(`/* assets ${number} */`);
          return stack.install();
        });
      const back = (...options: string[]) =>
        step(options.join(' '), async () => expect((await stack.installer(...options)).status).toBe(0));

      pages.set(await live(), await namedNow(stack));
      for (const number of [1, 2, 3]) await release(number);
      await back('--rollback');
      for (const number of [4, 5]) await release(number);
      const last = await live();
      await back('--rollback');
      const gone = await back('--live', last);
      expect(gone, 'assets that went with pruned releases').toBeGreaterThan(0);
      expect(new Set([...pages.values()].map((named) => [...named.keys()].join())).size).toBe(pages.size);
    },
  },
];
