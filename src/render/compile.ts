import { parse } from 'handlebars/dist/cjs/handlebars/compiler/base.js';
import { END, Misuse, type Syntax, VALUE } from '../formats/syntax.ts';
import { TemplateError, type TemplateProblem } from './problem.ts';
import { syntaxOfPath } from './syntaxes.ts';
import type { CompiledTemplate, Reason, Reference, Step, UsedPath } from './template.ts';

type Node = hbs.AST.Statement;
type Block = hbs.AST.BlockStatement;
type Mustache = hbs.AST.MustacheStatement;

const ALLOWED =
  'allowed are {{path.to.value}}, {{#if}}, {{#unless}}, {{#each}}, {{else}}, and {{> part}} and comments on lines of their own';
const SAME = 'the same quotes, word, directive and block must be open';
const COMMENT_WIDTH = 100;

interface Loop {
  /** Generic path of an item: `static.*`. */
  readonly path: string;
  readonly names: readonly string[];
}

/** Texts of templates that others may have in them, by name: "process-managers/systemd/sandbox". */
export type Parts = Readonly<Record<string, string>>;

interface Pass {
  readonly path: string;
  readonly source: readonly string[];
  readonly parts: Parts;
  readonly syntax: Syntax;
  readonly problems: TemplateProblem[];
  readonly reasons: Reason[];
  readonly paths: UsedPath[];
  readonly loops: Loop[];
  /** The reason that counts for the next line, and whether its lines have begun. */
  reason: number | undefined;
  begun: boolean;
  /** State of the target syntax. */
  state: unknown;
}

/**
 * Reads a template (Handlebars) and checks it against the syntax that its path tells.
 * `path` is how errors and origins will name it; it must end like a path under templates/.
 * Throws a `TemplateError` with all problems found.
 */
export function compileTemplate(path: string, source: string, parts: Parts = {}): CompiledTemplate {
  const syntax = syntaxOfPath(path);
  if (!syntax) throw failure(path, 1, 'no syntax is known for this path; add it to src/render/syntaxes.ts');
  const tree = parsed(path, source);
  const pass: Pass = {
    path,
    source: source.split('\n'),
    parts,
    syntax,
    problems: [],
    reasons: [],
    paths: [],
    loops: [],
    reason: undefined,
    begun: false,
    state: syntax.start,
  };
  const program = steps(pass, tree.body, [END]);
  guard(pass, pass.source.length, () => syntax.end(pass.state));
  if (pass.problems.length > 0) throw new TemplateError(pass.problems);
  return { path, syntax: syntax.name, program, reasons: pass.reasons, paths: pass.paths };
}

function failure(template: string, line: number, message: string): TemplateError {
  return new TemplateError([{ template, line, message }]);
}

function parsed(path: string, source: string): hbs.AST.Program {
  const bad = /[^\P{Cc}\n\t]/u.exec(source);
  if (bad)
    throw failure(
      path,
      lineAt(source, bad.index),
      'control characters may not stand in a template; lines end with LF',
    );
  const escaped = source.search(/\\\{\{/);
  if (escaped >= 0)
    throw failure(
      path,
      lineAt(source, escaped),
      'a backslash before {{ would print the braces; put it elsewhere',
    );
  try {
    return parse(source);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const line = Number(/line (\d+)/.exec(message)?.[1] ?? / - (\d+):\d+/.exec(message)?.[1] ?? 1);
    throw failure(path, line, message);
  }
}

function lineAt(source: string, offset: number): number {
  return source.slice(0, offset).split('\n').length;
}

function problem(pass: Pass, line: number, message: string): void {
  pass.problems.push({ template: pass.path, line, message });
}

/** Runs a step of the syntax; a `Misuse` becomes a problem of that line, and the pass goes on. */
function guard<T>(pass: Pass, line: number, action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof Misuse)) throw error;
    problem(pass, line, error.message);
    return undefined;
  }
}

/** `follow`: what may come after the last of these nodes. */
function steps(pass: Pass, nodes: readonly Node[], follow: readonly string[]): Step[] {
  const all = nodes.flatMap((node, index): Step[] => {
    const next = firsts(nodes.slice(index + 1), follow);
    switch (node.type) {
      case 'ContentStatement':
        return content(pass, node as hbs.AST.ContentStatement);
      case 'MustacheStatement':
        return mustache(pass, node as Mustache, next);
      case 'CommentStatement':
        return comment(pass, node as hbs.AST.CommentStatement);
      case 'BlockStatement':
        return block(pass, node as Block, next);
      case 'PartialStatement':
        return part(pass, node as hbs.AST.PartialStatement);
      default:
        problem(pass, node.loc.start.line, `${node.type} may not be used: ${ALLOWED}`);
        return [];
    }
  });
  return all.reduce(withNext, []);
}

