/** The whole wizard, key by key, over the real prompts. */

import { describe, expect, it } from 'vitest';
import { detectedLayer } from '../../src/answers/detected.ts';
import type { Resolution } from '../../src/answers/resolve.ts';
import { Cancelled } from '../../src/wizard/cancelled.ts';
import type { Prompter } from '../../src/wizard/prompter.ts';
import { runWizard } from '../../src/wizard/wizard.ts';
import { detected, folderName, STACK } from './script.ts';
import { FakeTerminal, KEYS } from './terminal.ts';

const complete = (resolution: Resolution) => resolution;

function run(prompter: Prompter): Promise<Resolution> {
  const detection = detected();
  return runWizard({
    layers: [detectedLayer(detection), folderName],
    detection,
    prompter,
    complete,
    project: 'shop',
  });
}

/** What is waited for at each question, and the keys that reply. */
const STEPS: [screen: string, keys: string[]][] = [
  ['Which host names', [...'shop.example', KEYS.enter]],
  ['What does the host run?', [KEYS.down, KEYS.enter]],
  ...STACK.map((question): [string, string[]] => [question, [KEYS.enter]]),
  ['Where does HTTPS end?', [KEYS.down, KEYS.enter]],
  ['the certificate, with its chain?', [...'/etc/a.pem', KEYS.enter]],
  ['its private key?', [KEYS.enter]],
  ['Is all of this right?', [...'ipv6', KEYS.enter]],
  ['Does the host have IPv6?', ['n', KEYS.enter]],
  ['Is all of this right?', [KEYS.enter]],
];

it('goes from the first key to the answers', async () => {
  const terminal = new FakeTerminal();
  const result = run(terminal.prompter);
  for (const [screen, keys] of STEPS) await terminal.at(screen, ...keys);
  const { answers, problems } = await result;
  expect(problems).toEqual([]);
  expect(answers).toMatchObject({
    domains: ['shop.example'],
    target: 'debian-12',
    tls: 'files',
    'tls-certificate': '/etc/a.pem',
    'tls-key': '/etc/ssl/shop/privkey.pem',
    ipv6: false,
  });
});

it('says what was found before it asks, and what the keys do', async () => {
  const terminal = new FakeTerminal();
  const result = run(terminal.prompter);
  const screen = await terminal.until('Which host names');
  expect(screen.indexOf('shop/settings.py:118')).toBeGreaterThan(0);
  expect(screen.indexOf('shop/settings.py:118')).toBeLessThan(screen.indexOf('Which host names'));
  expect(screen).toContain('Tab lets you edit it');
  terminal.press(KEYS.ctrlC);
  await expect(result).rejects.toThrow(Cancelled);
});

it('shows what is wrong with a reply, in place', async () => {
  const terminal = new FakeTerminal();
  const result = run(terminal.prompter);
  await terminal.at('Which host names', ...'shop_example', KEYS.enter);
  await terminal.at(
    '"shop_example" must be a host name',
    ...Array(8).fill(KEYS.backspace),
    ...'.example',
    KEYS.enter,
  );
  await terminal.at('What does the host run?', KEYS.enter);
  for (const question of STACK) await terminal.at(question, KEYS.enter);
  await terminal.at('Where does HTTPS end?', KEYS.enter);
  await terminal.at('Is all of this right?', KEYS.enter);
  expect((await result).answers.domains).toEqual(['shop.example']);
});

it('cancels from the last entry of the summary', async () => {
  const terminal = new FakeTerminal();
  const result = run(terminal.prompter);
  for (const [screen, keys] of STEPS.slice(0, 5 + STACK.length)) await terminal.at(screen, ...keys);
  await terminal.at('Is all of this right?', ...'Cancel', KEYS.enter);
  await expect(result).rejects.toThrow(Cancelled);
});

describe.each([
  ['Ctrl-C', KEYS.ctrlC],
  ['Ctrl-D', KEYS.ctrlD],
])('%s', (_title, stop) => {
  it.each(STEPS.map(([screen], index) => [index + 1, screen] as const))(
    'stops at question %i, "%s"',
    async (count) => {
      const terminal = new FakeTerminal();
      const result = run(terminal.prompter);
      for (const [screen, keys] of STEPS.slice(0, count - 1)) await terminal.at(screen, ...keys);
      await terminal.at(STEPS[count - 1]?.[0] ?? '', stop);
      await expect(result).rejects.toThrow(Cancelled);
      // No question comes after it.
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(terminal.screen).not.toMatch(/\?.*\?/s);
    },
  );
});
