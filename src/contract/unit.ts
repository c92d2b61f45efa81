/**
 * What a unit is: one alternative of one of the skeleton's four kinds. A unit holds facts; what to do with them is
 * done once, elsewhere, for all units. Each is written with the `define...` of its kind, which gives it the types of its
 * own answers and of its own section of the plan; to everybody else all units of a kind are alike.
 */
import type * as z from 'zod/mini';
import type { Advice } from '../words/advice.ts';
import type { Detection } from '../words/detection.ts';
import type { Finding } from '../words/finding.ts';
import type { AnswersOf, Field, Refusal } from './field.ts';
import type { Lazy, LazyParts } from './lazy.ts';
import type { CommonPlan, Plan, PlanOfService, Service, UnitSection, WholeSite } from './plan.ts';
import type { Judged, Validator } from './validator.ts';

/** A file of the deployment: a template, and where on the host its text belongs. */
export interface PlannedFile {
  /** "web-servers/nginx/site.conf" */
  template: string;
  /** One of several files that the template makes: of its `each` over this list of the plan, this item alone. */
  only?: { list: string; index: number };
  /** The template sees the one service of this number in the plan's list, and no other. */
  service?: number;
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

/** Of the answers that every deployment has, those that units look at. */
interface EveryAnswer {
  readonly target: string;
  readonly interface: 'wsgi' | 'asgi';
  readonly threads: number;
  readonly settings: 'bring' | 'own';
  readonly brings?: readonly string[] | undefined;
}

/** The answers, validated. What a unit's own are, the unit alone knows. */
type GivenAnswers = EveryAnswer & Readonly<Record<string, unknown>>;

/** The answers as a unit with these fields reads them. */
type AnswersWith<Fields extends Record<string, Field>> = EveryAnswer & AnswersOf<Fields>;

/** The plan as a unit reads it, whose own section it knows. */
type PlanWith<Name extends keyof Whole, Section, Whole = Plan> = Omit<Whole, Name> & Record<Name, Section>;

/**
 * @typeParam Answers The answers that it reads.
 * @typeParam Whole The plan, with its own section.
 * @typeParam Planned Its own section, as it writes it.
 * @typeParam Around What its section is planned from.
 */
export interface Unit<
  Answers = GivenAnswers,
  Whole = Plan,
  Planned = LazyParts<UnitSection>,
  Around = WholeSite,
> {
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
  lacks?(plan: Whole): Readonly<Record<string, string>>;
  /** Answers that exist only with this unit, by name. */
  fields: Record<string, Field>;
  /** The shape of the unit's section of the plan; templates are checked against it. */
  section(): z.ZodMiniObject;
  /** The unit's section of the plan: what follows from an answer or from another part is a function that reads it. */
  plan(plan: Around, answers: Answers): Planned;
  /** The unit's files, in the order in which a reader should meet them. */
  files(plan: Whole): LazyFile[];
  /** The real tools that judge the files; loaded when they are asked. */
  validators(): Promise<readonly Validator<Around extends WholeSite ? Plan : PlanOfService>[]>;
}

export interface WebServer<Answers = GivenAnswers, Whole = Plan, Planned = LazyParts<Plan['webServer']>>
  extends Unit<Answers, Whole, Planned> {
  /** Looks at the headers of each location, as far as no tool does; loaded when it is asked. */
  scan(judged: Judged): Promise<Finding[]>;
  /** Debian's packages that it needs. */
  packages: readonly string[];
  /** The versions of packages that its files can do with. */
  wants(plan: Whole): readonly Wanted[];
}

/** A package of the host's is that old or newer, or older: in the words and the order of `dpkg --compare-versions`. */
export interface Wanted {
  package: string;
  relation: 'ge' | 'lt';
  version: string;
}

/** It sees one service, and knows of no other. */
export interface AppServer<
  Answers = GivenAnswers,
  Whole = PlanOfService,
  Planned = LazyParts<Service['appServer']>,
> extends Unit<Answers, Whole, Planned, CommonPlan> {
  /** Python distributions that pip installs into the app's virtual environment. */
  distributions(answers: Answers): string[];
  /** Debian's packages that it needs. */
  packages?: readonly string[];
  /** It runs inside of the web server: there is no socket, and no service of its own. */
  inside?(plan: Pick<CommonPlan, 'name' | 'paths'>): Lazy<NonNullable<CommonPlan['upstream']['inside']>>;
  /** It is to be spoken to in uWSGI's own protocol; in HTTP unless it says so. */
  speaksUwsgi?(answers: Answers): boolean;
}

export interface ProcessManager<
  Answers = GivenAnswers,
  Whole = Plan,
  Planned = LazyParts<Plan['processManager']>,
> extends Unit<Answers, Whole, Planned> {
  /** Debian's packages that it needs. */
  packages: readonly string[];
  /** Where it makes the socket of a service, by its name on the host. */
  socket(id: string): string;
  /** What it does for a service. */
  process(plan: CommonPlan): LazyParts<Service['process']>;
}

/** It sees the site's own service. */
export interface Framework<
  Answers = GivenAnswers,
  Whole = PlanOfService,
  Planned = LazyParts<Plan['framework']>,
> extends Unit<Answers, Whole, Planned, CommonPlan> {
  /** The distribution to install where the project names no requirements at all, if there is one. */
  distribution?: string;
  /** Distributions that pip installs beside whatever the project names. */
  needs?: readonly string[];
  /** The interface of its apps, where they have the one and an app's name does not tell. */
  interface?: 'wsgi' | 'asgi';
  /** Where its assets usually lie, by URL, where a project does not say so; none where it serves them itself. */
  assets: Readonly<Record<string, string>>;
  /** The variable of the environment that an app's own key is to come from, where it reads none so far; none without a key. */
  key?: string;
  /** The module that each release brings around the app, with the app in it as `app`; undefined where none is needed. */
  wrapper?(answers: Answers): string | undefined;
  /** The settings that a release can bring to its apps, by their names; none where it brings no module. */
  bringable?: readonly string[];
  /** What the app itself must set to agree with the proxy, and whether it does. */
  advise(plan: PlanOfService, detection: Detection | undefined): Advice[];
}

/** What the types of a unit's answers and of its section follow from. */
interface Typed<Fields, Section> {
  fields: Fields;
  section(): Section;
}

/** Nothing may stand in a section that its schema does not have: the templates could not use it. */
type Exactly<Planned, Section> = Planned & Record<Exclude<keyof Planned, keyof Section>, never>;

/** A framework: its `plan()` is given its own `fields`' answers, and gives what its own `section()` says. */
export function defineFramework<
  Fields extends Record<string, Field>,
  Section extends z.ZodMiniObject,
  Planned extends LazyParts<z.infer<Section> & Plan['framework']>,
>(
  unit: Framework<
    AnswersWith<Fields>,
    PlanWith<'framework', z.infer<Section>, PlanOfService>,
    Exactly<Planned, z.infer<Section>>
  > &
    Typed<Fields, Section>,
): Framework;
export function defineFramework(unit: Framework): Framework {
  return unit;
}

/** A web server: its `plan()` is given its own `fields`' answers, and gives what its own `section()` says. */
export function defineWebServer<
  Fields extends Record<string, Field>,
  Section extends z.ZodMiniObject,
  Planned extends LazyParts<z.infer<Section> & Plan['webServer']>,
>(
  unit: WebServer<
    AnswersWith<Fields>,
    PlanWith<'webServer', z.infer<Section>>,
    Exactly<Planned, z.infer<Section>>
  > &
    Typed<Fields, Section>,
): WebServer;
export function defineWebServer(unit: WebServer): WebServer {
  return unit;
}

/** An app server: its `plan()` is given its own `fields`' answers, and gives what its own `section()` says. */
export function defineAppServer<
  Fields extends Record<string, Field>,
  Section extends z.ZodMiniObject,
  Planned extends LazyParts<z.infer<Section> & Service['appServer']>,
>(
  unit: AppServer<
    AnswersWith<Fields>,
    PlanWith<'appServer', z.infer<Section>, PlanOfService>,
    Exactly<Planned, z.infer<Section>>
  > &
    Typed<Fields, Section>,
): AppServer;
export function defineAppServer(unit: AppServer): AppServer {
  return unit;
}

/** A process manager: its `plan()` is given its own `fields`' answers, and gives what its own `section()` says. */
export function defineProcessManager<
  Fields extends Record<string, Field>,
  Section extends z.ZodMiniObject,
  Planned extends LazyParts<z.infer<Section> & Plan['processManager']>,
>(
  unit: ProcessManager<
    AnswersWith<Fields>,
    PlanWith<'processManager', z.infer<Section>>,
    Exactly<Planned, z.infer<Section>>
  > &
    Typed<Fields, Section>,
): ProcessManager;
export function defineProcessManager(unit: ProcessManager): ProcessManager {
  return unit;
}