/** The steps with one more: a line goes to the text above it that it follows on, and that is there for the same reason. */
function withNext(before: Step[], step: Step): Step[] {
  const last = before.at(-1);
  const isNext =
    step.kind === 'text' &&
    last?.kind === 'text' &&
    last.reason === step.reason &&
    last.text.endsWith('\n') &&
    last.line + last.text.split('\n').length - 1 === step.line;
  if (isNext) before[before.length - 1] = { ...last, text: last.text + step.text };
  else before.push(step);
  return before;
}

/** What the output of these nodes may start with: a character, VALUE, or what follows them. */
function firsts(nodes: readonly Node[], follow: readonly string[]): string[] {
  const [node, ...rest] = nodes;
  if (!node) return [...follow];
  if (node.type === 'MustacheStatement' || node.type === 'PartialStatement') return [VALUE];
  if (node.type === 'ContentStatement') {
    const { value } = node as hbs.AST.ContentStatement;
    return value === '' ? firsts(rest, follow) : [String.fromCodePoint(value.codePointAt(0) as number)];
  }
  if (node.type !== 'BlockStatement') return firsts(rest, follow);
  const { program, inverse } = node as Block;
  const after = firsts(rest, follow);
  return [...new Set([...firsts(program?.body ?? [], after), ...firsts(inverse?.body ?? [], after)])];
}

function content(pass: Pass, node: hbs.AST.ContentStatement & { rightStripped?: boolean }): Step[] {
  const original = String(node.original);
  const moved = node.rightStripped && /^[ \t]*\n/.test(original) ? 1 : 0;
  const lines = node.value.match(/[^\n]*\n|[^\n]+/g) ?? [];
  return lines.map((text, index) => {
    const line = node.loc.start.line + moved + index;
    const blank = pass.source[line - 1]?.trim() === '';
    if (blank) pass.reason = undefined;
    else pass.begun = true;
    guard(pass, line, () => read(pass, text));
    return { kind: 'text', line, text, ...reasonOf(pass) };
  });
}

function read(pass: Pass, text: string): void {
  for (const c of text) pass.state = pass.syntax.step(pass.state, c);
}

function reasonOf(pass: Pass): { reason: number } | Record<string, never> {
  return pass.reason === undefined ? {} : { reason: pass.reason };
}

function mustache(pass: Pass, node: Mustache, next: readonly string[]): Step[] {
  pass.begun = true;
  return mustacheAt(pass, node, node.loc.start.line, next);
}

function mustacheAt(pass: Pass, node: Mustache, line: number, next: readonly string[]): Step[] {
  const plain =
    node.escaped && node.params.length === 0 && !node.hash && !node.strip?.open && !node.strip?.close;
  if (!plain || node.path.type !== 'PathExpression') {
    problem(pass, line, `this mustache may not be used: ${ALLOWED}`);
    return [];
  }
  const from = reference(pass, node.path as hbs.AST.PathExpression, line, 'value');
  const found = guard(pass, line, () => pass.syntax.hole(pass.state, next));
  if (!from || !found) return [];
  pass.state = found.state;
  return [{ kind: 'value', line, from, context: found.context, ...reasonOf(pass) }];
}

function block(pass: Pass, node: Block, next: readonly string[]): Step[] {
  const line = node.loc?.start.line ?? node.path.loc.start.line;
  const kind = node.path.original;
  const [argument] = node.params;
  const strips = [node.openStrip, node.inverseStrip, node.closeStrip].some(
    (strip) => strip?.open || strip?.close,
  );
  const raw = pass.source[line - 1]?.includes('{{{{') ?? false;
  const known = kind === 'if' || kind === 'unless' || kind === 'each';
  const single = node.params.length === 1 && argument?.type === 'PathExpression' && !node.hash;
  const body = node.program?.body;
  if (!known || !single || !body || strips || raw || (kind !== 'each' && node.program.blockParams?.length)) {
    problem(pass, line, `this block may not be used: ${ALLOWED}`);
    return [];
  }
  const from = reference(pass, argument as hbs.AST.PathExpression, line, kind === 'each' ? 'each' : 'if');
  if (!from) return [];
  const outer = { reason: pass.reason, state: pass.state };
  const loop = kind === 'each' ? loopOf(pass, from, node.program.blockParams ?? []) : undefined;
  if (loop) pass.loops.push(loop);
  const first = steps(pass, body, loop ? [...new Set([...firsts(body, next), ...next])] : next);
  if (loop) pass.loops.pop();
  const end = { reason: pass.reason, state: pass.state };
  pass.reason = outer.reason;
  pass.state = outer.state;
  const second = steps(pass, node.inverse?.body ?? [], next);
  const cleared = (reason: number | undefined) => reason === undefined;
  pass.reason = cleared(end.reason) || cleared(pass.reason) ? undefined : outer.reason;
  const round = { before: outer.state, after: end.state, first: firsts(body, next) };
  const ends = loop && !repeats(pass, line, round) ? outer.state : end.state;
  if (ends === end.state) join(pass, line, ends);
  if (kind === 'each') return [{ kind: 'each', line, from, body: first, empty: second }];
  return [
    { kind: 'if', line, from, yes: kind === 'if' ? first : second, no: kind === 'if' ? second : first },
  ];
}

