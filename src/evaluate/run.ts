/**
 * The state of one evaluation of a project's Python, and the small operations on it that all parts share.
 */
import { type Warning, warningOf } from '../words/detection.ts';
import type { ProjectFiles } from '../words/project-files.ts';
import type { Evidence } from '../words/value.ts';
import { evidenceOf, lift, mergeEvidence, mergeProvisos, mergeWhen, withUnless } from './alternatives.ts';
import {
  type Abstract,
  type Alternative,
  type CallArguments,
  type CallData,
  type Data,
  known,
  type Proviso,
  type Scope,
  truthOf,
  type When,
} from './data.ts';
import type { ModuleFinder } from './modules.ts';
import { lineOf, type Node, type PythonSource } from './syntax.ts';

/** An environment variable that the source reads. */
export interface EnvironmentRead {
  name: string;
  /** It is read without a default, on a way that every start takes. */
  required: boolean;
  from: Evidence[];
}

/** A module as far as it has been executed. */
export interface ModuleState {
  readonly file: string;
  readonly source: PythonSource;
  readonly scope: Scope;
  /** Modules outside of the project of which it imported everything: any name may come from there. */
  readonly openStars: { name: string; from: Evidence }[];
  /** Such modules that it does without where they are not there. */
  readonly optionalStars: { name: string; from: Evidence }[];
}

/** A name to which the caller gives a value for production where the source does not decide it. */
export interface Assumption {
  value: boolean;
  /** What would make it wrong: "DEBUG is on". */
  unless: string;
}

export interface Run {
  readonly project: ProjectFiles;
  readonly finder: ModuleFinder;
  readonly assume: ReadonlyMap<string, Assumption>;
  readonly assumedTexts: Set<string>;
  readonly modules: Map<string, ModuleState>;
  readonly reads: Map<string, EnvironmentRead>;
  readonly warnings: Map<string, Warning>;
  /** Above 0 while a branch is walked that production may never take. */
  uncertain: number;
  /** Which of the project's modules may be read at all. */
  readonly follow: (file: string) => boolean;
  /** Modules being loaded right now, and characters read so far. */
  loading: number;
  read: number;
  /** What must be so for the branch that is being walked. */
  flipped: readonly Proviso[];
  steps: number;
  depth: number;
  calls: number;
  /** Where the outermost function was called, for values that a helper function makes. */
  callSite: Evidence | undefined;
  /** What could raise an error since the innermost `try`. */
  hazards: Hazards | undefined;
  /** The classes whose objects are watched, by their full names; and what was done to such objects. */
  readonly watch: ReadonlyMap<string, Watched>;
  readonly uses: Use[];
  /** Conditions under which the function that is being walked was called. */
  way: readonly When[];
  readonly identities: WeakMap<object, number>;
  identityCount: number;
}

/** A class from outside whose objects the source sets up step by step, such as Flask. */
export interface Watched {
  /** What an attribute of such an object is, where that can be told: app.instance_path. */
  attribute?(object: CallData, name: string): Data | undefined;
}

/**
 * Something done to a watched object: `app.config.update(X=1)`, `app.config["X"] = 1`, `app.secret_key = "x"`; or the call
 * that makes it.
 */
export interface Use {
  object: CallData;
  /** "flask.Flask" where it is made, "flask.Flask().config.update"; of an assignment the target, "[]" for an item: "flask.Flask().config[]". */
  name: string;
  args: CallArguments;
  when: readonly When[];
  unless: readonly Proviso[];
  at: Evidence;
  /** A function that it decorates, and all that do so, as they are written: "@app.route("/")". */
  decorates?: { source: PythonSource; node: Node; decorators: readonly string[] };
}

interface Hazards {
  required: string[];
  missing: string[];
  missingStar: string | undefined;
}

