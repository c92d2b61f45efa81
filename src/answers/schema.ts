/** All answers in one table: the common ones, the choice of each unit, and each unit's own. */
import type { Unit } from '../unit.ts';
import { UNIT_KINDS } from '../units.ts';
import { type Field, field } from './field.ts';
import { commonFields, oneOf } from './fields.ts';

/** The answer that chooses a unit of one kind. */
function unitChoice({ title, units }: (typeof UNIT_KINDS)[number]): Field {
  const kinds = units.map((unit) => unit.kind) as [string, ...string[]];
  return field({
    schema: oneOf(kinds),
    form: 'choice',
    placeholder: 'UNIT',
    question: `Which ${title}?`,
    help: `The ${title}: ${kinds.join(', ')}.`,
    choices: units.map(({ kind, title, why, refuses = [] }: Unit) => ({ value: kind, title, why, refuses })),
    asked: units.length > 1,
    fallback: () => kinds[0],
  });
}

/** A unit's own answers exist only where it is chosen; where they have a condition of their own, they keep it. */
function unitFields({ answer, units }: (typeof UNIT_KINDS)[number]): [string, Field][] {
  return units.flatMap((unit) =>
    Object.entries(unit.fields).map(([name, own]): [string, Field] => [
      name,
      { ...own, when: [...(own.when ?? []), { answer, is: [unit.kind] }] },
    ]),
  );
}

/** Every answer by its name, in the order in which they are asked, shown and written. */
export const FIELDS: Readonly<Record<string, Field>> = (() => {
  const { name, domains, target, ...rest } = commonFields;
  return {
    name,
    domains,
    target,
    ...Object.fromEntries(UNIT_KINDS.map((kind) => [kind.answer, unitChoice(kind)])),
    ...rest,
    ...Object.fromEntries(UNIT_KINDS.flatMap(unitFields)),
  };
})();

/** The flag of an answer, without its dashes. */
export function flagOf(name: string): string {
  return FIELDS[name]?.flag ?? name;
}

/** Does the answer exist, given the others? */
export function applies({ when = [] }: Field, known: Readonly<Record<string, unknown>>): boolean {
  return when.every(({ answer, is }) => is.includes(String(known[answer])));
}