/** What several templates have in common, read in its place. Its paths start at the plan, wherever it stands. */
function part(pass: Pass, node: hbs.AST.PartialStatement): Step[] {
  const { line } = node.loc.start;
  const name = node.name.type === 'PathExpression' ? (node.name as hbs.AST.PathExpression).original : '';
  const plain = node.params.length === 0 && !node.hash && !node.strip?.open && !node.strip?.close;
  if (!plain || pass.source[line - 1] !== `{{> ${name}}}`) {
    problem(pass, line, `this part may not be used: ${ALLOWED}`);
    return [];
  }
  const source = Object.hasOwn(pass.parts, name) ? pass.parts[name] : undefined;
  if (source === undefined) {
    problem(pass, line, `there is no template ${name} that could be a part, or it is itself in a part`);
    return [];
  }
  const path = `templates/${name}.hbs`;
  const inner: Pass = { ...pass, path, source: source.split('\n'), parts: {}, loops: [], reason: undefined };
  const body = steps(inner, parsed(path, source).body, [VALUE]);
  pass.state = inner.state;
  pass.reason = undefined;
  return [{ kind: 'part', template: path, body }];
}

interface Round {
  readonly before: unknown;
  readonly after: unknown;
  readonly first: readonly string[];
}

/** True if the body of an each, read once, holds for every round. */
function repeats(pass: Pass, line: number, round: Round): boolean {
  const { syntax } = pass;
  const { before, after, first } = round;
  const alike = syntax.key(before) === syntax.key(after);
  const joined = alike && first.includes(VALUE) && syntax.join ? syntax.join(before, after) : before;
  if (alike && joined === before) return true;
  problem(pass, line, `${syntax.name}: the body of this each must end where it starts: ${SAME}`);
  return false;
}

/** After a block, both alternatives must have left the target syntax in one state. */
function join(pass: Pass, line: number, other: unknown): void {
  const { syntax } = pass;
  if (syntax.key(pass.state) !== syntax.key(other))
    problem(pass, line, `${syntax.name}: the alternatives of this block must end alike: ${SAME}`);
  pass.state = syntax.join ? syntax.join(pass.state, other) : other;
}

function loopOf(pass: Pass, from: Reference, names: readonly string[]): Loop {
  if (names.length > 2) throw new Error('Handlebars gives each at most two block parameters');
  return { path: `${generic(pass, from)}.*`, names };
}

/** `static.*.url`: the path with `*` for the items of lists. */
function generic(pass: Pass, from: Reference): string {
  const base = from.loop < 0 ? [] : [pass.loops[from.loop]?.path];
  return [...base, ...from.parts].join('.');
}

/** Which loop or root a path starts from, as Handlebars resolves it. Undefined, with a problem, for what is not allowed. */
function reference(
  pass: Pass,
  path: hbs.AST.PathExpression,
  line: number,
  use: UsedPath['use'],
): Reference | undefined {
  const refuse = (message: string) => {
    problem(pass, line, `{{${path.original}}}: ${message}`);
    return undefined;
  };
  const inner = pass.loops.length - 1;
  if (path.data && path.parts[0] !== 'root') {
    const [name] = path.parts;
    if (inner < 0 || path.depth > 0 || path.parts.length !== 1) return refuse('only in the body of an each');
    if (name !== 'index' && name !== 'first' && name !== 'last')
      return refuse('known are @index, @first, @last, @root');
    return { loop: inner, parts: [], data: name };
  }
  const from = start(pass, path, inner);
  if (!from) return refuse('there are not so many each around it');
  if (from.data === undefined) {
    if (from.loop < 0 && from.parts.length === 0) return refuse('the whole plan is not a value');
    pass.paths.push({ path: generic(pass, from), line, use });
  } else if (from.parts.length > 0) return refuse('an index has no parts');
  return from;
}

