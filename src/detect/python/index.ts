/**
 * Static evaluation of a project's Python. Nothing of it is imported or run.
 */
import type { ProjectFiles } from '../project.ts';
import type { Evidence } from '../value.ts';
import { type Abstract, type CallArguments, unknown } from './data.ts';
import { evaluate } from './evaluate.ts';
import { environmentAssignments, loadModule } from './execute.ts';
import { callFunction } from './functions.ts';
import { type FoundModule, moduleFinder } from './modules.ts';
import {
  type Assumption,
  type EnvironmentRead,
  type Frame,
  find,
  isExhausted,
  type ModuleState,
  only,
  type Run,
  type Use,
  type Watched,
} from './run.ts';
import type { Node } from './syntax.ts';

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
}

export interface Evaluator {
  /** The module of a dotted name; undefined where the project has none. */
  locate(dotted: string): FoundModule | undefined;
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
  /** What an expression of a file is, with the names of its module. */
  expression(file: string, node: Node): Abstract;
  /** What was done to watched objects, in the order of execution. */
  uses(): readonly Use[];
  /** What could not be read. */
  warnings(): { message: string; from: Evidence[] }[];
}

/** An evaluator of one project. It never throws over what the project has in it. */
export function evaluator(project: ProjectFiles, options: EvaluatorOptions): Evaluator {
  const assume = new Map(Object.entries(options.assume ?? {}));
  const finder = moduleFinder(project, options.roots);
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
    expression: (file, node) => {
      const module = finder.has(file) ? loadModule(run, file, true) : undefined;
      return module ? evaluate(frameOf(run, module), node) : unknown(`${file} is not in the project`);
    },
    uses: () => run.uses,
    environment: () => [...run.reads.values()],
    warnings: () => [...run.warnings.values()],
  };
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
  };
}
