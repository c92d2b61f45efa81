/** argv to flags and words; every mistake is reported, with the nearest that would do. */
import { parseArgs } from 'node:util';
import type { FlagOption } from './answers/flags.ts';
import { type Problem, problem } from './answers/problem.ts';
import { nearest } from './words/text.ts';

export interface ParsedArguments {
  values: Record<string, unknown>;
  positionals: string[];
  problems: Problem[];
}

/** Parses what stands behind the command's name. At most one word that is not a flag is allowed: the folder, or what `kind` says. */
export function parseArguments(
  argv: readonly string[],
  options: Readonly<Record<string, FlagOption>>,
  kind = 'folder',
): ParsedArguments {
  const { tokens } = parseArgs({ args: [...argv], options: plain(options), strict: false, tokens: true });
  const values: Record<string, unknown> = {};
  const positionals: string[] = [];
  const problems: Problem[] = [];
  for (const [index, token] of tokens.entries()) {
    if (token.kind === 'positional' && !isValueOfUnknown(tokens[index - 1], options))
      positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined;
    const misused = misuse(token, option, Object.keys(options));
    if (misused !== undefined) problems.push(misused);
    else if (option?.multiple)
      values[token.name] = [...((values[token.name] ?? []) as unknown[]), token.value ?? true];
    else values[token.name] = token.value ?? true;
  }
  const [, second] = positionals;
  if (second !== undefined) {
    const message = `is one word too many: there is one ${kind}, and it is ${positionals[0]}`;
    problems.push(problem('word-unexpected', { path: second, message, remedy: `Name one ${kind}.` }));
  }
  return { values, positionals, problems };
}

type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number];

/** A word behind a flag that nobody knows is its value, and no folder, unless the flag that is meant takes none. */
function isValueOfUnknown(before: Token | undefined, options: Readonly<Record<string, FlagOption>>): boolean {
  if (before?.kind !== 'option' || before.inlineValue || Object.hasOwn(options, before.name)) return false;
  const near = nearest(before.name, Object.keys(options));
  return near === undefined || options[near]?.type === 'string';
}

function plain(options: Readonly<Record<string, FlagOption>>) {
  return Object.fromEntries(
    Object.entries(options).map(([name, { type, short }]) => [
      name,
      { type, multiple: true, ...(short && { short }) },
    ]),
  );
}

function misuse(
  token: { name: string; rawName: string; value?: string | undefined; inlineValue?: boolean | undefined },
  option: FlagOption | undefined,
  known: readonly string[],
): Problem | undefined {
  const { rawName: path } = token;
  if (option === undefined) {
    const near = nearest(token.name, known);
    const message = `is not a flag of this command${near === undefined ? '; see --help' : `; did you mean --${near}?`}`;
    const remedy = near === undefined ? 'See --help for the flags of this command.' : `Write --${near}.`;
    return problem('flag-unknown', { path, message, remedy });
  }
  const wrong = (message: string, remedy: string) => problem('flag-misused', { path, message, remedy });
  if (option.type === 'boolean')
    return token.inlineValue ? wrong('takes no value', `Write ${path} alone.`) : undefined;
  // "--name --yes": the value was forgotten. One that does begin with a dash is given as --name=-value.
  const forgotten = token.value === undefined || (!token.inlineValue && /^-./.test(token.value));
  return forgotten ? wrong('needs a value', `Write ${path} VALUE.`) : undefined;
}
