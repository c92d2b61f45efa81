/**
 * A command line as a person writes it, taken apart into words: what a POSIX shell would read, less all that only a
 * shell can do, for no shell ever sees it.
 * https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02
 */

/** Stands for the folder that the app may write to. */
export const STATE = '{state}';

/** The words, or an Error that says what cannot be meant. */
export function commandWords(text: string): string[] | Error {
  try {
    const words = split(text);
    const [program] = words;
    if (program === undefined) throw new Error('needs a program to run');
    checkProgram(program);
    checkForeground(words);
    return words;
  } catch (error) {
    return error as Error;
  }
}

/** Quoted and plain pieces; what stands together without a space is one word. */
const PIECE = /\s+|'([^']*)'|"([^"]*)"|[^\s'"]+|['"]/gu;
/** What a shell would act on: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02_01 */
const ACTED_ON = /[|&;<>()$`\\*?[\]#~!{}]/;
const ACTED_ON_IN_DOUBLE = /[$`\\]/;

function split(text: string): string[] {
  if (/[\p{Cc}\u2028\u2029]/u.test(text)) throw new Error('must be one line, without control characters');
  const words: string[] = [];
  let word: string | undefined;
  for (const [piece, single, double] of text.matchAll(PIECE)) {
    if (/^\s/.test(piece)) {
      if (word !== undefined) words.push(word);
      word = undefined;
      continue;
    }
    if (piece === "'" || piece === '"') throw new Error(`has a ${piece} that is not closed`);
    if (double !== undefined) refuse(double, ACTED_ON_IN_DOUBLE);
    else if (single === undefined) refuse(piece.replaceAll(STATE, ''), ACTED_ON);
    word = (word ?? '') + (single ?? double ?? piece);
  }
  return word === undefined ? words : [...words, word];
}

function refuse(text: string, acted: RegExp): void {
  const character = acted.exec(text)?.[0];
  if (character === undefined) return;
  throw new Error(
    `has ${character} in it, and no shell reads the command: put it in single quotes where the program is to get it`,
  );
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
