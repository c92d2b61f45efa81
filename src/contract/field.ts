import type * as z from 'zod/mini';

/** How a value is written on the command line and asked for. */
export type Form = 'text' | 'number' | 'yes-no' | 'choice' | 'list' | 'map';

/** One alternative of a choice. The first of a list is the recommended one. */
interface Choice {
  value: string;
  title: string;
  /** One sentence: what it is and when to take it. */
  why: string;
  refuses?: readonly Refusal[];
}

/** Another answer that an alternative cannot have beside itself. */
export interface Refusal extends Condition {
  /** "uWSGI serves WSGI alone" */
  because: string;
  /** The nearest alternative that works. */
  instead: string;
}

interface Condition {
  answer: string;
  is: readonly string[];
}

/** The answers known so far, by name, unvalidated: a fallback may read those declared before it. */
export type Known = Readonly<Record<string, unknown>>;

/**
 * One thing that a person decides. From a field come its flag, its question, its default, its line in `--help`, its
 * part of the JSON Schema and its row in the reference table.
 */
export interface Field<Schema extends z.ZodMiniType = z.ZodMiniType> {
  schema: Schema;
  form: Form;
  /** The flag without its dashes, where it is not the answer's own name ("domain" for `domains`). */
  flag?: string;
  /** What stands for the value in `--help`: "HOST". Of a map, key and value: "URL=DIR". */
  placeholder?: string;
  /** One entry of a map, for errors: "/static/=staticfiles". */
  example?: string;
  /** What stands between several values in a typed reply; a comma, where values may not have one. */
  separator?: ',' | ';';
  /** What the wizard asks. */
  question: string;
  /** One or two sentences: what the answer does, and how to choose. */
  help: string;
  choices?: readonly Choice[];
  /** Is it asked though a fallback exists? Most answers can be left alone and changed in the wizard's summary. */
  asked?: boolean;
  /** It exists only where each of these other answers has one of these values. */
  when?: readonly Condition[];
  /** What is taken where nobody said anything; undefined for an answer that has to be given, or may be left out. */
  fallback?: (known: Known) => unknown;
  /** What was read of the app, as it is for this site: an app that is below a path says its URLs without it. */
  asFound?: (value: unknown, known: Known) => unknown;
  /** Follows from other answers so closely that the answers file has it only where it was said, or read, otherwise. */
  derived?: boolean;
  /** May be left out, and then is undefined. */
  optional?: boolean;
  /** Each service of a site can have its own. What is not said for one is the site's, unless each stands "alone". */
  ofService?: 'shared' | 'alone';
}

/** Which of the other answers leaves no room for this one; undefined where none does. */
export function unmet({ when = [] }: Pick<Field, 'when'>, known: Known): Condition | undefined {
  return when.find(({ answer, is }) => !is.includes(String(known[answer])));
}

/** Does the answer exist, given the others? */
export function applies(field: Pick<Field, 'when'>, known: Known): boolean {
  return unmet(field, known) === undefined;
}

/** What an alternative is refused for, given the other answers; undefined where it can be had. */
function refusalOf({ refuses = [] }: Choice, known: Known): Refusal | undefined {
  return refuses.find(({ answer, is }) => is.includes(String(known[answer])));
}

/** The answers that others refuse, by their names, each with the sentence that says so. */
export function refusalsIn(
  fields: readonly (readonly [string, Field])[],
  known: Known,
): (Refusal & { name: string; message: string })[] {
  return fields.flatMap(([name, { choices }]) => {
    const chosen = choices?.find(({ value }) => value === known[name]);
    const refusal = chosen && refusalOf(chosen, known);
    if (refusal === undefined) return [];
    const { answer, because, instead } = refusal;
    const message = `does not go with ${answer} ${String(known[answer])}: ${because}; take ${instead}`;
    return [{ name, message, ...refusal }];
  });
}

/** The alternatives that can be had, given the other answers. */
export function offered({ choices = [] }: Field, known: Known): readonly Choice[] {
  return choices.filter((choice) => refusalOf(choice, known) === undefined);
}

/** Of a field whose answer may be missing: it can be left out, or exists only beside certain others. */
type MayBeMissing = { when: readonly Condition[] } | { optional: true };

/** Keeps the schema's own type, and whether the answer may be missing, so that the answers' type follows from the fields. */
export function field<Schema extends z.ZodMiniType>(
  definition: Field<Schema> & MayBeMissing,
): Field<Schema> & MayBeMissing;
export function field<Schema extends z.ZodMiniType>(definition: Field<Schema>): Field<Schema>;
export function field(definition: Field): Field {
  return definition;
}

/** The type of the answers that a table of fields describes. */
export type AnswersOf<Fields extends Record<string, Field>> = {
  readonly [Name in keyof Fields]:
    | z.infer<Fields[Name]['schema']>
    | (Fields[Name] extends MayBeMissing ? undefined : never);
};
