#!/usr/bin/env node
/** argv to command; the only place that prints errors and sets the exit status. Each command is loaded when asked for. */
import module from 'node:module';
import { version } from '../package.json';
import type { Command } from './commands/command.ts';

const COMMANDS: Record<string, { summary: string; load: () => Promise<Command> }> = {
  init: {
    summary: 'read the project, ask what is left, write the deployment',
    load: async () => (await import('./commands/init.ts')).init,
  },
  check: {
    summary: 'have the real tools judge what is on disk',
    load: async () => (await import('./commands/check.ts')).check,
  },
  schema: {
    summary: 'print the JSON Schema of the answers file',
    load: async () => (await import('./commands/schema.ts')).schema,
  },
};

const USAGE = `usage: deploy-scaffold <command> [dir] [flags]

Reads a Python web project and writes its production deployment.

commands:
${Object.entries(COMMANDS)
  .map(([name, { summary }]) => `  ${name.padEnd(8)} ${summary}`)
  .join('\n')}

  deploy-scaffold <command> --help   all flags of a command
  deploy-scaffold --version

Start with: npx deploy-scaffold init`;

async function main([word, ...rest]: string[]): Promise<number> {
  if (word === '--version' || word === '-V') return print(version);
  if (word === '--help' || word === '-h' || word === 'help') return print(USAGE);
  const entry = word !== undefined && Object.hasOwn(COMMANDS, word) ? COMMANDS[word] : undefined;
  if (entry === undefined) return wrongCommand(word);
  const [command, { runCommand }] = await Promise.all([entry.load(), import('./commands/run.ts')]);
  return runCommand(command, rest);
}

function print(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

async function wrongCommand(word: string | undefined): Promise<number> {
  if (word === undefined) {
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
  const { nearest } = await import('./text.ts');
  const near = nearest(word, Object.keys(COMMANDS));
  const hint =
    near === undefined ? `There are: ${Object.keys(COMMANDS).join(', ')}.` : `Did you mean "${near}"?`;
  process.stderr.write(`deploy-scaffold: "${word}" is no command. ${hint}\n`);
  return 2;
}

// Node.js 22 and newer keep compiled code between runs, which is most of the start-up time; 20 has no such cache.
// https://nodejs.org/api/module.html#modulenablecompilecachecachedir
(module as { enableCompileCache?: () => unknown }).enableCompileCache?.();

// A reader that has seen enough, such as head(1), is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
