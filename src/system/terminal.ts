/** Where words go: people's text and, with --json, the one document. */
import { styleText } from 'node:util';
import { screenJson, visible } from '../words/text.ts';

type Style = Parameters<typeof styleText>[0];

export interface Terminal {
  /** A person can be asked. */
  interactive: boolean;
  /** A line for the person: standard output, or standard error where that holds the JSON document. */
  say(line?: string): void;
  /** A line about what went wrong: always standard error. */
  complain(line: string): void;
  /** The one JSON document. */
  document(value: unknown): void;
  /** Text in colour, where the stream is a terminal and NO_COLOR is not set. */
  style(style: Style, text: string): string;
}

export function terminal(options: { json: boolean }): Terminal {
  const stream = options.json ? process.stderr : process.stdout;
  const colour = stream.isTTY === true && (process.env.NO_COLOR ?? '') === '' && process.env.TERM !== 'dumb';
  return {
    interactive: process.stdin.isTTY === true && stream.isTTY === true,
    say: (line = '') => void stream.write(`${onScreen(line, colour)}\n`),
    complain: (line) => void process.stderr.write(`${visible(line)}\n`),
    document: (value) => void process.stdout.write(`${screenJson(value)}\n`),
    style: (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text),
  };
}

/** Bold and dim, the eight colours, and back: what `style` writes. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const STYLES = /(\u001B\[(?:[12]|22|3[0-79]|9[0-7])m)/;

/** Names and texts of a project are shown, never acted on: of what could, colours alone remain, where there are any. */
function onScreen(text: string, colour: boolean): string {
  if (!colour) return visible(text);
  return text
    .split(STYLES)
    .map((part) => (STYLES.test(part) ? part : visible(part)))
    .join('');
}

/** All of standard input, for `--answers -`. */
export async function readStandardInput(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) text += chunk;
  return text;
}
