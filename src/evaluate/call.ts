/** One call, and what those that answer it have in common. */
import type { Evidence } from '../words/value.ts';
import { lift } from './alternatives.ts';
import type { Abstract, CallArguments, Data } from './data.ts';
import { textOfData } from './plain.ts';
import type { Run } from './run.ts';

/** One call that is being evaluated. */
export interface Call {
  readonly run: Run;
  readonly args: CallArguments;
  readonly at: Evidence;
  /** The call as it is written, for a person. */
  readonly text: string;
  /** Calls any other value: a cast that is a function of the project. */
  invoke(callee: Data, args: CallArguments): Abstract;
}

/** What such a call returns; undefined where that is not told here. */
export type Callable = (call: Call) => Abstract | undefined;

/** An argument by its place or by one of its names; undefined where the call has none. */
export function arg(call: Call, index: number, ...names: string[]): Abstract | undefined {
  const named = names.map((name) => call.args.named.get(name)).find((value) => value !== undefined);
  return call.args.positional[index] ?? named;
}

/** What a call returns that only running it would show. */
export function notPlain(call: Call): Data {
  return { t: 'unknown', because: `it is computed at run time: ${call.text}` };
}

/** Lifts a function of texts; data that is not text makes the result unknown. */
export function ofTexts(
  call: Call,
  args: readonly Abstract[],
  apply: (...texts: string[]) => Data | undefined,
): Abstract {
  return lift(args, (...data) => {
    const texts = data.map(textOfData);
    return texts.every((text) => text !== undefined) ? (apply(...texts) ?? notPlain(call)) : notPlain(call);
  });
}
