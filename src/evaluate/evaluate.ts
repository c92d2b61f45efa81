/**
 * Evaluates Python expressions without running them.
 * https://docs.python.org/3/reference/expressions.html
 */

import { joinPurePaths, PROJECT } from '../words/paths.ts';
import { join, lift, mergeProvisos, withUnless } from './alternatives.ts';
import { attribute, member } from './attributes.ts';
import type { Call } from './call.ts';
import { callReference } from './calls.ts';
import { comprehension, dictComprehension } from './comprehensions.ts';
import {
  type Abstract,
  bool,
  type CallArguments,
  type ClassData,
  type Condition,
  type Data,
  known,
  NONE,
  number,
  type Proviso,
  str,
  truthOf,
  unknown,
} from './data.ts';
import { callEnvironment } from './environment.ts';
import { callFunction } from './functions.ts';
import { concatenated, dictLiteral, formatString, listLiteral, stringLiteral } from './literals.ts';
import { callMethod } from './methods.ts';
import { binary, unary } from './operators.ts';
import { plainItems, textOfData } from './plain.ts';
import { readFields, readsEnvironment } from './pydantic.ts';
import {
  asFlipped,
  assumed,
  bind,
  type Decision,
  decide,
  type Frame,
  find,
  fromStar,
  identityOf,
  isTooDeep,
  noteUse,
  only,
  placeOf,
  type Run,
  spend,
  uncertainly,
  under,
} from './run.ts';
import { parseNumber } from './strings.ts';
import { type Node, parts, shortText, textOf } from './syntax.ts';

const BUILTINS = new Set(
  (
    'str int float bool list tuple set frozenset dict map filter print sorted len open min max eval any all range ' +
    'enumerate zip getattr hasattr isinstance super type repr sum abs round reversed globals locals vars bytes object ' +
    'Exception KeyError ValueError ImportError ModuleNotFoundError NameError exit quit __import__ property classmethod ' +
    'staticmethod next iter id hash chr ord callable'
  ).split(' '),
);

/** The value of an expression. Never throws; what cannot be known is unknown, with the reason. */
export function evaluate(frame: Frame, node: Node): Abstract {
  const { run } = frame;
  if (!spend(run)) return unknown('the project has more Python than is read', [placeOf(frame, node)]);
  if (isTooDeep(run)) return unknown('it is nested too deeply', [placeOf(frame, node)]);
  run.depth++;
  try {
    return evaluateNode(frame, node);
  } finally {
    run.depth--;
  }
}

function evaluateNode(frame: Frame, node: Node): Abstract {
  switch (node.name) {
    case 'Number': {
      const value = parseNumber(textOf(frame.source, node));
      return value ? here(frame, node, number(value.value, value.float)) : unreadable(frame, node);
    }
    case 'String':
      return stringLiteral(frame, node);
    case 'Ellipsis':
      return here(frame, node, { t: 'ref', name: 'builtins.Ellipsis' });
    case 'FormatString':
      return formatString(frame, node);
    case 'ContinuedString':
      return concatenated(frame, node);
    case 'Boolean':
      return here(frame, node, bool(textOf(frame.source, node) === 'True'));
    case 'None':
      return here(frame, node, NONE);
    case 'VariableName':
      return name(frame, node);
    case 'ParenthesizedExpression': {
      const inner = parts(node)[0];
      return inner ? evaluate(frame, inner) : unreadable(frame, node);
    }
    case 'NamedExpression': {
      const [target, , value] = node.children;
      if (!target || !value) return unreadable(frame, node);
      const result = evaluate(frame, value);
      bind(frame, textOf(frame.source, target), result);
      return result;
    }
    case 'TupleExpression':
      return listLiteral(frame, node, 'tuple');
    case 'ArrayExpression':
      return listLiteral(frame, node, 'list');
    case 'SetExpression':
      return listLiteral(frame, node, 'set');
    case 'DictionaryExpression':
      return dictLiteral(frame, node);
    case 'MemberExpression':
      return member(frame, node);
    case 'CallExpression':
      return call(frame, node);
    case 'UnaryExpression':
      return unary(frame, node);
    case 'BinaryExpression':
      return binary(frame, node);
    case 'ConditionalExpression':
      return conditional(frame, node);
    case 'LambdaExpression':
      return here(frame, node, { t: 'function', source: frame.source, node, scope: frame.scope });
    case 'ArrayComprehensionExpression':
      return comprehension(frame, node, 'list');
    case 'SetComprehensionExpression':
      return comprehension(frame, node, 'set');
    case 'ComprehensionExpression':
      return comprehension(frame, node, 'list');
    case 'DictionaryComprehensionExpression':
      return dictComprehension(frame, node);
    case 'TooDeep':
      return unknown('it is nested too deeply', [placeOf(frame, node)]);
    case '⚠':
      return unreadable(frame, node);
    default:
      return computed(frame, node);
  }
}

/** A value that is fully known, and stands at this node. */
export function here(frame: Frame, node: Node, data: Data): Abstract {
  return known(data, [placeOf(frame, node)]);
}

