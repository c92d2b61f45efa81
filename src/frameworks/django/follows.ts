/** Which names a settings module sets, and which of them it makes of DEBUG. */
import { assignmentGroups, MUTATORS } from '../../evaluate/assign.ts';
import type { Evaluator } from '../../evaluate/index.ts';
import { lineOf, type Node, type PythonSource, readPython, textOf } from '../../evaluate/syntax.ts';
import type { ProjectFiles } from '../../words/project-files.ts';
import type { Evidence } from '../../words/value.ts';

/** A name, or `from .live import *` for all that another module has, and where it is set. */
interface SetName {
  name: string;
  at: Evidence;
}

/** What a module sets, functions and classes left out: what they set is their own. */
export function namesSet(project: ProjectFiles, file: string): SetName[] {
  const source = readPython(project, file);
  return setIn(source, source.root);
}

/**
 * What is set in one way with DEBUG and in another without it: in a branch that asks for it, from a value that reads it,
 * or by a function that does. Modules of the project that it takes names from are read too.
 */
export function madeOfDebug(project: ProjectFiles, evaluate: Evaluator, file: string): SetName[] {
  const files = new Set([file]);
  // A set grows while it is walked.
  for (const one of files) {
    const source = readPython(project, one);
    for (const from of importedFrom(source, source.root)) {
      const found = from.startsWith('.') ? evaluate.locateFrom(one, from) : evaluate.locate(from);
      if (found?.file !== undefined) files.add(found.file);
    }
  }
  return [...files].flatMap((one) => {
    const source = readPython(project, one);
    return madeIn(source, source.root);
  });
}

/** The modules of `from module import name`. */
function importedFrom(source: PythonSource, node: Node): string[] {
  if (node.name !== 'ImportStatement') return node.children.flatMap((child) => importedFrom(source, child));
  const word = node.children.findIndex(({ name }) => name === 'import');
  if (node.children[0]?.name !== 'from' || word === -1) return [];
  return [
    node.children
      .slice(1, word)
      .map((child) => textOf(source, child))
      .join(''),
  ];
}

function madeIn(source: PythonSource, node: Node): SetName[] {
  switch (node.name) {
    case 'AssignStatement':
    case 'UpdateStatement': {
      const groups = assignmentGroups(node);
      const reads = groups.length > 1 && groups.at(-1)?.some((one) => readsDebug(source, one)) === true;
      return reads ? setIn(source, node) : [];
    }
    case 'ExpressionStatement':
    case 'FunctionDefinition':
    case 'ClassDefinition':
      return readsDebug(source, node) ? setIn(source, node) : [];
    default: {
      const isBlock = (child: Node) => child.name === 'Body' || child.name === 'MatchBody';
      const heads = node.children.filter((child) => !isBlock(child));
      const asks = heads.length < node.children.length && heads.some((head) => readsDebug(source, head));
      return asks ? setIn(source, node) : node.children.flatMap((child) => madeIn(source, child));
    }
  }
}

/** Does it read the name DEBUG? `Env(DEBUG=...)` and `conf.DEBUG` do not. */
function readsDebug(source: PythonSource, node: Node): boolean {
  return (
    node.children.some((child, index) => {
      if (child.name !== 'VariableName') return readsDebug(source, child);
      return textOf(source, child) === 'DEBUG' && node.children[index + 1]?.name !== 'AssignOp';
    }) ||
    (node.name === 'VariableName' && textOf(source, node) === 'DEBUG')
  );
}

function setIn(source: PythonSource, node: Node): SetName[] {
  const called = (name: string): SetName => ({
    name,
    at: { file: source.file, line: lineOf(source, node.from) },
  });
  switch (node.name) {
    case 'AssignStatement':
    case 'UpdateStatement':
      return assignmentGroups(node)
        .slice(0, -1)
        .flat()
        .flatMap((target) => targetsOf(source, target))
        .map(called);
    case 'DeleteStatement':
      return node.children.flatMap((target) => targetsOf(source, target)).map(called);
    case 'FunctionDefinition':
    case 'ClassDefinition': {
      const name = node.children.find((child) => child.name === 'VariableName');
      return name === undefined ? [] : [called(textOf(source, name))];
    }
    case 'ImportStatement':
      return importedNames(source, node).map(called);
    case 'CallExpression': {
      const [object, dot, property] = node.children[0]?.children ?? [];
      const mutates = object && dot?.name === '.' && property && MUTATORS.has(textOf(source, property));
      const inner = node.children.flatMap((child) => setIn(source, child));
      // `sys.path.insert(...)` sets nothing of the module's own.
      const own = mutates ? targetsOf(source, object).filter((name) => /[A-Z]/.test(name)) : [];
      return [...own.map(called), ...inner];
    }
    default:
      return node.children.flatMap((child) => setIn(source, child));
  }
}

/** `from .live import *`, or the settings among the names. What a module is called that is imported, is no setting. */
function importedNames(source: PythonSource, node: Node): string[] {
  if (node.children[0]?.name !== 'from') return [];
  const names = node.children.slice(node.children.findIndex(({ name }) => name === 'import') + 1);
  if (names.some(({ name }) => name === '*')) return [textOf(source, node)];
  return names
    .filter(({ name }) => name === 'VariableName')
    .map((name) => textOf(source, name))
    .filter((name) => /^[A-Z][A-Z0-9_]*$/.test(name));
}

/** The names at the root of what is assigned to: `A`, `A["x"]`, `A.x`, `(A, *B)`. */
function targetsOf(source: PythonSource, node: Node): string[] {
  if (node.name === 'VariableName') return [textOf(source, node)];
  if (node.name === 'MemberExpression' || node.name === 'CallExpression')
    return node.children.slice(0, 1).flatMap((child) => targetsOf(source, child));
  return node.children.flatMap((child) => targetsOf(source, child));
}
