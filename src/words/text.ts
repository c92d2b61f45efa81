import { distance } from 'fastest-levenshtein';

/** The known word that a mistyped one most likely meant; undefined where none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((candidate) => ({ candidate, edits: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits);
  const [best] = ranked;
  return best && best.edits <= Math.max(2, Math.floor(word.length / 3)) ? best.candidate : undefined;
}

/** The same as the end of a sentence about that word: `; did you mean "nginx"?`, or nothing where none is near. */
export function suggestion(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  return near === undefined ? '' : `; did you mean "${near}"?`;
}

/** Characters that no screen shows as themselves: they move the cursor, or turn or hide what stands around them. */
const UNSEEN =
  /[\p{Cc}\p{Cs}\u061C\u200E\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB\u{E0000}-\u{E007F}]/gu;

/** A text with every character that would act on a screen spelt out: "\u{202e}". Line breaks and tabs stay. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (character) =>
    character === '\n' || character === '\t' ? character : spelt(character),
  );
}

/** The same for a part of a line, which no line break of a project's own may end. */
export function visibleInLine(text: string): string {
  return text.replace(UNSEEN, spelt);
}

function spelt(character: string): string {
  return `\\u{${codeOf(character)}}`;
}

function codeOf(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).padStart(4, '0');
}

/** The first character of a text that turns or hides others, or is half of one; line breaks and the like are not meant. */
export function unseenIn(text: string): string | undefined {
  const found = [...text.matchAll(UNSEEN)].find(([character]) => !/\p{Cc}/u.test(character));
  return found && `U+${codeOf(found[0]).toUpperCase()}`;
}

/** JSON whose text is safe on a screen too: beyond what JSON itself escapes. The value is the same. */
export function screenJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(UNSEEN, (character) =>
    character === '\n'
      ? character
      : [...Array(character.length).keys()]
          .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
          .join(''),
  );
}
