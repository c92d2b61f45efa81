/**
 * Walks Python statements, binding names, without running anything.
 * https://docs.python.org/3/reference/simple_stmts.html, https://docs.python.org/3/reference/compound_stmts.html
 *
 * Every function that walks statements returns whether execution goes on after them: not after a return, a raise, an
 * exit, or an `if` whose branches all end.
 */

import { mergeProvisos, mergeWhen } from './alternatives.ts';
import { assign, assignTo, augment, expressionList, mutate, updateTarget } from './assign.ts';
import { fork, prefer } from './branches.ts';
import { type Data, known, NONE, NOT_SET, unknown } from './data.ts';
import { defineClass, defineFunction, noteDecorators } from './definitions.ts';
import { conditionOf, evaluate } from './evaluate.ts';
import { forgetNames } from './forget.ts';
import { importStatement, includeFiles } from './imports.ts';
import { plainItems } from './plain.ts';
import { bind, decide, type Frame, isTooDeep, only, placeOf, spend } from './run.ts';
import { type Node, parts, statementsOf, textOf } from './syntax.ts';
import { alwaysRaises, tryStatement } from './try.ts';

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
