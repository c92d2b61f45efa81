import { describe, expect, it } from 'vitest';
import { Cancelled } from '../../src/wizard/cancelled.ts';
import type { Prompter } from '../../src/wizard/prompter.ts';
import { FakeTerminal, KEYS } from './terminal.ts';

const fruit = {
  message: 'Which fruit?',
  help: 'It is eaten at noon.',
  choices: [
    { value: 'apple', title: 'Apple', why: 'Keeps for weeks.' },
    { value: 'pear', title: 'Pear', why: 'Soft and sweet.' },
    { value: 'fig', title: 'Fig' },
  ],
};
const name = {
  message: 'What is it called?',
  default: 'shop',
  validate: (text: string) => (/^[a-z]+$/.test(text) ? undefined : `"${text}" must be letters`),
};
const sure = { message: 'Are you sure?', help: 'It is for good.', default: true };

describe('select', () => {
  it('shows help, question, choices with their sentences, and what the keys do', async () => {
    const terminal = new FakeTerminal();
    const reply = terminal.prompter.select({ ...fruit, recommended: 'apple' });
    const screen = await terminal.until('Ctrl-C stops');
    expect(screen).toContain('It is eaten at noon.\n? Which fruit?\n');
    expect(screen).toMatch(
      /Apple \(recommended\)\n {4}Keeps for weeks\.\n {2}Pear\n {4}Soft and sweet\.\n {2}Fig\n/,
    );
    terminal.press(KEYS.enter);
    expect(await reply).toBe('apple');
    expect(await terminal.until('Apple')).toContain('> Which fruit? Apple');
  });

  it.each([
    ['Down', [KEYS.down], 'pear'],
    ['Down and up', [KEYS.down, KEYS.up], 'apple'],
    ['Up at the top', [KEYS.up], 'apple'],
    ['Down beyond the end', [KEYS.down, KEYS.down, KEYS.down, KEYS.down], 'fig'],
    ['a number', ['2'], 'pear'],
    ['its first letters', ['f', 'i'], 'fig'],
  ])('moves by %s', async (_title, keys, expected) => {
    const terminal = new FakeTerminal();
    const reply = terminal.prompter.select(fruit);
    await terminal.at('Which fruit?', ...keys, KEYS.enter);
    expect(await reply).toBe(expected);
  });

  it('starts at the default', async () => {
    const terminal = new FakeTerminal();
    const reply = terminal.prompter.select({ ...fruit, default: 'pear' });
    await terminal.at('Which fruit?', KEYS.enter);
    expect(await reply).toBe('pear');
  });

  it('breaks a long sentence between words', async () => {
    const terminal = new FakeTerminal({ columns: 50 });
    const why = 'One sentence that is a good deal longer than the line of the terminal.';
    const reply = terminal.prompter.select({ message: 'Which?', choices: [{ value: 'a', title: 'A', why }] });
    expect(await terminal.until('terminal.')).toContain(
      '\n    One sentence that is a good deal longer\n    than the line of the terminal.\n',
    );
    terminal.press(KEYS.enter);
    await reply;
  });

  it('explains in a long list the current choice alone, each on one line', async () => {
    const terminal = new FakeTerminal({ columns: 60, rows: 16 });
    const choices = Array.from({ length: 40 }, (_, index) => ({
      value: String(index),
      title: `answer ${index}    ${'x'.repeat(80)}`,
      why: `Reason ${index}.`,
    }));
    const reply = terminal.prompter.select({ message: 'Which?', choices, compact: true });
    const screen = await terminal.until('Reason 0.');
    expect(screen.match(/answer \d+ {4}x+…/g)).toHaveLength(6);
    expect(screen).not.toContain('Reason 1.');
    for (const line of screen.split('\n')) expect(line.length).toBeLessThanOrEqual(60);
    await terminal.at('Reason 0.', KEYS.down);
    await terminal.at('Reason 1.', KEYS.enter);
    expect(await reply).toBe('1');
  });
});

describe('input', () => {
  it.each([
    ['Enter alone takes the default', [], 'shop'],
    ['typing replaces it', ['s', 't', 'o', 'r', 'e'], 'store'],
    ['Tab edits it', [KEYS.tab, 's'], 'shops'],
    ['Backspace takes a letter back', ['a', 'b', KEYS.backspace], 'a'],
  ])('%s', async (_title, keys, expected) => {
    const terminal = new FakeTerminal();
    const reply = terminal.prompter.input(name);
    await terminal.at('What is it called? (shop)', ...keys, KEYS.enter);
    expect(await reply).toBe(expected);
  });

  it('says what is wrong, keeps the text, and asks on', async () => {
    const terminal = new FakeTerminal();
    const reply = terminal.prompter.input(name);
    await terminal.at('(shop)', 'a', '1', KEYS.enter);
    await terminal.at('> "a1" must be letters', KEYS.backspace, 'b', KEYS.enter);
    expect(await reply).toBe('ab');
  });

  it('can be emptied of its default', async () => {
    const terminal = new FakeTerminal();
    const reply = terminal.prompter.input({ message: 'Which?', default: 'a', validate: () => undefined });
    await terminal.at('(a)', KEYS.backspace, KEYS.enter);
    expect(await reply).toBe('');
  });
});

