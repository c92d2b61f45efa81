/** What is set where it is not followed. */
import { assignmentGroups, MUTATORS, updateTarget } from './assign.ts';
import { type Abstract, NOT_SET, unknown } from './data.ts';
import { bind, type Frame, find, placeOf, spend } from './run.ts';
import { type Node, textOf } from './syntax.ts';

/** Names that are set in a part of the program that is not followed become unknown. */
export function forgetNames(frame: Frame, node: Node, because: string): void {
  const visit = (one: Node): void => {
    if (!spend(frame.run)) return;
    if (one.name === 'FunctionDefinition' || one.name === 'ClassDefinition') return;
    const place = placeOf(frame, one);
    const forget = (): Abstract => unknown(because, [place]);
    if (one.name === 'AssignStatement' || one.name === 'UpdateStatement') {
      for (const target of assignmentGroups(one).slice(0, -1).flat()) forgetTarget(frame, target, forget);
    } else if (one.name === 'CallExpression') {
      const [object, dot, property] = one.children[0]?.children ?? [];
      const mutates = object && dot?.name === '.' && property && MUTATORS.has(textOf(frame.source, property));
      if (mutates) forgetTarget(frame, object, (old) => opened(old, because));
    }
    one.children.forEach(visit);
  };
  visit(node);
}

function opened(old: Abstract, because: string): Abstract {
  return old.map((one) =>
    one.data.t === 'list' || one.data.t === 'dict' ? { ...one, data: { ...one.data, rest: because } } : one,
  );
}

function forgetTarget(frame: Frame, target: Node, change: (old: Abstract) => Abstract): void {
  if (target.name === 'VariableName') {
    const name = textOf(frame.source, target);
    bind(frame, name, change(find(frame.scope, name) ?? NOT_SET));
  } else if (target.name === 'MemberExpression') updateTarget(frame, target, change);
}
