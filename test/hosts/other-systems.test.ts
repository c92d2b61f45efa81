/**
 * Systems of which no host can be had here: their files on a Debian that says it is one of them. What is proved is that
 * the installer looks at what the host has, and that the files serve with tools that are as new or newer.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, vi } from 'vitest';
import { isRoot, itNeeds } from '../support/tools.ts';
import { boot, canBoot, type Host } from './harness/host.ts';
import { wheelhouse } from './harness/images.ts';
import { STAGED } from './harness/leftovers.ts';
import { succeed } from './harness/processes.ts';

const ROOT = new URL('../../', import.meta.url).pathname;
const HOST = 'debian-13';
const APP = `def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"Hello"]
`;

const needs = { root: isRoot, ...canBoot(HOST) };
const test = itNeeds(needs);

describe(`on a ${HOST} that says it is another system`, () => {
  vi.setConfig({ testTimeout: 600_000 });
  let host: Host;
  let folder = '';

  beforeAll(async () => {
    if (Object.values(needs).includes(false)) return;
    folder = mkdtempSync(join(tmpdir(), `${STAGED}${process.pid}-`));
    writeFileSync(join(folder, 'wsgi.py'), APP);
    host = await boot(HOST, { layers: [await wheelhouse(HOST, ['gunicorn'])], packages: ['nginx'] });
  }, 600_000);
  afterAll(async () => {
    await host?.destroy();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  const installed = async (target: string, system: string) => {
    const [id, version] = system.split('-');
    await host.shell(`rm /etc/os-release && printf 'ID=${id}\\nVERSION_ID="${version}"\\n' >/etc/os-release`);
    rmSync(join(folder, 'deploy'), { recursive: true, force: true });
    const name = target.replace('.', '');
    const app = ['--app', 'wsgi:application', '--name', name, '--domain', `${name}.example`];
    await succeed(
      [process.execPath, 'dist/cli.js', 'init', folder, '--yes', ...app, '--target', target, '--tls', 'none'],
      { cwd: ROOT },
    );
    await host.put(`/root/${name}`, { folder });
    const ended = await host.run('sh', '-c', `exec sh /root/${name}/deploy/install.sh 2>&1`);
    return { ...ended, page: () => host.fetch(`http://${name}.example/`) };
  };

  test('a site for Ubuntu 24.04 goes live, and nothing is said of another system', async () => {
    const { status, stdout, page } = await installed('ubuntu-24.04', 'ubuntu-24.04');
    expect(status, stdout).toBe(0);
    expect(stdout).not.toContain('these files were written for');
    expect((await page()).text).toBe('Hello');
  });

  test('a site for Debian 12 goes live where what its files need is there, with a note', async () => {
    const { status, stdout, page } = await installed('debian-12', 'linuxmint-22');
    expect(status, stdout).toBe(0);
    expect(stdout).toContain(
      'these files were written for Debian 12 (bookworm); this host is linuxmint-22, and has what they need',
    );
    expect((await page()).text).toBe('Hello');
  });
});