/** Where execution stands: which file, which names, and which way led here. */
export interface Frame {
  readonly run: Run;
  readonly module: ModuleState;
  readonly source: PythonSource;
  readonly scope: Scope;
  /** Conditions under which this point is reached. */
  path: readonly When[];
  pathUnless: readonly Proviso[];
  /** This way is not taken in production: what it returns does not count. */
  discard: boolean;
  /** Collects what a function returns; undefined at module level. */
  readonly returns: Abstract[] | undefined;
}

const MAX_STEPS = 400_000;
const MAX_EVALUATION_DEPTH = 500;

/** Counts work, so that no source can make an evaluation endless; false once the budget is spent. */
export function spend(run: Run, amount = 1): boolean {
  run.steps += amount;
  return run.steps <= MAX_STEPS;
}

/** The budget is spent: what came after was not read, so nothing that was read before is sure. */
export function isExhausted(run: Run): boolean {
  return run.steps > MAX_STEPS;
}

export function isTooDeep(run: Run): boolean {
  return run.depth > MAX_EVALUATION_DEPTH;
}

/** The place of a node. */
export function placeOf(frame: Frame, node: Node): Evidence {
  return { file: frame.source.file, line: lineOf(frame.source, node.from) };
}

export function warn(run: Run, message: string, ...from: Evidence[]): void {
  if (!run.warnings.has(message)) run.warnings.set(message, warningOf(message, from));
}

/** Notes what is done to a watched object. A way that production does not take leaves nothing. */
export function noteUse(frame: Frame, use: Pick<Use, 'object' | 'name' | 'args' | 'at' | 'decorates'>): void {
  const { run, path, pathUnless, discard } = frame;
  if (discard || !run.watch.has(use.object.name)) return;
  const when = mergeWhen(run.way, path);
  if (when) run.uses.push({ ...use, when, unless: pathUnless });
}

/** A number that stands for this very value: it changes whenever a name is bound anew. */
export function identityOf(run: Run, value: Abstract): number {
  const found = run.identities.get(value);
  if (found !== undefined) return found;
  run.identities.set(value, ++run.identityCount);
  return run.identityCount;
}

/** Binds a name in the frame's scope. */
export function bind(frame: Frame, name: string, value: Abstract): void {
  frame.scope.names.set(name, value);
}

/** What a name is bound to in a scope or those around it. */
export function find(scope: Scope, name: string): Abstract | undefined {
  for (let at: Scope | undefined = scope; at; at = at.parent) {
    const value = at.names.get(name);
    if (value) return value;
  }
  return undefined;
}

/** What is watched of a module from outside, where everything of that was imported: Bottle, after `from bottle import *`. */
export function fromStar({ module, run }: Frame, name: string): Data | undefined {
  const star = module.openStars.find((one) => run.watch.has(`${one.name}.${name}`));
  return star && { t: 'ref', name: `${star.name}.${name}` };
}

/** Runs a step of which it is not sure that production takes it. */
export function uncertainly<T>(run: Run, uncertain: boolean, step: () => T): T {
  if (!uncertain) return step();
  run.uncertain++;
  try {
    return step();
  } finally {
    run.uncertain--;
  }
}

/**
 * Walks a branch whose condition may be other than by default: there the defaults that the condition hangs on do not
 * hold. In `if "X" in os.environ:` what os.environ.get("X", "y") gives is not "y".
 */
export function under<T>(run: Run, { condition, is }: When, step: () => T): T {
  const flips =
    condition.byDefault === undefined || condition.byDefault === is ? [] : (condition.flips ?? []);
  const outer = run.flipped;
  run.flipped = mergeProvisos(outer, flips);
  try {
    return step();
  } finally {
    run.flipped = outer;
  }
}

/** A value of which only so much is known, that it is not the default. */
function otherwise({ text, variable }: Proviso): Data {
  return variable === undefined
    ? { t: 'unknown', because: `it is another value where ${text}` }
    : heldBy(variable);
}

function heldBy(variable: string): Data {
  return { t: 'unknown', because: `read from the environment variable ${variable}`, variable };
}

