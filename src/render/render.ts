import { CannotHold, type Syntax } from '../formats/syntax.ts';
import { MissingValue, RenderError, UnquotableValue } from './problem.ts';
import { syntaxNamed } from './syntaxes.ts';
import type { CompiledTemplate, EachStep, IfStep, PartStep, Reason, Reference, Step } from './template.ts';

/** Where one line of the output came from. */
export interface LineOrigin {
  readonly template: string;
  readonly templateLine: number;
  readonly reason?: { readonly text: string; readonly links: readonly string[] };
  /** Plan paths whose values stand on the line, in the order printed. */
  readonly uses: readonly string[];
  /** Plan paths that decided that the line, or a part of it, stands there. */
  readonly conditions: readonly string[];
}

/** `lines[i]` belongs to the i-th line of `text`. */
export interface RenderedText {
  readonly text: string;
  readonly lines: readonly LineOrigin[];
}

interface Loop {
  readonly path: string;
  readonly item: unknown;
  readonly index: number;
  readonly length: number;
}

interface OpenLine {
  template: string;
  line: number;
  reason: LineOrigin['reason'];
  uses: string[];
  conditions: string[];
}

/** One item of a list: the only one for which an `each` over that list is run. */
export interface Only {
  readonly list: string;
  readonly index: number;
}

interface Run {
  readonly template: CompiledTemplate;
  readonly only: Only | undefined;
  readonly syntax: Syntax;
  readonly data: unknown;
  /** The template, or the part of it, whose lines are being written. */
  path: string;
  loops: Loop[];
  readonly conditions: string[];
  readonly problems: (UnquotableValue | MissingValue)[];
  readonly lines: LineOrigin[];
  text: string;
  open: OpenLine | undefined;
}

/**
 * Fills a compiled template from the plan (JSON data).
 * With `only`, a template whose body is an `each` over that list makes one of its several files.
 * Throws a `RenderError` with every `UnquotableValue` and `MissingValue` of the run; never a part of the text.
 */
export function renderTemplate(template: CompiledTemplate, data: unknown, only?: Only): RenderedText {
  const run: Run = {
    template,
    only,
    syntax: syntaxNamed(template.syntax),
    data,
    path: template.path,
    loops: [],
    conditions: [],
    problems: [],
    lines: [],
    text: '',
    open: undefined,
  };
  runSteps(run, template.program);
  closeLine(run);
  if (run.problems.length > 0) throw new RenderError(run.problems);
  return { text: run.text, lines: run.lines };
}

const LINES = /[^\n]*\n|[^\n]+/g;

function runSteps(run: Run, steps: readonly Step[]): void {
  for (const step of steps) {
    if (step.kind === 'text') {
      for (const [index, text] of (step.text.match(LINES) ?? []).entries()) {
        write(run, text, step.line + index, step.reason);
        if (text.endsWith('\n')) closeLine(run);
      }
    } else if (step.kind === 'value') {
      const found = look(run, step.from, step.line);
      if (!found) continue;
      const text = quoted(run, found, step.context, step.line);
      const line = write(run, text, step.line, step.reason);
      if (step.from.data === undefined) addOnce(line.uses, found.path);
    } else if (step.kind === 'if') runIf(run, step);
    else if (step.kind === 'each') runEach(run, step);
    else runPart(run, step);
  }
}

function runPart(run: Run, step: PartStep): void {
  const { path, loops } = run;
  Object.assign(run, { path: step.template, loops: [] });
  runSteps(run, step.body);
  Object.assign(run, { path, loops });
}

function runIf(run: Run, step: IfStep): void {
  const found = look(run, step.from, step.line);
  if (!found) return;
  within(run, step.from.data === undefined ? found.path : undefined, () =>
    runSteps(run, truthy(found.value) ? step.yes : step.no),
  );
}

function runEach(run: Run, step: EachStep): void {
  const found = look(run, step.from, step.line);
  if (!found) return;
  const items = found.value;
  if (!Array.isArray(items)) {
    const place = { template: run.path, line: step.line, path: found.path };
    run.problems.push(new MissingValue(place, 'each needs a list'));
    return;
  }
  within(run, found.path, () => {
    if (items.length === 0) runSteps(run, step.empty);
    for (const [index, item] of items.entries()) {
      if (run.only?.list === found.path && run.only.index !== index) continue;
      run.loops.push({ path: `${found.path}.${index}`, item, index, length: items.length });
      runSteps(run, step.body);
      run.loops.pop();
    }
  });
}

/** Runs a block under its condition; on a line already begun, the condition counts even if the block is empty. */
function within(run: Run, path: string | undefined, block: () => void): void {
  if (path === undefined) {
    block();
    return;
  }
  if (run.open) addOnce(run.open.conditions, path);
  run.conditions.push(path);
  block();
  run.conditions.pop();
}

/** What Handlebars takes for true: an empty list is false. */
function truthy(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

interface Found {
  readonly path: string;
  readonly value: unknown;
}

/** Own properties only, so that nothing is found on a prototype. Notes a `MissingValue` and returns undefined. */
function look(run: Run, from: Reference, line: number): Found | undefined {
  const loop = from.loop < 0 ? undefined : run.loops[from.loop];
  if (loop && from.data) return { path: `@${from.data}`, value: position(loop, from.data) };
  let path = loop ? loop.path : '';
  let value = loop ? loop.item : run.data;
  for (const part of from.parts) {
    path = path === '' ? part : `${path}.${part}`;
    if (!has(value, part)) {
      run.problems.push(new MissingValue({ template: run.path, line, path }, 'is not in the plan'));
      return undefined;
    }
    value = value[part];
  }
  return { path, value };
}

function has(value: unknown, part: string): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value) && !/^\d+$/.test(part)) return false;
  return Object.hasOwn(value, part) && (value as Record<string, unknown>)[part] !== undefined;
}

function position(loop: Loop, data: 'index' | 'first' | 'last'): number | boolean {
  if (data === 'index') return loop.index;
  return data === 'first' ? loop.index === 0 : loop.index === loop.length - 1;
}

function quoted(run: Run, found: Found, context: string, line: number): string {
  try {
    return run.syntax.quote(context, found.value);
  } catch (error) {
    if (!(error instanceof CannotHold)) throw error;
    const place = { template: run.path, line, path: found.path };
    run.problems.push(new UnquotableValue(place, found.value, error.message, error.character));
    return '';
  }
}

function write(run: Run, text: string, line: number, reason: number | undefined): OpenLine {
  run.text += text;
  run.open ??= {
    template: run.path,
    line,
    reason: undefined,
    uses: [],
    conditions: [...new Set(run.conditions)],
  };
  for (const path of run.conditions) addOnce(run.open.conditions, path);
  if (reason !== undefined) run.open.reason ??= explained(run, run.template.reasons[reason] as Reason);
  return run.open;
}

/** The reason with its values filled in, as a person reads them. */
function explained(run: Run, reason: Reason): { text: string; links: readonly string[] } {
  const text = reason.values.reduce((filled, { spelling, from }) => {
    const found = look(run, from, reason.line);
    return found ? filled.replaceAll(spelling, () => String(found.value)) : filled;
  }, reason.text);
  return { text, links: reason.links };
}

function closeLine(run: Run): void {
  const open = run.open;
  if (!open) return;
  const { template, reason, uses, conditions } = open;
  run.lines.push({
    template,
    templateLine: open.line,
    ...(reason && { reason }),
    uses,
    conditions,
  });
  run.open = undefined;
}

function addOnce(list: string[], item: string): void {
  if (!list.includes(item)) list.push(item);
}
