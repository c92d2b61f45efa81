/** `try` and its handlers. https://docs.python.org/3/reference/compound_stmts.html#the-try-statement */
import { adopt, branch, choose, joinBranches } from './branches.ts';
import type { Abstract, Clause, Condition } from './data.ts';
import { executeBlock } from './execute.ts';
import { type Frame, placeOf, spend, uncertainly } from './run.ts';
import { type Node, statementsOf } from './syntax.ts';

/**
 * `try`: the body is taken to succeed, unless it could fail for a reason that can be named: a variable that is not in
 * the environment, a module that is not there. Then its handlers are a second branch.
 */
export function tryStatement(frame: Frame, node: Node): boolean {
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

/** Does a body end by raising an error, whatever came before? */
export function alwaysRaises(body: Node): boolean {
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
