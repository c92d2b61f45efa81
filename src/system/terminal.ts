/** Where words go: people's text and, with --json, the one document. */
import { styleText } from 'node:util';

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
    say: (line = '') => void stream.write(`${line}\n`),
    complain: (line) => void process.stderr.write(`${line}\n`),
    document: (value) => void process.stdout.write(`${JSON.stringify(value, null, 2)}\n`),
    style: (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text),
  };
}

/** All of standard input, for `--answers -`. */
export async function readStandardInput(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) text += chunk;
  return text;
}
