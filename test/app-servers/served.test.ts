/**
 * The generated configuration in the real app server: the client that the app is told of is the one that the web
 * server names, over a Unix socket, which has no address of its own; and requests are listed where that was asked for.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect } from 'vitest';
import { templates } from '#templates';
import { PYTHON_TOOLS } from '../../scripts/provision.mjs';
import { resolveAnswers } from '../../src/answers/resolve.ts';
import { renderKit } from '../../src/kit/kit.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { until } from '../hosts/harness/processes.ts';
import { itNeeds } from '../support/tools.ts';

/** Answers what it is told of the client. */
const APP = `def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["REMOTE_ADDR"].encode()]
`;

/** The generated file of this name. */
function generated(name: string, values: Record<string, unknown>): string {
  const given = {
    ...{ name: 'shop', domains: ['shop.example'], tls: 'none', framework: 'wsgi' },
    ...{ app: 'shop:application', workers: 1, ...values },
  };
  const answers = Object.fromEntries(
    Object.entries(given).map(([key, value]) => [key, { value, source: 'here' }]),
  );
  const resolution = resolveAnswers([{ insistent: true, answers }]);
  expect(resolution.problems).toEqual([]);
  const file = renderKit(makePlan(resolution.answers), templates).find(({ path }) => basename(path) === name);
  if (file === undefined) throw new Error(`no ${name} among the files`);
  return file.text;
}

function ask(socketPath: string, headers: Record<string, string>): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request(
      { socketPath, path: '/', headers: { host: 'shop.example', ...headers } },
      (answer) => {
        let text = '';
        answer.on('data', (piece: Buffer) => {
          text += piece.toString();
        });
        answer.on('end', () => resolve(text));
      },
    );
    asked.on('error', reject).end();
  });
}

/** Starts a tool with the file that it is configured by, for as long as it is asked; what it printed. */
async function served(
  { command, name, text }: { command: readonly string[]; name: string; text: string },
  visit: (socket: string) => Promise<void>,
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'app-server-'));
  writeFileSync(join(folder, name), text);
  writeFileSync(join(folder, 'shop.py'), APP);
  const [program = '', ...words] = command;
  const child = spawn(join(PYTHON_TOOLS, 'bin', program), words, { cwd: folder, stdio: 'pipe' });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (piece: Buffer) => {
      said += piece.toString();
    });
  const ended = new Promise((resolve) => child.on('close', resolve));
  try {
    const socket = join(folder, 'socket');
    await until('an answer', 20, () =>
      ask(socket, {}).then(
        () => true,
        () => undefined,
      ),
    );
    await visit(socket);
  } finally {
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
  return said;
}

const gunicorn = {
  command: ['gunicorn', '--config', 'gunicorn.conf.py', '--bind', 'unix:socket'],
  name: 'gunicorn.conf.py',
};
const uwsgi = { command: ['uwsgi', '--http-socket', 'socket', '--ini', 'uwsgi.ini'], name: 'uwsgi.ini' };

const it = itNeeds({
  gunicorn: existsSync(join(PYTHON_TOOLS, 'bin/gunicorn')),
  uWSGI: existsSync(join(PYTHON_TOOLS, 'bin/uwsgi')),
});

describe('the client that the app is told of', () => {
  for (const [title, tool, answers] of [
    ['gunicorn', gunicorn, {}],
    ['gunicorn with threads', gunicorn, { threads: 2 }],
    ['uWSGI', uwsgi, { 'app-server': 'uwsgi' }],
    [
      'uWSGI in the trial of a release, where its own protocol is for later',
      uwsgi,
      { 'app-server': 'uwsgi', 'uwsgi-protocol': 'uwsgi' },
    ],
  ] as const)
    it(`is the one that the web server names: ${title}`, async () => {
      await served({ ...tool, text: generated(tool.name, answers) }, async (socket) => {
        for (const address of ['192.0.2.7', '2001:db8::7'])
          expect(await ask(socket, { 'x-real-ip': address, 'x-forwarded-for': address })).toBe(address);
      });
    });
});

describe("the app server's own list of requests", () => {
  for (const [title, tool, answers] of [
    ['gunicorn', gunicorn, {}],
    ['uWSGI', uwsgi, { 'app-server': 'uwsgi' }],
  ] as const) {
    const listed = (given: Record<string, unknown>) =>
      served({ ...tool, text: generated(tool.name, { ...answers, ...given }) }, async (socket) => {
        await ask(socket, {
          'x-forwarded-for': '192.0.2.7',
          'x-real-ip': '192.0.2.7',
          'x-request-id': 'abc',
        });
      });
    const line = /^192\.0\.2\.7 "GET \/ HTTP\/1\.1" 200 .* id=abc$/m;

    it(`is not written: ${title}`, async () => {
      expect(await listed({})).not.toContain('GET /');
    });

    it(`has client, request and id where it was asked for: ${title}`, async () => {
      expect(await listed({ 'app-access-log': true })).toMatch(line);
    });
  }
});
