/**
 * What an attribute, an entry or a slice of a value is.
 * https://docs.python.org/3/reference/expressions.html#primaries
 */

import { PROJECT, parentPath } from '../words/paths.ts';
import { lift } from './alternatives.ts';
import { referenceValue } from './calls.ts';
import {
  type Abstract,
  type CallArguments,
  type ClassData,
  type Data,
  type Item,
  known,
  str,
  unknown,
} from './data.ts';
import { computed, evaluate, here, settled, unreadable } from './evaluate.ts';
import { callFunction } from './functions.ts';
import { loadModule } from './load.ts';
import { lookUp, plainItems } from './plain.ts';
import { fieldOf } from './pydantic.ts';
import { assumed, type Frame, find, only, placeOf, readEnvironment } from './run.ts';
import { type Node, textOf } from './syntax.ts';

/** `object.name` or `object[key]`. */
export function member(frame: Frame, node: Node): Abstract {
  const [object, opener] = node.children;
  if (!object || !opener) return unreadable(frame, node);
  const value = evaluate(frame, object);
  if (opener.name === '[') return subscript(frame, node, value);
  const property = node.children[2];
  if (opener.name !== '.' || !property) return unreadable(frame, node);
  const text = textOf(frame.source, property);
  return lift([value], (data) => attribute(frame, node, data, text));
}

/** What `object.text` is. */
export function attribute(frame: Frame, node: Node, data: Data, text: string): Abstract {
  const at = placeOf(frame, node);
  switch (data.t) {
    case 'ref': {
      const full = `${data.name}.${text}`;
      return referenceValue(full, at) ?? known({ ...data, name: full });
    }
    case 'module':
      return moduleAttribute(frame, data, text, node);
    case 'class':
      return classAttribute(data, text) ?? computed(frame, node);
    case 'path':
      return pathAttribute(data, text) ?? method(data, text, at);
    case 'call':
      return known(
        frame.run.watch.get(data.name)?.attribute?.(data, text) ?? {
          t: 'ref',
          name: `${data.name}().${text}`,
          of: data,
        },
        [at],
      );
    case 'function':
      return computed(frame, node);
    case 'settings': {
      const found = classAttribute(data.of, text);
      const property = only(found, 'function');
      if (property) return callFunction(frame, node, property, withSelf(data));
      return fieldOf(frame.run, data.of, text, at) ?? found ?? computed(frame, node);
    }
    default:
      return method(data, text, at);
  }
}

/** A property is called without anything but the object itself. */
function withSelf(self: Data): CallArguments {
  return { positional: [known(self)], named: new Map(), open: false };
}

function method(self: Data, text: string, at: ReturnType<typeof placeOf>): Abstract {
  return known(
    { t: 'method', self: { data: self, when: [], unless: [], from: [at] }, name: text, target: undefined },
    [at],
  );
}

/** A name of a module of the project: what it binds, or its submodule. */
export function moduleAttribute(
  frame: Frame,
  data: Extract<Data, { t: 'module' }>,
  text: string,
  node: Node,
): Abstract {
  const module = data.file === undefined ? undefined : loadModule(frame.run, data.file);
  if (data.file !== undefined && !module) return unknown(`${data.file} was not read`, [placeOf(frame, node)]);
  const value = module && find(module.scope, text);
  if (value) return settled(assumed(frame.run, text, value), text);
  const inner = data.folder === undefined ? undefined : frame.run.finder.within(data.folder, text);
  if (inner) return here(frame, node, { t: 'module', ...inner });
  const star = module?.openStars.at(-1);
  const where = data.file ?? data.folder ?? 'the module';
  return unknown(
    star
      ? `${text} may come from the module ${star.name}, which is not in the project`
      : `${where} does not define ${text}`,
    [placeOf(frame, node)],
  );
}

/** A name of a class, its own or one that it inherits; undefined where the source has none. */
export function classAttribute(data: ClassData, text: string, depth = 0): Abstract | undefined {
  const own = data.scope.names.get(text);
  if (own || depth > 10) return own;
  for (const base of data.bases) {
    const parent = only(base, 'class');
    const value = parent && classAttribute(parent, text, depth + 1);
    if (value) return value;
  }
  return undefined;
}

function pathAttribute(data: Extract<Data, { t: 'path' }>, text: string): Abstract | undefined {
  switch (text) {
    case 'parent':
      return known({ ...data, v: parentPath(data.v) });
    case 'parents': {
      const items = Array.from(
        { length: 16 },
        (_, index): Item => ({
          value: known({ t: 'path', v: parentPath(data.v, index + 1) }),
        }),
      );
      return known({ t: 'list', kind: 'tuple', items });
    }
    case 'name': {
      const last = data.v.slice(data.v.lastIndexOf('/') + 1);
      return last === PROJECT || last === '..'
        ? unknown("it is the name of the project's folder")
        : known(str(last));
    }
    case 'root':
      return data.environ ? known(str(data.v)) : undefined;
    default:
      return undefined;
  }
}

function subscript(frame: Frame, node: Node, value: Abstract): Abstract {
  const inner = node.children.slice(2, -1);
  if (inner.some((child) => child.name === ':')) return slice(frame, node, value, inner);
  const first = inner[0];
  if (!first || inner.length !== 1) return computed(frame, node);
  const key = evaluate(frame, first);
  return lift([value, key], (data, index) => {
    if (data.t === 'ref' && data.name === 'os.environ') {
      return index.t === 'str'
        ? readEnvironment(frame.run, index.v, placeOf(frame, node), undefined)
        : unknown('read from an environment variable', [placeOf(frame, node)]);
    }
    if (data.t === 'ref' && data.name === 'sys.argv') {
      return here(frame, node, { t: 'ref', name: ARGUMENT });
    }
    return element(data, index) ?? computed(frame, node);
  });
}

/** One argument of the command line, whichever. */
export const ARGUMENT = 'sys.argv[]';

/** One element of a container; undefined where it cannot be known. */
function element(data: Data, key: Data): Abstract | undefined {
  if (data.t === 'dict') return lookUp(data, key, undefined);
  if (key.t !== 'number') return undefined;
  const items = plainItems(data);
  return items?.at(key.v);
}

function slice(frame: Frame, node: Node, value: Abstract, inner: readonly Node[]): Abstract {
  const colon = inner.findIndex((child) => child.name === ':');
  const bound = (nodes: readonly Node[]): number | undefined | null => {
    if (nodes.length === 0) return undefined;
    const data = nodes.length === 1 ? only(evaluate(frame, nodes[0] as Node), 'number') : undefined;
    return data ? data.v : null;
  };
  const from = bound(inner.slice(0, colon));
  const to = bound(inner.slice(colon + 1));
  if (from === null || to === null) return computed(frame, node);
  return lift([value], (data) => {
    if (data.t === 'str' && !data.v.includes(PROJECT)) return str(data.v.slice(from, to));
    if (data.t !== 'list' || data.rest !== undefined || data.items.some((item) => item.when)) {
      return computed(frame, node);
    }
    return { ...data, items: data.items.slice(from, to) };
  });
}
