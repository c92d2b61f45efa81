/**
 * Operators, comparisons and tests of membership.
 * https://docs.python.org/3/reference/expressions.html#binary-arithmetic-operations
 */

import { ON_HOST } from '../words/on-host.ts';
import { joinPurePaths, parentPath } from '../words/paths.ts';
import { evidenceOf, lift, sameData, withUnless } from './alternatives.ts';
import { ARGUMENT } from './attributes.ts';
import {
  type Abstract,
  bool,
  concatLists,
  type Data,
  FALSE,
  type Item,
  keyOf,
  known,
  number,
  str,
  truthOf,
} from './data.ts';
import { computed, evaluate, unreadable } from './evaluate.ts';
import { begun } from './literals.ts';
import { mergeDicts, plainItems, textOfData } from './plain.ts';
import { decide, type Frame, placeOf, type Run, readEnvironment, toBool, uncertainly } from './run.ts';
import { percentFormat } from './strings.ts';
import { type Node, textOf } from './syntax.ts';

/** `not x`, `-x`, `+x`. */
export function unary(frame: Frame, node: Node): Abstract {
  const [operator, operand] = node.children;
  if (!operator || !operand) return unreadable(frame, node);
  const value = evaluate(frame, operand);
  const sign = textOf(frame.source, operator);
  if (sign === 'not') return toBool(value, true);
  return lift([value], (data) => {
    if (data.t !== 'number' || (sign !== '-' && sign !== '+')) return computed(frame, node);
    return number(sign === '-' ? -data.v : data.v, data.float);
  });
}

const COMPARISONS = new Set(['==', '!=', '<', '>', '<=', '>=', 'in', 'is', 'not']);

/** An operator between two values, with what Python knows of strings, lists, paths and numbers. */
export function binary(frame: Frame, node: Node): Abstract {
  const left = node.children[0];
  const right = node.children.at(-1);
  const operator = node.children
    .slice(1, -1)
    .map((child) => textOf(frame.source, child))
    .join(' ');
  if (!left || !right || operator === '') return unreadable(frame, node);
  if (operator === 'and' || operator === 'or') return logical(frame, left, right, operator);
  if (operator === 'in' || operator === 'not in')
    return membership(frame, node, left, right, operator === 'not in');
  const chained =
    left.name === 'BinaryExpression' && COMPARISONS.has(textOf(frame.source, left.children[1] ?? left));
  if (chained && COMPARISONS.has(operator.split(' ')[0] ?? '')) return computed(frame, node);
  const operands = [evaluate(frame, left), evaluate(frame, right)] as const;
  if (operator === '+') return add(frame, node, ...operands);
  return lift(operands, (one, other) => {
    const result = operate(frame, one, other, operator);
    return result ?? computed(frame, node);
  });
}

function logical(frame: Frame, leftNode: Node, rightNode: Node, operator: 'and' | 'or'): Abstract {
  const left = evaluate(frame, leftNode);
  const decision = decide(frame.run, left);
  const stops = operator === 'or';
  if (decision.kind === 'sure' && decision.value === stops) return left;
  const right = uncertainly(frame.run, decision.kind !== 'sure', () => evaluate(frame, rightNode));
  return lift(
    [left],
    (data) => {
      const truth = truthOf(data);
      if (truth === undefined) return undecidedLogical(data, right, stops);
      return truth === stops ? data : right;
    },
    { lenient: true },
  );
}

/** `unknown and False` is false, `unknown or True` is true; otherwise the unknown stays. */
function undecidedLogical(data: Data, right: Abstract, stops: boolean): Data | Abstract {
  const decided = right.every(
    (one) => one.data.t === 'bool' && one.data.v === stops && one.unless.length === 0,
  );
  if (decided) return right;
  return data.t === 'unknown' ? data : { t: 'unknown', because: 'whether it is true is decided at run time' };
}

