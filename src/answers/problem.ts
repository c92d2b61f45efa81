import { visibleInLine } from '../words/text.ts';

/** Something wrong with the answers, said so that it can be mended: all of them are reported at once. */
export interface Problem {
  /** The answer and the place in it: "domains", "static./assets". */
  path: string;
  /** Where the value came from: "--domain", "deploy.yaml:3"; undefined for one that nobody gave. */
  source?: string;
  /** The value, where there is one. */
  value?: unknown;
  /** What is wrong, and what is allowed. */
  message: string;
  kind: 'invalid' | 'missing' | 'unknown' | 'misplaced' | 'unasked';
}

const LONGEST = 300;

/** One line: `domains.0: "shop_example" must be a host name (from --domain)`. */
export function describeProblem({ path, source, value, message }: Problem): string {
  const shown = value === undefined ? '' : ` ${clipped(JSON.stringify(value) ?? String(value))}`;
  return visibleInLine(
    `${clipped(path)}:${shown} ${message}${source === undefined ? '' : ` (from ${source})`}`,
  );
}

/** As much of a value as tells which it is. */
function clipped(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
}

/** Wrong use, or answers that do not hold: exit status 2. */
export class AnswersError extends Error {
  override name = 'AnswersError';
  constructor(readonly problems: readonly Problem[]) {
    super(problems.map(describeProblem).join('\n'));
  }
}
