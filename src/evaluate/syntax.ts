/**
 * A facade over the Python grammar of Lezer: text to a small tree of plain nodes.
 *
 * Lezer's own tree is built for editors (balanced, read through cursors). The evaluator wants to walk children by
 * index, to be sure of a bounded depth, and to know which statements were not understood; this file gives it that.
 * https://lezer.codemirror.net/docs/ref/ and https://github.com/lezer-parser/python
 */
import { parser } from '@lezer/python';
import type { ProjectFiles } from '../words/project-files.ts';

/** One node of the tree; `from` and `to` are offsets into `PythonSource.text`. Comments are left out. */
export interface Node {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly children: readonly Node[];
  /** Something directly in this statement (not in the statements of its body) could not be read. */
  readonly broken: boolean;
}

/** A parsed file. */
export interface PythonSource {
  readonly file: string;
  /** The text with line ends normalised to a line feed and without a byte order mark. */
  readonly text: string;
  readonly root: Node;
  /** Lines with Python that could not be read, sorted, each once. */
  readonly brokenLines: readonly number[];
  /** The file was too long, or too far from Python, to be read to its end. */
  readonly truncated: boolean;
  /** There is no text to be read. */
  readonly missing: boolean;
}

/** Entry files, settings and URLs are each looked at by several readers: parsed once per project. */
const parsed = new WeakMap<ProjectFiles, Map<string, PythonSource>>();

/** Reads and parses a file of a project; a file that cannot be read is an empty one. */
export function readPython(project: ProjectFiles, file: string): PythonSource {
  const sources = parsed.get(project) ?? new Map<string, PythonSource>();
  parsed.set(project, sources);
  const found = sources.get(file);
  if (found) return found;
  const text = project.read(file);
  const source = { ...parsePython(file, text ?? ''), missing: text === undefined };
  sources.set(file, source);
  return source;
}

/** No settings file that a person writes comes near this; a generated one that does is not worth the wait. */
const MAX_LENGTH = 1_500_000;
/** Error recovery is where the parser is slow: after so many steps of it, the rest of the file is given up. */
const MAX_RECOVERY_STEPS = 4_000;
/** Python itself refuses more brackets within each other. https://github.com/python/cpython/blob/main/Parser/lexer/state.h */
const MAX_BRACKETS = 200;
/** Deeper nodes become leaves named "TooDeep", so that recursive walks are safe. */
const MAX_DEPTH = 300;

interface MutableNode extends Node {
  children: MutableNode[];
  broken: boolean;
}

/**
 * Parses Python. Never throws: what is not Python ends up in `brokenLines`, the rest in the tree.
 */
export function parsePython(file: string, source: string): PythonSource {
  const text = normalise(source);
  const { root, truncated } = build(text);
  const errors = markBroken(root, text);
  const lines = [...new Set(errors.map((offset) => lineIndex(text).lineAt(offset)))].sort((a, b) => a - b);
  return { file, text, root, brokenLines: lines, truncated, missing: false };
}

function normalise(source: string): string {
  const text = source.startsWith('\uFEFF') ? source.slice(1) : source;
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}

function build(text: string): { root: MutableNode; truncated: boolean } {
  const root: MutableNode = { name: 'Script', from: 0, to: text.length, children: [], broken: false };
  if (text.length > MAX_LENGTH) return { root, truncated: true };
  const { tree, truncated } = parse(text);
  const stack: MutableNode[] = [root];
  const cursor = tree.cursor();
  if (!cursor.firstChild()) return { root, truncated };
  for (;;) {
    const parent = stack[stack.length - 1] as MutableNode;
    const deep = stack.length > MAX_DEPTH;
    const node: MutableNode = {
      name: deep ? 'TooDeep' : cursor.name,
      from: cursor.from,
      to: cursor.to,
      children: [],
      broken: false,
    };
    if (cursor.name !== 'Comment') parent.children.push(node);
    if (!deep && cursor.firstChild()) {
      stack.push(node);
      continue;
    }
    while (!cursor.nextSibling()) {
      if (stack.length === 1 || !cursor.parent()) return { root, truncated };
      stack.pop();
      if (stack.length === 0) return { root, truncated };
    }
    if (stack.length === 0) return { root, truncated };
  }
}

/** Where brackets lie deeper in each other than Python reads; the text's length, if they nowhere do. */
function endOfReadable(text: string): number {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '#') at = endOfLine(text, at);
    else if (character === '"' || character === "'") at = endOfString(text, at);
    else if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character)) depth = Math.max(depth - 1, 0);
    if (depth > MAX_BRACKETS) return at;
  }
  return text.length;
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
}

/**
 * The last place of the string literal that begins there: its closing quote, or where the line or the text ends
 * without one. A backslash keeps the next character from ending it, in raw strings too.
 * https://docs.python.org/3/reference/lexical_analysis.html#string-and-bytes-literals
 */
function endOfString(text: string, begin: number): number {
  const quote = text.charAt(begin);
  const triple = text.startsWith(quote.repeat(3), begin);
  const closing = triple ? quote.repeat(3) : quote;
  for (let at = begin + closing.length; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text.startsWith(closing, at)) return at + closing.length - 1;
    else if (text[at] === '\n' && !triple) return at;
  }
  return text.length;
}

function parse(text: string) {
  const end = endOfReadable(text);
  const run = parser.startParse(text.slice(0, end));
  // `recovering` is a counter of the parser that its types do not name; without it the bound is never reached.
  const state = run as unknown as { recovering?: number };
  let steps = 0;
  let truncated = end < text.length;
  for (;;) {
    const tree = run.advance();
    if (tree) return { tree, truncated };
    if (run.stoppedAt === null && state.recovering && ++steps > MAX_RECOVERY_STEPS) {
      run.stopAt(run.parsedPos);
      truncated = true;
    }
  }
}

