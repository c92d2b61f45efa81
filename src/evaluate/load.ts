/** Modules of the project: each is read and walked once. */

import { withEvidence } from './alternatives.ts';
import type { Abstract, Scope } from './data.ts';
import { evaluate } from './evaluate.ts';
import { executeBlock } from './execute.ts';
import { type Frame, type ModuleState, only, placeOf, type Run, warn } from './run.ts';
import { type Node, parts, readPython, textOf } from './syntax.ts';

export const MAX_LOADING = 40;

const MAX_MODULES = 300;

const MAX_READ = 4_000_000;

/**
 * Parses and walks a module once; one that is being walked (an import cycle) is given as far as it has come.
 * undefined where the run does not follow that module (unless it was asked for by itself), or has read enough.
 */
export function loadModule(run: Run, file: string, asked = false): ModuleState | undefined {
  const found = run.modules.get(file);
  if (found) return found;
  if (!asked && !run.follow(file)) return undefined;
  if (run.loading >= MAX_LOADING || run.modules.size >= MAX_MODULES || run.read > MAX_READ) {
    warn(run, `${file} was not read: the project imports more than is followed`, { file, line: 1 });
    return undefined;
  }
  const source = readPython(run.project, file);
  run.read += source.text.length;
  if (source.missing) warn(run, `${file} could not be read as text`, { file, line: 1 });
  const scope: Scope = { kind: 'module', names: new Map(), parent: undefined };
  const module: ModuleState = { file, source, scope, openStars: [], optionalStars: [] };
  run.modules.set(file, module);
  warnOfSyntax(run, module);
  const foreign = run.project.isDamaged?.(file) === true ? source.text.indexOf('\uFFFD') : -1;
  if (foreign !== -1) {
    const line = source.text.slice(0, foreign).split('\n').length;
    warn(run, `${file} has bytes that are not in its encoding; the rest of it was used`, { file, line });
  }
  const frame = frameOf(run, module);
  const { hazards, callSite } = run;
  run.hazards = undefined;
  run.callSite = undefined;
  run.loading++;
  executeBlock(frame, source.root);
  run.loading--;
  run.hazards = hazards;
  run.callSite = callSite;
  return module;
}

/** Where the statements at the top level of a module run. */
function frameOf(run: Run, module: ModuleState): Frame {
  const { source, scope } = module;
  return { run, module, source, scope, path: [], pathUnless: [], discard: false, returns: undefined };
}

/** The values that a file sets an environment variable to, wherever in it. */
export function environmentAssignments(run: Run, file: string, variable: string): Abstract[] {
  const module = loadModule(run, file, true);
  if (!module) return [];
  const { source } = module;
  const frame = frameOf(run, module);
  const found: Abstract[] = [];
  const visit = (node: Node): void => {
    const value = environmentAssignment(frame, node, variable);
    if (value) found.push(withEvidence(evaluate(frame, value), placeOf(frame, node)));
    else node.children.forEach(visit);
  };
  visit(source.root);
  return found;
}

/** The value's node in os.environ.setdefault(NAME, value) or os.environ[NAME] = value. */
function environmentAssignment(frame: Frame, node: Node, variable: string): Node | undefined {
  const isEnviron = (one: Node | undefined) =>
    one !== undefined && ['os.environ', 'environ'].includes(textOf(frame.source, one));
  const isVariable = (one: Node | undefined) =>
    one !== undefined && only(evaluate(frame, one), 'str')?.v === variable;
  const [first, second, third] = node.children;
  if (node.name === 'AssignStatement' && first?.name === 'MemberExpression' && second?.name === 'AssignOp') {
    return isEnviron(first.children[0]) && isVariable(first.children[2]) ? third : undefined;
  }
  if (node.name !== 'CallExpression' || first?.name !== 'MemberExpression' || !second) return undefined;
  const [object, , property] = first.children;
  if (!isEnviron(object) || !property || textOf(frame.source, property) !== 'setdefault') return undefined;
  const [name, value] = parts(second);
  return isVariable(name) ? value : undefined;
}

/** Says which lines of a module could not be read. */
export function warnOfSyntax(run: Run, module: ModuleState): void {
  const { file, source } = module;
  if (source.truncated) {
    warn(run, `${file} is too long, or too little like Python, to be read to its end`, { file, line: 1 });
  }
  const lines = source.brokenLines;
  if (lines.length === 0) return;
  const shown = lines.slice(0, 5).join(', ');
  const more = lines.length > 5 ? ` and ${lines.length - 5} more` : '';
  warn(
    run,
    `${file} has Python that could not be read (line ${shown}${more}); the rest of it was used`,
    ...lines.slice(0, 5).map((line) => ({ file, line })),
  );
}
