/** The text of --help, from the commands and the answers. */

import { FIELDS, flagOf } from '../answers/schema.ts';
import type { Field } from '../contract/field.ts';
import { UNIT_KINDS } from '../units.ts';
import type { Command, CommandOption } from './command.ts';

const WIDTH = 100;
const COLUMN = 32;

/** Breaks a text into lines of at most `width` characters. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

function entry(flag: string, text: string): string {
  const [first = '', ...rest] = wrap(text, WIDTH - COLUMN);
  const head = `  ${flag}`.padEnd(COLUMN - 1);
  const start = head.length < COLUMN ? `${head} ${first}` : `${head}\n${' '.repeat(COLUMN)}${first}`;
  return [start, ...rest.map((line) => ' '.repeat(COLUMN) + line)].join('\n');
}

function optionEntry([name, option]: [string, CommandOption]): string {
  const short = option.short === undefined ? '' : `-${option.short}, `;
  const value = option.placeholder === undefined ? '' : ` ${option.placeholder}`;
  return entry(`${short}--${name}${value}`, option.help);
}

function fieldEntry([name, field]: [string, Field]): string {
  const flag = `--${field.form === 'yes-no' ? '[no-]' : ''}${flagOf(name)}`;
  const value = field.placeholder === undefined ? '' : ` ${field.placeholder}`;
  return entry(
    flag + value,
    [field.help, choicesText(field), conditionText(field)].filter(Boolean).join(' '),
  );
}

function choicesText({ choices }: Field): string {
  return choices === undefined ? '' : `One of: ${choices.map((choice) => choice.value).join(', ')}.`;
}

function conditionText({ when = [] }: Field): string {
  return when
    .filter(({ answer }) => !UNIT_KINDS.some((kind) => kind.answer === answer))
    .map(({ answer, is }) => `Only with ${answer} ${is.join(' or ')}.`)
    .join(' ');
}

/** Help of one command. */
export function commandHelp({ usage, summary, options, takesAnswers }: Command): string {
  const sections = [
    `usage: deploy-scaffold ${usage}`,
    wrap(summary, WIDTH).join('\n'),
    Object.entries(options).map(optionEntry).join('\n'),
  ];
  if (takesAnswers) {
    sections.push(
      'Answers (without a flag: from the answers file, then the project, then a default):',
      Object.entries(FIELDS).map(fieldEntry).join('\n'),
    );
  }
  return sections.filter(Boolean).join('\n\n');
}

/** The reference table of the docs, in Markdown. */
export function answersTable(): string {
  const row = ([name, field]: [string, Field]) => {
    const flag = `--${field.form === 'yes-no' ? '[no-]' : ''}${flagOf(name)}`;
    const text = [field.help, choicesText(field), conditionText(field)].filter(Boolean).join(' ');
    return [`\`${name}\``, `\`${flag}\``, defaultText(field), text.replaceAll('|', '\\|')];
  };
  return aligned([['answer', 'flag', 'default', 'meaning'], ...Object.entries(FIELDS).map(row)]).join('\n');
}

/** A Markdown table's lines: the first row is its head. Aligned, it can be read as it is. */
function aligned([head = [], ...body]: readonly string[][]): string[] {
  const widths = head.map((_, column) => Math.max(...[head, ...body].map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${widths.map((width, column) => (row[column] ?? '').padEnd(width)).join(' | ')} |`;
  return [head, widths.map((width) => '-'.repeat(width)), ...body].map(line);
}

/** The default as far as it does not depend on other answers. */
function defaultText({ fallback, derived, optional }: Field): string {
  if (derived && fallback?.length !== 0) return 'from the other answers';
  const value = fallback?.({});
  if (value === undefined) return optional ? 'none' : 'from the project';
  if (typeof value !== 'object')
    return String(value).includes('undefined') ? 'from the other answers' : `\`${value}\``;
  const words = Array.isArray(value) ? value : Object.entries(value as object).map((pair) => pair.join('='));
  return words.length === 0 ? 'none' : `\`${words.join(', ')}\``;
}
