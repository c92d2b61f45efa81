/**
 * Binding of names: assignments, and changes of lists and dicts in place. Data is immutable, so a name is bound to a
 * changed copy.
 */

import { evidenceOf, lift, withEvidence, withUnless } from './alternatives.ts';
import {
  type Abstract,
  type CallArguments,
  type CallData,
  concatLists,
  type Data,
  type Entry,
  type Item,
  keyOf,
  known,
  type ListData,
  NONE,
  NOT_SET,
  type Proviso,
  unknown,
} from './data.ts';
import { callArguments, evaluate } from './evaluate.ts';
import { elements } from './literals.ts';
import { mergeDicts, plainItems } from './plain.ts';
import { bind, type Frame, find, noteUse, only, placeOf, spend } from './run.ts';
import { type Node, parts, shortText, textOf } from './syntax.ts';

/** The `=`-separated groups of an assignment, without the annotation. */
export function assignmentGroups(node: Node): Node[][] {
  const groups: Node[][] = [[]];
  for (const child of node.children) {
    if (child.name === 'AssignOp' || child.name === 'UpdateOp') groups.push([]);
    else if (child.name !== 'TypeDef') groups[groups.length - 1]?.push(child);
  }
  return groups;
}

export function assign(frame: Frame, node: Node): void {
  const groups = assignmentGroups(node);
  const source = groups.pop();
  if (!source || groups.length === 0) return;
  const at = placeOf(frame, node);
  const value = node.broken
    ? unknown('the Python here could not be read', [at])
    : expressionList(frame, source);
  const bound = withEvidence(value, at);
  for (const target of groups) assignTo(frame, target, bound);
}

/** `a` or `a, *b, c` on the right of an assignment. */
export function expressionList(frame: Frame, nodes: readonly Node[]): Abstract {
  const [first] = nodes;
  if (nodes.length === 1 && first) return evaluate(frame, first);
  const { items, rest } = elements(
    frame,
    nodes.filter((child) => child.name !== ','),
  );
  return known({ t: 'list', kind: 'tuple', items, rest });
}

export function assignTo(frame: Frame, target: readonly Node[], value: Abstract): void {
  const names = target.filter((child) => child.name !== ',');
  const [first] = names;
  const nested =
    first &&
    (first.name === 'TupleExpression' ||
      first.name === 'ArrayExpression' ||
      first.name === 'ParenthesizedExpression');
  if (names.length === 1 && first && nested) {
    assignTo(frame, parts(first), value);
    return;
  }
  if (target.length === 1 && first) {
    if (first.name === 'VariableName') bind(frame, textOf(frame.source, first), value);
    else if (first.name === 'MemberExpression') {
      noteAssignment(frame, first, value);
      updateTarget(frame, first, () => value);
    }
    return;
  }
  const items = value.length === 1 && value[0] ? plainItems(value[0].data) : undefined;
  const starred = names.some((child) => textOf(frame.source, child) === '*');
  names.forEach((child, index) => {
    if (child.name === '*' || textOf(frame.source, child) === '*') return;
    const item = !starred && items?.length === names.length ? items[index] : undefined;
    assignTo(
      frame,
      [child],
      item ?? unknown('it is unpacked from a value that is not known', evidenceOf(value)),
    );
  });
}

/**
 * Notes `app.secret_key = x`, `app.config["X"] = x` and `app.options.x = y` of watched objects, and `bottle.Request.X = y`
 * of a watched class.
 */
function noteAssignment(frame: Frame, target: Node, value: Abstract): void {
  const [object, opener, key] = target.children;
  if (frame.run.watch.size === 0 || !object || !opener || !key) return;
  const at = placeOf(frame, target);
  for (const { data } of evaluate(frame, object)) {
    if (opener.name === '.' && data.t === 'call') {
      const name = `${data.name}().${textOf(frame.source, key)}`;
      noteUse(frame, {
        object: data,
        name,
        args: { positional: [value], named: new Map(), open: false },
        at,
      });
    }
    if (opener.name === '.' && data.t === 'ref') {
      const args = { positional: [value], named: new Map(), open: false };
      const itself: CallData = { t: 'call', name: data.name, args, at };
      const name = `${data.name}.${textOf(frame.source, key)}`;
      noteUse(frame, { object: data.of ?? itself, name, args, at });
    }
    if (opener.name === '[' && data.t === 'ref' && data.of) {
      const args = { positional: [evaluate(frame, key), value], named: new Map(), open: false };
      noteUse(frame, { object: data.of, name: `${data.name}[]`, args, at });
    }
  }
}

/**
 * Changes what `NAME`, `NAME[key]`, `NAME[key][key]` holds. Data is immutable, so the name is bound to a changed copy.
 * Other targets (attributes of objects) are nothing that configuration is read from.
 */
