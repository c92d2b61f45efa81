/** A process that a file of an earlier deployment starts. */
import type { Evidence } from '../../words/value.ts';

export interface Process {
  /** "web", "worker", or the name of a service; "" where it has none. */
  name: string;
  /** What is run: a line for a shell, or words. */
  command: string | readonly string[];
  /** The folder of the project that it is started in, "" for the top. */
  folder: string;
  /** Variables that it is started with. */
  environment: ReadonlyMap<string, string>;
  at: Evidence;
  /** A process manager keeps it running: whatever it is, it is part of the site. */
  kept?: boolean;
}

/** What one file says. */
export interface Said {
  processes: Process[];
  /** Answers that it gives by itself: nginx's client_max_body_size, for instance. */
  answers: Statement[];
  /** Images of other services that run beside: "postgres:16". */
  images?: { name: string; at: Evidence }[];
  /** The Python that it runs on: "3.12". */
  python?: { version: string; at: Evidence };
  /** What a deployment of this tool has no answer for, or decides by itself. */
  leftOver: Remark[];
}

export interface Statement {
  /** The answer's name: "workers". */
  answer: string;
  value: unknown;
  at: Evidence;
}

export interface Remark {
  text: string;
  at: Evidence;
}

export const NOTHING: Said = { processes: [], answers: [], leftOver: [] };
