/** Runs one command: flags, help, and errors said to the person who gets them. */

import { answersFlagOptions } from '../answers/flags.ts';
import { AnswersError, describeProblem, type Problem } from '../answers/problem.ts';
import { parseArguments } from '../arguments.ts';
import { BUG, bugReport, withoutPlaces } from '../system/bug.ts';
import { UserError } from '../system/error.ts';
import { type Terminal, terminal } from '../system/terminal.ts';
import { Cancelled } from '../wizard/cancelled.ts';
import type { Diagnostic } from '../words/diagnostic.ts';
import type { Command } from './command.ts';
import { described, documentOf } from './report.ts';

const HELP = { help: { type: 'boolean', short: 'h' } } as const;

/** The exit status: 0 fine, 1 a finding, 2 wrong use or invalid answers, 130 cancelled. */
export async function runCommand(command: Command, argv: readonly string[]): Promise<number> {
  // Until the flags are parsed, this tells what they will say.
  let json = argv.includes('--json');
  try {
    const options = { ...HELP, ...command.options, ...(command.takesAnswers ? answersFlagOptions() : {}) };
    const { values, positionals, problems } = parseArguments(argv, options, command.wordKind);
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
  const { status, text, problems } = endingOf(error);
  screen.complain(text);
  if (json) screen.document(documentOf(status, problems, { problems }));
  return status;
}

/** How a command ended that was not to end so: its status, what a person reads, and what a program does. */
function endingOf(error: unknown): { status: number; text: string; problems: readonly Diagnostic[] } {
  if (error instanceof Cancelled) return { status: 130, text: error.message, problems: [] };
  if (error instanceof AnswersError)
    return { status: 2, text: problemsText(error.problems), problems: error.problems };
  if (error instanceof UserError) {
    const { diagnostic, exitCode } = error;
    const text = `deploy-scaffold: ${described(diagnostic)}\n  ${diagnostic.remedy}`;
    return { status: exitCode, text, problems: [diagnostic] };
  }
  const remedy = 'Please report it, with what stands on standard error.';
  const bug = { code: 'bug', level: 'error', message: withoutPlaces(String(error)), remedy } as const;
  return { status: BUG, text: bugReport(error), problems: [bug] };
}

function problemsText(problems: readonly Problem[]): string {
  const count = problems.length === 1 ? 'One thing is' : `${problems.length} things are`;
  const lines = problems.map((problem) => `  ${describeProblem(problem)}`);
  return [`deploy-scaffold: ${count} wrong; nothing was written.`, ...lines].join('\n');
}