/** What only running it would tell, with the words of the source. */
export function computed(frame: Frame, node: Node): Abstract {
  const place = placeOf(frame, node);
  return unknown(`it is computed at run time: ${shortText(frame.source, node)}`, [place]);
}

/** What is not Python, or none that is understood. */
export function unreadable(frame: Frame, node: Node): Abstract {
  return unknown('the Python here could not be read', [placeOf(frame, node)]);
}

function name(frame: Frame, node: Node): Abstract {
  return lookUpName(frame, textOf(frame.source, node), node);
}

function lookUpName(frame: Frame, text: string, node: Node): Abstract {
  const value = find(frame.scope, text);
  if (value) return settled(asFlipped(frame.run, assumed(frame.run, text, value)), text);
  if (text === '__file__') return here(frame, node, str(`${PROJECT}/${frame.source.file}`));
  if (text === '__name__') return here(frame, node, str(frame.run.finder.nameOf(frame.source.file)));
  if (text === '__debug__') return here(frame, node, bool(true));
  const starred = fromStar(frame, text);
  if (starred) return here(frame, node, starred);
  if (BUILTINS.has(text)) return here(frame, node, { t: 'ref', name: `builtins.${text}` });
  const star = frame.module.openStars.at(-1);
  const because = star
    ? `${text} may come from the module ${star.name}, which is not in the project`
    : `the name ${text} is not defined in the source`;
  return unknown(because, [placeOf(frame, node)]);
}

/** Where a name is set only under a condition, reading it elsewhere is an error of the program, not a value. */
export function settled(value: Abstract, text: string): Abstract {
  if (!value.some((one) => one.data.t === 'unset')) return value;
  return value.map((one) =>
    one.data.t === 'unset' ? { ...one, data: { t: 'unknown', because: `${text} is not set here` } } : one,
  );
}

/** The arguments of a call, by position and by name. */
export function callArguments(frame: Frame, list: Node | undefined): CallArguments {
  const positional: Abstract[] = [];
  const named = new Map<string, Abstract>();
  let open = false;
  const children = list ? list.children.filter((child) => !['(', ')', ','].includes(child.name)) : [];
  const generator = children.findIndex((child) => child.name === 'for');
  if (list && generator !== -1) {
    // A lone generator expression: f(x for x in y)
    return { positional: [comprehension(frame, list, 'list')], named, open };
  }
  for (let index = 0; index < children.length; index++) {
    const child = children[index] as Node;
    const next = children[index + 1];
    const text = child.children.length === 0 ? textOf(frame.source, child) : '';
    if (text === '*' && next) {
      const items = plainItems(only(evaluate(frame, next), 'list') ?? NONE);
      if (items) positional.push(...items);
      else open = true;
      index++;
    } else if (text === '**' && next) {
      const data = only(evaluate(frame, next), 'dict');
      for (const entry of data?.entries.values() ?? [])
        if (entry.key.t === 'str') named.set(entry.key.v, entry.value);
      open ||= data?.rest !== undefined || !data;
      index++;
    } else if (next?.name === 'AssignOp' && child.name === 'VariableName') {
      const value = children[index + 2];
      if (value) named.set(text, evaluate(frame, value));
      index += 2;
    } else if (child.name === '⚠') open = true;
    else positional.push(evaluate(frame, child));
  }
  return { positional, named, open };
}

function call(frame: Frame, node: Node): Abstract {
  const [calleeNode, argList] = node.children;
  if (!calleeNode || argList?.name !== 'ArgList') return unreadable(frame, node);
  // Where a function was imported or defined is not evidence for what it returns.
  const callee = evaluate(frame, calleeNode).map((one) => ({ ...one, from: [] }));
  if (only(callee, 'ref')?.name === 'builtins.getattr') return getattr(frame, node, argList);
  const args = callArguments(frame, argList);
  const result = lift([callee], (data) => invoke(frame, node, data, args));
  return result.map((one) => (one.from.length > 0 ? one : { ...one, from: [placeOf(frame, node)] }));
}

function getattr(frame: Frame, node: Node, argList: Node): Abstract {
  const { positional } = callArguments(frame, argList);
  const [object, attributeName] = positional;
  const text = only(attributeName, 'str');
  return object && text
    ? lift([object], (data) => attribute(frame, node, data, text.v))
    : computed(frame, node);
}

