/** One mistake of a template's author. */
export interface TemplateProblem {
  readonly template: string;
  readonly line: number;
  readonly message: string;
}

/** All mistakes of one template, found when it is compiled. */
export class TemplateError extends Error {
  readonly problems: readonly TemplateProblem[];
  constructor(problems: readonly TemplateProblem[]) {
    super(problems.map((problem) => `${problem.template}:${problem.line}: ${problem.message}`).join('\n'));
    this.name = 'TemplateError';
    this.problems = problems;
  }
}

/** Where a value was to be printed: the template's file and line, and the concrete plan path. */
export interface Place {
  readonly template: string;
  readonly line: number;
  readonly path: string;
}

/** A plan value that cannot be written at its place without changing its meaning: the answer must change. */
export class UnquotableValue extends Error implements Place {
  readonly template: string;
  readonly line: number;
  readonly path: string;
  readonly value: unknown;
  readonly reason: string;
  readonly character: string | undefined;
  constructor(place: Place, value: unknown, reason: string, character?: string) {
    super(`${place.path} = ${show(value)}: ${reason} (${place.template}:${place.line})`);
    this.name = 'UnquotableValue';
    this.template = place.template;
    this.line = place.line;
    this.path = place.path;
    this.value = value;
    this.reason = reason;
    this.character = character;
  }
}

/** A template asks for a path that the plan does not have: a mistake in the template or the plan, not an answer. */
export class MissingValue extends Error implements Place {
  readonly template: string;
  readonly line: number;
  readonly path: string;
  readonly reason: string;
  constructor(place: Place, reason: string) {
    super(`${place.path}: ${reason} (${place.template}:${place.line})`);
    this.name = 'MissingValue';
    this.template = place.template;
    this.line = place.line;
    this.path = place.path;
    this.reason = reason;
  }
}

/** Everything that kept one template from being rendered. */
export class RenderError extends Error {
  readonly problems: readonly (UnquotableValue | MissingValue)[];
  constructor(problems: readonly (UnquotableValue | MissingValue)[]) {
    super(problems.map((problem) => problem.message).join('\n'));
    this.name = 'RenderError';
    this.problems = problems;
  }
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
