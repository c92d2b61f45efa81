/**
 * Comprehensions, one item after another.
 * https://docs.python.org/3/reference/expressions.html#displays-for-lists-sets-and-dictionaries
 */

import { lift } from './alternatives.ts';
import {
  type Abstract,
  type Data,
  type DictData,
  type Entry,
  type Item,
  keyOf,
  type ListData,
  type Scope,
} from './data.ts';
import { computed, evaluate, here } from './evaluate.ts';
import { plainItems } from './plain.ts';
import { type Frame, only, toBool } from './run.ts';
import { type Node, parts, textOf } from './syntax.ts';

interface Clause {
  targets: string[];
  values: Abstract[];
  filters: Node[];
}

/** `for a, b in items if test` of a comprehension with one loop over known items; undefined for anything else. */
function clauseOf(frame: Frame, children: readonly Node[]): Clause | undefined {
  const start = children.findIndex((child) => child.name === 'for');
  const inAt = children.findIndex((child, index) => index > start && child.name === 'in');
  const source = children[inAt + 1];
  if (start === -1 || inAt === -1 || !source) return undefined;
  if (children.some((child, index) => index > start && (child.name === 'for' || child.name === 'async')))
    return undefined;
  const targets = children
    .slice(start + 1, inAt)
    .flatMap((child) => (child.name === 'TupleExpression' ? parts(child) : child));
  const names = targets
    .filter((child) => child.name === 'VariableName')
    .map((child) => textOf(frame.source, child));
  const filters = children.slice(inAt + 2).filter((_, index, all) => all[index - 1]?.name === 'if');
  const iterable = evaluate(frame, source);
  return { targets: names, values: [...iterable.map((one) => [one])], filters };
}

const MAX_ITERATIONS = 300;

/** Runs a comprehension's clause for each item; undefined where the items or the filters are not known. */
function eachItem(frame: Frame, clause: Clause, data: Data, visit: (inner: Frame) => void): boolean {
  const items = plainItems(data);
  if (!items || items.length > MAX_ITERATIONS) return false;
  for (const item of items) {
    const scope: Scope = { kind: 'function', names: new Map(), parent: frame.scope };
    const inner: Frame = { ...frame, scope };
    if (!bindTargets(scope, clause.targets, item)) return false;
    const truths = clause.filters.map((filter) => only(toBool(evaluate(inner, filter)), 'bool')?.v);
    if (truths.some((truth) => truth === undefined)) return false;
    if (truths.every((truth) => truth)) visit(inner);
  }
  return true;
}

function bindTargets(scope: Scope, targets: readonly string[], item: Abstract): boolean {
  const [first] = targets;
  if (targets.length === 1 && first !== undefined) {
    scope.names.set(first, item);
    return true;
  }
  const values = item.length === 1 && item[0] ? plainItems(item[0].data) : undefined;
  if (!values || values.length !== targets.length) return false;
  targets.forEach((target, index) => {
    scope.names.set(target, values[index] as Abstract);
  });
  return true;
}

/** A list, set or generator. */
export function comprehension(frame: Frame, node: Node, kind: ListData['kind']): Abstract {
  const children = node.children.filter((child) => !['(', ')', '[', ']', '{', '}', ','].includes(child.name));
  const result = children[0];
  const clause = clauseOf(frame, children);
  if (!clause || !result) return computed(frame, node);
  return overAlternatives(clause, (data) => {
    const items: Item[] = [];
    const done = eachItem(frame, clause, data, (inner) => items.push({ value: evaluate(inner, result) }));
    return done ? here(frame, node, { t: 'list', kind, items }) : computed(frame, node);
  });
}

/** `{key: value for ...}` */
export function dictComprehension(frame: Frame, node: Node): Abstract {
  const children = node.children.filter((child) => !['{', '}', ',', ':'].includes(child.name));
  const [keyNode, valueNode] = children;
  const clause = clauseOf(frame, children);
  if (!clause || !keyNode || !valueNode || valueNode.name === 'for') return computed(frame, node);
  return overAlternatives(clause, (data) => {
    const entries = new Map<string, Entry>();
    let plain = true;
    const done = eachItem(frame, clause, data, (inner) => {
      const key = evaluate(inner, keyNode)[0]?.data;
      const text = key && keyOf(key);
      if (key && text !== undefined) entries.set(text, { key, value: evaluate(inner, valueNode) });
      else plain = false;
    });
    const result: DictData = { t: 'dict', entries };
    return done && plain ? here(frame, node, result) : computed(frame, node);
  });
}

function overAlternatives(clause: Clause, apply: (data: Data) => Abstract): Abstract {
  return lift([clause.values.flat()], apply);
}
