/** argv to command; the only place that decides the exit status. */
import { check } from './commands/check.ts';
import type { Command } from './commands/command.ts';
import { completionOf } from './commands/completion.ts';
import { detect } from './commands/detect.ts';
import { init } from './commands/init.ts';
import { runCommand } from './commands/run.ts';
import { schema } from './commands/schema.ts';
import { type Terminal, terminal } from './system/terminal.ts';
import { nearest } from './words/text.ts';

const COMMANDS: Record<string, { summary: string; command: Command }> = {
  init: { summary: 'read the project, ask what is left, write the deployment', command: init },
  check: { summary: 'check what is on disk with the real tools', command: check },
  detect: { summary: 'show what the project is, and where each value was found', command: detect },
  schema: { summary: 'print the JSON Schema of the answers file', command: schema },
  completion: {
    summary: 'have bash, zsh or fish complete the command line',
    command: completionOf(() => COMMANDS),
  },
};

const USAGE = `usage: deploy-scaffold <command> [dir] [flags]

Reads a Python web project and writes its production deployment.

commands:
${Object.entries(COMMANDS)
  .map(([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`)
  .join('\n')}

  deploy-scaffold <command> --help   all flags of a command
  deploy-scaffold --version

Start with: npx deploy-scaffold init`;

/** Does what a command line asks for, and gives the exit status. */
export async function main([word, ...rest]: string[]): Promise<number> {
  const screen = terminal({ json: false });
  if (word === '--help' || word === '-h' || word === 'help') {
    screen.say(USAGE);
    return 0;
  }
  if (word === undefined) {
    screen.complain(USAGE);
    return 2;
  }
  const entry = Object.hasOwn(COMMANDS, word) ? COMMANDS[word] : undefined;
  return entry === undefined ? wrongCommand(word, screen) : runCommand(entry.command, rest);
}

function wrongCommand(word: string, screen: Terminal): number {
  const names = Object.keys(COMMANDS);
  const near = nearest(word, names);
  const hint = near === undefined ? `There are: ${names.join(', ')}.` : `Did you mean "${near}"?`;
  screen.complain(`deploy-scaffold: "${word}" is not a command. ${hint}`);
  return 2;
}
