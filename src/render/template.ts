/**
 * A compiled template: plain JSON, so that it can be kept in a module, and run without compiling or evaluating code.
 */
export interface CompiledTemplate {
  /** As given to `compileTemplate`; errors and origins name it. */
  readonly path: string;
  /** Name of the syntax, see syntaxes.ts. */
  readonly syntax: string;
  readonly program: readonly Step[];
  readonly reasons: readonly Reason[];
  readonly paths: readonly UsedPath[];
}

/** Why the lines below it stand in the template. */
export interface Reason {
  readonly line: number;
  /** The comment without the links at its end, in one line. */
  readonly text: string;
  /** Values that the text names, as they are spelt there: `{{name}}`. */
  readonly values: readonly { readonly spelling: string; readonly from: Reference }[];
  readonly links: readonly string[];
  /** True for the long form, which is also written into the output as a comment. */
  readonly emitted: boolean;
}

/** A path of the plan that the template reads: `static.*.url`, where `*` is any item of a list. */
export interface UsedPath {
  readonly path: string;
  readonly line: number;
  readonly use: 'value' | 'if' | 'each';
}

/**
 * Where a value is found. `loop` is the index of the enclosing `each`, outermost 0, or -1 for the plan itself;
 * with `data`, not the item but its position in that loop.
 */
export interface Reference {
  readonly loop: number;
  readonly parts: readonly string[];
  readonly data?: 'index' | 'first' | 'last';
}

export interface TextStep {
  readonly kind: 'text';
  /** That of its first line; the others are those that follow in the template. */
  readonly line: number;
  /** Lines, each with its newline; the last may be without. */
  readonly text: string;
  readonly reason?: number;
}
export interface ValueStep {
  readonly kind: 'value';
  readonly line: number;
  readonly from: Reference;
  /** What the syntax called the place; handed back to `Syntax.quote`. */
  readonly context: string;
  readonly reason?: number;
}
export interface IfStep {
  readonly kind: 'if';
  readonly line: number;
  readonly from: Reference;
  readonly yes: readonly Step[];
  readonly no: readonly Step[];
}
export interface EachStep {
  readonly kind: 'each';
  readonly line: number;
  readonly from: Reference;
  readonly body: readonly Step[];
  readonly empty: readonly Step[];
}
/** Another template in its place: its lines are its own, and its loops begin anew. */
export interface PartStep {
  readonly kind: 'part';
  readonly template: string;
  readonly body: readonly Step[];
}
export type Step = TextStep | ValueStep | IfStep | EachStep | PartStep;
