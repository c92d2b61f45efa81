/** Values as a person types and reads them. */

import type { Field } from '../contract/field.ts';
import { parseFlag } from './flags.ts';
import { FIELDS } from './schema.ts';

/** A value as it would be typed: "a, b" for a list, "/static/=staticfiles" for a map. Any value has a text, valid or not. */
export function written({ form, separator = ',' }: Field, value: unknown): string {
  if (value === undefined) return '';
  if (form === 'yes-no' && typeof value === 'boolean') return value ? 'yes' : 'no';
  if (form === 'list' && Array.isArray(value)) return value.map(plain).join(', ');
  if (form === 'map' && isMap(value)) {
    return Object.entries(value)
      .map(([key, one]) => `${key}=${plain(one)}`)
      .join(`${separator} `);
  }
  return plain(value);
}

/** The value of an answer for people: as it would be typed, or a word where that would be empty. */
export function shown(name: string, value: unknown): string {
  const field = FIELDS[name];
  return (field === undefined ? String(value) : written(field, value)) || 'none';
}

/** A typed text as the value that the answers file would have; an Error says what it cannot mean. */
export function read(field: Field, text: string): unknown {
  if (text.trim() === '' && field.optional) return undefined;
  const texts = field.form === 'map' ? text.split(field.separator ?? ',') : [text];
  return parseFlag(
    field,
    texts.map((part) => part.trim()),
  );
}

/** How several values, or none, are typed; empty where there is nothing to say. */
export function howToType({ form, optional, placeholder, separator }: Field): string {
  if (form === 'list') return 'Several are separated by commas.';
  const mark = separator === ';' ? 'semicolons' : 'commas';
  if (form === 'map') return `Written as ${placeholder}; several are separated by ${mark}.`;
  return optional ? 'Leave it empty if there is none.' : '';
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
