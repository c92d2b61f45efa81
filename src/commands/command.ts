import type { FlagOption } from '../answers/flags.ts';
import type { Problem } from '../answers/problem.ts';
import type { Terminal } from '../system/terminal.ts';

/** A flag of a command that is not an answer. */
export interface CommandOption extends FlagOption {
  placeholder?: string;
  help: string;
}

export interface Invocation {
  /** Values of flags by name, as util.parseArgs gives them. */
  values: Readonly<Record<string, unknown>>;
  positionals: readonly string[];
  /** What is wrong with the command line itself; the command adds its own and reports all at once. */
  problems: Problem[];
  terminal: Terminal;
}

export interface Command {
  /** "init [dir]" */
  usage: string;
  summary: string;
  options: Readonly<Record<string, CommandOption>>;
  /** It takes a flag for every answer. */
  takesAnswers: boolean;
  /** What its word may be; left out where it is a folder. */
  word?: readonly string[] | 'none';
  /** What its word is called in messages; left out where it is a folder. */
  wordKind?: string;
  /** Does it, and gives the exit status. */
  run(invocation: Invocation): Promise<number>;
}

/** The folder that a command is about. */
export function projectDir({ positionals }: Invocation): string {
  return positionals[0] ?? '.';
}