function start(pass: Pass, path: hbs.AST.PathExpression, inner: number): Reference | undefined {
  const { parts, depth } = path;
  if (path.data) return { loop: -1, parts: parts.slice(1) };
  const scoped = /^(\.|this\b)/.test(path.original);
  if (depth === 0 && !scoped) {
    const named = pass.loops.findLastIndex((loop) => loop.names.includes(parts[0] as string));
    if (named >= 0) {
      const isIndex = pass.loops[named]?.names.indexOf(parts[0] as string) === 1;
      return { loop: named, parts: parts.slice(1), ...(isIndex && { data: 'index' as const }) };
    }
  }
  return inner - depth < -1 ? undefined : { loop: inner - depth, parts };
}

function comment(pass: Pass, node: hbs.AST.CommentStatement): Step[] {
  const { start, end } = node.loc;
  const before = (pass.source[start.line - 1] ?? '').slice(0, start.column);
  const behind = (pass.source[end.line - 1] ?? '').slice(end.column);
  if (before.trim() !== '' || behind.trim() !== '') {
    problem(pass, start.line, 'a comment stands on lines of its own, above what it is about');
    return [];
  }
  if (node.strip?.open || node.strip?.close) problem(pass, start.line, `~ may not be used: ${ALLOWED}`);
  const emitted = (pass.source[start.line - 1] ?? '').startsWith('{{!--', start.column);
  const words = node.value
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return [];
  const values = [...new Set(node.value.match(/\{\{[^{}]*\}\}/g))].flatMap((spelling) => {
    const [inner] = parsed(pass.path, spelling).body as Mustache[];
    const path = inner?.type === 'MustacheStatement' ? (inner.path as hbs.AST.PathExpression) : undefined;
    const from = path?.type === 'PathExpression' ? reference(pass, path, start.line, 'value') : undefined;
    return from ? [{ spelling, from }] : [];
  });
  note(pass, { ...reasonFrom(words, start.line, emitted), values });
  return emitted ? commentSteps(pass, start.line, before, words) : [];
}

/** A comment right below another, with nothing between, adds to it. */
function note(pass: Pass, reason: Reason): void {
  const last = pass.reason === undefined || pass.begun ? undefined : pass.reasons[pass.reason];
  pass.begun = false;
  if (!last) {
    pass.reason = pass.reasons.push(reason) - 1;
    return;
  }
  const text = [last.text, reason.text].filter((each) => each !== '').join(' ');
  const links = [...last.links, ...reason.links];
  pass.reasons[pass.reason as number] = {
    line: last.line,
    text,
    values: [...last.values, ...reason.values],
    links,
    emitted: last.emitted || reason.emitted,
  };
}

function reasonFrom(words: readonly string[], line: number, emitted: boolean): Omit<Reason, 'values'> {
  const isLink = (word: string) => /^[(<]?https?:\/\//.test(word);
  const links = words.filter(isLink).map((word) => word.replace(/^[(<]|[)>.,;:]+$/g, ''));
  const last = words.findLastIndex((word) => !isLink(word));
  return { line, text: words.slice(0, last + 1).join(' '), links, emitted };
}

/** The comment in the target syntax, wrapped; nothing where the syntax writes no comments. Values are filled in. */
function commentSteps(pass: Pass, line: number, indent: string, words: readonly string[]): Step[] {
  const prefix = pass.syntax.comment(pass.state);
  if (prefix === false) return [];
  if (prefix === undefined) {
    problem(pass, line, `${pass.syntax.name}: no comment can be written here; use {{! }}, which is not`);
    return [];
  }
  const lines = wrapped(words, COMMENT_WIDTH - indent.length - prefix.length);
  return lines.flatMap((each) => commentLine(pass, line, `${indent}${prefix}${each}\n`));
}

function commentLine(pass: Pass, line: number, text: string): Step[] {
  return text
    .split(/(\{\{[^{}]*\}\})/)
    .filter((part) => part !== '')
    .flatMap((part): Step[] => {
      const [node] = part.startsWith('{{') ? (parsed(pass.path, part).body as Mustache[]) : [];
      if (node?.type === 'MustacheStatement') return mustacheAt(pass, node, line, [' ']);
      guard(pass, line, () => read(pass, part));
      return [{ kind: 'text', line, text: part, ...reasonOf(pass) }];
    });
}

function wrapped(words: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
