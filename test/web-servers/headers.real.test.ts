/**
 * Large headers through the real servers, by the generated files of both sides: what the answer `max-headers` lets pass,
 * and what the run-book says of a site without it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, describe, expect } from 'vitest';
import { PYTHON_TOOLS } from '../../scripts/provision.mjs';
import type { Plan } from '../../src/contract/plan.ts';
import type { TreeFile } from '../../src/contract/validator.ts';
import { kit } from '../check/kit.ts';
import { until } from '../hosts/harness/processes.ts';
import { isRoot, itNeeds, programs } from '../support/tools.ts';

const MODULES = '/usr/lib/apache2/modules';
const it = itNeeds({
  ...programs('nginx', 'apache2'),
  root: isRoot,
  gunicorn: existsSync(join(PYTHON_TOOLS, 'bin/gunicorn')),
  uWSGI: existsSync(join(PYTHON_TOOLS, 'bin/uwsgi')),
});

/** Says how long the cookie was that it was given, and sends a header as long as the query says. */
const APP = `def app(environ, start_response):
    start_response("200 OK", [("X-Long", "x" * int(environ["QUERY_STRING"] or 1))])
    return [str(len(environ.get("HTTP_COOKIE", ""))).encode()]
`;

/** Programs that were started here, and folders. */
const started: ChildProcess[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const child of started.splice(0).reverse()) {
    const ended = new Promise((resolve) => child.on('close', resolve));
    child.kill('SIGTERM');
    await ended;
  }
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

interface Stage {
  folder: string;
  port: number;
  plan: Plan;
  /** A file of the kit, as it is in this folder and at this port. */
  placed(file: TreeFile): string;
  files: readonly TreeFile[];
}

/** The lines of one that is started by hand around the generated ones. */
function nginx({ folder, placed, files, port }: Stage): readonly string[] {
  const parts = files.filter(({ path }) => path.startsWith('/etc/nginx/') && path.endsWith('.conf'));
  for (const file of parts) {
    const path = join(folder, file.path.slice('/etc/nginx/'.length));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, placed(file).replaceAll('listen 80', `listen 127.0.0.1:${port}`));
  }
  const main = [
    'user root;',
    'daemon off;',
    `pid ${folder}/pid;`,
    'events {}',
    'http {',
    'include sites-enabled/*;',
    '}',
  ];
  writeFileSync(join(folder, 'nginx.conf'), main.join('\n'));
  return ['nginx', '-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'start.log')];
}