function membership(frame: Frame, node: Node, leftNode: Node, rightNode: Node, negate: boolean): Abstract {
  const needle = evaluate(frame, leftNode);
  const hay = evaluate(frame, rightNode);
  const found = lift([needle, hay], (data, container) => {
    if (container.t === 'ref' && container.name === 'os.environ') {
      if (data.t === 'str' && data.v === ON_HOST) return bool(true);
      return data.t === 'str'
        ? readEnvironment(frame.run, data.v, placeOf(frame, node), known(FALSE))
        : computed(frame, node);
    }
    const isOfTests = container.t === 'ref' && container.name === 'sys.modules' && isTestTool(data);
    if (isOfTests || (container.t === 'ref' && container.name === 'sys.argv'))
      return onCommandLine(frame.run, data);
    if (data.t === 'ref' && data.name === ARGUMENT) return onCommandLine(frame.run, container);
    return contains(container, data) ?? computed(frame, node);
  });
  return negate ? toBool(found, true) : found;
}

/** A module that is loaded in a test run, and nowhere else. */
function isTestTool(data: Data): boolean {
  return data.t === 'str' && /^_?(?:pytest|py\.test|nose2?|unittest)$/.test(data.v);
}

/** Settings look at the command line to know a test run; a server's start is none. */
function onCommandLine(run: Run, data: Data): Abstract {
  const unless = `the command line has ${textOfData(data) ?? 'a certain argument'}`;
  run.assumedTexts.add(unless);
  return withUnless(known(FALSE), unless);
}

/** Whether a container has a value; undefined where it cannot be told. */
export function contains(container: Data, value: Data): Data | Abstract | undefined {
  if (container.t === 'str') return value.t === 'str' ? bool(container.v.includes(value.v)) : undefined;
  if (container.t === 'dict') {
    const key = keyOf(value);
    const entry = key === undefined ? undefined : container.entries.get(key);
    if (entry) return entry.value.map((one) => ({ ...one, data: bool(one.data.t !== 'unset') }));
    return container.rest === undefined && key !== undefined ? bool(false) : undefined;
  }
  if (container.t !== 'list') return undefined;
  let open = container.rest !== undefined;
  for (const item of container.items) {
    const hit =
      item.value.length === 1 && item.value[0] && sameData(item.value[0].data, value) ? item : undefined;
    const from = evidenceOf(item.value);
    const unless = item.value[0]?.unless ?? [];
    if (hit && !hit.when && unless.length === 0) return known(bool(true), from);
    if (hit && hit.when?.length === 1) {
      const [when] = hit.when as [NonNullable<Item['when']>[number]];
      return [
        { data: bool(true), when: [when], unless, from },
        { data: bool(false), when: [{ condition: when.condition, is: !when.is }], unless: [], from },
      ];
    }
    if (hit && !hit.when) return [{ data: bool(true), when: [], unless, from }];
    open ||=
      hit !== undefined || item.value.some((one) => one.data.t === 'unknown' || sameData(one.data, value));
  }
  return open ? undefined : bool(false);
}

function add(frame: Frame, node: Node, left: Abstract, right: Abstract): Abstract {
  return lift(
    [left, right],
    (one, other) => {
      if (one.t === 'list' && other.t === 'list') {
        return concatLists(one, other);
      }
      // A list of which a part is known still answers whether something is in it.
      if (one.t === 'list' && other.t === 'unknown') return { ...one, rest: one.rest ?? other.because };
      if (other.t === 'list' && one.t === 'unknown') return { ...other, rest: other.rest ?? one.because };
      if (one.t === 'unknown' || one.t === 'unset') return one.t === 'unknown' ? one : computed(frame, node);
      if (other.t === 'unknown' || other.t === 'unset')
        return other.t === 'unknown' ? begun(other, [textOfData(one)]) : computed(frame, node);
      return operate(frame, one, other, '+') ?? computed(frame, node);
    },
    { lenient: true },
  );
}

