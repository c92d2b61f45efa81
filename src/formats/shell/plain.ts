/**
 * A command line that no shell reads, taken apart and written as a POSIX shell would have it, less all that only a shell
 * can do. https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02
 */

/** Quoted and plain pieces; what stands together without a space is one word. */
const PIECE = /\s+|'([^']*)'|"([^"]*)"|[^\s'"]+|['"]/gu;
/** What a shell would act on: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02_01 */
const ACTED_ON = /[|&;<>()$`\\*?[\]#~!{}]/;
const ACTED_ON_IN_DOUBLE = /[$`\\]/;

/**
 * The words of a line. Throws an Error, without a subject, for what cannot be meant.
 *
 * @param placeholder stands for something else, and may have characters that a shell would act on.
 */
export function plainWords(text: string, placeholder: string): string[] {
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
    else if (single === undefined) refuse(piece.replaceAll(placeholder, ''), ACTED_ON);
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

/** Words as a line; undefined where one has a single quote, which would take more than quotes. */
export function plainLine(words: readonly string[]): string | undefined {
  if (words.some((word) => word.includes("'"))) return undefined;
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`)).join(' ');
}