export function updateTarget(frame: Frame, target: Node, change: (old: Abstract) => Abstract): void {
  const keys: Node[] = [];
  let root = target;
  while (root.name === 'MemberExpression') {
    const [object, opener, key] = root.children;
    if (!object || opener?.name !== '[' || !key || root.children.length !== 4) return;
    keys.unshift(key);
    root = object;
  }
  if (root.name === 'CallExpression' && textOf(frame.source, root) === 'globals()') {
    const name = keys[0] && only(evaluate(frame, keys[0]), 'str');
    if (name && keys.length === 1) bind(frame, name.v, change(find(frame.scope, name.v) ?? NOT_SET));
    return;
  }
  if (root.name !== 'VariableName') return;
  const name = textOf(frame.source, root);
  const old = find(frame.scope, name);
  if (!old) return;
  const values = keys.map((key) => evaluate(frame, key));
  bind(frame, name, changeAt(frame, old, values, change));
}

function changeAt(
  frame: Frame,
  value: Abstract,
  keys: readonly Abstract[],
  change: (old: Abstract) => Abstract,
): Abstract {
  const [first, ...rest] = keys;
  if (!first) return change(value);
  const key = first.length === 1 ? first[0]?.data : undefined;
  return value.map((one) => {
    const { data } = one;
    if (data.t === 'dict') {
      const name = key && keyOf(key);
      if (!key || name === undefined)
        return { ...one, data: { ...data, rest: 'some of its entries are decided at run time' } };
      spend(frame.run, data.entries.size >> 4);
      const entries = new Map<string, Entry>(data.entries);
      const old = data.entries.get(name)?.value ?? (data.rest === undefined ? NOT_SET : unknown(data.rest));
      entries.set(name, { key, value: changeAt(frame, old, rest, change) });
      return { ...one, data: { ...data, entries } };
    }
    if (data.t === 'list' && key?.t === 'number') {
      const items = [...data.items];
      const index = key.v < 0 ? items.length + key.v : key.v;
      const item = items[index];
      if (!item || data.rest !== undefined) return one;
      items[index] = { ...item, value: changeAt(frame, item.value, rest, change) };
      return { ...one, data: { ...data, items } };
    }
    return one;
  });
}

/** `NAME += value`: for lists a change in place, otherwise an assignment of the sum. */
export function augment(frame: Frame, node: Node): void {
  const [target, operator] = node.children;
  const source = assignmentGroups(node)[1];
  if (!target || !operator || !source) return;
  const at = placeOf(frame, node);
  const sign = textOf(frame.source, operator);
  const value = node.broken
    ? unknown('the Python here could not be read', [at])
    : expressionList(frame, source);
  const change = (old: Abstract): Abstract => {
    const result = lift(
      [old, value],
      (one, other) => {
        if (one.t === 'unset') return { t: 'unknown', because: 'it adds to a name that is not set' };
        if (sign === '+=') return added(one, other, shortText(frame.source, node));
        if (sign === '|=' && one.t === 'dict' && other.t === 'dict') return mergeDicts(one, other);
        return { t: 'unknown', because: `it is computed at run time: ${shortText(frame.source, node)}` };
      },
      { lenient: true },
    );
    return withEvidence(result, at);
  };
  if (target.name === 'VariableName') {
    const name = textOf(frame.source, target);
    bind(frame, name, change(find(frame.scope, name) ?? missingName(frame, name)));
  } else if (target.name === 'MemberExpression') updateTarget(frame, target, change);
}

function missingName(frame: Frame, name: string): Abstract {
  const star = frame.module.openStars.at(-1);
  return star
    ? unknown(`${name} may come from the module ${star.name}, which is not in the project`)
    : NOT_SET;
}

function added(one: Data, other: Data, text: string): Data {
  if (one.t === 'list') {
    if (other.t === 'list') return concatLists(one, other);
    return {
      ...one,
      rest: one.rest ?? (other.t === 'unknown' ? other.because : 'a part of it is decided at run time'),
    };
  }
  if (one.t === 'unknown' && other.t === 'list') return { ...other, rest: one.because };
  if (one.t === 'unknown') return one;
  if (other.t === 'unknown') return other;
  if (one.t === 'str' && other.t === 'str') return { t: 'str', v: one.v + other.v };
  if (one.t === 'number' && other.t === 'number') return { t: 'number', v: one.v + other.v };
  return { t: 'unknown', because: `it is computed at run time: ${text}` };
}

export const MUTATORS = new Set([
  'append',
  'extend',
  'insert',
  'remove',
  'add',
  'update',
  'setdefault',
  'pop',
  'clear',
  'sort',
  'reverse',
  'discard',
]);

