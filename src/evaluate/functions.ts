/** Calls of the project's own functions: their bodies are walked with the arguments bound. */

import { compact, mergeWhen } from './alternatives.ts';
import {
  type Abstract,
  type CallArguments,
  type FunctionData,
  type Item,
  known,
  NONE,
  type Scope,
  unknown,
} from './data.ts';
import { evaluate } from './evaluate.ts';
import { executeBlock } from './execute.ts';
import { type Frame, placeOf, spend } from './run.ts';
import { type Node, shortText, textOf } from './syntax.ts';

const MAX_CALL_DEPTH = 8;

/** Calls a function of the project: its body is walked with the arguments bound. */
export function callFunction(frame: Frame, node: Node, callee: FunctionData, args: CallArguments): Abstract {
  const { run } = frame;
  const place = placeOf(frame, node);
  const computed = () => unknown(`it is computed at run time: ${shortText(frame.source, node)}`, [place]);
  if (run.calls >= MAX_CALL_DEPTH || args.open || !spend(run, 20)) return computed();
  const module = run.modules.get(callee.source.file) ?? frame.module;
  const scope: Scope = { kind: 'function', names: new Map(), parent: callee.scope };
  const returns: Abstract[] = [];
  const inner: Frame = {
    run,
    module,
    source: callee.source,
    scope,
    path: [],
    pathUnless: [],
    discard: false,
    returns,
  };
  if (isGeneratorOrAsync(callee.node)) return computed();
  if (!bindParameters(inner, callee, args)) return computed();
  const { callSite: outer, way } = run;
  run.callSite ??= place;
  run.way = mergeWhen(way, frame.path) ?? way;
  run.calls++;
  try {
    if (callee.node.name === 'LambdaExpression') {
      const body = callee.node.children.at(-1);
      return body ? evaluate(inner, body) : computed();
    }
    const body = callee.node.children.find((child) => child.name === 'Body');
    if (!body) return computed();
    const lives = executeBlock(inner, body);
    // Falling off the end after conditional returns gives None under what is left of the conditions.
    if (lives) returns.push(returns.length === 0 ? known(NONE) : remainder(returns));
    return compact(returns.flat());
  } finally {
    run.calls--;
    run.callSite = outer;
    run.way = way;
  }
}

function remainder(returns: readonly Abstract[]): Abstract {
  const last = returns.flat().at(-1)?.when.at(-1);
  return last
    ? [{ data: NONE, when: [{ condition: last.condition, is: !last.is }], unless: [], from: [] }]
    : known(NONE);
}

function isGeneratorOrAsync(node: Node): boolean {
  if (node.children[0]?.name === 'async') return true;
  const yields = (one: Node): boolean =>
    one.name === 'YieldExpression' || one.name === 'YieldStatement' || one.children.some(yields);
  return yields(node);
}

function bindParameters(inner: Frame, callee: FunctionData, args: CallArguments): boolean {
  const list = callee.node.children.find((child) => child.name === 'ParamList');
  const children = list
    ? list.children.filter((child) => !['(', ')', ','].includes(child.name) && child.name !== 'TypeDef')
    : [];
  const names = new Set<string>();
  let position = 0;
  let keywordOnly = false;
  for (let index = 0; index < children.length; index++) {
    const child = children[index] as Node;
    const text = textOf(inner.source, child);
    const next = children[index + 1];
    if (text === '*' || text === '**') {
      const target = next?.name === 'VariableName' ? textOf(inner.source, next) : undefined;
      keywordOnly = true;
      if (target === undefined) continue;
      index++;
      if (text === '*') {
        const items = args.positional.slice(position).map((value): Item => ({ value }));
        position = args.positional.length;
        inner.scope.names.set(target, known({ t: 'list', kind: 'tuple', items }));
      } else {
        const rest = [...args.named].filter(([name]) => !names.has(name));
        const entries = new Map(
          rest.map(([name, value]) => [`s${name}`, { key: { t: 'str' as const, v: name }, value }]),
        );
        for (const [name] of rest) names.add(name);
        inner.scope.names.set(target, known({ t: 'dict', entries }));
      }
      continue;
    }
    if (text === '/' || child.name !== 'VariableName') continue;
    const fallback = next?.name === 'AssignOp' ? children[index + 2] : undefined;
    if (fallback) index += 2;
    names.add(text);
    const value = (keywordOnly ? undefined : args.positional[position++]) ?? args.named.get(text);
    if (value) inner.scope.names.set(text, value);
    else if (fallback) {
      const scope: Frame = { ...inner, scope: callee.scope };
      inner.scope.names.set(text, evaluate(scope, fallback));
    } else return false;
  }
  return position >= args.positional.length && [...args.named.keys()].every((name) => names.has(name));
}