function apache({ folder, placed, files, port, plan }: Stage): readonly string[] {
  // What is for all sites comes before them, as in Debian's apache2.conf: a site takes it over where it begins.
  const parts = ['conf', 'sites'].flatMap((kind) =>
    files.filter(({ path }) => new RegExp(`^/etc/apache2/${kind}-enabled/zz-(?:headers|shop)`).test(path)),
  );
  expect(parts.length).toBeGreaterThan(0);
  const modules = [
    'mpm_event',
    'authz_core',
    'mime',
    'dir',
    'alias',
    'setenvif',
    ...(plan.webServer.modules as string[]),
  ];
  const main = [
    ...[`ServerRoot ${folder}`, 'ServerName localhost', `PidFile ${folder}/pid`, `Listen 127.0.0.1:${port}`],
    ...[...new Set(modules)].map((name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`),
    ...['User www-data', 'Group www-data', 'TypesConfig /dev/null', `ErrorLog ${folder}/start.log`],
    ...parts.map((file) => placed(file).replaceAll('*:80', `*:${port}`)),
  ];
  writeFileSync(join(folder, 'apache2.conf'), main.join('\n'));
  return ['apache2', '-d', folder, '-f', join(folder, 'apache2.conf'), '-DFOREGROUND'];
}

const gunicorn = {
  file: 'gunicorn.conf.py',
  command: ['gunicorn', '--config', 'gunicorn.conf.py', '--bind', 'unix:socket'],
};
const uwsgi = (kind: string) => ({
  file: 'uwsgi.ini',
  command: ['uwsgi', `--${kind}-socket`, 'socket', '--ini', 'uwsgi.ini'],
});

type AppServer = typeof gunicorn;

/** Both servers with their files; what visits it, and what the web server has logged. */
async function site(
  web: (stage: Stage) => readonly string[],
  { file, command }: AppServer,
  ...answers: string[]
) {
  const folder = mkdtempSync(join(tmpdir(), 'headers-'));
  folders.push(folder);
  chmodSync(folder, 0o755);
  const port = await freePort();
  const { plan, files } = kit(
    'tls: none',
    'workers: 1',
    'ipv6: false',
    'media: {}',
    'static: {}',
    ...answers,
  );
  const placed = ({ text }: TreeFile) =>
    text
      .replaceAll(/\/run\/shop[\w./-]*\.sock/g, join(folder, 'socket'))
      .replaceAll(/\/var\/log\/(?:nginx|apache2)/g, folder)
      .replaceAll('/usr/local/share/shop', folder);
  const own = files.find(({ path }) => basename(path) === file);
  if (own === undefined) throw new Error(`no ${file} among the files`);
  writeFileSync(join(folder, file), own.text);
  writeFileSync(join(folder, 'shop.py'), APP);
  writeFileSync(join(folder, 'unavailable.html'), 'Back in a moment');
  const [program = '', ...words] = command;
  started.push(spawn(join(PYTHON_TOOLS, 'bin', program), words, { cwd: folder, stdio: 'ignore' }));
  await until('a socket', 20, async () => existsSync(join(folder, 'socket')) || undefined);
  chmodSync(join(folder, 'socket'), 0o777);
  const [server = '', ...flags] = web({ folder, port, plan, files, placed });
  started.push(spawn(server, flags, { cwd: folder, stdio: 'ignore' }));
  const visit = (cookie: number, answer: number) =>
    new Promise<{ status: number | undefined; header: number; body: string }>((resolve, reject) => {
      const headers = { host: 'shop.example', cookie: 'c'.repeat(cookie) };
      const asked = request({ port, path: `/?${answer}`, headers, maxHeaderSize: 65_536 }, (response) => {
        let body = '';
        response.on('data', (piece: Buffer) => {
          body += piece.toString();
        });
        response.on('end', () =>
          resolve({
            status: response.statusCode,
            header: String(response.headers['x-long'] ?? '').length,
            body,
          }),
        );
      });
      asked.on('error', reject).end();
    });
  await until('an answer', 20, () =>
    visit(1, 1).then(
      ({ status }) => status === 200 || undefined,
      () => undefined,
    ),
  );
  return {
    visit,
    logged: () => readFileSync(join(folder, 'shop.error.log'), 'utf8'),
    says: plan.webServer.headers,
  };
}

describe.each([
  ['nginx and gunicorn', nginx, gunicorn, []],
  ['nginx and uWSGI', nginx, uwsgi('http'), ['app-server: uwsgi']],
  [
    'nginx and uWSGI by its own protocol',
    nginx,
    uwsgi('uwsgi'),
    ['app-server: uwsgi', 'uwsgi-protocol: uwsgi'],
  ],
  ['Apache and gunicorn', apache, gunicorn, ['web-server: apache']],
] as const)('%s', (_, web, server, answers) => {
  it('let headers of 12 KB pass in both directions where the answers say so', async () => {
    const { visit } = await site(web, server, ...answers, 'max-headers: 16k');
    expect(await visit(12_000, 12_000)).toEqual({ status: 200, header: 12_000, body: '12000' });
    expect(await visit(17_000, 1)).toMatchObject({ status: 400 });
  }, 60_000);

  it('refuse them otherwise, as the run-book says', async () => {
    const { visit, logged, says } = await site(web, server, ...answers);
    expect(await visit(12_000, 1)).toMatchObject({ status: 400 });
    expect(logged()).not.toContain(says.logs);
    expect(await visit(1, 12_000)).toMatchObject({ status: 502 });
    expect(logged()).toContain(says.logs);
    expect([says.request, says.answer]).toEqual(['8 KB', web === nginx ? '4 KB' : '8 KB']);
    expect(await visit(7_000, web === nginx ? 3_000 : 7_000)).toMatchObject({ status: 200 });
  }, 60_000);
});
