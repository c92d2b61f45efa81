/**
 * What a unit is: one alternative of one of the skeleton's four kinds. A unit holds facts; what to do with them is
 * done once, elsewhere, for all units.
 */
import type * as z from 'zod/mini';
import type { Advice } from '../words/advice.ts';
import type { Detection } from '../words/detection.ts';
import type { Finding } from '../words/finding.ts';
import type { ProjectFiles } from '../words/project-files.ts';
import type { Field, Refusal } from './field.ts';
import type { Lazy, LazyParts } from './lazy.ts';
import type { CommonPlan, Plan, UnitSection } from './plan.ts';
import type { Judged, Validator } from './validator.ts';

/** A file of the deployment: a template, and where on the host its text belongs. */
export interface PlannedFile {
  /** "web-servers/nginx/site.conf" */
  template: string;
  /** One of several files that the template makes: of its `each` over this list of the plan, this item alone. */
  only?: { list: string; index: number };
  /** Absolute path on the host. */
  path: string;
  /** Permission bits. */
  mode: number;
  /** "root:root" */
  owner: string;
  /** One sentence for the run-book: what the file is for. */
  purpose: string;
  /** It cannot be used before the site's certificate is there: the installer fetches that first. */
  needsCertificate?: boolean;
  /** All apps on a host have it in common: the same text, and whoever comes first puts it there. */
  shared?: boolean;
}

/** The same as a unit says it: a text that follows from the plan may be a function. */
export interface LazyFile extends Omit<PlannedFile, 'template' | 'path' | 'purpose'> {
  template: Lazy<string>;
  path: Lazy<string>;
  purpose: Lazy<string>;
}

/** The answers, validated; each unit reads the common ones and its own. */
// biome-ignore lint/suspicious/noExplicitAny: fields of units are known to the unit alone
export type GivenAnswers = Readonly<Record<string, any>>;

export interface Unit {
  /** The word for it in answers: "nginx". */
  kind: string;
  /** The name as its makers write it. */
  title: string;
  /** One sentence for the wizard: what it is and when to take it. */
  why: string;
  /** Its documentation. */
  docs: string;
  /** Answers that it cannot work with, why not, and the unit of its kind that can: the pair is refused, not offered. */
  refuses?: readonly Refusal[];
  /** Rows of the conformance table that a stack with it cannot have, by their ids, and why; shown in docs/conformance.md, and in the run-book as what the stack cannot do. */
  lacks?(plan: Plan): Readonly<Record<string, string>>;
  /** Answers that exist only with this unit, by name. */
  fields: Record<string, Field>;
  /** The shape of the unit's section of the plan; templates are checked against it. */
  section(): z.ZodMiniObject;
  /** The unit's section of the plan: what follows from an answer or from another part is a function that reads it. */
  plan(plan: CommonPlan, answers: GivenAnswers): LazyParts<UnitSection>;
  /** The unit's files, in the order in which a reader should meet them. */
  files(plan: Plan): LazyFile[];
  /** The real tools that judge the files; loaded when they are asked. */
  validators(): Promise<readonly Validator[]>;
}

export interface WebServer extends Unit {
  plan(plan: CommonPlan, answers: GivenAnswers): LazyParts<Plan['webServer']>;
  /** Looks at the headers of each location, as far as no tool does; loaded when it is asked. */
  scan(judged: Judged): Promise<Finding[]>;
  /** Debian's packages that it needs. */
  packages: readonly string[];
}

export interface AppServer extends Unit {
  plan(plan: CommonPlan, answers: GivenAnswers): LazyParts<Plan['appServer']>;
  /** Python distributions that pip installs into the app's virtual environment. */
  distributions(answers: GivenAnswers): string[];
  /** Debian's packages that it needs. */
  packages?: readonly string[];
  /** It runs inside of the web server: there is no socket, and no service of its own. */
  inside?(plan: Pick<CommonPlan, 'name' | 'paths'>): Lazy<NonNullable<CommonPlan['upstream']['inside']>>;
  /** It is to be spoken to in uWSGI's own protocol; in HTTP unless it says so. */
  speaksUwsgi?(answers: GivenAnswers): boolean;
}

export interface ProcessManager extends Unit {
  plan(plan: CommonPlan, answers: GivenAnswers): LazyParts<Plan['processManager']>;
  packages: readonly string[];
  /** Where it makes the app's socket. */
  socket(name: string): string;
}

export interface Framework extends Unit {
  plan(plan: CommonPlan, answers: GivenAnswers): LazyParts<Plan['framework']>;
  /** The distribution to install where the project names no requirements at all, if there is one. */
  distribution?: string;
  /** Distributions that pip installs beside whatever the project names. */
  needs?: readonly string[];
  /** It is true of apps of other frameworks too: a project is read as of this one only where it is of no other. */
  general?: boolean;
  /** The interface of its apps, where they have the one and an app's name does not tell. */
  interface?: 'wsgi' | 'asgi';
  /** Where its assets usually lie, by URL, where a project does not say so; none where it serves them itself. */
  assets: Readonly<Record<string, string>>;
  /** The variable of the environment that an app's own key is to come from, where it reads none so far; none without a key. */
  key?: string;
  /** Reads a project; undefined where it is none of this framework's. */
  detect(project: ProjectFiles): Detection | undefined;
  /** What the app itself must set to agree with the proxy, and whether it does. */
  advise(plan: Plan, detection: Detection | undefined): Advice[];
}