/** `NAME.append(x)` and the like, as statements; false where it is no such call. */
export function mutate(frame: Frame, node: Node): boolean {
  const [callee, argList] = node.children;
  const [object, dot, property] = callee?.name === 'MemberExpression' ? callee.children : [];
  if (!object || dot?.name !== '.' || !property) return false;
  const method = textOf(frame.source, property);
  if (!MUTATORS.has(method)) return false;
  const isGlobals =
    object.name === 'CallExpression' &&
    ['globals()', 'locals()', 'vars()'].includes(textOf(frame.source, object));
  if (isGlobals && method === 'update') {
    const args = callArguments(frame, argList);
    const data = only(args.positional[0], 'dict');
    for (const entry of data?.entries.values() ?? [])
      if (entry.key.t === 'str') bind(frame, entry.key.v, entry.value);
    return true;
  }
  const current = evaluate(frame, object);
  if (!current.some((one) => one.data.t === 'list' || one.data.t === 'dict')) return false;
  const args = callArguments(frame, argList);
  const at = placeOf(frame, node);
  const change = (old: Abstract): Abstract =>
    old.map((one) => {
      const data =
        one.data.t === 'list'
          ? mutatedList(frame, one.data, method, args)
          : one.data.t === 'dict'
            ? mutatedDict(one.data, method, args)
            : one.data;
      return data === one.data ? one : { ...one, data, from: [...one.from.slice(0, 3), at] };
    });
  if (object.name === 'VariableName') {
    const name = textOf(frame.source, object);
    const old = find(frame.scope, name);
    if (old) bind(frame, name, change(old));
  } else updateTarget(frame, object, change);
  return true;
}

const MAX_ITEMS = 10_000;

function mutatedList(frame: Frame, data: ListData, method: string, args: CallArguments): Data {
  const [first, second] = args.positional;
  spend(frame.run, data.items.length >> 4);
  if (data.items.length > MAX_ITEMS) return { t: 'unknown', because: 'it has more items than are read' };
  switch (method) {
    case 'append':
    case 'add':
      return first ? { ...data, items: [...data.items, { value: first }] } : data;
    case 'extend':
    case 'update': {
      const more = first?.length === 1 ? first[0] : undefined;
      return more
        ? added(data, more.data.t === 'list' ? unlessOf(more.data, more.unless) : more.data, method)
        : { ...data, rest: 'a part of it is decided at run time' };
    }
    case 'insert': {
      const at = only(first, 'number');
      if (!second) return data;
      const items = [...data.items];
      // At a place that is not known it is still an item of the list; the order matters less than that.
      items.splice(at?.v ?? 0, 0, { value: second });
      return { ...data, items };
    }
    case 'remove':
    case 'discard':
      return withoutItem(data, first);
    case 'clear':
      return { ...data, items: [], rest: undefined };
    default:
      return { ...data, rest: 'its items are changed at run time' };
  }
}

function unlessOf(data: ListData, unless: readonly Proviso[]): ListData {
  if (unless.length === 0) return data;
  return {
    ...data,
    items: data.items.map((item): Item => ({ ...item, value: withUnless(item.value, ...unless) })),
  };
}

function withoutItem(data: ListData, value: Abstract | undefined): Data {
  const text = only(value, 'str')?.v;
  const index = data.items.findIndex((item) => text !== undefined && only(item.value, 'str')?.v === text);
  if (index === -1) return { ...data, rest: 'its items are changed at run time' };
  return { ...data, items: data.items.filter((_, at) => at !== index) };
}

function mutatedDict(data: Extract<Data, { t: 'dict' }>, method: string, args: CallArguments): Data {
  const [first, second] = args.positional;
  if (method === 'update') {
    const more = first ? only(first, 'dict') : undefined;
    const entries = new Map([...data.entries, ...(more?.entries ?? [])]);
    for (const [name, value] of args.named) entries.set(`s${name}`, { key: { t: 'str', v: name }, value });
    const open = (first && !more) || args.open;
    return {
      ...data,
      entries,
      rest: data.rest ?? more?.rest ?? (open ? 'some of its entries are decided at run time' : undefined),
    };
  }
  const key = first?.length === 1 ? first[0]?.data : undefined;
  const name = key && keyOf(key);
  if (!key || name === undefined)
    return method === 'clear' ? { ...data, entries: new Map(), rest: undefined } : data;
  if (method === 'setdefault') {
    if (data.entries.has(name)) return data;
    return { ...data, entries: new Map([...data.entries, [name, { key, value: second ?? known(NONE) }]]) };
  }
  if (method === 'pop') {
    const entries = new Map(data.entries);
    entries.delete(name);
    return { ...data, entries };
  }
  return data;
}
