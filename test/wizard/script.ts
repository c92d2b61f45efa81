/** A prompter that plays a script, and what the wizard is given in the tests. */
import type { Given, Layer } from '../../src/answers/resolve.ts';
import { FIELDS } from '../../src/answers/schema.ts';
import { UNIT_KINDS } from '../../src/units.ts';
import type { ConfirmQuestion, InputQuestion, Prompter, SelectQuestion } from '../../src/wizard/prompter.ts';
import type { Detection } from '../../src/words/detection.ts';
import type { Value } from '../../src/words/value.ts';

/** A question as it was asked. */
export type AskedQuestion =
  | ({ kind: 'select' } & SelectQuestion)
  | ({ kind: 'input' } & InputQuestion)
  | ({ kind: 'confirm' } & ConfirmQuestion);

/** A reply; `ENTER` takes the default, an error is thrown, a function sees the question first. */
export type Reply = string | boolean | Error | ((question: AskedQuestion) => string | boolean);

/** Takes what stands there already. */
export const ENTER = (question: AskedQuestion): string | boolean => {
  if (question.kind === 'select') return question.default ?? question.choices[0]?.value ?? '';
  return question.default ?? '';
};

/** The units that are asked for, and the replies that take the recommended ones. */
export const STACK = UNIT_KINDS.filter(({ answer, units }) => answer !== 'framework' && units.length > 1).map(
  ({ answer }) => FIELDS[answer]?.question ?? '',
);
export const RECOMMENDED: Reply[] = STACK.map(() => ENTER);

export const WRITE = (question: AskedQuestion): string => choiceTitled(question, /^Write these files/);
export const CANCEL = (question: AskedQuestion): string => choiceTitled(question, /^Cancel/);

/** The value of a choice, by its title. */
function choiceTitled(question: AskedQuestion, title: RegExp): string {
  if (question.kind !== 'select') throw new Error(`no choices: ${question.message}`);
  const choice = question.choices.find((candidate) => title.test(candidate.title));
  if (choice === undefined)
    throw new Error(`no choice ${title}: ${question.choices.map((c) => c.title).join('; ')}`);
  return choice.value;
}

/** The choice that has this title. */
export const titled =
  (title: RegExp) =>
  (question: AskedQuestion): string =>
    choiceTitled(question, title);

export interface Script extends Prompter {
  asked: AskedQuestion[];
  /** All that was said, and each complaint about a reply. */
  said: string[];
  complaints: string[];
}

/** Replies in this order; each question beyond them is an error. A text that does not validate is complained about, and the next reply taken. */
export function script(...replies: Reply[]): Script {
  const asked: AskedQuestion[] = [];
  const said: string[] = [];
  const complaints: string[] = [];
  let next = 0;
  const reply = (question: AskedQuestion): string | boolean => {
    asked.push(question);
    if (next >= replies.length) throw new Error(`no reply left for: ${question.message}`);
    const given = replies[next++] as Reply;
    if (given instanceof Error) throw given;
    return typeof given === 'function' ? given(question) : given;
  };
  return {
    asked,
    said,
    complaints,
    say: (text) => void said.push(text),
    async select(question) {
      const value = reply({ kind: 'select', ...question });
      if (!question.choices.some((choice) => choice.value === value))
        throw new Error(`no such choice: ${value}`);
      return String(value);
    },
    async confirm(question) {
      return reply({ kind: 'confirm', ...question }) === true;
    },
    async input(question) {
      for (;;) {
        const text = String(reply({ kind: 'input', ...question }));
        const wrong = question.validate(text);
        if (wrong === undefined) return text;
        complaints.push(wrong);
      }
    },
  };
}

/** The messages of the questions, the summary's left out. */
export function questions({ asked }: Script): string[] {
  return asked.filter((question) => !isSummary(question)).map(({ message }) => message);
}

export function isSummary({ message }: AskedQuestion): boolean {
  return message.startsWith('Is all of this right?');
}

/** The summary as it was shown for the last time: one line each. */
export function lastSummary({ asked }: Script): string[] {
  const last = asked.filter(isSummary).at(-1);
  return last?.kind === 'select' ? last.choices.map(({ title }) => title.replace(/ {2,}/g, ' | ')) : [];
}

/** A layer that a person gave. */
export function said(
  answers: Record<string, unknown>,
  source: (name: string) => string = (name) => `--${name}`,
): Layer {
  const given = Object.entries(answers).map(([name, value]): [string, Given] => [
    name,
    { value, source: source(name) },
  ]);
  return { insistent: true, answers: Object.fromEntries(given) };
}

export function known(value: unknown, line = 1): Value<unknown> {
  return { kind: 'known', value, from: [{ file: 'shop/settings.py', line }] };
}

/** A Django project that is read in full. */
export function detected(
  answers: Record<string, Value<unknown>> = {},
  warnings: Detection['warnings'] = [],
): Detection {
  return {
    framework: 'django',
    named: true,
    settings: {},
    facts: {},
    warnings,
    answers: {
      app: { kind: 'known', value: 'shop.wsgi:application', from: [{ file: 'shop/wsgi.py', line: 16 }] },
      'django-settings': known('shop.settings', 9),
      static: known({ '/static/': 'staticfiles' }, 118),
      database: known('postgresql', 78),
      media: { kind: 'absent' },
      ...answers,
    },
  };
}

/** The name that the project's folder suggests. */
export const folderName: Layer = {
  insistent: false,
  answers: { name: { value: 'shop', source: "the folder's name" } },
};
