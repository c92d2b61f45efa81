/**
 * Walks Python statements, binding names, without running anything.
 * https://docs.python.org/3/reference/simple_stmts.html, https://docs.python.org/3/reference/compound_stmts.html
 *
 * Every function that walks statements returns whether execution goes on after them: not after a return, a raise, an
 * exit, or an `if` whose branches all end.
 */

import type { Evidence } from '../words/value.ts';
import {
  assign,
  assignmentGroups,
  assignTo,
  augment,
  expressionList,
  MUTATORS,
  mutate,
  updateTarget,
} from './assign.ts';
import {
  type Abstract,
  type Clause,
  type Condition,
  type Data,
  type FunctionData,
  join,
  known,
  mergeProvisos,
  mergeWhen,
  NONE,
  NOT_SET,
  type Proviso,
  type Scope,
  unknown,
  type When,
  withEvidence,
  withUnless,
} from './data.ts';
import { callArguments, conditionOf, evaluate } from './evaluate.ts';
import { importStatement, includeFiles } from './imports.ts';
import { plainItems } from './plain.ts';
import {
  bind,
  decide,
  type Frame,
  find,
  fromStar,
  isTooDeep,
  type ModuleState,
  noteUse,
  only,
  placeOf,
  type Run,
  spend,
  uncertainly,
  under,
  warn,
} from './run.ts';
import { type Node, parts, readPython, statementsOf, textOf } from './syntax.ts';

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

/** Walks the statements of a body or a module. */
export function executeBlock(frame: Frame, body: Node): boolean {
  const { path, pathUnless, discard } = frame;
  if (isTooDeep(frame.run)) {
    forgetNames(frame, body, 'it is set in a part that is nested too deeply');
    return true;
  }
  frame.run.depth++;
  try {
    for (const statement of statementsOf(body)) {
      if (!spend(frame.run)) return true;
      if (!execute(frame, statement)) return false;
    }
    return true;
  } finally {
    frame.run.depth--;
    // What an `if` with one surviving branch has taught holds to the end of this block only.
    frame.path = path;
    frame.pathUnless = pathUnless;
    frame.discard = discard;
  }
}

function execute(frame: Frame, node: Node): boolean {
  switch (node.name) {
    case 'AssignStatement':
      assign(frame, node);
      return true;
    case 'UpdateStatement':
      augment(frame, node);
      return true;
    case 'ExpressionStatement':
      return expressionStatement(frame, node);
    case 'ImportStatement':
      importStatement(frame, node);
      return true;
    case 'IfStatement':
      return ifStatement(frame, clausesOf(node), 0);
    case 'TryStatement':
      return tryStatement(frame, node);
    case 'WithStatement':
      return withStatement(frame, node);
    case 'ForStatement':
      return forStatement(frame, node);
    case 'WhileStatement':
    case 'MatchStatement':
      forgetNames(
        frame,
        node,
        `it is set in a ${node.name === 'WhileStatement' ? 'loop' : 'match statement'}`,
      );
      return true;
    case 'FunctionDefinition':
      defineFunction(frame, node);
      return true;
    case 'ClassDefinition':
      defineClass(frame, node);
      return true;
    case 'DecoratedStatement': {
      const inner = node.children.find(
        (child) => child.name === 'FunctionDefinition' || child.name === 'ClassDefinition',
      );
      if (inner?.name === 'FunctionDefinition') noteDecorators(frame, node, inner);
      return inner ? execute(frame, inner) : true;
    }
    case 'ReturnStatement':
      returnStatement(frame, node);
      return false;
    case 'RaiseStatement':
      return false;
    case 'DeleteStatement':
      for (const target of parts(node)) {
        if (target.name === 'VariableName') bind(frame, textOf(frame.source, target), NOT_SET);
        else if (target.name === 'MemberExpression') {
          updateTarget(frame, target, () =>
            unknown('it is deleted in a way that is not followed', [placeOf(frame, node)]),
          );
        }
      }
      return true;
    default:
      return true;
  }
}

