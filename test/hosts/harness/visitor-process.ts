/**
 * Runs in the network of a host's visitor: takes orders as lines of JSON, and does to the host what visitors do.
 * It ends with its standard input.
 */
import { readFileSync } from 'node:fs';
import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
} from 'node:http';
import { type ClientHttp2Session, connect as http2Connect } from 'node:http2';
import { Agent as HttpsAgent, request as httpsRequest, type RequestOptions } from 'node:https';
import { isIP, type Socket, connect as tcpConnect } from 'node:net';
import { createInterface } from 'node:readline';
import { type ConnectionOptions, connect as tlsConnect } from 'node:tls';
import { WebSocket } from 'ws';
import type {
  Idle,
  IdleSummary,
  Load,
  LoadSummary,
  Operations,
  RawReturned,
  RawVisit,
  Returned,
  SlowReaders,
  SlowReadersSummary,
  SocketState,
  StreamState,
  Sweep,
  Swept,
  Tour,
  TourSummary,
  Trickle,
  TrickleSummary,
  Visit,
} from './visits.ts';

const [caFile] = process.argv.slice(2);

/** Read when it is needed: the certificate's authority may come after this process. */
function authority(): { ca?: Buffer } {
  try {
    return caFile === undefined ? {} : { ca: readFileSync(caFile) };
  } catch {
    return {};
  }
}

function tlsOptions(tls: NonNullable<Visit['tls']>): ConnectionOptions {
  return {
    ...authority(),
    servername: isIP(tls.serverName) ? '' : tls.serverName,
    rejectUnauthorized: !tls.insecure,
    ...(tls.serverName === '' ? { checkServerIdentity: () => undefined } : {}),
  };
}

function headerPairs(raw: readonly string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let at = 0; at + 1 < raw.length; at += 2)
    pairs.push([raw[at]?.toLowerCase() ?? '', raw[at + 1] ?? '']);
  return pairs;
}

/** Sends the head, and the body where there is one; `onAnswer` gets the answer when its head is there. */
function open(
  order: Visit,
  onAnswer: (answer: IncomingMessage) => void,
  agent: HttpAgent | false = false,
): ClientRequest {
  const common = {
    host: order.address,
    port: order.port,
    method: order.method,
    path: order.path,
    headers: order.headers,
    setHost: false,
    agent,
    insecureHTTPParser: true,
  };
  if (order.tls === undefined) return httpRequest(common, onAnswer);
  const secure = { ...common, ...tlsOptions(order.tls), ALPNProtocols: ['http/1.1'] } as RequestOptions;
  return httpsRequest(secure, onAnswer);
}

function visit1(order: Visit, agent: HttpAgent | false = false): Promise<Returned> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    let answered = false;
    const request = open(
      order,
      (answer) => {
        answered = true;
        const chunks: Buffer[] = [];
        let length = 0;
        answer.on('data', (chunk: Buffer) => {
          length += chunk.length;
          if (order.keepBody) chunks.push(chunk);
        });
        answer.on('error', reject);
        answer.on('aborted', () => reject(new Error(`broken off after ${length} bytes of the body`)));
        answer.on('end', () =>
          resolve({
            status: answer.statusCode ?? 0,
            headers: headerPairs(answer.rawHeaders),
            body: Buffer.concat(chunks).toString('base64'),
            length,
            ms: performance.now() - started,
          }),
        );
      },
      agent,
    );
    const limit = setTimeout(
      () => request.destroy(new Error(`no answer within ${order.seconds} s`)),
      order.seconds * 1000,
    );
    request.on('close', () => clearTimeout(limit));
    // A server may answer, and close, before it has the whole body.
    request.on('error', (error) => {
      if (!answered) reject(error);
    });
    request.end(Buffer.from(order.body, 'base64'));
  });
}

function secondSession({ tls, address, port }: Visit): ClientHttp2Session {
  if (tls === undefined) throw new Error('HTTP/2 needs TLS here');
  return http2Connect(`https://${address}:${port}`, {
    createConnection: () => tlsConnect({ ...tlsOptions(tls), host: address, port, ALPNProtocols: ['h2'] }),
  });
}

