/** The test's own side of a host's network: requests come from there, never from inside of the host. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buildSync } from 'esbuild';
import type { Operations, Visit } from './visits.ts';

/** The addresses are the same for every host: nobody but the two namespaces of one host sees them. */
export const HOST_ADDRESS = { 4: '10.231.0.1', 6: 'fd23:1::1' } as const;
export const VISITOR_ADDRESS = { 4: '10.231.0.2', 6: 'fd23:1::2' } as const;

/** An answer. */
export interface Answer {
  status: number;
  /** By name in lower case; several of one name are joined by ", ". */
  headers: Record<string, string>;
  /** As they came. */
  headerPairs: [string, string][];
  body: Buffer;
  /** The body as text. */
  text: string;
  /** Milliseconds to the end of the answer. */
  ms: number;
}

export interface FetchOptions {
  method?: string;
  /** The Host header, where it is to be another than the URL's. */
  host?: string;
  /** The name in the TLS handshake, where it is to be another than the URL's; "" for none. */
  serverName?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** Take any certificate. Otherwise it must be the test authority's, for the URL's name. */
  insecure?: boolean;
  http2?: boolean;
  /** Over IPv6. */
  ipv6?: boolean;
  seconds?: number;
}

/** One exchange, kept to be shown when a test fails. */
export interface Exchange {
  request: string;
  answer: string;
}

/** Takes a URL apart and leaves the path as it is: no parser tidies ".." away. */
export function toVisit(url: string, options: FetchOptions = {}): Visit {
  const match = /^(https?):\/\/(\[[^\]]+\]|[^/:?#]+)(?::(\d+))?([/?].*)?$/s.exec(url);
  if (match === null) throw new Error(`no URL: ${url}`);
  const [, scheme, name = '', port, path = '/'] = match;
  const tls = scheme === 'https';
  return {
    address: HOST_ADDRESS[options.ipv6 ? 6 : 4],
    port: port === undefined ? (tls ? 443 : 80) : Number(port),
    tls: tls ? { serverName: options.serverName ?? name, insecure: options.insecure ?? false } : undefined,
    http2: options.http2 ?? false,
    method: options.method ?? 'GET',
    path,
    headers: {
      host: options.host ?? (port === undefined ? name : `${name}:${port}`),
      ...options.headers,
      ...(options.body !== undefined && !hasLength(options.headers)
        ? { 'content-length': String(Buffer.byteLength(options.body)) }
        : {}),
    },
    body: Buffer.from(options.body ?? '').toString('base64'),
    seconds: options.seconds ?? 60,
    keepBody: true,
  };
}

function hasLength(headers: Record<string, string> = {}): boolean {
  return Object.keys(headers).some((name) => /^(content-length|transfer-encoding)$/i.test(name));
}

export class Visitor {
  /** The newest exchanges, oldest first. */
  readonly exchanges: Exchange[] = [];
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  #last = 0;

  /**
   * @param namespace The network namespace that requests come from.
   * @param folder For the program; it goes with the host.
   * @param authority The certificate authority that is trusted, once it is there.
   */
  constructor(namespace: string, folder: string, authority: string) {
    const program = join(folder, 'visitor.cjs');
    mkdirSync(folder, { recursive: true });
    buildSync({
      entryPoints: [new URL('visitor-process.ts', import.meta.url).pathname],
      outfile: program,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      logLevel: 'error',
    });
    this.#process = spawn(
      'setpriv',
      ['--pdeathsig', 'KILL', 'ip', 'netns', 'exec', namespace, process.execPath, program, authority],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    createInterface({ input: this.#process.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      const { id, value, error } = JSON.parse(line) as { id: number; value: never; error?: string };
      const { resolve, reject } = this.#waiting.get(id) ?? {};
      this.#waiting.delete(id);
      if (error === undefined) resolve?.(value);
      else reject?.(new Error(error));
    });
    this.#process.on('close', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('the visitor has ended'));
      this.#waiting.clear();
    });
  }

  /** Has the process do something. */
  order<Name extends keyof Operations>(
    operation: Name,
    order: Parameters<Operations[Name]>[0],
  ): ReturnType<Operations[Name]> {
    const id = ++this.#last;
    const answer = new Promise<never>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#process.stdin?.write(`${JSON.stringify({ id, operation, order })}\n`);
    return answer as ReturnType<Operations[Name]>;
  }

  /** One request, to its end. */
  async fetch(url: string, options: FetchOptions = {}): Promise<Answer> {
    const visit = toVisit(url, options);
    const head = Object.entries(visit.headers).map(([name, value]) => `${name}: ${value}`);
    const exchange: Exchange = {
      request: [`${visit.method} ${url}${visit.http2 ? ' (HTTP/2)' : ''}`, ...head].join('\n'),
      answer: '(none yet)',
    };
    this.#keep(exchange);
    try {
      const { status, headers, body, ms } = await this.order('visit', visit);
      const bytes = Buffer.from(body, 'base64');
      const answer: Answer = {
        status,
        headers: joined(headers),
        headerPairs: headers,
        body: bytes,
        text: bytes.toString('utf8'),
        ms,
      };
      exchange.answer = [
        `${status} after ${ms.toFixed(0)} ms`,
        ...headers.map(([name, value]) => `${name}: ${value}`),
        '',
        answer.text.slice(0, 600),
      ].join('\n');
      return answer;
    } catch (error) {
      exchange.answer = `no answer: ${(error as Error).message}`;
      throw error;
    }
  }

  /** Bytes as they are, for what no client library would send; a reply goes out for each piece that comes back. */
  async raw(
    url: string,
    send: string,
    options: {
      seconds?: number;
      /** After the first byte, it is over when nothing more has come for so many milliseconds. */
      quiet?: number;
      serverName?: string;
      insecure?: boolean;
      replies?: string[];
      /** HTTP/2 is negotiated, for frames that are written by hand. */
      http2?: boolean;
    } = {},
  ): Promise<{ text: string; end: 'closed' | 'broken' | 'silent'; error: string; ms: number }> {
    const { address, port, tls } = toVisit(url, options);
    const exchange: Exchange = { request: `to ${url}, as it is:\n${send}`, answer: '(none yet)' };
    this.#keep(exchange);
    const { received, end, error, ms } = await this.order('raw', {
      address,
      port,
      tls: tls && { ...tls, http2: options.http2 ?? false },
      send: Buffer.from(send, 'latin1').toString('base64'),
      replies: (options.replies ?? []).map((reply) => Buffer.from(reply, 'latin1').toString('base64')),
      seconds: options.seconds ?? 5,
      quiet: options.quiet,
    });
    const text = Buffer.from(received, 'base64').toString('latin1');
    exchange.answer = `${text.slice(0, 600)}\n(${end}${error === '' ? '' : `: ${error}`})`;
    return { text, end, error, ms };
  }

  #keep(exchange: Exchange): void {
    this.exchanges.push(exchange);
    if (this.exchanges.length > 50) this.exchanges.shift();
  }

  /** The number of its process; undefined for one that could not be started. */
  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Ends the process. */
  end(): void {
    this.#process.stdin?.end();
    this.#process.kill('SIGKILL');
  }
}

function joined(pairs: readonly [string, string][]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of pairs)
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  return headers;
}