/** Notes `@app.route("/")` and `@app.before_request` of watched objects. */
function noteDecorators(frame: Frame, node: Node, decorated: Node): void {
  if (frame.run.watch.size === 0) return;
  const decorators = node.children.filter((child) => child.name === 'Decorator');
  for (const decorator of decorators) {
    const list = decorator.children.find((child) => child.name === 'ArgList');
    const names = decorator.children
      .filter((child) => child.name === 'VariableName' || child.name === 'PropertyName')
      .map((child) => textOf(frame.source, child));
    const [object, ...methods] = names;
    if (object === undefined) continue;
    const at = placeOf(frame, decorator);
    const decorates = {
      source: frame.source,
      node: decorated,
      decorators: decorators.map((one) => textOf(frame.source, one)),
    };
    const starred = fromStar(frame, object);
    for (const { data } of find(frame.scope, object) ?? (starred ? known(starred) : [])) {
      if (data.t === 'call' && methods.length === 1) {
        const args = callArguments(frame, list);
        noteUse(frame, { object: data, name: `${data.name}().${methods[0]}`, args, at, decorates });
      }
      // A function of the framework's own: @bottle.route("/").
      const name = data.t === 'ref' ? [data.name, ...methods].join('.') : '';
      if (frame.run.watch.has(name)) {
        const args = callArguments(frame, list);
        noteUse(frame, { object: { t: 'call', name, args, at }, name, args, at, decorates });
      }
    }
  }
}

const EXITS = new Set(['sys.exit', 'os._exit', 'builtins.exit', 'builtins.quit']);

function expressionStatement(frame: Frame, node: Node): boolean {
  const [expression] = node.children;
  if (!expression) return true;
  if (node.broken) return true;
  const mutated = expression.name === 'CallExpression' && mutate(frame, expression);
  if (mutated) return true;
  const value = evaluate(frame, expression);
  const called = only(value, 'call');
  if (called?.name === 'split_settings.tools.include') includeFiles(frame, called.args);
  return !(called && EXITS.has(called.name));
}

/** Lays a scope over the frame's, to walk a branch in. */
function branch(frame: Frame, ...when: Frame['path']): Frame {
  const scope: Scope = { kind: 'branch', names: new Map(), parent: frame.scope };
  return { ...frame, scope, path: mergeWhen(frame.path, when) ?? frame.path };
}

function adopt(frame: Frame, from: Frame): void {
  for (const [name, value] of from.scope.names) frame.scope.names.set(name, value);
}

function changedNames(...frames: Frame[]): Set<string> {
  return new Set(frames.flatMap((one) => [...one.scope.names.keys()]));
}

/** Binds what two branches made of each name, under the condition that leads to the first. */
function joinBranches(frame: Frame, condition: Condition, yes: Frame, no: Frame): void {
  for (const name of changedNames(yes, no)) {
    bind(frame, name, join(condition, find(yes.scope, name) ?? NOT_SET, find(no.scope, name) ?? NOT_SET));
  }
}

/** Binds what the branch that production takes made of each name; where the other differs, that is said. */
function choose(frame: Frame, taken: Frame, other: Frame, unless: readonly Proviso[]): void {
  for (const name of changedNames(taken, other)) {
    const value = find(taken.scope, name) ?? NOT_SET;
    bind(frame, name, value === find(other.scope, name) ? value : withUnless(value, ...unless));
  }
}

/**
 * Walks two ways of which the source does not say which is taken.
 * @returns whether execution goes on after either.
 */
function fork(
  frame: Frame,
  condition: Condition,
  yes: (inner: Frame) => boolean,
  no: (inner: Frame) => boolean,
): boolean {
  const one = walkBranch(frame, { condition, is: true }, yes);
  const other = walkBranch(frame, { condition, is: false }, no);
  if (one.lives && other.lives) {
    joinBranches(frame, condition, one.frame, other.frame);
    return true;
  }
  if (!one.lives && !other.lives) return false;
  const [survivor, dead] = one.lives ? [one, other] : [other, one];
  adopt(frame, survivor.frame);
  // A branch that raised an error leaves nothing to tell apart; one that returned a value does.
  if (dead.returned) frame.path = survivor.frame.path;
  return true;
}

interface WalkedBranch {
  frame: Frame;
  lives: boolean;
  returned: boolean;
}

function walkBranch(frame: Frame, when: When, walk: (inner: Frame) => boolean): WalkedBranch {
  const inner = branch(frame, when);
  const before = frame.returns?.length ?? 0;
  const lives = under(frame.run, when, () => uncertainly(frame.run, true, () => walk(inner)));
  return { frame: inner, lives, returned: (frame.returns?.length ?? 0) > before };
}

