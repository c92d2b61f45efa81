/**
 * Evaluates Python expressions without running them.
 * https://docs.python.org/3/reference/expressions.html
 */

import {
  type Call,
  callEnvironment,
  callMethod,
  callReference,
  lookUp,
  mergeDicts,
  plainItems,
  referenceValue,
  textOfData,
} from './calls.ts';
import {
  type Abstract,
  bool,
  type CallArguments,
  type ClassData,
  type Condition,
  concatLists,
  type Data,
  type DictData,
  type Entry,
  evidenceOf,
  FALSE,
  type Item,
  join,
  keyOf,
  known,
  type ListData,
  lift,
  mergeTexts,
  NONE,
  number,
  PROJECT,
  type Scope,
  sameData,
  str,
  truthOf,
  unknown,
  withUnless,
} from './data.ts';
import { loadModule } from './execute.ts';
import { callFunction } from './functions.ts';
import { joinPurePaths, parentPath } from './paths.ts';
import { fieldOf, readFields, readsEnvironment } from './pydantic.ts';
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
  readEnvironment,
  spend,
  toBool,
  uncertainly,
  under,
} from './run.ts';
import { formatPieces, literalShape, parseNumber, percentFormat, unescapeText } from './strings.ts';
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

function here(frame: Frame, node: Node, data: Data): Abstract {
  return known(data, [placeOf(frame, node)]);
}

function computed(frame: Frame, node: Node): Abstract {
  const place = placeOf(frame, node);
  return unknown(`it is computed at run time: ${shortText(frame.source, node)}`, [place]);
}

function unreadable(frame: Frame, node: Node): Abstract {
  return unknown('the Python here could not be read', [placeOf(frame, node)]);
}

function stringLiteral(frame: Frame, node: Node): Abstract {
  const shape = literalShape(frame.source.text, node.from, node.to);
  if (!shape) return unreadable(frame, node);
  if (shape.prefix.includes('b')) return here(frame, node, { t: 'bytes' });
  const body = frame.source.text.slice(shape.bodyFrom, shape.bodyTo);
  return here(frame, node, str(shape.prefix.includes('r') ? body : unescapeText(body)));
}

function formatString(frame: Frame, node: Node): Abstract {
  const pieces = formatPieces(frame.source.text, node);
  if (!pieces) return unreadable(frame, node);
  const values = pieces.map((piece): Abstract => {
    if ('text' in piece) return known(str(piece.text));
    // A conversion, a format or `=` changes the text in ways that are not worth knowing.
    const fine = piece.field.children.some((child) => child.name.startsWith('Format'));
    const expression = parts(piece.field)[0];
    return fine || !expression ? computed(frame, piece.field) : evaluate(frame, expression);
  });
  return concatenate(frame, node, values);
}

function concatenated(frame: Frame, node: Node): Abstract {
  return concatenate(
    frame,
    node,
    node.children.map((child) => evaluate(frame, child)),
  );
}

function concatenate(frame: Frame, node: Node, values: readonly Abstract[]): Abstract {
  const result = lift(
    values,
    (...data) => {
      if (data.length > 0 && data.every((one) => one.t === 'bytes')) return { t: 'bytes' };
      const gap = data.findIndex((one) => one.t === 'unknown' || one.t === 'unset');
      if (gap !== -1) return begun(data[gap] as Data, data.slice(0, gap).map(textOfData));
      const texts = data.map(textOfData);
      return texts.every((text) => text !== undefined) ? str(texts.join('')) : computed(frame, node);
    },
    { lenient: true },
  );
  return result.map((one) => (one.from.length > 0 ? one : { ...one, from: [placeOf(frame, node)] }));
}

/** A text of which only the beginning is known. */
function begun(gap: Data, before: readonly (string | undefined)[]): Data {
  const because = gap.t === 'unknown' ? gap.because : 'it uses a name that is not set';
  const more = gap.t === 'unknown' ? (gap.prefix ?? '') : '';
  const prefix = before.every((text) => text !== undefined) ? before.join('') + more : '';
  return prefix === '' ? { t: 'unknown', because } : { t: 'unknown', because, prefix };
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
function settled(value: Abstract, text: string): Abstract {
  if (!value.some((one) => one.data.t === 'unset')) return value;
  return value.map((one) =>
    one.data.t === 'unset' ? { ...one, data: { t: 'unknown', because: `${text} is not set here` } } : one,
  );
}

/** Evaluates comma separated elements, `*unpacked` ones included. */
export function elements(frame: Frame, nodes: readonly Node[]): { items: Item[]; rest: string | undefined } {
  const items: Item[] = [];
  let rest: string | undefined;
  for (let index = 0; index < nodes.length; index++) {
    const node = nodes[index] as Node;
    if (node.name !== '*' && textOf(frame.source, node) !== '*') {
      items.push({ value: evaluate(frame, node) });
      continue;
    }
    const inner = nodes[++index];
    const value = inner && evaluate(frame, inner);
    const one = value?.length === 1 ? value[0] : undefined;
    if (one?.data.t === 'list') {
      for (const item of one.data.items) items.push(withItemUnless(item, one.unless));
      rest ??= one.data.rest;
    } else rest ??= one?.data.t === 'unknown' ? one.data.because : 'a part of it is decided at run time';
  }
  return { items, rest };
}

function withItemUnless(item: Item, unless: readonly string[]): Item {
  return unless.length === 0 ? item : { ...item, value: withUnless(item.value, ...unless) };
}

function listLiteral(frame: Frame, node: Node, kind: ListData['kind']): Abstract {
  const { items, rest } = elements(frame, parts(node));
  return here(frame, node, { t: 'list', kind, items, rest });
}

function dictLiteral(frame: Frame, node: Node): Abstract {
  const entries = new Map<string, Entry>();
  let rest: string | undefined;
  const children = node.children.filter(
    (child) => child.name !== '{' && child.name !== '}' && child.name !== ',',
  );
  for (let index = 0; index < children.length; index++) {
    const child = children[index] as Node;
    if (child.name === '**') {
      const inner = children[++index];
      const data = inner && only(evaluate(frame, inner), 'dict');
      if (data) for (const [key, entry] of data.entries) entries.set(key, entry);
      if (!data || data.rest !== undefined)
        rest ??= data?.rest ?? 'some of its entries are decided at run time';
      continue;
    }
    const value = children[index + 2];
    if (children[index + 1]?.name !== ':' || !value) {
      rest ??= 'the Python here could not be read';
      continue;
    }
    index += 2;
    const keys = evaluate(frame, child);
    const key = keys.length === 1 ? keys[0]?.data : undefined;
    const text = key && keyOf(key);
    const result = evaluate(frame, value);
    if (key && text !== undefined) entries.set(text, { key, value: result });
    else rest ??= 'some of its entries are decided at run time';
  }
  return here(frame, node, { t: 'dict', entries, rest });
}

function member(frame: Frame, node: Node): Abstract {
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
const ARGUMENT = 'sys.argv[]';

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
  // Where a function was imported or defined is no evidence for what it returns.
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

function unary(frame: Frame, node: Node): Abstract {
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

function binary(frame: Frame, node: Node): Abstract {
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
    yes: `if ${text}`,
    no: simple ? `if not ${text}` : `unless ${text}`,
    ...(byDefault === undefined ? {} : { byDefault: byDefault === is }),
    flips: value.reduce<readonly string[]>((all, one) => mergeTexts(all, one.unless), []),
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

function comprehension(frame: Frame, node: Node, kind: ListData['kind']): Abstract {
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

function dictComprehension(frame: Frame, node: Node): Abstract {
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
