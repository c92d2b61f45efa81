/** Folders that are served from within the URL of each other, and folders of odd names, on live hosts. */
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { isRoot, itNeeds } from '../../support/tools.ts';
import { canBoot } from '../harness/host.ts';
import { deploy, type Stack } from '../harness/stack.ts';

const TARGET = 'debian-13';
const SHARED = '/srv/flask-contracts/shared';
const ODD = `${SHARED}/an odd one's, 100% \\ (a+b)`;
const UPLOADS = 'contracts/static/uploads';
const MOUNTS = {
  static: { '/static/': 'contracts/static', '/static/inner/': `${SHARED}/inner`, '/odd/': ODD },
  media: { '/media/': 'media', '/static/inner/up/': UPLOADS },
  protected: { '/_protected/': 'protected' },
};

for (const webServer of ['nginx', 'apache']) {
  const needs = { root: isRoot, ...canBoot(TARGET) };
  const test = itNeeds(needs);

  describe(`${webServer} on ${TARGET}`, () => {
    let stack: Stack;

    beforeAll(async () => {
      if (Object.values(needs).includes(false)) return;
      stack = await deploy({
        project: 'flask-contracts',
        target: TARGET,
        flags: ['--tls', 'none', '--web-server', webServer],
        answers: MOUNTS,
      });
      // The app writes below its assets, where the project has that folder, and what it wrote outlives its release.
      await stack.runAsApp('sh', '-c', `printf upload >/srv/flask-contracts/current/app/${UPLOADS}/a.css`);
      await stack.install('--rebuild');
      const [outer] = stack.plan.static;
      const files: [path: string, text: string][] = [
        [`${outer?.path}/inner/a.css`, 'outer'],
        [`${SHARED}/inner/a.css`, 'inner'],
        [`${SHARED}/inner/up/a.css`, 'inner'],
        [`${ODD}/a b$1.css`, 'odd'],
      ];
      for (const [path, text] of files) await stack.host.put(path, text);
      // What must not be sent has a compressed copy too, and what is sent in its place has none.
      const packed = files.filter((_, index) => [0, 2, 3].includes(index));
      for (const [path, text] of packed) await stack.host.put(`${path}.gz`, gzipSync(text));
      await stack.host.shell(`chmod -R a+rX ${SHARED}/*`);
    }, 600_000);
    afterAll(() => stack?.destroy(), 60_000);

    for (const [path, text] of [
      ['/static/inner/a.css', 'inner'],
      ['/static/inner/up/a.css', 'upload'],
      ['/odd/a%20b$1.css', 'odd'],
    ] as const)
      test(`sends "${text}" for ${path}, compressed or not`, async () => {
        for (const encoding of ['identity', 'gzip']) {
          const asked = { headers: { 'accept-encoding': encoding } };
          const { status, body, headers } = await stack.fetch(path, asked);
          const packed = headers['content-encoding'] === 'gzip';
          expect([status, (packed ? gunzipSync(body) : body).toString()], encoding).toEqual([200, text]);
        }
      });
  });
}
