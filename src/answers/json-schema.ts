/** The JSON Schema of the answers file, from the fields. */
import * as z from 'zod/mini';
import type { Field } from '../contract/field.ts';
import { FIELDS } from './schema.ts';
import { newest, VERSION_KEY } from './versions.ts';

/** JSON Schema, draft 2020-12: https://json-schema.org/draft/2020-12 */
export function answersJsonSchema(): Record<string, unknown> {
  const entries = Object.entries(FIELDS);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Answers of deploy-scaffold',
    type: 'object',
    properties: {
      [VERSION_KEY]: version(),
      ...Object.fromEntries(entries.map(([name, field]) => [name, property(field)])),
    },
    required: entries.filter(([, field]) => isRequired(field)).map(([name]) => name),
    additionalProperties: false,
    allOf: entries.flatMap(([name, field]) => conditions(name, field)),
  };
}

function version(): Record<string, unknown> {
  const description =
    "The version of the file's own format; 1 where it is left out. deploy-scaffold writes it where an older one could not read the file.";
  return { type: 'integer', minimum: 1, maximum: newest(), description };
}

function property({ schema, help, choices }: Field): Record<string, unknown> {
  const { $schema: _, ...plain } = z.toJSONSchema(schema, {
    ...{ io: 'input', unrepresentable: 'any' },
    // What a service has for itself is explained where it stands, too.
    override: ({ jsonSchema }) => {
      for (const [name, inner] of Object.entries(jsonSchema.properties ?? {}))
        if (typeof inner === 'object' && FIELDS[name]?.ofService !== undefined)
          inner.description = FIELDS[name].help;
    },
  });
  const why = choices?.map(({ value, why }) => `${value}: ${why}`).join(' ');
  return { ...plain, description: why === undefined ? help : `${help} ${why}` };
}

/** Nothing can stand in for it, whatever the other answers are. */
function isRequired({ optional, fallback, when }: Field): boolean {
  return !optional && fallback === undefined && when === undefined;
}

/** An answer that goes with others is refused where they are otherwise, and may be needed where they are so. */
function conditions(name: string, { when = [], optional, fallback }: Field): Record<string, unknown>[] {
  if (when.length === 0) return [];
  const properties = Object.fromEntries(when.map(({ answer, is }) => [answer, { enum: is }]));
  const defaultOf = (answer: string) => FIELDS[answer]?.fallback?.({});
  // Left out, it may be what the project has, or its default: then this one may go with it.
  const certain = when.filter(({ answer }) => defaultOf(answer) === undefined);
  const refused = {
    if: { properties, required: certain.map(({ answer }) => answer) },
    else: { not: { required: [name] } },
  };
  if (optional || fallback !== undefined) return [refused];
  const given = when.filter(({ answer, is }) => !is.includes(String(defaultOf(answer))));
  const needed = {
    if: { properties, required: given.map(({ answer }) => answer) },
    // biome-ignore lint/suspicious/noThenProperty: it is JSON Schema's word
    then: { required: [name] },
  };
  return [refused, needed];
}
