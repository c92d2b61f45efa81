/** A value that a syntax cannot hold in one context. Thrown by `Syntax.quote`, which knows neither file nor path. */
export class CannotHold extends Error {
  readonly character: string | undefined;
  constructor(reason: string, character?: string) {
    super(reason);
    this.name = 'CannotHold';
    this.character = character;
  }
}

/** A template that asks for something its syntax does not allow, found while reading it. */
export class Misuse extends Error {
  override readonly name = 'Misuse';
}

/**
 * One target language: a small lexer that follows the text of a template (used when it is compiled), and the
 * quoting of a value for the place the lexer was in (used when it is rendered).
 *
 * A lexer state is plain data and is never changed in place.
 */
export interface Syntax<S = unknown> {
  readonly name: string;
  readonly start: S;
  /** The state after one more character. Throws `Misuse`. */
  step(state: S, character: string): S;
  /**
   * A value is printed here. `next` holds what may follow it: single characters, VALUE for another value, END for
   * the end of the file. Returns what to call the place, and the state after the value.
   * Throws `Misuse` where no value may stand at all.
   */
  hole(state: S, next: readonly string[]): Hole<S>;
  /** Equal for states that mean the same; alternatives of a block must agree in it. */
  key(state: S): string;
  /** Of two states with the same key, the one in which less is allowed next. Without it, they are alike. */
  join?(a: S, b: S): S;
  /** What starts a comment line in this state; undefined where none may stand. `false`: comments are not written. */
  comment(state: S): string | undefined | false;
  /** Throws `Misuse` when a file may not end here. */
  end(state: S): void;
  /** The value, written for that context. Throws `CannotHold`. */
  quote(context: string, value: unknown): string;
}

export interface Hole<S> {
  readonly context: string;
  readonly state: S;
}

export const VALUE = 'VALUE';
export const END = 'END';

/** True if nothing but one of these characters, or the end of the file, can follow. */
export function followedBy(next: readonly string[], characters: string): boolean {
  return next.every((each) => each === END || (each.length === 1 && characters.includes(each)));
}

/**
 * The text of a value that prints as one: a string or a finite number.
 * No syntax here can hold a line end, and other control characters, unpaired surrogates and the marks that turn
 * the direction of text only ever serve to make a file read differently from what it looks like
 * (https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing): all of them are refused.
 */
export function textOf(value: unknown): string {
  const text = printed(value);
  const bad = FORBIDDEN.exec(text)?.[0];
  if (bad !== undefined)
    throw new CannotHold(`${nameOf(bad)} cannot be written into a configuration file`, bad);
  return text;
}

const FORBIDDEN = /[\p{Cc}\p{Cs}\u2028\u2029\u202A-\u202E\u2066-\u2069\uFEFF]/u;

function printed(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new CannotHold('not a finite number');
    const text = String(value === 0 ? 0 : value);
    if (text.includes('e'))
      throw new CannotHold('the number is too large or too small to be printed plainly');
    return text;
  }
  if (typeof value === 'boolean')
    throw new CannotHold('a yes or no has no spelling here; use if in the template');
  if (Array.isArray(value)) throw new CannotHold('a list is not one value; use each in the template');
  throw new CannotHold(value === null || value === undefined ? 'there is no value' : 'not a single value');
}

/** Throws `CannotHold`, naming the first character that matches. */
export function refuse(text: string, pattern: RegExp, why: string): void {
  const bad = pattern.exec(text)?.[0];
  if (bad !== undefined) throw new CannotHold(`${why} ${nameOf(bad)}`, bad);
}

/** Throws `CannotHold` for the empty string. */
export function refuseEmpty(text: string, why: string): void {
  if (text === '') throw new CannotHold(why);
}

function nameOf(character: string): string {
  const names: Record<string, string> = {
    '\n': 'a line end',
    '\t': 'a tab',
    ' ': 'a space',
    "'": 'a single quote',
  };
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return names[character] ?? (FORBIDDEN.test(character) ? `the character U+${code}` : `'${character}'`);
}
