/** Runs one command: flags, help, and errors said to the person who gets them. */

import { answersFlagOptions } from '../answers/flags.ts';
import { AnswersError, describeProblem, type Problem } from '../answers/problem.ts';
import { parseArguments } from '../arguments.ts';
import { UserError } from '../system/error.ts';
import { type Terminal, terminal } from '../system/terminal.ts';
import { Cancelled } from '../wizard/cancelled.ts';
import type { Command } from './command.ts';

const HELP = { help: { type: 'boolean', short: 'h' } } as const;

/** EX_SOFTWARE of sysexits.h: none of the statuses that say something about the project. */
const BUG = 70;

/** The exit status: 0 fine, 1 a finding, 2 wrong use or invalid answers, 130 cancelled. */
export async function runCommand(command: Command, argv: readonly string[]): Promise<number> {
  // Until the flags are parsed, this tells what they will say.
  let json = argv.includes('--json');
  try {
    const options = { ...HELP, ...command.options, ...(command.takesAnswers ? answersFlagOptions() : {}) };
    const { values, positionals, problems } = parseArguments(argv, options);
    json = values.json === true;
    const screen = terminal({ json });
    if (values.help === true) {
      const { commandHelp } = await import('./help.ts');
      screen.say(commandHelp(command));
      return 0;
    }
    return await command.run({ values, positionals, problems, terminal: screen });
  } catch (error) {
    return report(error, terminal({ json }), json);
  }
}

function report(error: unknown, screen: Terminal, json: boolean): number {
  if (error instanceof Cancelled) {
    screen.complain(error.message);
    if (json) screen.document({ status: 130, problems: [] });
    return 130;
  }
  if (error instanceof AnswersError) {
    screen.complain(problemsText(error.problems));
    if (json) screen.document({ status: 2, problems: error.problems });
    return 2;
  }
  if (error instanceof UserError) {
    screen.complain(`deploy-scaffold: ${error.message}\n  ${error.remedy}`);
    const { message, remedy, exitCode } = error;
    if (json) screen.document({ status: exitCode, problems: [{ message, remedy }] });
    return exitCode;
  }
  screen.complain(`deploy-scaffold: this is a bug in deploy-scaffold, please report it.\n${stackOf(error)}`);
  if (json) screen.document({ status: BUG, problems: [{ message: String(error) }] });
  return BUG;
}

function stackOf(error: unknown): string {
  return error instanceof Error && error.stack !== undefined ? error.stack : String(error);
}

function problemsText(problems: readonly Problem[]): string {
  const count = problems.length === 1 ? 'One thing is' : `${problems.length} things are`;
  const lines = problems.map((problem) => `  ${describeProblem(problem)}`);
  return [`deploy-scaffold: ${count} wrong; nothing was written.`, ...lines].join('\n');
}
