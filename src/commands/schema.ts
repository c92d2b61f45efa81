/** schema: the JSON Schema of the answers file. */
import { answersJsonSchema } from '../answers/json-schema.ts';
import type { Command } from './command.ts';

export const schema: Command = {
  usage: 'schema',
  summary: 'Prints the JSON Schema of the answers file, for editors and other tools.',
  takesAnswers: false,
  options: {},
  async run({ terminal }) {
    terminal.document(answersJsonSchema());
    return 0;
  },
};
