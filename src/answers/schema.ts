/** All answers in one table: the common ones, the choice of each unit, and each unit's own. */

import { type Field, field } from '../contract/field.ts';
import { oneOf } from '../contract/values.ts';
import { type AnyUnit, UNIT_KINDS } from '../units.ts';
import { commonFields } from './fields.ts';
import { pathsSchema } from './services.ts';

/** The answer that chooses a unit of one kind. */
function unitChoice({ answer, title, units }: (typeof UNIT_KINDS)[number]): Field {
  const kinds = units.map((unit) => unit.kind) as [string, ...string[]];
  return field({
    schema: oneOf(kinds),
    form: 'choice',
    placeholder: 'UNIT',
    question: `Which ${title}?`,
    help: `The ${title}: ${kinds.join(', ')}.`,
    choices: units.map(({ kind, title, why, refuses = [] }: AnyUnit) => ({
      value: kind,
      title,
      why,
      refuses,
    })),
    asked: units.length > 1,
    fallback: () => kinds[0],
    ...(answer === 'app-server' && { ofService: 'shared' as const }),
  });
}

/**
 * A unit's own answers exist only where it is chosen; where they have a condition of their own, they keep it. Units of
 * one kind may have an answer in common: then it is one and the same field.
 */
function unitFields({ answer, units }: (typeof UNIT_KINDS)[number]): [string, Field][] {
  const names = [...new Set(units.flatMap((unit) => Object.keys(unit.fields)))];
  return names.map((name) => {
    const having = units.filter((unit) => Object.hasOwn(unit.fields, name));
    const [own, ...others] = new Set(having.map((unit) => unit.fields[name] as Field));
    if (own === undefined || others.length > 0) throw new Error(`units differ about the answer "${name}"`);
    const is = having.map((unit) => unit.kind);
    return [name, { ...own, when: [...(own.when ?? []), { answer, is }] }];
  });
}

/** Every answer by its name, in the order in which they are asked, shown and written. */
export const FIELDS: Readonly<Record<string, Field>> = (() => {
  const { name, domains, target, ...rest } = commonFields;
  const all: Record<string, Field> = {
    name,
    domains,
    target,
    ...Object.fromEntries(UNIT_KINDS.map((kind) => [kind.answer, unitChoice(kind)])),
    ...rest,
    ...Object.fromEntries(UNIT_KINDS.flatMap(unitFields)),
  };
  return { ...all, paths: { ...rest.paths, schema: pathsSchema(all) } };
})();

/** The flag of an answer, without its dashes. */
export function flagOf(name: string): string {
  return FIELDS[name]?.flag ?? name;
}

/** The flag of an answer as a person gives it: "--domain HOST", "--[no-]http2". */
export function giving(name: string): string {
  const { form, placeholder } = FIELDS[name] ?? {};
  const value = placeholder === undefined ? '' : ` ${placeholder}`;
  return `--${form === 'yes-no' ? '[no-]' : ''}${flagOf(name)}${value}`;
}
