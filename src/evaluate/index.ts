/**
 * Static evaluation of a project's Python. Nothing of it is imported or run. What that can know, and what goes unnoticed,
 * docs/evaluate.md says in examples, which a test evaluates.
 */
import type { Warning } from '../words/detection.ts';
import type { ProjectFiles } from '../words/project-files.ts';
import type { Evidence } from '../words/value.ts';
import { type Abstract, type CallArguments, unknown } from './data.ts';
import { callArguments, evaluate } from './evaluate.ts';
import { callFunction } from './functions.ts';
import { environmentAssignments, loadModule } from './load.ts';
import { type FoundModule, moduleFinder } from './modules.ts';
import {
  type Assumption,
  type EnvironmentRead,
  type Frame,
  find,
  isExhausted,
  type ModuleState,
  only,
  placeOf,
  type Run,
  type Use,
  type Watched,
} from './run.ts';
import { type Node, textOf } from './syntax.ts';

export type { EnvironmentRead, Use, Watched } from './run.ts';

/** How a project's Python is read. */
export interface EvaluatorOptions {
  /** Folders on sys.path, "" for the project's top. */
  roots: readonly string[];
  /** Values that hold in production for names that the source leaves open, such as DEBUG. */
  assume?: Readonly<Record<string, Assumption>>;
  /** Which modules may be read when another imports them; all of the project's if it is not given. */
  follow?: (file: string) => boolean;
  /** Classes and functions from outside, by full name: that they are called, and what is done to the objects that this makes, is told by `uses()`. */
  watch?: Readonly<Record<string, Watched>>;
}

/** A module that has been evaluated. */
export interface EvaluatedModule {
  file: string;
  /** What a name of the module is; undefined where nothing sets it. */
  get(name: string): Abstract | undefined;
  /** Names of modules outside of the project of which it imports everything: any name may be set there. */
  openStars: readonly { name: string; from: Evidence }[];
  /** Such modules that it does without where they are not there: a name that nothing else sets may be set there. */
  optionalStars: readonly { name: string; from: Evidence }[];
}

/** A call somewhere in a file. */
export interface FoundCall {
  name: string;
  args: CallArguments;
  at: Evidence;
}

export interface Evaluator {
  /** The module of a dotted name; undefined where the project has none. */
  locate(dotted: string): FoundModule | undefined;
  /** The module of a relative name, ".routes", as a file would import it. */
  locateFrom(file: string, relative: string): FoundModule | undefined;
  /** Evaluates a file, once; undefined where it is not there. */
  module(file: string): EvaluatedModule | undefined;
  /**
   * The values that a file gives to an environment variable anywhere in it, functions included:
   * os.environ.setdefault("X", value) and os.environ["X"] = value.
   */
  assignments(file: string, variable: string): Abstract[];
  /** The environment variables that the evaluated modules read, in the order of their first reading. */
  environment(): EnvironmentRead[];
  /**
   * Calls a function of a file, without arguments unless they are given, as a server calls an app's factory; undefined
   * where there is none.
   */
  call(file: string, name: string, args?: CallArguments): Abstract | undefined;
  /**
   * Calls of these functions from outside, by full name, anywhere in a file or in a part of it, functions included. What
   * a function's own names are is not known.
   */
  calls(file: string, names: readonly string[], within?: Node): FoundCall[];
  /** What was done to watched objects, in the order of execution. */
  uses(): readonly Use[];
  /** What could not be read. */
  warnings(): Warning[];
}

/** An evaluator of one project. It never throws over what the project has in it. */
export function evaluator(project: ProjectFiles, options: EvaluatorOptions): Evaluator {
  const assume = new Map(Object.entries(options.assume ?? {}));
  const outside = Object.keys(options.watch ?? {}).map((name) => name.split('.')[0] ?? '');
  const finder = moduleFinder(project, options.roots, new Set(outside));
  const run: Run = {
    project,
    finder,
    assume,
    assumedTexts: new Set([...assume.values()].map((one) => one.unless)),
    modules: new Map(),
    reads: new Map(),
    warnings: new Map(),
    follow: options.follow ?? (() => true),
    loading: 0,
    read: 0,
    uncertain: 0,
    flipped: [],
    steps: 0,
    depth: 0,
    calls: 0,
    watch: new Map(Object.entries(options.watch ?? {})),
    uses: [],
    way: [],
    callSite: undefined,
    hazards: undefined,
    identities: new WeakMap(),
    identityCount: 0,
  };
  return {
    locate: (dotted) => finder.absolute(dotted),
    locateFrom: (file, relative) => {
      const name = relative.replace(/^\.+/, '');
      return finder.relative(file, relative.length - name.length, name);
    },
    module: (file) => {
      const module = finder.has(file) ? loadModule(run, file, true) : undefined;
      return module && evaluated(run, module);
    },
    assignments: (file, variable) => (finder.has(file) ? environmentAssignments(run, file, variable) : []),
    call: (file, name, args = NO_ARGUMENTS) => {
      const module = finder.has(file) ? loadModule(run, file, true) : undefined;
      const callee = module && only(find(module.scope, name), 'function');
      return module && callee && callFunction(frameOf(run, module), callee.node, callee, args);
    },
    calls: (file, names, within) => {
      const module = finder.has(file) ? loadModule(run, file, true) : undefined;
      return module ? callsIn(frameOf(run, module), names, within ?? module.source.root) : [];
    },
    uses: () => run.uses,
    environment: () => [...run.reads.values()],
    warnings: () => [...run.warnings.values()],
  };
}

function callsIn(frame: Frame, names: readonly string[], within: Node): FoundCall[] {
  const last = new Set(names.map((name) => name.slice(name.lastIndexOf('.') + 1)));
  const visit = (node: Node): FoundCall[] => {
    const inner = node.children.flatMap(visit);
    const [callee, list] = node.children;
    if (node.name !== 'CallExpression' || !callee) return inner;
    // Cheap, before evaluating: it is called by its own name, unless it was imported under another.
    const text = textOf(frame.source, callee);
    if (!last.has(text.slice(text.lastIndexOf('.') + 1))) return inner;
    const name = only(evaluate(frame, callee), 'ref')?.name;
    if (name === undefined || !names.includes(name)) return inner;
    return [{ name, args: callArguments(frame, list), at: placeOf(frame, node) }, ...inner];
  };
  return visit(within);
}

const NO_ARGUMENTS: CallArguments = { positional: [], named: new Map(), open: false };

/** Where what comes from outside of the source stands: in a module as a whole. */
function frameOf(run: Run, module: ModuleState): Frame {
  const { source, scope } = module;
  return { run, module, source, scope, path: [], pathUnless: [], discard: false, returns: undefined };
}

function evaluated(run: Run, module: ModuleState): EvaluatedModule {
  return {
    file: module.file,
    get: (name) =>
      isExhausted(run) ? unknown('the project has more Python than is read') : find(module.scope, name),
    openStars: module.openStars,
    optionalStars: module.optionalStars,
  };
}
