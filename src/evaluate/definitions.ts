/** Functions, classes and their decorators. */
import type { Evidence } from '../words/value.ts';
import { type Data, type FunctionData, known, type Scope } from './data.ts';
import { callArguments } from './evaluate.ts';
import { executeBlock } from './execute.ts';
import { bind, type Frame, find, fromStar, noteUse, placeOf } from './run.ts';
import { type Node, textOf } from './syntax.ts';

/** Notes `@app.route("/")` and `@app.before_request` of watched objects. */
export function noteDecorators(frame: Frame, node: Node, decorated: Node): void {
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

/** `def`: the function is evaluated where it is called. */
export function defineFunction(frame: Frame, node: Node): void {
  const name = node.children.find((child) => child.name === 'VariableName');
  if (!name) return;
  const data: FunctionData = { t: 'function', source: frame.source, node, scope: frame.scope };
  bind(frame, textOf(frame.source, name), known(data, [placeOf(frame, node)]));
}

/** `class`: its body is walked at once, in a scope of its own. */
export function defineClass(frame: Frame, node: Node): void {
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
