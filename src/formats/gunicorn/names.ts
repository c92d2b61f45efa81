/** What a gunicorn.conf.py sets: names at the top level of a Python file. Nothing is run. */
import {
  lineOf,
  type Node,
  type PythonSource,
  parsePython,
  statementsOf,
  textOf,
} from '../../evaluate/syntax.ts';

/** A name that the file defines at its top level, in the order of the text. */
export interface DefinedName {
  name: string;
  line: number;
  kind: 'value' | 'function';
  /** The name is read somewhere in the file: it helps another, and need not be a setting. */
  used: boolean;
  /** The text where the value is one plain string. */
  text?: string;
}

/** The names that a file defines. What cannot be parsed is left out; Python itself will say so. */
export function definedNames(file: string, text: string): DefinedName[] {
  const source = parsePython(file, text);
  const reads = new Set<string>();
  collectReads(source, source.root, reads);
  return definitionsIn(source, statementsOf(source.root)).map((found) => ({
    ...found,
    used: reads.has(found.name),
  }));
}

type Definition = Omit<DefinedName, 'used'>;

/** Blocks under `if`, `try`, `for`, `while`, `with` and `match` are top level too: they have no names of their own. */
function definitionsIn(source: PythonSource, statements: readonly Node[]): Definition[] {
  return statements.flatMap((statement) => {
    if (statement.name === 'AssignStatement') return assigned(source, statement);
    if (statement.name === 'FunctionDefinition') return functionName(source, statement);
    if (statement.name === 'DecoratedStatement') return definitionsIn(source, statement.children);
    if (statement.name === 'ClassDefinition') return [];
    return blocksOf(statement).flatMap((body) => definitionsIn(source, statementsOf(body)));
  });
}

function blocksOf(node: Node): Node[] {
  return node.children.flatMap((child) => {
    if (child.name === 'Body') return [child];
    return child.name === 'MatchBody' || child.name === 'MatchClause' ? blocksOf(child) : [];
  });
}

function assigned(source: PythonSource, statement: Node): Definition[] {
  if (statement.broken) return [];
  const last = statement.children.findLastIndex((child) => child.name === 'AssignOp');
  const value = statement.children[last + 1];
  const text = value && plainString(textOf(source, value));
  const targets = statement.children.slice(0, Math.max(last, 0)).flatMap(namesIn);
  return targets.map((target) => ({
    name: textOf(source, target),
    line: lineOf(source, target.from),
    kind: 'value',
    ...(text !== undefined && { text }),
  }));
}

/** `a`, and those of `(a, b)`; `a.b` and `a[0]` define nothing. */
function namesIn(target: Node): Node[] {
  if (target.name === 'VariableName') return [target];
  return /^(?:Tuple|Array|Parenthesized)Expression$/.test(target.name)
    ? target.children.flatMap(namesIn)
    : [];
}

/** A string in plain quotes, without escapes; undefined for anything else. */
function plainString(text: string): string | undefined {
  return /^(["'])([^"'\\\n]*)\1$/.exec(text)?.[2];
}

function functionName(source: PythonSource, statement: Node): Definition[] {
  const name = statement.children.find((child) => child.name === 'VariableName');
  return name ? [{ name: textOf(source, name), line: lineOf(source, name.from), kind: 'function' }] : [];
}

/** Every name that is read; those that are only written, imported or named as an argument are not. */
function collectReads(source: PythonSource, node: Node, reads: Set<string>): void {
  for (const [index, child] of node.children.entries()) {
    if (child.name === 'VariableName' && !isWritten(node, index)) reads.add(textOf(source, child));
    collectReads(source, child, reads);
  }
}

function isWritten(parent: Node, index: number): boolean {
  if (parent.name === 'ImportStatement' || parent.name === 'FunctionDefinition') return true;
  if (parent.name === 'AssignStatement') {
    return index < parent.children.findLastIndex((child) => child.name === 'AssignOp');
  }
  return parent.name === 'ArgList' && parent.children[index + 1]?.name === 'AssignOp';
}