function operate(frame: Frame, left: Data, right: Data, operator: string): Data | Abstract | undefined {
  switch (operator) {
    case '==':
    case '!=':
    case 'is':
    case 'is not': {
      const same = equal(frame.run, left, right);
      if (same === undefined) return undefined;
      return operator === '==' || operator === 'is' ? same : toBool(same, true);
    }
    case '<':
    case '>':
    case '<=':
    case '>=':
      return left.t === 'number' && right.t === 'number'
        ? bool(compare(left.v, right.v, operator))
        : undefined;
    case '+':
      if (left.t === 'str' && right.t === 'str') return str(left.v + right.v);
      if (left.t === 'path' && left.environ && right.t === 'str')
        return { ...left, v: joinPurePaths(left.v, right.v) };
      return arithmetic(left, right, operator);
    case '/':
      if ((left.t === 'path' || right.t === 'path') && (left.t === 'path' || left.t === 'str')) {
        const text = textOfData(right);
        const fits = text !== undefined && (right.t === 'path' || right.t === 'str');
        return fits ? { t: 'path', v: joinPurePaths(left.v, text) } : undefined;
      }
      return arithmetic(left, right, operator);
    case '-':
      if (left.t === 'path' && left.environ && right.t === 'number') {
        return { ...left, v: parentPath(left.v, Math.min(right.v, 20)) };
      }
      return arithmetic(left, right, operator);
    case '%':
      return left.t === 'str' ? percent(left.v, right) : arithmetic(left, right, operator);
    case '|':
      return left.t === 'dict' && right.t === 'dict' ? mergeDicts(left, right) : undefined;
    default:
      return arithmetic(left, right, operator);
  }
}

const COMPARABLE = new Set(['str', 'number', 'bool', 'none', 'path']);

function equal(run: Run, left: Data, right: Data): Abstract | undefined {
  if (left.t === 'method' || right.t === 'method') return undefined;
  if (left.t === 'ref' && left.name === ARGUMENT) return onCommandLine(run, right);
  if (right.t === 'ref' && right.name === ARGUMENT) return onCommandLine(run, left);
  if (COMPARABLE.has(left.t) && COMPARABLE.has(right.t)) {
    const numbers = [left, right].map((data) => (data.t === 'bool' ? number(Number(data.v)) : data));
    return known(bool(sameData(numbers[0] as Data, numbers[1] as Data)));
  }
  if (left.t === 'none' || right.t === 'none') {
    const other = left.t === 'none' ? right : left;
    return ['list', 'dict', 'function', 'class'].includes(other.t) ? known(FALSE) : undefined;
  }
  return undefined;
}

function compare(left: number, right: number, operator: string): boolean {
  if (operator === '<') return left < right;
  if (operator === '>') return left > right;
  return operator === '<=' ? left <= right : left >= right;
}

function arithmetic(left: Data, right: Data, operator: string): Data | undefined {
  const [a, b] = [left, right].map((data) => (data.t === 'bool' ? number(Number(data.v)) : data)) as [
    Data,
    Data,
  ];
  if (a.t !== 'number' || b.t !== 'number') return undefined;
  const value = calculate(a.v, b.v, operator);
  if (value === undefined || !Number.isFinite(value)) return undefined;
  const float = a.float || b.float || operator === '/';
  return float || Number.isSafeInteger(value) ? number(value, float === true) : undefined;
}

function calculate(a: number, b: number, operator: string): number | undefined {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return b === 0 ? undefined : a / b;
    case '//':
      return b === 0 ? undefined : Math.floor(a / b);
    case '%':
      return b === 0 ? undefined : a - b * Math.floor(a / b);
    case '**':
      return b >= 0 && b < 64 ? a ** b : undefined;
    case '<<':
      return b >= 0 && b < 50 ? a * 2 ** b : undefined;
    default:
      return undefined;
  }
}

function percent(template: string, right: Data): Data | undefined {
  if (right.t === 'dict') {
    const named = new Map<string, string>();
    for (const entry of right.entries.values()) {
      const one = entry.value.length === 1 ? entry.value[0] : undefined;
      const text = one && one.unless.length === 0 ? textOfData(one.data) : undefined;
      if (entry.key.t === 'str' && text !== undefined) named.set(entry.key.v, text);
    }
    const result = percentFormat(template, named);
    return result === undefined ? undefined : str(result);
  }
  const items = right.t === 'list' && right.kind === 'tuple' ? plainItems(right) : [known(right)];
  const texts = items?.map((item) => {
    const one = item.length === 1 ? item[0] : undefined;
    return one && one.unless.length === 0 ? textOfData(one.data) : undefined;
  });
  if (!texts?.every((text) => text !== undefined)) return undefined;
  const result = percentFormat(template, texts);
  return result === undefined ? undefined : str(result);
}
