/**
 * What a program would understand of a file: tokens, each with its kind and with the text that the program ends up
 * with once quotes and escapes are gone. Written apart from src/formats on purpose: a reader that shared a
 * mistake with the quoting would never see it.
 */
export type Token = readonly [kind: string, text: string];

export type Reader = (text: string) => Token[];

/** Marks what the program would expand or obey, so that it never equals the same characters taken literally. */
export const live = (text: string) => `\uE000${text}\uE001`;

/** Wraps every match of what is obeyed. */
export const enliven = (text: string, pattern: RegExp) => text.replaceAll(pattern, (match) => live(match));

/** A regular expression: what is escaped is literal, what has a meaning is live. */
export const pattern = (text: string) =>
  text.replaceAll(/\\(\W)|[\^$.|?*+()[\]{}]/g, (match, literal?: string) => literal ?? live(match));
