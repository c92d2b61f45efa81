/** A command line as a person writes it, which no shell ever sees. */
import { plainWords } from '../formats/shell/plain.ts';

/** Stands for the folder that the app may write to. */
export const STATE = '{state}';

/** The words, or an Error that says what cannot be meant. */
export function commandWords(text: string): string[] | Error {
  try {
    const words = plainWords(text, STATE);
    const [program] = words;
    if (program === undefined) throw new Error('needs a program to run');
    checkProgram(program);
    checkForeground(words);
    return words;
  } catch (error) {
    return error as Error;
  }
}

/** A program of the virtual environment by its name, or any by its whole path. */
function checkProgram(program: string): void {
  if (/^[\w.-]+=/.test(program))
    throw new Error(`begins with ${program}: variables have their place in the environment, see env`);
  if (/^(?:\.\/)?manage\.py$/.test(program))
    throw new Error(`begins with ${program}: write "python manage.py"`);
  if (!/^(?:\w[\w.+-]*|(?:\/(?!\.\.?(?:\/|$))[\w.+-]+)+)$/.test(program))
    throw new Error(
      `begins with ${program}: that must be a program of the virtual environment, such as celery, or an absolute path`,
    );
}

/** Words that send a program away from whoever started it: https://www.freedesktop.org/software/systemd/man/latest/daemon.html */
const AWAY = /^--(?:detach|daemon|daemonize)$/;

function checkForeground(words: readonly string[]): void {
  const away =
    words.find((word) => AWAY.test(word)) ?? (/\bcelery multi\b/.test(words.join(' ')) ? 'multi' : undefined);
  if (away !== undefined)
    throw new Error(`has ${away} in it: the command must stay in the foreground, where it is watched over`);
}