function visit2(order: Visit): Promise<Returned> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const { host, ...headers } = order.headers;
    const session = secondSession(order);
    const limit = setTimeout(
      () => session.destroy(new Error(`no answer within ${order.seconds} s`)),
      order.seconds * 1000,
    );
    session.on('close', () => clearTimeout(limit));
    session.on('error', reject);
    const body = Buffer.from(order.body, 'base64');
    const stream = session.request(
      {
        ':method': order.method,
        ':path': order.path,
        ':authority': host ?? order.tls?.serverName,
        ...headers,
      },
      { endStream: body.length === 0 },
    );
    const chunks: Buffer[] = [];
    let head: [string, string][] = [];
    let status = 0;
    stream.on('response', (answer, _flags, raw: string[] = []) => {
      status = Number(answer[':status']);
      head = headerPairs(raw).filter(([name]) => !name.startsWith(':'));
    });
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('error', reject);
    stream.on('end', () => {
      const received = Buffer.concat(chunks);
      session.close();
      resolve({
        status,
        headers: head,
        body: received.toString('base64'),
        length: received.length,
        ms: performance.now() - started,
      });
    });
    if (body.length > 0) stream.end(body);
  });
}

function raw(order: RawVisit): Promise<RawReturned> {
  const started = performance.now();
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let error = '';
    const socket: Socket =
      order.tls === undefined
        ? tcpConnect(order.port, order.address)
        : tlsConnect({
            ...tlsOptions(order.tls),
            ...{ host: order.address, port: order.port },
            ...(order.tls.http2 ? { ALPNProtocols: ['h2'] } : {}),
          });
    let silent = false;
    const giveUp = () => {
      silent = true;
      socket.destroy();
    };
    const limit = setTimeout(giveUp, order.seconds * 1000);
    let quiet: NodeJS.Timeout | undefined;
    socket.once(order.tls === undefined ? 'connect' : 'secureConnect', () =>
      socket.write(Buffer.from(order.send, 'base64')),
    );
    socket.on('data', (chunk: Buffer) => {
      const reply = order.replies[chunks.push(chunk) - 1];
      if (reply !== undefined) socket.write(Buffer.from(reply, 'base64'));
      clearTimeout(quiet);
      if (order.quiet !== undefined) quiet = setTimeout(giveUp, order.quiet);
    });
    socket.on('error', (problem) => {
      error = problem.message;
    });
    socket.on('close', () => {
      clearTimeout(limit);
      clearTimeout(quiet);
      resolve({
        received: Buffer.concat(chunks).toString('base64'),
        end: silent ? 'silent' : error === '' ? 'closed' : 'broken',
        error,
        ms: performance.now() - started,
      });
    });
  });
}

