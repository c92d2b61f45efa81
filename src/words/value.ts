/**
 * What the project's source says about one thing, and how sure we may be of it.
 *
 * A wrong answer given with confidence is worse than a question, so every value carries where it was read.
 */

/** A place in the project: `file` is relative to the project's folder, with forward slashes; `line` counts from 1. */
export interface Evidence {
  file: string;
  line: number;
}

export type Value<T> =
  /** The source says exactly this. */
  | { kind: 'known'; value: T; from: Evidence[] }
  /** This, unless something outside of the source says otherwise; `unless` names it ("the environment variable DEBUG is set"). */
  | { kind: 'default'; value: T; unless: string; from: Evidence[] }
  /** One of several, each under its condition ("if DEBUG"). */
  | { kind: 'one-of'; options: { value: T; when: string; from: Evidence[] }[] }
  /** It is set, but cannot be known from the source; `because` says why, for the person who is then asked. */
  | { kind: 'unknown'; because: string; from: Evidence[] }
  /** Nothing sets it. */
  | { kind: 'absent' };

/** What the source says, for sure or by default; undefined where it leaves that open, or says nothing. */
export function likelyValue<T>(value: Value<T> | undefined): T | undefined {
  return value?.kind === 'known' || value?.kind === 'default' ? value.value : undefined;
}

/** Would two values be written alike? They are plain data, and small; the order of a map's keys counts. */
export function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
