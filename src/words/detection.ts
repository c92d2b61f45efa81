import type { Finding } from './finding.ts';
import type { NotTaken } from './not-taken.ts';
import type { Evidence, Value } from './value.ts';

/** What was found in a project, before anybody was asked. */
export interface Detection {
  /** The kind of the framework unit, e.g. "django". */
  framework: string;
  /** A server is told of it, by a manage.py, a wsgi.py or the like: its app was not only found under a usual name. */
  named: boolean;
  /** Proposed answers, by the answer's name ("app", "static", ...), in the form that the answers file has. */
  answers: Record<string, Value<unknown>>;
  /** Settings of the app that must agree with the proxy, by the name that the framework gives them ("ALLOWED_HOSTS"). */
  settings: Record<string, Value<unknown>>;
  /** What no answer stands for, and what a person wants to know all the same, by a name of our own ("package-manager"). */
  facts: Record<string, Value<unknown>>;
  /** What the earlier deployment says, and no answer takes over. */
  notTaken?: NotTaken[];
  /** Names of its statements that the new deployment has its own of, each once for a file: "listen". */
  decided?: { name: string; from: Evidence[] }[];
  /** Where settings that the app lacks belong, if there is one such place. */
  belongs?: Evidence[];
  /** Why a release cannot bring settings to it, or one of them by its name. */
  unbringable?: { all?: Obstacle | undefined; settings?: Record<string, Obstacle> };
  /** The apps of it that a server could load, or was started with, each with where it answers, as far as that was read. */
  apps?: readonly RoutedApp[];
  /**
   * How it could be deployed as several services of one site, as answers by name, each under its condition; the first is
   * what the project shows, the last the app alone. Where the project leaves no doubt, the answers themselves say so.
   */
  services?: Extract<Value<Readonly<Record<string, unknown>>>, { kind: 'one-of' }>;
  /** What could not be read, or is odd, said to the person. */
  warnings: Warning[];
}

/** An app, and where it answers. */
export interface RoutedApp {
  /** "shop.asgi:application" */
  app: string;
  routes: readonly Route[];
  from: Evidence[];
}

/** Where an app answers. */
export interface Route {
  /** Without a leading slash: "api/healthz/". */
  path: string;
  /** The status of its answer, where that leads elsewhere: to a login, for instance. */
  leads?: number | undefined;
  /** Anybody who asks for it gets a page. */
  open?: boolean;
  /** Something is there or below, and it may not be a page that GET has: it says where the app answers, and no more. */
  vague?: boolean;
  from: Evidence[];
}

/** Stands in a setting's value for a secret that is written in the source. */
export const LITERAL = '<literal>';

/** Why something cannot be done for a project, and where that shows. */
export interface Obstacle {
  because: string;
  from: Evidence[];
}

/** A finding about the project's source, with every place that it follows from; its own is the first of them. */
export interface Warning extends Finding {
  from: Evidence[];
}

/** What could not be read, or is odd. */
export function warningOf(message: string, from: Evidence[]): Warning {
  const [place] = from;
  return {
    ...{ code: 'project-source-odd', tool: 'project', level: 'warning' },
    ...(place && { file: place.file, line: place.line }),
    message,
    remedy: 'See that the answers fit: what could not be read was not taken into account.',
    from,
  };
}

/** The folder that an app is started in, as the answer "root" has it; undefined where that is not known. */
export function rootOf({ answers: { root } }: Detection): string | undefined {
  return root?.kind === 'known' ? String(root.value) : undefined;
}