async function sweep({ visit, paths, words, clients }: Sweep): Promise<Swept[]> {
  const agent = new (visit.tls === undefined ? HttpAgent : HttpsAgent)({
    keepAlive: true,
    maxSockets: clients,
  });
  const swept: Swept[] = [];
  let next = 0;
  const client = async () => {
    for (let at = next++; at < paths.length; at = next++) {
      const answer = await visit1({ ...visit, path: paths[at] ?? '', keepBody: true }, agent).catch(
        () => undefined,
      );
      const text = Buffer.from(answer?.body ?? '', 'base64').toString('latin1');
      swept[at] = { status: answer?.status ?? 0, words: words.filter((word) => text.includes(word)) };
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  agent.destroy();
  return swept;
}

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

function load(order: Load): { stop: () => Promise<LoadSummary> } {
  const summary: LoadSummary = { requests: 0, statuses: {}, failures: {}, ms: [], bounded: false };
  const end = performance.now() + order.seconds * 1000;
  let stopped = false;
  const client = async () => {
    while (!stopped && summary.requests < order.most && performance.now() < end) {
      summary.requests++;
      try {
        const { status, ms } = await (order.visit.http2 ? visit2 : visit1)(order.visit);
        summary.statuses[status] = (summary.statuses[status] ?? 0) + 1;
        summary.ms.push(ms);
      } catch (error) {
        const { message } = error as Error;
        summary.failures[message] = (summary.failures[message] ?? 0) + 1;
      }
      if (order.pause > 0) await wait(order.pause);
    }
    if (!stopped) summary.bounded = true;
  };
  const clients = Array.from({ length: order.clients }, client);
  return {
    stop: async () => {
      stopped = true;
      await Promise.all(clients);
      summary.ms.sort((one, other) => one - other);
      return summary;
    },
  };
}

function tour(order: Tour): { stop: () => Promise<TourSummary> } {
  const { visit, paths, words, clients, most, seconds } = order;
  const summary: TourSummary = { stages: [], bounded: false };
  const started = performance.now();
  let [stopped, asked] = [false, 0];
  const client = async () => {
    for (let at = 0; !stopped && asked < most && performance.now() - started < seconds * 1000; at++) {
      asked++;
      const path = paths[at % paths.length] ?? '/';
      const began = performance.now();
      const answer = await visit1({ ...visit, path, keepBody: true }).catch(() => undefined);
      const text = Buffer.from(answer?.body ?? '', 'base64').toString('latin1');
      summary.stages.push({
        ...{ path, began, ended: performance.now(), status: answer?.status ?? 0 },
        words: words.filter((word) => text.includes(word)),
      });
      if (order.pause > 0) await wait(order.pause);
    }
    if (!stopped) summary.bounded = true;
  };
  const all = Array.from({ length: clients }, client);
  return {
    stop: async () => {
      stopped = true;
      await Promise.all(all);
      return summary;
    },
  };
}

interface Activity<Summary> {
  count: () => Summary;
  stop: () => void;
}

function trickle(order: Trickle): Activity<TrickleSummary> {
  const { visit } = order;
  const head = headOf(visit);
  const summary: TrickleSummary = { open: 0, closed: 0 };
  const stops = Array.from({ length: order.clients }, (_, number) => {
    const { socket, ready } = connection(visit);
    // Half of them never finish the head, the others never the body.
    const bodies = number % 2 === 0;
    const text = bodies ? `${head}Content-Length: 100000\r\n\r\n` : head;
    let timer: NodeJS.Timeout | undefined;
    socket.once(ready, () => {
      summary.open++;
      socket.once('close', () => {
        summary.open--;
        summary.closed++;
      });
      socket.write(text);
      timer = setInterval(() => socket.write(bodies ? 'x' : 'X'), 1000);
    });
    socket.on('error', () => {});
    socket.on('close', () => clearInterval(timer));
    socket.resume();
    return () => socket.destroy();
  });
  return bounded(order.seconds, {
    count: () => ({ ...summary }),
    stop: () => stops.forEach((stop) => void stop()),
  });
}

/** The request's head, for sockets that are written to as they are. */
function headOf({ method, path, headers }: Visit): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}`;
}

/** A connection, as the visit wants it, and the event that it is there. */
function connection({ tls, address, port }: Visit): { socket: Socket; ready: string } {
  return tls === undefined
    ? { socket: tcpConnect(port, address), ready: 'connect' }
    : { socket: tlsConnect({ ...tlsOptions(tls), host: address, port }), ready: 'secureConnect' };
}

/** So many connections are being made at a time: it is about having them, not about a storm. */
const AT_A_TIME = 64;

function idle({ visit, clients, seconds }: Idle): Activity<IdleSummary> {
  const started = performance.now();
  const summary: IdleSummary = { open: 0, closed: 0, ms: 0 };
  const sockets: Socket[] = [];
  let stopped = false;
  const one = () =>
    new Promise<void>((resolve) => {
      const { socket, ready } = connection(visit);
      sockets.push(socket);
      let answered = false;
      socket.once(ready, () => socket.write(`${headOf(visit)}\r\n`));
      socket.on('data', () => {
        if (answered) return;
        answered = true;
        summary.open++;
        summary.ms = performance.now() - started;
        resolve();
      });
      socket.on('error', () => {});
      socket.on('close', () => {
        if (answered) summary.open--;
        summary.closed++;
        resolve();
      });
    });
  let begun = 0;
  const maker = async () => {
    while (!stopped && begun++ < clients) await one();
  };
  for (let number = 0; number < AT_A_TIME; number++) void maker();
  return bounded(seconds, {
    count: () => ({ ...summary }),
    stop: () => {
      stopped = true;
      for (const socket of sockets) socket.destroy();
    },
  });
}

function slowReaders(order: SlowReaders): Activity<SlowReadersSummary> {
  const clients = Array.from({ length: order.clients }, () => {
    const client = { status: 0, received: 0, open: true };
    let timer: NodeJS.Timeout | undefined;
    const request = open(order.visit, (answer) => {
      client.status = answer.statusCode ?? 0;
      answer.on('data', (chunk: Buffer) => {
        client.received += chunk.length;
        answer.pause();
        timer = setTimeout(() => answer.resume(), (chunk.length / order.bytesPerSecond) * 1000);
      });
      answer.on('error', () => {});
    });
    request.on('error', () => {});
    request.on('close', () => {
      clearTimeout(timer);
      client.open = false;
    });
    request.end();
    return { client, request };
  });
  return bounded(order.seconds, {
    count: () => ({
      statuses: clients.map(({ client }) => client.status),
      received: clients.map(({ client }) => client.received),
      open: clients.filter(({ client }) => client.open).length,
    }),
    stop: () => {
      for (const { request } of clients) request.destroy();
    },
  });
}

interface Conversation {
  state: SocketState;
  say: (text: string, seconds: number) => Promise<string>;
  stop: () => void;
}

function converse(order: Visit): Promise<Conversation> {
  const { host = '', ...headers } = order.headers;
  const { tls } = order;
  const socket = new WebSocket(`ws://${host}${order.path}`, {
    headers,
    handshakeTimeout: order.seconds * 1000,
    createConnection: () =>
      tls === undefined
        ? tcpConnect(order.port, order.address)
        : tlsConnect({
            ...tlsOptions(tls),
            host: order.address,
            port: order.port,
            ALPNProtocols: ['http/1.1'],
          }),
  });
  const state: SocketState = {};
  const started = performance.now();
  socket.on('close', (code, reason) => {
    state.closed = { code, reason: reason.toString('utf8'), ms: performance.now() - started };
  });
  const say = (text: string, seconds: number) =>
    new Promise<string>((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error(`no word within ${seconds} s`)), seconds * 1000);
      socket.once('message', (data) => {
        clearTimeout(limit);
        resolve(data.toString());
      });
      socket.send(text, (error) => error && reject(error));
    });
  return new Promise((resolve, reject) => {
    socket.on('open', () => resolve({ state, say, stop: () => socket.terminate() }));
    socket.on('error', reject);
  });
}