/** Calls a value. */
function invoke(frame: Frame, node: Node, callee: Data, args: CallArguments): Abstract {
  const outer: Call = {
    run: frame.run,
    args,
    at: placeOf(frame, node),
    text: shortText(frame.source, node),
    invoke: (inner, innerArgs) => lift([known(inner)], (data) => invoke(frame, node, data, innerArgs)),
  };
  switch (callee.t) {
    case 'ref':
      if (callee.of) noteUse(frame, { object: callee.of, name: callee.name, args, at: outer.at });
      return noteMade(frame, callReference(outer, callee.name));
    case 'class': {
      if (readsEnvironment(callee)) {
        readFields(frame.run, callee, outer.at);
        return known({ t: 'settings', of: callee }, [outer.at]);
      }
      // An object of a class that the project derives from a watched one is followed as one of these.
      const base = watchedBase(frame.run, callee);
      if (base !== undefined) return noteMade(frame, callReference(outer, base));
      // An object of any other is only what it was made with: middleware around an app.
      return known({ t: 'call', name: callee.name, args, at: outer.at }, [outer.at]);
    }
    case 'environment':
      return callEnvironment(outer, callee, undefined);
    case 'method':
      return lift([[callee.self]], (self) => callMethod(outer, self, callee.name) ?? computed(frame, node));
    case 'function':
      return callFunction(frame, node, callee, args);
    case 'path':
      // environ.Path is called to join: ROOT_DIR('static') is a text.
      return callee.environ
        ? lift(args.positional, (...data) => {
            const texts = data.map(textOfData);
            return texts.every((text) => text !== undefined)
              ? str(joinPurePaths(callee.v, ...texts))
              : computed(frame, node);
          })
        : computed(frame, node);
    default:
      return computed(frame, node);
  }
}

/** A call of what is watched is told of itself: bottle.run(app). */
function noteMade(frame: Frame, made: Abstract): Abstract {
  const object = only(made, 'call');
  if (object) noteUse(frame, { object, name: object.name, args: object.args, at: object.at });
  return made;
}

function watchedBase(run: Run, data: ClassData, depth = 0): string | undefined {
  for (const { data: base } of data.bases.flat()) {
    if (base.t === 'ref' && run.watch.has(base.name)) return base.name;
    const further = base.t === 'class' && depth < 10 ? watchedBase(run, base, depth + 1) : undefined;
    if (further !== undefined) return further;
  }
  return undefined;
}

function conditional(frame: Frame, node: Node): Abstract {
  const [yes, , test, , no] = node.children;
  if (!yes || !test || !no) return unreadable(frame, node);
  const value = evaluate(frame, test);
  const decision = decide(frame.run, value);
  if (decision.kind === 'sure') return evaluate(frame, decision.value ? yes : no);
  if (decision.kind === 'assumed')
    return withUnless(evaluate(frame, decision.value ? yes : no), ...decision.unless);
  const { condition, is } = conditionOf(frame, test, value, decision);
  const branch = (taken: Node, holds: boolean): Abstract =>
    under(frame.run, { condition, is: holds }, () =>
      uncertainly(frame.run, true, () => evaluate(frame, taken)),
    );
  const [one, other] = [branch(yes, is), branch(no, !is)];
  return is ? join(condition, one, other) : join(condition, other, one);
}

/**
 * The condition that a test stands for, and whether the test being true means that it holds. `if not X` and `if X` are
 * one condition, as long as X has not been bound anew between them, so that what follows from both does not mix.
 */
export function conditionOf(
  frame: Frame,
  test: Node,
  value: Abstract,
  decision: Decision,
): { condition: Condition; is: boolean } {
  const reused = singleCondition(value);
  if (reused) return reused;
  let node = test;
  let is = true;
  for (;;) {
    const inner = node.name === 'ParenthesizedExpression' ? parts(node)[0] : undefined;
    const negated =
      node.name === 'UnaryExpression' && node.children[0]?.name === 'not' ? node.children[1] : undefined;
    if (negated) is = !is;
    if (!inner && !negated) break;
    node = (inner ?? negated) as Node;
  }
  const text = shortText(frame.source, node);
  const byDefault = decision.kind === 'open' ? decision.byDefault : undefined;
  const simple =
    node.name === 'VariableName' || node.name === 'MemberExpression' || node.name === 'CallExpression';
  const condition: Condition = {
    id: `${text}#${versions(frame, node)}`,
    yes: { word: 'if', text },
    no: simple ? { word: 'if', text: `not ${text}` } : { word: 'unless', text },
    ...(byDefault === undefined ? {} : { byDefault: byDefault === is }),
    flips: value.reduce<readonly Proviso[]>((all, one) => mergeProvisos(all, one.unless), []),
  };
  return { condition, is };
}

/** A test that itself is true under one condition and false otherwise is that condition. */
function singleCondition(value: Abstract): { condition: Condition; is: boolean } | undefined {
  const [one, other] = value;
  if (value.length !== 2 || !one || !other || one.unless.length > 0 || other.unless.length > 0)
    return undefined;
  const [a, b] = [one.when[0], other.when[0]];
  if (one.when.length !== 1 || other.when.length !== 1 || !a || !b) return undefined;
  if (a.condition.id !== b.condition.id || a.is === b.is) return undefined;
  const [truthA, truthB] = [truthOf(one.data), truthOf(other.data)];
  if (truthA === undefined || truthB === undefined || truthA === truthB) return undefined;
  return { condition: a.condition, is: a.is === truthA };
}

/** Which values the names in a test have, as numbers: the same text with other values is another condition. */
function versions(frame: Frame, node: Node): string {
  const numbers: number[] = [];
  const visit = (one: Node): void => {
    if (numbers.length >= 12) return;
    if (one.name === 'VariableName') {
      const value = find(frame.scope, textOf(frame.source, one));
      numbers.push(value ? identityOf(frame.run, value) : 0);
    }
    one.children.forEach(visit);
  };
  visit(node);
  return numbers.join('.');
}