/** That an environment variable is set. */
export function isSet(variable: string): Proviso {
  return { text: `the environment variable ${variable} is set`, variable };
}

/** What an environment variable holds. */
export function fromVariable(name: string, place: Evidence): Abstract {
  return known(heldBy(name), [place]);
}

function isFlipped({ flipped }: Run, { text }: Proviso): boolean {
  return flipped.some((one) => one.text === text);
}

/** A value as it is in the branch that is being walked: a default that does not hold there is unknown. */
export function asFlipped(run: Run, value: Abstract): Abstract {
  if (run.flipped.length === 0) return value;
  return value.map((one) => {
    const proviso = one.unless.find((unless) => isFlipped(run, unless));
    return proviso === undefined || one.data.t === 'unknown'
      ? one
      : { ...one, data: otherwise(proviso), unless: [] };
  });
}

/** Reads an environment variable and notes it. Without a fallback it is required, and cannot be known. */
export function readEnvironment(
  run: Run,
  name: string,
  at: Evidence,
  fallback: Abstract | undefined,
): Abstract {
  const place = run.callSite ?? at;
  const required = fallback === undefined && run.uncertain === 0;
  noteRead(run, name, required, place);
  if (fallback === undefined) {
    if (required) run.hazards?.required.push(name);
    return fromVariable(name, place);
  }
  const unless = isSet(name);
  if (isFlipped(run, unless)) return fromVariable(name, place);
  return fallback.map((one) => ({
    ...one,
    unless: mergeProvisos([unless], one.unless),
    from: mergeEvidence([place], one.from),
  }));
}

function noteRead(run: Run, name: string, required: boolean, place: Evidence): void {
  const known = run.reads.get(name);
  if (!known) run.reads.set(name, { name, required, from: [place] });
  else if (required) known.required = true;
}

/** What a test says: surely one way, one way by assumption, or undecided. */
export type Decision =
  | { kind: 'sure'; value: boolean }
  | { kind: 'assumed'; value: boolean; unless: readonly Proviso[] }
  | { kind: 'open'; byDefault: boolean | undefined };

/** Decides a test from its value. */
export function decide(run: Run, test: Abstract): Decision {
  const truths = test.map((one) => truthOf(one.data));
  const first = truths[0];
  const allSame = first !== undefined && truths.every((truth) => truth === first);
  if (!allSame) return { kind: 'open', byDefault: undefined };
  const unless = test.reduce<readonly Proviso[]>((all, one) => mergeProvisos(all, one.unless), []);
  if (unless.length === 0) return { kind: 'sure', value: first };
  if (unless.every(({ text }) => run.assumedTexts.has(text)))
    return { kind: 'assumed', value: first, unless };
  return { kind: 'open', byDefault: first };
}

/** Applies Python's truth of a value: to bool, or unknown. */
export function toBool(value: Abstract, negate = false): Abstract {
  return lift(
    [value],
    (data) => {
      const truth = truthOf(data);
      if (truth !== undefined) return { t: 'bool', v: truth !== negate };
      return data.t === 'unknown'
        ? data
        : { t: 'unknown', because: 'whether it is true is decided at run time' };
    },
    { lenient: true },
  );
}

/** The value if it has one alternative with data of this kind. */
export function only<T extends Data['t']>(
  value: Abstract | undefined,
  kind: T,
): Extract<Data, { t: T }> | undefined {
  const one: Alternative | undefined = value?.[0];
  if (!one || value?.length !== 1 || one.data.t !== kind) return undefined;
  return one.data as Extract<Data, { t: T }>;
}

/** A value that depends on an assumption about production, where the source leaves a name open. */
export function assumed(run: Run, name: string, value: Abstract): Abstract {
  const assumption = run.assume.get(name);
  if (!assumption) return value;
  const decision = decide(run, value);
  if (decision.kind === 'sure') return value;
  return withUnless(known({ t: 'bool', v: assumption.value }, evidenceOf(value)), assumption.unless);
}