interface Listening {
  state: StreamState;
  stop: () => void;
}

/** A stream over HTTP/1.1 or HTTP/2; both give the same events. */
function listen(order: Visit): Promise<Listening> {
  const started = performance.now();
  const state: StreamState = { status: 0, headers: [], pieces: [] };
  const read = (stream: NodeJS.ReadableStream) => {
    const ended = (whole: boolean) => {
      state.ended ??= { whole, ms: performance.now() - started };
    };
    stream.on('data', (chunk: Buffer) =>
      state.pieces.push({ text: chunk.toString('utf8'), ms: performance.now() - started }),
    );
    stream.on('end', () => ended(true));
    for (const event of ['aborted', 'error', 'close']) stream.on(event, () => ended(false));
  };
  return new Promise((resolve, reject) => {
    if (!order.http2) {
      const request = open(order, (answer) => {
        Object.assign(state, { status: answer.statusCode, headers: headerPairs(answer.rawHeaders) });
        read(answer);
        resolve({ state, stop: () => request.destroy() });
      });
      request.on('error', reject);
      request.end(Buffer.from(order.body, 'base64'));
      return;
    }
    const session = secondSession(order);
    const { host, ...headers } = order.headers;
    const stream = session.request({ ':path': order.path, ':authority': host, ...headers });
    session.on('error', reject);
    read(stream);
    stream.on('response', (answer, _flags, raw: string[] = []) => {
      const head = headerPairs(raw).filter(([name]) => !name.startsWith(':'));
      Object.assign(state, { status: Number(answer[':status']), headers: head });
      resolve({ state, stop: () => session.destroy() });
    });
  });
}

