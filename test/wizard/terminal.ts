/** A terminal without a window: keys go in as the bytes that a keyboard sends, and the screen is read as text. */
import { PassThrough, Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { createPrompter } from '../../src/system/prompter.ts';
import type { Prompter } from '../../src/wizard/prompter.ts';

export const KEYS = {
  enter: '\r',
  up: '\x1b[A',
  down: '\x1b[B',
  tab: '\t',
  backspace: '\x7f',
  ctrlC: '\x03',
  ctrlD: '\x04',
} as const;

export class FakeTerminal {
  readonly input = new PassThrough();
  readonly output: Writable & { columns: number; rows: number; isTTY?: boolean };
  readonly prompter: Prompter;
  /** Everything written so far, escape sequences included. */
  raw = '';
  private seen = 0;
  private waiting: (() => void) | undefined;

  constructor({ columns = 100, rows = 60, isTTY = false, env = {} as Record<string, string> } = {}) {
    const write = (chunk: Buffer, _encoding: string, done: () => void) => {
      this.raw += chunk.toString();
      this.waiting?.();
      done();
    };
    const output = new Writable({ write });
    // Like a process's own output, it outlives the prompts that are piped to it.
    this.output = Object.assign(output, { columns, rows, isTTY, end: () => output });
    this.prompter = createPrompter({ input: this.input, output: this.output, env });
  }

  /** What was written since the last keys, as text. */
  get screen(): string {
    return stripVTControlCharacters(this.raw.slice(this.seen));
  }

  /** Waits until the text has been written since the last keys, and returns all that was. */
  async until(text: string): Promise<string> {
    while (!this.screen.includes(text)) {
      await new Promise<void>((resolve, reject) => {
        const late = setTimeout(() => reject(new Error(`no "${text}" on the screen:\n${this.screen}`)), 2000);
        this.waiting = () => {
          clearTimeout(late);
          resolve();
        };
      });
    }
    // What is being drawn is drawn to its end, and the prompt listens.
    await new Promise((resolve) => setImmediate(resolve));
    return this.screen;
  }

  /** Sends keys. What is waited for next is what they lead to. */
  press(...keys: string[]): void {
    this.seen = this.raw.length;
    for (const key of keys) this.input.write(key);
  }

  /** Waits for the text, then sends keys. */
  async at(text: string, ...keys: string[]): Promise<void> {
    await this.until(text);
    this.press(...keys);
  }
}