describe('confirm', () => {
  it.each([
    [true, [], true],
    [false, [], false],
    [true, ['n'], false],
    [false, ['y'], true],
  ])('with default %s and keys %j is %s', async (standing, keys, expected) => {
    const terminal = new FakeTerminal();
    const reply = terminal.prompter.confirm({ ...sure, default: standing });
    await terminal.at(standing ? '(Y/n)' : '(y/N)', ...keys, KEYS.enter);
    expect(await reply).toBe(expected);
  });
});

const prompts: [string, (prompter: Prompter) => Promise<unknown>][] = [
  ['select', (prompter) => prompter.select(fruit)],
  ['input', (prompter) => prompter.input(name)],
  ['confirm', (prompter) => prompter.confirm(sure)],
];

describe.each(prompts)('stopping at %s', (_kind, ask) => {
  it.each([
    ['Ctrl-C', (terminal: FakeTerminal) => terminal.press(KEYS.ctrlC)],
    ['Ctrl-D', (terminal: FakeTerminal) => terminal.press(KEYS.ctrlD)],
    ['the end of the input', (terminal: FakeTerminal) => terminal.input.end()],
  ])('by %s is Cancelled', async (_title, stop) => {
    const terminal = new FakeTerminal();
    const reply = ask(terminal.prompter);
    await terminal.until('?');
    stop(terminal);
    await expect(reply).rejects.toThrow(Cancelled);
    expect(terminal.input.listenerCount('end')).toBeLessThanOrEqual(1);
  });

  it('leaves nothing to listen to', async () => {
    const terminal = new FakeTerminal();
    const before = terminal.input.listenerCount('keypress');
    const reply = ask(terminal.prompter);
    await terminal.at('?', KEYS.enter);
    await reply;
    expect(terminal.input.listenerCount('keypress')).toBe(before);
  });
});

it('takes Ctrl-D within a text for what it is there: delete', async () => {
  const terminal = new FakeTerminal();
  const reply = terminal.prompter.input(name);
  await terminal.at('(shop)', 'a', 'b', KEYS.ctrlD, KEYS.enter);
  expect(await reply).toBe('ab');
});

describe('colour', () => {
  const colours = (raw: string) => raw.split('\x1b[').filter((part) => /^[\d;]*m/.test(part)).length;

  async function shown(options: ConstructorParameters<typeof FakeTerminal>[0]): Promise<string> {
    const terminal = new FakeTerminal(options);
    for (const [, ask] of prompts) {
      const reply = ask(terminal.prompter);
      await terminal.until('?');
      terminal.press(KEYS.enter);
      await reply;
    }
    const wrong = terminal.prompter.input(name);
    await terminal.at('(shop)', '1', KEYS.enter);
    await terminal.at('must be letters', KEYS.backspace, 'a', KEYS.enter);
    await wrong;
    return terminal.raw;
  }

  it.each([
    ['where the output is not a terminal', { isTTY: false }],
    ['where NO_COLOR is set', { isTTY: true, env: { NO_COLOR: '1' } }],
    ['on a terminal that knows none', { isTTY: true, env: { TERM: 'dumb' } }],
  ])('is not used %s', async (_title, options) => {
    // Whatever node thinks of this process's own output.
    const before = process.env.FORCE_COLOR;
    process.env.FORCE_COLOR = '1';
    try {
      expect(colours(await shown(options))).toBe(0);
    } finally {
      if (before === undefined) delete process.env.FORCE_COLOR;
      else process.env.FORCE_COLOR = before;
    }
  });

  it('is used on a terminal', async () => {
    const { FORCE_COLOR, NO_COLOR } = process.env;
    process.env.FORCE_COLOR = '1';
    delete process.env.NO_COLOR;
    try {
      const raw = await shown({ isTTY: true });
      expect(colours(raw)).toBeGreaterThan(0);
      // What is painted is not spelt out as if it came from the project.
      expect(raw).not.toContain('\\u{001b}');
    } finally {
      restore({ FORCE_COLOR, NO_COLOR });
    }
  });
});

function restore(variables: Record<string, string | undefined>): void {
  for (const [variable, value] of Object.entries(variables)) {
    if (value === undefined) delete process.env[variable];
    else process.env[variable] = value;
  }
}