/** Walks the way that production takes, and the other one only to know what it would change. */
function prefer(
  frame: Frame,
  unless: readonly Proviso[],
  taken: (inner: Frame) => boolean,
  other: (inner: Frame) => boolean,
): boolean {
  const one = branch(frame);
  one.pathUnless = mergeProvisos(frame.pathUnless, unless);
  const two = branch(frame);
  two.discard = true;
  const takenLives = taken(one);
  const otherLives = uncertainly(frame.run, true, () => other(two));
  if (takenLives && otherLives) choose(frame, one, two, unless);
  else if (takenLives) {
    adopt(frame, one);
    frame.pathUnless = one.pathUnless;
  } else if (otherLives && frame.returns === undefined) adopt(frame, two);
  return takenLives || (otherLives && frame.returns === undefined);
}

interface IfClause {
  test: Node | undefined;
  body: Node;
}

function clausesOf(node: Node): IfClause[] {
  const clauses: IfClause[] = [];
  let test: Node | undefined;
  for (const child of node.children) {
    if (child.name === 'Body') {
      clauses.push({ test, body: child });
      test = undefined;
    } else if (child.name !== 'if' && child.name !== 'elif' && child.name !== 'else' && child.name !== '⚠')
      test = child;
  }
  return clauses;
}

const MAX_CLAUSES = 60;

function ifStatement(frame: Frame, clauses: readonly IfClause[], index: number): boolean {
  const clause = clauses[index];
  if (!clause) return true;
  if (!clause.test) return executeBlock(frame, clause.body);
  if (index > MAX_CLAUSES) {
    for (const one of clauses.slice(index)) forgetNames(frame, one.body, 'it depends on too many conditions');
    return true;
  }
  const value = evaluate(frame, clause.test);
  const decision = decide(frame.run, value);
  const body = (inner: Frame) => executeBlock(inner, clause.body);
  const others = (inner: Frame) => ifStatement(inner, clauses, index + 1);
  // A module that raised would serve nothing: on a live site the test comes out the other way, whatever was read here.
  const serves = frame.returns !== undefined || !alwaysRaises(clause.body);
  if (decision.kind === 'sure') return decision.value && serves ? body(frame) : others(frame);
  if (decision.kind === 'assumed') {
    return decision.value
      ? prefer(frame, decision.unless, body, others)
      : prefer(frame, decision.unless, others, body);
  }
  const { condition, is } = conditionOf(frame, clause.test, value, decision);
  const already = frame.path.find((when) => when.condition.id === condition.id);
  if (already) return already.is === is ? body(frame) : others(frame);
  return is ? fork(frame, condition, body, others) : fork(frame, condition, others, body);
}

/**
 * `try`: the body is taken to succeed, unless it could fail for a reason that can be named: a variable that is not in
 * the environment, a module that is not there. Then its handlers are a second branch.
 */
function tryStatement(frame: Frame, node: Node): boolean {
  const shape = tryShape(node);
  if (!shape.body) return true;
  const place = placeOf(frame, node);
  const condition: { -readonly [K in keyof Condition]: Condition[K] } = {
    id: `try ${place.file}:${node.from}`,
    yes: onlyIf(''),
    no: onlyIf(''),
  };
  const outer = frame.run.hazards;
  const hazards = {
    required: [] as string[],
    missing: [] as string[],
    missingStar: undefined as string | undefined,
  };
  frame.run.hazards = hazards;
  const handled = shape.handlers.filter((handler) => !alwaysRaises(handler));
  const required = new Map([...frame.run.reads].map(([name, read]) => [name, read.required]));
  const before = frame.returns?.length ?? 0;
  const success = branch(frame, { condition, is: true });
  const body = shape.body;
  const tail = shape.tail;
  let lives = executeBlock(success, body) && (!tail || executeBlock(success, tail));
  frame.run.hazards = outer;
  outer?.missing.push(...hazards.missing);
  if (outer && handled.length === 0) outer.required.push(...hazards.required);
  const cause = handled.length === 0 ? undefined : hazardOf(frame, body, hazards, place.line);
  if (!cause) {
    adopt(frame, success);
    dropCondition(frame, condition, before);
  } else {
    // A variable without which a handler takes over is not required.
    for (const name of hazards.required) {
      const read = frame.run.reads.get(name);
      if (read && required.get(name) !== true) read.required = false;
    }
    Object.assign(condition, cause);
    const failure = branch(frame, { condition, is: false });
    const otherLives = uncertainly(frame.run, true, () =>
      handled.map((handler) => executeBlock(failure, handler)).some(Boolean),
    );
    if (hazards.missingStar !== undefined && lives && otherLives) {
      choose(frame, failure, success, [{ text: `the module ${hazards.missingStar} exists on the server` }]);
    } else if (lives && otherLives) joinBranches(frame, condition, success, failure);
    else if (lives || otherLives) {
      adopt(frame, lives ? success : failure);
      frame.path = (lives ? success : failure).path;
    }
    lives ||= otherLives;
  }
  if (shape.finally) lives = executeBlock(frame, shape.finally) && lives;
  return lives;
}

