/** What a visitor of a site can be asked to do: the messages between a test and the process in the visitor's network. */

/** One request, as it goes over the wire. */
export interface Visit {
  /** The address to connect to. */
  address: string;
  port: number;
  /** TLS, with this server name; "" sends none. */
  tls?: { serverName: string; insecure: boolean } | undefined;
  /** HTTP/2 instead of HTTP/1.1. */
  http2: boolean;
  method: string;
  /** Path and query, sent as they are. */
  path: string;
  headers: Record<string, string>;
  /** Base64. */
  body: string;
  seconds: number;
  /** Keep the body; without it only its length is known. */
  keepBody: boolean;
}

/** What came back. */
export interface Returned {
  status: number;
  /** Pairs as they came, names in lower case. */
  headers: [string, string][];
  /** Base64. */
  body: string;
  length: number;
  /** Milliseconds to the end of the answer. */
  ms: number;
}

/** Bytes sent as they are. */
export interface RawVisit {
  address: string;
  port: number;
  tls?: { serverName: string; insecure: boolean; http2?: boolean } | undefined;
  send: string;
  /** One is sent for each piece that comes back. */
  replies: string[];
  seconds: number;
  /** After the first byte, it is over when nothing more has come for so many milliseconds. */
  quiet?: number | undefined;
}

export interface RawReturned {
  received: string;
  /** How it ended: the other side closed, broke off, or nothing came in time. */
  end: 'closed' | 'broken' | 'silent';
  error: string;
  ms: number;
}

/** The same request for many paths, over connections that are kept. */
export interface Sweep {
  visit: Visit;
  paths: readonly string[];
  /** Looked for in each answer. */
  words: readonly string[];
  clients: number;
}

/** What came back for a path. */
export interface Swept {
  /** 0 where there was no answer. */
  status: number;
  /** Those that are in the answer. */
  words: string[];
}

/** Clients that ask for all of these paths in turn, again and again. */
export interface Tour {
  visit: Visit;
  paths: readonly string[];
  /** Looked for in each answer. */
  words: readonly string[];
  clients: number;
  /** Milliseconds that a client waits before its next request. */
  pause: number;
  /** It ends after so many requests, or so many seconds. */
  most: number;
  seconds: number;
}

/** One request of a tour. */
export interface Stage extends Swept {
  path: string;
  /** When it was made, and when its answer was whole: milliseconds by a clock that all tours have in common. */
  began: number;
  ended: number;
}

export interface TourSummary {
  stages: Stage[];
  /** It ended by itself, at its bound. */
  bounded: boolean;
}

/** Many requests, by so many clients one after the other; bounded in number and in time. */
export interface Load {
  visit: Visit;
  clients: number;
  /** Milliseconds that a client waits before its next request. */
  pause: number;
  most: number;
  seconds: number;
}

export interface LoadSummary {
  requests: number;
  statuses: Record<string, number>;
  /** What went wrong where there was no answer, each with its count. */
  failures: Record<string, number>;
  /** It ended by itself, at its bound: what happened later was not under load. */
  bounded: boolean;
  /** Milliseconds of each answer, sorted. */
  ms: number[];
}

/** Clients that send a request one byte a second, and never get to its end. */
export interface Trickle {
  visit: Visit;
  clients: number;
  seconds: number;
}

export interface TrickleSummary {
  open: number;
  closed: number;
}

/** Clients that ask once, and keep the connection. */
export interface Idle {
  visit: Visit;
  clients: number;
  seconds: number;
}

export interface IdleSummary {
  /** Answered, and still connected. */
  open: number;
  /** Refused, broken off, or closed by the server. */
  closed: number;
  /** Milliseconds until the last of them had its answer. */
  ms: number;
}

/** Clients that read the head of an answer, a first piece of its body, and then hardly anything. */
export interface SlowReaders {
  visit: Visit;
  clients: number;
  bytesPerSecond: number;
  seconds: number;
}

export interface SlowReadersSummary {
  statuses: number[];
  /** Bytes of the body that each has. */
  received: number[];
  open: number;
}

/** What a visitor's WebSocket has come to. */
export interface SocketState {
  /** How it ended: the code and the reason of the other side's close frame, 1006 where there was none. */
  closed?: { code: number; reason: string; ms: number };
}

/** One event of a stream, or whatever came in one piece. */
interface Piece {
  text: string;
  /** Milliseconds since the request. */
  ms: number;
}

export interface StreamState {
  status: number;
  headers: [string, string][];
  pieces: Piece[];
  /** When it ended, in milliseconds since the request; and whether the answer was whole. */
  ended?: { whole: boolean; ms: number };
}

export interface Operations {
  visit(order: Visit): Promise<Returned>;
  raw(order: RawVisit): Promise<RawReturned>;
  sweep(order: Sweep): Promise<Swept[]>;
  startLoad(order: Load): Promise<number>;
  stopLoad(id: number): Promise<LoadSummary>;
  startTour(order: Tour): Promise<number>;
  stopTour(id: number): Promise<TourSummary>;
  startTrickle(order: Trickle): Promise<number>;
  countTrickle(id: number): Promise<TrickleSummary>;
  stopTrickle(id: number): Promise<TrickleSummary>;
  startIdle(order: Idle): Promise<number>;
  countIdle(id: number): Promise<IdleSummary>;
  stopIdle(id: number): Promise<IdleSummary>;
  startSlowReaders(order: SlowReaders): Promise<number>;
  countSlowReaders(id: number): Promise<SlowReadersSummary>;
  stopSlowReaders(id: number): Promise<SlowReadersSummary>;
  /** Opens a WebSocket; fails where the answer is no upgrade. */
  openSocket(order: Visit): Promise<number>;
  /** Says something and waits for the answer. */
  saySocket(order: { id: number; text: string; seconds: number }): Promise<string>;
  countSocket(id: number): Promise<SocketState>;
  stopSocket(id: number): Promise<SocketState>;
  /** Asks for a stream, and is there as soon as its head is. */
  openStream(order: Visit): Promise<number>;
  countStream(id: number): Promise<StreamState>;
  stopStream(id: number): Promise<StreamState>;
}
