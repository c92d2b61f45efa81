/** wrk, a load generator, in the network of a host's visitor. https://github.com/wg/wrk */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Host } from '../harness/host.ts';
import { visitorNamespace } from '../harness/leftovers.ts';
import { HOST_ADDRESS } from '../harness/visitor.ts';

/** What wrk counted. */
export interface Wrk {
  requests: number;
  seconds: number;
  /** Without an answer: refused, broken off, not taken. */
  connect: number;
  read: number;
  write: number;
  timeout: number;
  /** Answered with 400 and more. */
  status: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
  max: number;
}

export interface WrkOptions {
  connections: number;
  /** At most; it ends earlier when `until` does. */
  seconds: number;
  headers?: Record<string, string>;
  /** The load lasts as long as this. */
  until?: (() => Promise<unknown>) | undefined;
}

const REPORT = new URL('report.lua', import.meta.url).pathname;

/** Asks for one URL again and again; what came of it. */
export async function wrk(host: Host, url: string, options: WrkOptions): Promise<Wrk> {
  // wrk sends the URL's name in the TLS handshake, so this name has to lead to the host.
  const names = join(dirname(host.authority), 'hosts');
  writeFileSync(names, `${HOST_ADDRESS[4]} ${new URL(url).hostname}\n`);
  const headers = Object.entries(options.headers ?? {}).flatMap(([name, value]) => [
    '-H',
    `${name}: ${value}`,
  ]);
  const child = spawn(
    'setpriv',
    ['--pdeathsig', 'KILL', 'ip', 'netns', 'exec', visitorNamespace(host.name)]
      .concat('sh', '-euc', 'mount --bind "$1" /etc/hosts; shift; exec "$@"', 'sh', names)
      .concat('wrk', '--threads', '1', '--connections', String(options.connections))
      .concat('--duration', `${options.seconds}s`, '--timeout', '30s', '--script', REPORT, ...headers, url),
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
    });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  try {
    await options.until?.();
  } finally {
    // On this signal it stops and tells what it has.
    if (options.until !== undefined) child.kill('SIGINT');
  }
  const status = await ended;
  const line = said.split('\n').find((each) => each.startsWith('{'));
  if (status !== 0 || line === undefined) throw new Error(`wrk for ${url}: exit ${status}\n${said}`);
  return JSON.parse(line) as Wrk;
}

/** Requests that got no good answer. */
export const failed = ({ connect, read, write, timeout, status }: Wrk) =>
  connect + read + write + timeout + status;

/** "812 requests in 4.0 s, none failed; p50 ..." */
export function told(found: Wrk): string {
  const { requests, seconds, p50, p99, max, connect, read, write, timeout, status } = found;
  const kinds = Object.entries({ connect, read, write, timeout, status }).filter(([, count]) => count > 0);
  const wrong = kinds.map(([kind, count]) => `${count} × ${kind}`).join(', ') || 'none failed';
  return `${requests} requests in ${seconds.toFixed(1)} s, ${wrong}; p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, max ${max.toFixed(0)} ms`;
}