interface TryShape {
  body: Node | undefined;
  handlers: Node[];
  tail: Node | undefined;
  finally: Node | undefined;
}

function tryShape(node: Node): TryShape {
  const shape: TryShape = { body: undefined, handlers: [], tail: undefined, finally: undefined };
  let part = 'try';
  for (const child of node.children) {
    if (child.name === 'try' || child.name === 'except' || child.name === 'else' || child.name === 'finally')
      part = child.name;
    if (child.name !== 'Body') continue;
    if (part === 'try') shape.body = child;
    else if (part === 'except') shape.handlers.push(child);
    else if (part === 'else') shape.tail = child;
    else shape.finally = child;
  }
  return shape;
}

function alwaysRaises(body: Node): boolean {
  return statementsOf(body).at(-1)?.name === 'RaiseStatement';
}

/** Why a try's body might fail, as the words of a condition; undefined where nothing in it can. */
function hazardOf(
  frame: Frame,
  body: Node,
  hazards: { required: string[]; missing: string[]; missingStar: string | undefined },
  line: number,
): Omit<Condition, 'id'> | undefined {
  const [variable] = hazards.required;
  if (variable !== undefined) {
    return {
      yes: onlyIf(`the environment variable ${variable} is set`),
      no: onlyIf(`the environment variable ${variable} is not set`),
      byDefault: false,
    };
  }
  if (hazards.missingStar !== undefined) {
    const module = hazards.missingStar;
    return {
      yes: onlyIf(`the module ${module} exists on the server`),
      no: { word: 'without', text: `the module ${module}` },
      byDefault: false,
    };
  }
  const [module] = hazards.missing;
  if (module !== undefined)
    return { yes: onlyIf(`${module} can be imported`), no: onlyIf(`${module} cannot be imported`) };
  if (!hasCall(frame, body)) return undefined;
  return {
    yes: onlyIf(`lines ${line} and following raise no error`),
    no: onlyIf(`lines ${line} and following raise an error`),
  };
}

function onlyIf(text: string): Clause {
  return { word: 'if', text };
}

function hasCall(frame: Frame, node: Node): boolean {
  if (node.name === 'CallExpression') return true;
  if (node.name === 'MemberExpression' && node.children[1]?.name === '[') return true;
  return spend(frame.run) && node.children.some((child) => hasCall(frame, child));
}

/** The body cannot fail, so what it returned does not depend on that. */
function dropCondition(frame: Frame, condition: Condition, before: number): void {
  if (!frame.returns) return;
  for (let index = before; index < frame.returns.length; index++) {
    frame.returns[index] = (frame.returns[index] as Abstract).map((one) => ({
      ...one,
      when: one.when.filter((when) => when.condition !== condition),
    }));
  }
}

function withStatement(frame: Frame, node: Node): boolean {
  const body = node.children.find((child) => child.name === 'Body');
  node.children.forEach((child, index) => {
    const target = node.children[index + 1];
    const source = node.children[index - 1];
    if (child.name !== 'as' || target?.name !== 'VariableName' || !source) return;
    const value = evaluate(frame, source);
    const opened = only(value, 'call');
    if (opened && frame.run.watch.has(opened.name)) {
      // It gives itself: with Configurator() as config.
      bind(frame, textOf(frame.source, target), value);
      return;
    }
    const data = value[0]?.data;
    const file: Data = data?.t === 'unknown' ? data : { t: 'unknown', because: 'it is opened at run time' };
    bind(frame, textOf(frame.source, target), known(file, [placeOf(frame, node)]));
  });
  return body ? executeBlock(frame, body) : true;
}

const MAX_ITERATIONS = 200;

