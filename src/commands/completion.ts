/** completion: a script that has the person's shell complete commands, flags and their values. */
import { AnswersError, problem } from '../answers/problem.ts';
import { FIELDS, flagOf } from '../answers/schema.ts';
import type { Field } from '../contract/field.ts';
import { nearest } from '../words/text.ts';
import type { Command, CommandOption } from './command.ts';
import { type CompletableCommand, type CompletableFlag, SCRIPTS } from './completion-scripts.ts';

/** What tells how to go on behind a flag. */
interface Guided {
  placeholder?: string | undefined;
  choices?: readonly { value: string }[] | undefined;
}

type Listed = Readonly<Record<string, { summary: string; command: Command }>>;

const SHELLS = Object.keys(SCRIPTS) as (keyof typeof SCRIPTS)[];

/** @param commands All that there are, this one among them. */
export function completionOf(commands: () => Listed): Command {
  return {
    usage: 'completion SHELL',
    summary: `Prints a script that has ${SHELLS.join(', ').replace(/, (?=\w+$)/, ' or ')} complete commands, flags and their values. In bash and zsh: eval "$(deploy-scaffold completion SHELL)"; in fish: deploy-scaffold completion fish | source.`,
    takesAnswers: false,
    options: {},
    word: SHELLS,
    wordKind: 'shell',
    async run({ terminal, problems, positionals: [word] }) {
      const shell = SHELLS.find((one) => one === word);
      if (shell === undefined) problems.unshift(unknownShell(word));
      if (shell === undefined || problems.length > 0) throw new AnswersError(problems);
      terminal.say(SCRIPTS[shell](Object.entries(commands()).map(completable)).trimEnd());
      return 0;
    },
  };
}

function unknownShell(word: string | undefined) {
  const shell = nearest(word ?? '', SHELLS) ?? SHELLS[0];
  const message = `${word === undefined ? 'is missing: name one of' : 'is not a shell that is known here; there are'} ${SHELLS.join(', ')}`;
  return problem('shell-unknown', {
    path: word ?? 'SHELL',
    message,
    remedy: `Write "deploy-scaffold completion ${shell}".`,
  });
}

function completable([name, { summary, command }]: [string, Listed[string]]): CompletableCommand {
  const { options, takesAnswers, word = 'folder' } = command;
  const flags = [
    ...Object.entries(options).map(ownFlag),
    ...(takesAnswers ? Object.entries(FIELDS).flatMap(answerFlags) : []),
    { name: 'help', short: 'h', help: 'All flags of this command', value: 'none' } as const,
  ];
  return { name, summary, flags, value: word };
}

function ownFlag([name, { short, help, type, placeholder }]: [string, CommandOption]): CompletableFlag {
  // A flag of a command may give an answer too.
  const value = type === 'boolean' ? 'none' : guided({ placeholder, choices: FIELDS[name]?.choices });
  return { name, help: firstSentence(help), value, ...(short !== undefined && { short }) };
}

function answerFlags([name, field]: [string, Field]): CompletableFlag[] {
  const [flag, help] = [flagOf(name), firstSentence(field.help)];
  if (field.form !== 'yes-no') return [{ name: flag, help, value: guided(field) }];
  return [flag, `no-${flag}`].map((each) => ({ name: each, help, value: 'none' }));
}

/** What its placeholder promises. */
function guided({ placeholder, choices }: Guided): CompletableFlag['value'] {
  if (choices !== undefined) return choices.map(({ value }) => value);
  return placeholder === 'FILE' ? 'file' : placeholder === 'DIR' ? 'folder' : 'text';
}

const firstSentence = (text: string) => /^.*?(?=\.(?: |$)|$)/.exec(text)?.[0] ?? text;