/** Nothing goes on for ever, not even when it is forgotten. */
function bounded<Summary>(seconds: number, activity: Activity<Summary>): Activity<Summary> {
  const limit = setTimeout(activity.stop, seconds * 1000);
  return {
    ...activity,
    stop: () => {
      clearTimeout(limit);
      activity.stop();
    },
  };
}

let last = 0;
/** Keeps what was started, by number. */
function kept<Item>(): { add: (item: Item) => number; get: (id: number) => Item } {
  const items = new Map<number, Item>();
  return {
    add: (item) => {
      items.set(++last, item);
      return last;
    },
    get: (id) => {
      const item = items.get(id);
      if (item === undefined) throw new Error(`nothing was started as ${id}`);
      return item;
    },
  };
}

const loads = kept<ReturnType<typeof load>>();
const tours = kept<ReturnType<typeof tour>>();
const trickles = kept<Activity<TrickleSummary>>();
const idlers = kept<Activity<IdleSummary>>();
const readers = kept<Activity<SlowReadersSummary>>();
const sockets = kept<Conversation>();
const streams = kept<Listening>();

const operations: Operations = {
  visit: (order) => (order.http2 ? visit2(order) : visit1(order)),
  raw,
  sweep,
  startLoad: async (order) => loads.add(load(order)),
  stopLoad: (id) => loads.get(id).stop(),
  startTour: async (order) => tours.add(tour(order)),
  stopTour: (id) => tours.get(id).stop(),
  startTrickle: async (order) => trickles.add(trickle(order)),
  countTrickle: async (id) => trickles.get(id).count(),
  stopTrickle: async (id) => {
    const summary = trickles.get(id).count();
    trickles.get(id).stop();
    return summary;
  },
  startIdle: async (order) => idlers.add(idle(order)),
  countIdle: async (id) => idlers.get(id).count(),
  stopIdle: async (id) => {
    const summary = idlers.get(id).count();
    idlers.get(id).stop();
    return summary;
  },
  startSlowReaders: async (order) => readers.add(slowReaders(order)),
  countSlowReaders: async (id) => readers.get(id).count(),
  stopSlowReaders: async (id) => {
    const summary = readers.get(id).count();
    readers.get(id).stop();
    return summary;
  },
  openSocket: async (order) => sockets.add(await converse(order)),
  saySocket: ({ id, text, seconds }) => sockets.get(id).say(text, seconds),
  countSocket: async (id) => sockets.get(id).state,
  stopSocket: async (id) => {
    const { state, stop } = sockets.get(id);
    const now = { ...state };
    stop();
    return now;
  },
  openStream: async (order) => streams.add(await listen(order)),
  countStream: async (id) => streams.get(id).state,
  stopStream: async (id) => {
    const { state, stop } = streams.get(id);
    const now = { ...state };
    stop();
    return now;
  },
};

createInterface({ input: process.stdin })
  .on('line', async (line) => {
    const { id, operation, order } = JSON.parse(line) as {
      id: number;
      operation: keyof Operations;
      order: never;
    };
    let reply: object;
    try {
      reply = { id, value: await operations[operation](order) };
    } catch (error) {
      reply = { id, error: (error as Error).message || (error as NodeJS.ErrnoException).code };
    }
    process.stdout.write(`${JSON.stringify(reply)}\n`);
  })
  .on('close', () => process.exit());