function forStatement(frame: Frame, node: Node): boolean {
  const inAt = node.children.findIndex((child) => child.name === 'in');
  const source = node.children[inAt + 1];
  const body = node.children.find((child) => child.name === 'Body');
  if (inAt === -1 || !source || !body) return true;
  const value = evaluate(frame, source);
  const items =
    value.length === 1 && value[0] && value[0].unless.length === 0 ? plainItems(value[0].data) : undefined;
  if (!items || items.length > MAX_ITERATIONS || hasJump(body)) {
    forgetNames(frame, node, 'it is set in a loop');
    return true;
  }
  const targets = node.children.slice(node.children.findIndex((child) => child.name === 'for') + 1, inAt);
  for (const item of items) {
    assignTo(frame, targets, item);
    if (!executeBlock(frame, body)) return false;
  }
  return true;
}

function hasJump(node: Node): boolean {
  return node.children.some(
    (child) =>
      child.name === 'BreakStatement' ||
      child.name === 'ContinueStatement' ||
      child.name === 'ReturnStatement' ||
      hasJump(child),
  );
}

/** Names that are set in a part of the program that is not followed become unknown. */
function forgetNames(frame: Frame, node: Node, because: string): void {
  const visit = (one: Node): void => {
    if (!spend(frame.run)) return;
    if (one.name === 'FunctionDefinition' || one.name === 'ClassDefinition') return;
    const place = placeOf(frame, one);
    const forget = (): Abstract => unknown(because, [place]);
    if (one.name === 'AssignStatement' || one.name === 'UpdateStatement') {
      for (const target of assignmentGroups(one).slice(0, -1).flat()) forgetTarget(frame, target, forget);
    } else if (one.name === 'CallExpression') {
      const [object, dot, property] = one.children[0]?.children ?? [];
      const mutates = object && dot?.name === '.' && property && MUTATORS.has(textOf(frame.source, property));
      if (mutates) forgetTarget(frame, object, (old) => opened(old, because));
    }
    one.children.forEach(visit);
  };
  visit(node);
}

function opened(old: Abstract, because: string): Abstract {
  return old.map((one) =>
    one.data.t === 'list' || one.data.t === 'dict' ? { ...one, data: { ...one.data, rest: because } } : one,
  );
}

function forgetTarget(frame: Frame, target: Node, change: (old: Abstract) => Abstract): void {
  if (target.name === 'VariableName') {
    const name = textOf(frame.source, target);
    bind(frame, name, change(find(frame.scope, name) ?? NOT_SET));
  } else if (target.name === 'MemberExpression') updateTarget(frame, target, change);
}

function defineFunction(frame: Frame, node: Node): void {
  const name = node.children.find((child) => child.name === 'VariableName');
  if (!name) return;
  const data: FunctionData = { t: 'function', source: frame.source, node, scope: frame.scope };
  bind(frame, textOf(frame.source, name), known(data, [placeOf(frame, node)]));
}

function defineClass(frame: Frame, node: Node): void {
  const name = node.children.find((child) => child.name === 'VariableName');
  const body = node.children.find((child) => child.name === 'Body');
  if (!name || !body) return;
  const bases = callArguments(
    frame,
    node.children.find((child) => child.name === 'ArgList'),
  ).positional;
  const scope: Scope = { kind: 'class', names: new Map(), parent: frame.scope };
  executeBlock({ ...frame, scope }, body);
  const text = textOf(frame.source, name);
  // Looked up from outside, a class has its own names only.
  const declared = declaredIn(frame, body);
  const data: Data = { t: 'class', name: text, bases, declared, scope: { ...scope, parent: undefined } };
  bind(frame, text, known(data, [placeOf(frame, node)]));
}

/** `name: type`, without a value. */
function declaredIn(frame: Frame, body: Node): Map<string, Evidence> {
  const declared = body.children.flatMap((node): [string, Evidence][] => {
    const [name, type, ...more] = node.children;
    const isOne =
      node.name === 'AssignStatement' && name?.name === 'VariableName' && type?.name === 'TypeDef';
    return isOne && more.length === 0 ? [[textOf(frame.source, name), placeOf(frame, node)]] : [];
  });
  return new Map(declared);
}

function returnStatement(frame: Frame, node: Node): void {
  if (!frame.returns || frame.discard) return;
  const values = node.children.slice(1);
  const value = values.length === 0 ? known(NONE) : expressionList(frame, values);
  const returned = value.flatMap((one) => {
    const when = mergeWhen(frame.path, one.when);
    return when ? [{ ...one, when, unless: mergeProvisos(one.unless, frame.pathUnless) }] : [];
  });
  if (returned.length > 0) frame.returns.push(returned);
}
