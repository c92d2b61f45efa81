import type { Diagnostic } from '../words/diagnostic.ts';
import type { Code } from '../words/diagnostics.ts';
import { visibleInLine } from '../words/text.ts';

/** What a problem is about, told by its code. */
type Kind = 'invalid' | 'missing' | 'unknown' | 'misplaced' | 'unasked';

const KINDS = {
  'answer-invalid': 'invalid',
  'answer-missing': 'missing',
  'answer-unknown': 'unknown',
  'answer-misplaced': 'misplaced',
  'answer-unasked': 'unasked',
  'answers-contradict': 'invalid',
  'answers-file-unreadable': 'invalid',
  'answers-file-newer': 'invalid',
  'units-refused': 'invalid',
  'path-taken': 'invalid',
  'path-shadowed': 'invalid',
  'service-name-taken': 'invalid',
  'source-public': 'invalid',
  'probe-elsewhere': 'invalid',
  'value-unwritable': 'invalid',
  'flag-unknown': 'unknown',
  'flag-misused': 'unknown',
  'word-unexpected': 'unknown',
  'shell-unknown': 'unknown',
  'several-apps': 'missing',
  'no-such-app': 'invalid',
  'no-project': 'missing',
  'project-unreadable': 'missing',
} as const satisfies Partial<Record<Code, Kind>>;

/** Something wrong with the answers, said so that it can be mended: all of them are reported at once. */
export interface Problem extends Diagnostic {
  code: keyof typeof KINDS;
  level: 'error';
  /** The answer and the place in it: "domains", "static./assets". */
  path: string;
  /** Where the value came from: "--domain", "deploy.yaml:3"; undefined for one that nobody gave. */
  source?: string;
  /** The value, where there is one. */
  value?: unknown;
  /** The answers of which one is at fault, where it is not known which. */
  answers?: readonly string[];
  kind: Kind;
}

/**
 * A problem.
 *
 * @param said Its message says what is wrong and what is allowed, the remedy what to do.
 */
export function problem(code: Problem['code'], said: Omit<Problem, 'code' | 'level' | 'kind'>): Problem {
  return { code, level: 'error', ...said, kind: KINDS[code] };
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
