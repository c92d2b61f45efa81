/** schema: the JSON Schema of the answers file. */
import { answersJsonSchema } from '../answers/json-schema.ts';
import { AnswersError, problem } from '../answers/problem.ts';
import type { Command } from './command.ts';

export const schema: Command = {
  usage: 'schema',
  summary: 'Prints the JSON Schema of the answers file, for editors and other tools.',
  takesAnswers: false,
  options: {},
  word: 'none',
  async run({ terminal, problems, positionals: [word] }) {
    if (word !== undefined)
      problems.unshift(
        problem('word-unexpected', {
          path: word,
          message: 'is one word too many: this command takes no folder',
          remedy: 'Leave it out.',
        }),
      );
    if (problems.length > 0) throw new AnswersError(problems);
    terminal.document(answersJsonSchema());
    return 0;
  },
};
