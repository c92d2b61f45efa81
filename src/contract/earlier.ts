/**
 * What a project's earlier deployment says: one file of it by itself, and all of them together. Units whose own files may
 * be among them read these; what is nobody's (a Procfile, a Dockerfile) detection reads itself.
 */
import type { Group } from '../words/not-taken.ts';
import type { ProjectFiles } from '../words/project-files.ts';
import type { Evidence } from '../words/value.ts';

/** A process that such a file starts. */
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
  /** It is run once, before a release goes live. */
  isOfRelease?: boolean;
  /** Where an option of the command stands by itself, by its name: each of uWSGI's has a line of its own. */
  places?: ReadonlyMap<string, Evidence>;
  /** How many of it run, and the statement that says so. */
  copies?: { count: number; said: Account };
  /** Where it is reached, where not its command says so: "localhost:8001". */
  listens?: string;
  /** How many seconds it gets to end, and the statement that says so. */
  ending?: { seconds: number; said: Account };
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
  /** Every statement of the file, and what becomes of it. */
  accounts: Account[];
  /** Files that are a part of this one, and are not read by themselves. */
  included?: string[];
  /** Where a web server passes requests on to. */
  passes?: Passed[];
}

/** A path of an earlier site whose requests are passed on. */
export interface Passed {
  /** "/live/"; undefined where it is no plain path, but a pattern for instance, or where not everybody may ask for it. */
  url: string | undefined;
  /** "127.0.0.1:8001", "unix:/run/live.sock", "live:8000"; undefined where that is one of several. */
  target: string | undefined;
  /** The path is taken off before the request is passed on. */
  strips: boolean;
  /** Passes of the same site have the same text here. */
  site: string;
  at: Evidence;
}

/** A statement is taken over, or the new deployment has its own of it, or it is listed in a group. */
export type Fate = 'taken' | 'decided' | Group;

/** What becomes of a statement of such a file. */
export interface Account {
  /** The statement's name: "proxy_pass". */
  name: string;
  /** The statement as it is shown, without secrets. */
  text: string;
  at: Evidence;
  fate: Fate;
  /** It is told together with the statement before that has the same text. */
  isPart?: true;
  /** It is about the files below this URL: where they are among the answers, it is taken over. */
  url?: string;
}

export interface Statement {
  /** The answer's name: "workers". */
  answer: string;
  value: unknown;
  at: Evidence;
}

export const NOTHING: Said = { processes: [], answers: [], accounts: [] };

/** A server that was started with the app. */
export interface Start {
  /** "gunicorn" */
  program: string;
  /** "shop.wsgi", "shop:app", "shop:create_app()"; undefined where only a file is named. */
  app: string | undefined;
  /** The app as a factory that is given arguments, which no answer can name: "shop:create_app('production')". */
  call: string | undefined;
  /** A file of the project that is run, or that the app is in. */
  script: string | undefined;
  /** The folder that it is started in. */
  folder: string;
  interface: 'wsgi' | 'asgi' | undefined;
  /** The server's own configuration file. */
  configuration: string | undefined;
  environment: ReadonlyMap<string, string>;
  answers: Statement[];
  /** What becomes of its options. */
  accounts: Account[];
  /** It serves a developer: its word on the app counts, and on nothing else. */
  development: boolean;
  /** The name of the process, by which a service of Docker Compose is reached; "" where it has none. */
  process: string;
  /** Where it is reached: "127.0.0.1:8001", "unix:/run/live.sock"; undefined where that is not said. */
  listens: string | undefined;
  at: Evidence;
}

/** What works beside the app. */
export interface Background {
  name: string;
  command: string;
  at: Evidence;
}

/** What a server was started with, found among the project's files. */
export interface StartedApp {
  file: string;
  /** The folder that it is started in. */
  root: string;
  /** The object, without the call; undefined where none is named. */
  name: string | undefined;
  start: Start;
}

/** An app that an earlier site had at a path of its own, beside the one at /. */
export interface Apart {
  url: string;
  /** The path was taken off before the app was asked. */
  strips: boolean;
  /** A path of ours leads to exactly the same. */
  isSure: boolean;
  app: StartedApp;
  /** Where the site says so. */
  at: Evidence;
}

export interface Deployment {
  /** The apps that servers were started with, the likeliest first; without those that are `apart`. */
  apps: readonly StartedApp[];
  /** Each at a path that it had alone. */
  apart: readonly Apart[];
  starts: readonly Start[];
  background: readonly Background[];
  /** Answers, the likeliest first. */
  answers: readonly Statement[];
  images: readonly { name: string; at: Evidence }[];
  python: { version: string; at: Evidence } | undefined;
  /** What becomes of each statement of the files. */
  accounts: readonly Account[];
}

/** A project as frameworks read it: one app's part of it, with what its earlier deployment says. */
export interface Part extends ProjectFiles {
  earlier(): Deployment;
}

/** A kind of files in which an earlier deployment may have configured a unit. */
export interface EarlierFiles {
  /** The unit's kind: "nginx". */
  unit: string;
  /** They start the app; others say how what was started elsewhere serves it, and are less likely to name it. */
  start: boolean;
  /** Is a file of this kind, by its name and, where that leaves it open, its text? */
  is(name: string, text: () => string): boolean;
  /** May it be any file that the command line of this unit names as its configuration? */
  named?(file: string): boolean;
  read(project: ProjectFiles, file: string): Said;
}