/** Marks the statements that hold an error, and returns the offsets of the errors. */
function markBroken(root: MutableNode, text: string): number[] {
  const errors: number[] = [];
  const conflicts: { from: number; to: number }[] = [];
  const visit = (node: MutableNode, statement: MutableNode | undefined): void => {
    node.children.forEach((child, index) => {
      const isError = child.name === '⚠' || child.name === 'TooDeep' || isUnterminated(child, text);
      if (isError && !isBareYield(node)) {
        errors.push(lastTextBefore(text, child));
        if (statement) statement.broken = true;
        else markNeighbours(node.children, index, text);
        noteConflict(conflicts, child.from, text);
      }
      const block = child.name === 'Body' || child.name === 'MatchBody' || child.name === 'StatementGroup';
      const starts = isBlock(node) && !block && child.name !== '⚠';
      visit(child, block ? undefined : starts ? child : statement);
    });
  };
  visit(root, undefined);
  for (const conflict of conflicts) markRange(root, conflict);
  return errors;
}

/** The grammar wants a value after yield; Python does not. https://docs.python.org/3/reference/simple_stmts.html#the-yield-statement */
function isBareYield({ name, children }: Node): boolean {
  const [word, error, ...more] = children;
  return (
    name === 'YieldStatement' && word?.name === 'yield' && error?.from === error?.to && more.length === 0
  );
}

/** What is missing is noticed at the next line that has something else: it is missing where the text before it ends. */
function lastTextBefore(text: string, error: Node): number {
  if (error.to > error.from) return error.from;
  let at = error.from;
  while (at > 0 && ' \t\n\f'.includes(text[at - 1] as string)) at--;
  return Math.max(at - 1, 0);
}

function isBlock(node: Node): boolean {
  return node.name === 'Script' || node.name === 'Body' || node.name === 'StatementGroup';
}

/** The grammar ends an unclosed one-line string at the line's end without an error; Python does not. */
function isUnterminated(node: Node, text: string): boolean {
  if (node.name !== 'String' && node.name !== 'FormatString') return false;
  const last = text[node.to - 1];
  return node.to - node.from < 2 || (last !== '"' && last !== "'");
}

/** An error between statements belongs to the one before it on the same line, and to the one after it likewise. */
function markNeighbours(siblings: MutableNode[], index: number, text: string): void {
  const error = siblings[index] as MutableNode;
  const before = siblings[index - 1];
  const after = siblings[index + 1];
  if (before && before.name !== ':' && !text.slice(before.to, error.from).includes('\n'))
    before.broken = true;
  const wide = error.to > error.from;
  if (wide && after && !text.slice(error.to, after.from).includes('\n')) after.broken = true;
}

/** What lies between the markers of an unfinished merge has two versions: none of it can be trusted. */
function noteConflict(conflicts: { from: number; to: number }[], offset: number, text: string): void {
  const atLineStart = offset === 0 || text[offset - 1] === '\n';
  if (!atLineStart) return;
  if (text.startsWith('<<<<<<< ', offset)) conflicts.push({ from: offset, to: text.length });
  const open = conflicts[conflicts.length - 1];
  if (open && text.startsWith('>>>>>>>', offset)) open.to = offset;
}

function markRange(node: MutableNode, range: { from: number; to: number }): void {
  for (const child of node.children) {
    if (child.to < range.from || child.from > range.to) continue;
    if (isBlock(node)) child.broken = true;
    markRange(child, range);
  }
}

/** Turns offsets into lines, which count from 1. */
interface LineIndex {
  lineAt(offset: number): number;
}

const indexes = new WeakMap<object, LineIndex>();
const lastIndex: { text: string; index: LineIndex } = { text: '', index: makeLineIndex('') };

function lineIndex(text: string): LineIndex {
  if (lastIndex.text !== text) {
    lastIndex.text = text;
    lastIndex.index = makeLineIndex(text);
  }
  return lastIndex.index;
}

function makeLineIndex(text: string): LineIndex {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return {
    lineAt(offset) {
      let low = 0;
      let high = starts.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((starts[middle] as number) <= offset) low = middle;
        else high = middle - 1;
      }
      return low + 1;
    },
  };
}

/** The line of an offset in a parsed file, counted from 1. */
export function lineOf(source: PythonSource, offset: number): number {
  let index = indexes.get(source);
  if (!index) {
    index = makeLineIndex(source.text);
    indexes.set(source, index);
  }
  return index.lineAt(offset);
}

/** The text that a node covers. */
export function textOf(source: PythonSource, node: Node): string {
  return source.text.slice(node.from, node.to);
}

/** The text that a node covers, on one line and not too long, to be shown to a person. */
export function shortText(source: PythonSource, node: Node, limit = 70): string {
  // Cut before collapsing: a node may cover a megabyte.
  const text = source.text
    .slice(node.from, Math.min(node.to, node.from + limit * 4))
    .split(/\s+/)
    .join(' ');
  return text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
}

const PUNCTUATION = new Set(['(', ')', '[', ']', '{', '}', ',', ':', ';', '.']);

/** The children of a bracketed or comma separated node that are not punctuation. */
export function parts(node: Node): Node[] {
  return node.children.filter((child) => !PUNCTUATION.has(child.name));
}

/** The statements of a body, those on one line separated by semicolons included. */
export function statementsOf(body: Node): Node[] {
  return body.children.flatMap((child) =>
    child.name === 'StatementGroup'
      ? statementsOf(child)
      : child.name === ':' || child.name === '⚠'
        ? []
        : [child],
  );
}
