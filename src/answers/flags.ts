/** Command-line flags to answers. The flags follow from the fields, so there is none without an answer. */
import type { Field, Form } from '../contract/field.ts';
import { type Problem, problem } from './problem.ts';
import type { Given } from './resolve.ts';
import { FIELDS, flagOf, giving } from './schema.ts';

/** A flag as node:util's parseArgs wants it. */
export interface FlagOption {
  type: 'string' | 'boolean';
  multiple?: boolean;
  short?: string;
}

const REPEATABLE: readonly Form[] = ['list', 'map'];

/** parseArgs' options for every answer; each yes-no answer also has its "no-" form. */
export function answersFlagOptions(): Record<string, FlagOption> {
  const options: Record<string, FlagOption> = {};
  for (const [name, { form }] of Object.entries(FIELDS)) {
    if (form === 'yes-no') {
      options[flagOf(name)] = { type: 'boolean', multiple: true };
      options[`no-${flagOf(name)}`] = { type: 'boolean', multiple: true };
    } else {
      options[flagOf(name)] = { type: 'string', multiple: true };
    }
  }
  return options;
}

/** The answers that flags give; what they contradict or cannot mean comes back as problems. */
export function answersFromFlags(values: Readonly<Record<string, unknown>>): {
  answers: Record<string, Given>;
  problems: Problem[];
} {
  const answers: Record<string, Given> = {};
  const problems: Problem[] = [];
  for (const [name, field] of Object.entries(FIELDS)) {
    const flag = flagOf(name);
    const said = values[flag] as (string | boolean)[] | undefined;
    const denied = values[`no-${flag}`] !== undefined;
    if (said === undefined && !denied) continue;
    const source = `--${said === undefined ? 'no-' : ''}${flag}`;
    if (field.form === 'yes-no' && said !== undefined && denied) {
      const message = `both --${flag} and --no-${flag} are given`;
      problems.push(
        problem('answers-contradict', { path: name, source, message, remedy: 'Give one of the two.' }),
      );
    }
    if (!REPEATABLE.includes(field.form) && new Set(said).size > 1) {
      const message = `is given ${said?.length} times with different values: ${said?.join(', ')}`;
      problems.push(
        problem('answers-contradict', { path: name, source, message, remedy: `Give --${flag} once.` }),
      );
    }
    const value = parseFlag(field, said === undefined ? [false] : said);
    if (value instanceof Error) {
      const { message } = value;
      const remedy = `Give ${giving(name)}.`;
      problems.push(
        problem('answer-invalid', { path: name, source, value: said?.join(' '), message, remedy }),
      );
    } else answers[name] = { value, source };
  }
  return { answers, problems };
}

/** The text of a flag, or of a typed reply, as the value that the answers file would have. */
export function parseFlag(field: Field, texts: readonly (string | boolean)[]): unknown {
  const { form } = field;
  const last = texts.at(-1);
  if (form === 'yes-no') return last;
  if (form === 'list')
    return texts
      .map(String)
      .flatMap((text) => text.split(','))
      .map((text) => text.trim())
      .filter(Boolean);
  if (form === 'map')
    return mapOf(
      field,
      texts.map(String).filter((text) => text !== ''),
    );
  return form === 'number' && typeof last === 'string' && /^\d+$/.test(last) ? Number(last) : last;
}

/** URL=DIR, several of them; an empty text is an empty map. */
function mapOf({ placeholder, example }: Field, texts: readonly string[]): Record<string, string> | Error {
  const pairs = texts.map(
    (text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)] as const,
  );
  const wrong = texts.find((text) => !text.includes('='));
  if (wrong !== undefined) return new Error(`must be ${placeholder}, for instance ${example}`);
  const seen = new Set<string>();
  const twice = pairs.find(([key]) => seen.has(key) || !seen.add(key));
  return twice ? new Error(`names ${twice[0]} twice`) : Object.fromEntries(pairs);
}
