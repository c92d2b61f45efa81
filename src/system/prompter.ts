/** Asks at a terminal. https://github.com/SBoudrias/Inquirer.js */
import { styleText } from 'node:util';
import { confirm, select, input as typeIn } from '@inquirer/prompts';
import { Cancelled } from '../wizard/cancelled.ts';
import type {
  ConfirmQuestion,
  InputQuestion,
  Prompter,
  SelectChoice,
  SelectQuestion,
} from '../wizard/prompter.ts';
import { visible } from '../words/text.ts';

/** The streams to ask at; the process's own unless given. */
export interface TerminalOptions {
  input?: NodeJS.ReadStream | NodeJS.ReadableStream;
  output?: NodeJS.WriteStream | NodeJS.WritableStream;
  env?: Readonly<Record<string, string | undefined>>;
}

interface Context {
  input: NodeJS.ReadableStream;
  output: NodeJS.WritableStream;
  signal: AbortSignal;
}

/** A question takes some lines beside its choices: help, itself, explanation, keys. */
const OTHER_LINES = 10;
const FEWEST_LINES = 3;
const NARROWEST = 40;
/** The pointer before a choice, and a free column. */
const CURSOR = 3;
const INDENT = '    ';

/** What a person stops a question with: Ctrl-C, or the end of the input. */
const STOPS = ['ExitPromptError', 'AbortPromptError'];

/** A prompter at a terminal. A command imports this module when it asks, and not before: it brings all of Inquirer. */
export function createPrompter(options: TerminalOptions = {}): Prompter {
  const { input = process.stdin, output = process.stdout, env = process.env } = options;
  const colour = hasColour(output, env);
  const look = theme(colour);
  const write = (text: string) => {
    output.write(`${text}\n`);
  };
  const ask = <T>(help: string | undefined, prompt: (context: Context) => Promise<T>): Promise<T> => {
    const lines = visible(help ?? '')
      .split('\n')
      .flatMap((line) => wrap(line, size(output).columns));
    write(help ? `\n${paint(colour, lines.join('\n'))}` : '');
    return untilStopped(input, (signal) => prompt({ input, output, signal }));
  };
  return {
    say: (text) => write(visible(text)),
    select: (question) =>
      ask(question.help, (context) =>
        select({ ...selectConfig(question, size(output)), theme: look }, context),
      ),
    input: (question) =>
      ask(question.help, (context) => typeIn({ ...inputConfig(question), theme: look }, context)),
    confirm: (question) =>
      ask(question.help, (context) => confirm({ ...confirmConfig(question), theme: look }, context)),
  };
}

/** Colour only on a terminal; https://no-color.org/ is obeyed, which node's styleText does only from 20.18. */
function hasColour(output: object, env: Readonly<Record<string, string | undefined>>): boolean {
  return 'isTTY' in output && output.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';
}

/** Runs a prompt; what stops it becomes `Cancelled`. */
async function untilStopped<T>(
  input: NodeJS.ReadableStream,
  prompt: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const end = () => stop.abort();
  // At Ctrl-D readline closes the input and says nothing: inquirer would wait, and node end, silently.
  const key = (_text: unknown, pressed?: { ctrl?: boolean; name?: string }) => {
    if (pressed?.ctrl && pressed.name === 'd' && input.isPaused()) end();
  };
  // Back from Ctrl-Z, readline pauses the input and leaves it so: nothing would keep node waiting.
  const back = () => void setImmediate(() => input.resume());
  process.on('SIGCONT', back);
  try {
    const answer = prompt(stop.signal);
    // After readline's own listener, so that it has paused the input by then.
    input.on('keypress', key);
    input.once('end', end);
    return await answer;
  } catch (error) {
    throw error instanceof Error && STOPS.includes(error.name) ? new Cancelled() : error;
  } finally {
    input.off('keypress', key);
    input.off('end', end);
    process.off('SIGCONT', back);
  }
}

interface Size {
  columns: number;
  rows: number;
}

function size(output: object): Size {
  const { columns = 80, rows = 24 } = output as Partial<Size>;
  return { columns, rows };
}

function selectConfig(question: SelectQuestion, { columns, rows }: Size) {
  const { message, recommended, default: start, compact } = question;
  const choices = question.choices
    .map(shownChoice)
    .map((choice) =>
      compact ? oneLine(choice, columns) : explained(choice, choice.value === recommended, columns),
    );
  return {
    message,
    choices,
    ...(start === undefined ? {} : { default: start }),
    // Inquirer redraws in place, which works only for what is on the screen.
    pageSize: Math.max(FEWEST_LINES, rows - OTHER_LINES),
    loop: false,
  };
}

/** What comes of a project is shown, and never acts on the screen. */
function shownChoice({ value, title, why }: SelectChoice): SelectChoice {
  return { value, title: visible(title), ...(why !== undefined && { why: visible(why) }) };
}

/** A choice with its explanation under it. */
function explained({ value, title, why = '' }: SelectChoice, recommended: boolean, columns: number) {
  const name = recommended ? `${title} (recommended)` : title;
  const lines = why === '' ? [] : wrap(why, columns - INDENT.length - CURSOR);
  return { value, short: title, name: [name, ...lines.map((line) => INDENT + line)].join('\n') };
}

/** A choice whose explanation Inquirer shows below the list, while the cursor is on it. */
function oneLine({ value, title, why }: SelectChoice, columns: number) {
  const short = title.replace(/ {2,}/g, ' ');
  return {
    value,
    name: clip(title, columns - CURSOR),
    short,
    ...(why === undefined ? {} : { description: why }),
  };
}

function inputConfig({ message, default: standing, validate }: InputQuestion) {
  return {
    message,
    // One that would act on the screen is not a value that would be taken.
    ...(standing === undefined || visible(standing) !== standing ? {} : { default: standing }),
    validate: (text: string) => {
      const wrong = validate(text);
      return wrong === undefined ? true : visible(wrong);
    },
  };
}

function confirmConfig({ message, default: standing }: ConfirmQuestion) {
  return { message, default: standing };
}

/** Inquirer's look, in words for the keys; without colour where there is to be none. */
function theme(colour: boolean) {
  const plain = (text: string) => text;
  const keysHelpTip = () => paint(colour, 'Up and Down move, Enter takes, Ctrl-C stops.');
  if (colour) return { style: { keysHelpTip } };
  return {
    prefix: { idle: '?', done: '>' },
    style: {
      answer: plain,
      message: plain,
      error: (text: string) => `> ${text}`,
      defaultAnswer: (text: string) => `(${text})`,
      help: plain,
      highlight: plain,
      key: plain,
      disabled: plain,
      description: plain,
      keysHelpTip,
    },
  };
}

function paint(colour: boolean, text: string): string {
  return colour ? styleText('dim', text) : text;
}

function clip(text: string, width: number): string {
  return text.length > width && width > NARROWEST ? `${text.slice(0, width - 1)}…` : text;
}

/** Breaks a sentence between words. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && longer.length <= Math.max(width, NARROWEST)) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
