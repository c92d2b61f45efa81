/** One answer's question. */

import { places } from '../answers/detected.ts';
import { howToType, read, written } from '../answers/notation.ts';
import type { Field } from '../contract/field.ts';
import { same, type Value } from '../words/value.ts';
import type { Prompter, SelectChoice } from './prompter.ts';

/** What a question is asked with. */
export interface Asked {
  field: Field;
  /** The answer as it stands: given, detected or the default; undefined where there is none. */
  current: unknown;
  /** What nobody's word would lead to. */
  fallback: unknown;
  /** What the project's source says about it. */
  found: Value<unknown> | undefined;
  /** Why it is asked, where that is not plain: a problem with what was given. */
  note: string | undefined;
  /** What is wrong with a value, for a person; undefined where nothing is. */
  objection(value: unknown): string | undefined;
}

const OTHER = 'other';

/** Asks until the reply is a valid value of the field; undefined for an answer that is left out. */
export async function ask(prompter: Prompter, asked: Asked): Promise<unknown> {
  for (;;) {
    const value = await (asked.found?.kind === 'one-of'
      ? askOneOf(prompter, asked)
      : askPlainly(prompter, asked));
    const wrong = asked.objection(value);
    if (wrong === undefined) return value;
    prompter.say(wrong);
  }
}

/** The alternatives that the source has, each with its condition, and a way out of them. */
async function askOneOf(prompter: Prompter, asked: Asked): Promise<unknown> {
  const { field, found, current } = asked;
  const options = found?.kind === 'one-of' ? merged(found.options) : [];
  const standing = options.findIndex(({ value }) => same(value, current));
  const choices = options.map(({ value, why }, index): SelectChoice => {
    const title = field.choices?.find((choice) => choice.value === value)?.title;
    return { value: String(index), title: (title ?? written(field, value)) || 'none', why };
  });
  const chosen = await prompter.select({
    message: field.question,
    help: helpOf({
      ...asked,
      note: asked.note ?? 'The project has several, each under a condition. Take the one of the live site.',
    }),
    choices: [...choices, { value: OTHER, title: 'Something else', why: 'You are asked for it next.' }],
    ...(standing === -1 ? {} : { default: String(standing) }),
  });
  return chosen === OTHER
    ? askPlainly(prompter, { ...asked, found: undefined })
    : options[Number(chosen)]?.value;
}

/** Equal values under several conditions are one choice. */
function merged(
  options: Extract<Value<unknown>, { kind: 'one-of' }>['options'],
): { value: unknown; why: string }[] {
  const merged: { value: unknown; why: string }[] = [];
  for (const { value, when, from } of options) {
    const where = places(from);
    const why = where === '' ? when : `${when} (${where})`;
    const twin = merged.find((other) => same(other.value, value));
    if (twin) twin.why += `; or ${why}`;
    else merged.push({ value, why });
  }
  return merged;
}

function askPlainly(prompter: Prompter, asked: Asked): Promise<unknown> {
  const { field, current } = asked;
  const question = { message: field.question, help: helpOf(asked) };
  if (field.form === 'choice') return askChoice(prompter, asked);
  if (field.form === 'yes-no') return prompter.confirm({ ...question, default: current === true });
  return askText(prompter, asked);
}

function askChoice(prompter: Prompter, asked: Asked): Promise<string> {
  const { field, current, fallback } = asked;
  const choices = field.choices ?? [];
  // "Which database does the app use?" asks for a fact: where the default is not the first choice, none is recommended.
  const recommended = choices.length > 1 && fallback === choices[0]?.value ? choices[0]?.value : undefined;
  return prompter.select({
    message: field.question,
    help: helpOf(asked),
    choices: choices.map(({ value, title, why }) => ({ value, title, why })),
    ...(recommended === undefined ? {} : { recommended }),
    ...(choices.some(({ value }) => value === current) ? { default: String(current) } : {}),
  });
}

async function askText(prompter: Prompter, asked: Asked): Promise<unknown> {
  const { field, current, objection } = asked;
  const standing = written(field, current);
  // The text of a value may not lead back to it: a folder's name may have a comma.
  const value = (text: string) => (text === standing && current !== undefined ? current : read(field, text));
  const text = await prompter.input({
    message: field.question,
    help: helpOf(asked),
    ...(standing === '' ? {} : { default: standing }),
    validate: (typed) => objection(value(typed)),
  });
  return value(text);
}

function helpOf({ field, found, note }: Asked): string {
  const where = found?.kind === 'unknown' ? places(found.from) : '';
  const unknown =
    found?.kind === 'unknown'
      ? `This cannot be read from the project: ${found.because}${where === '' ? '' : ` (${where})`}.`
      : undefined;
  const lines = [note, unknown, [field.help, howToType(field)].filter(Boolean).join(' ')];
  return lines.filter(Boolean).join('\n');
}
