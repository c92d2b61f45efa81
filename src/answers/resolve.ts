/** Puts the answers together from all that was said, and says what is wrong or missing. Pure. */
import { nearest } from '../text.ts';
import { type Refusal, refusalOf } from './field.ts';
import type { Problem } from './problem.ts';
import { applies, FIELDS, flagOf } from './schema.ts';
import { hostName } from './values.ts';

/** One answer, and who gave it. */
export interface Given {
  value: unknown;
  /** For people: "--domain", "deploy/deploy-scaffold.yaml:3", "contracts/settings.py:12". */
  source: string;
}

/** What one source says. `insistent`: a person meant it, so an answer that cannot apply is wrong, not merely unused. */
export interface Layer {
  insistent: boolean;
  answers: Readonly<Record<string, Given>>;
}

export interface Resolution {
  /** Every answer that applies and is known; validated where `problems` has nothing about it. */
  answers: Record<string, unknown>;
  /** Who gave each: a source, or "default". */
  sources: Record<string, string>;
  problems: Problem[];
}

/** The source of an answer that nobody gave. */
export const DEFAULT = 'default';

/**
 * Answers from layers, the strongest first. An answer is taken from the first layer that has it, then from its
 * field's fallback. Every problem is reported, each with the answer's path, the value and what is allowed.
 */
export function resolveAnswers(layers: readonly Layer[]): Resolution {
  const answers: Record<string, unknown> = {};
  const sources: Record<string, string> = {};
  const problems: Problem[] = unknownAnswers(layers);

  for (const [name, field] of Object.entries(FIELDS)) {
    const given = layers.find((layer) => Object.hasOwn(layer.answers, name))?.answers[name];
    if (!applies(field, answers)) {
      const undecidable = field.when?.some(({ answer }) => problems.some(({ path }) => path === answer));
      if (!undecidable) problems.push(...misplaced(name, layers, answers));
      continue;
    }
    const value = given === undefined ? field.fallback?.(answers) : given.value;
    if (value === undefined) {
      // A default that fails because another answer is wrong is no mistake of its own.
      const follows = field.fallback !== undefined && problems.length > 0;
      if (!field.optional && !follows) problems.push(missing(name));
      continue;
    }
    const parsed = field.schema.safeParse(value);
    answers[name] = parsed.success ? parsed.data : value;
    sources[name] = given?.source ?? DEFAULT;
    for (const issue of parsed.error?.issues ?? []) problems.push(invalid(name, issue, value, sources[name]));
  }
  return { answers, sources, problems: [...problems, ...contradictions(answers, sources)] };
}

function unknownAnswers(layers: readonly Layer[]): Problem[] {
  return layers
    .filter((layer) => layer.insistent)
    .flatMap(({ answers }) =>
      Object.entries(answers)
        .filter(([name]) => !Object.hasOwn(FIELDS, name))
        .map(([name, { source }]): Problem => {
          const known = nearest(name, Object.keys(FIELDS));
          const hint = known === undefined ? '' : `; did you mean "${known}"?`;
          return {
            path: name,
            source,
            message: `is not an answer that deploy-scaffold knows${hint}`,
            kind: 'unknown',
          };
        }),
    );
}

/** An answer that a person gave, and that the other answers leave no room for. */
function misplaced(name: string, layers: readonly Layer[], known: Record<string, unknown>): Problem[] {
  const failed = FIELDS[name]?.when?.find(({ answer, is }) => !is.includes(String(known[answer])));
  const speaker = layers.findIndex((layer) => Object.hasOwn(layer.answers, name));
  const given = layers[speaker]?.answers[name];
  if (given === undefined || failed === undefined || !layers[speaker]?.insistent) return [];
  // A flag that changes "tls" may leave what the answers file says of the old mode without a use.
  const decider = layers.findIndex((layer) => Object.hasOwn(layer.answers, failed.answer));
  if (decider !== -1 && decider < speaker) return [];
  const wanted = failed.is.join(' or ');
  const message = `goes with ${failed.answer}: ${wanted}, and ${failed.answer} is ${String(known[failed.answer])}`;
  return [{ path: name, source: given.source, value: given.value, message, kind: 'misplaced' }];
}

function missing(name: string): Problem {
  const field = FIELDS[name];
  const example = field?.placeholder === undefined ? '' : ` ${field.placeholder}`;
  return {
    path: name,
    message: `is missing: give --${flagOf(name)}${example}. ${field?.help ?? ''}`,
    kind: 'missing',
  };
}

function invalid(
  name: string,
  issue: { path: PropertyKey[]; message: string; code?: string; input?: unknown },
  value: unknown,
  source: string,
): Problem {
  const path = [name, ...issue.path].map(String).join('.');
  return { path, source, value: at(value, issue.path), message: wording(name, issue), kind: 'invalid' };
}

/** Our own words where zod's would not help: a wrong type, a record's bad key, a value that is nearly one of several. */
function wording(
  name: string,
  issue: { message: string; code?: string; issues?: unknown; expected?: unknown },
): string {
  if (issue.code === 'invalid_type' && issue.expected === 'record')
    return `must be a map of ${FIELDS[name]?.placeholder?.replace('=', ' to ')}`;
  const form = issue.code === 'invalid_type' ? FORMS[String(issue.expected)] : undefined;
  if (form !== undefined) return `must be ${form}`;
  if (issue.code === 'invalid_key') {
    const [inner] = issue.issues as { message: string }[];
    return inner?.message ?? issue.message;
  }
  return issue.message;
}

const FORMS: Record<string, string> = {
  array: 'a list',
  boolean: 'true or false',
  string: 'a text; put it in quotes',
};

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? (inner as Record<PropertyKey, unknown>)[key] : inner,
    value,
  );
}

/** Every answer that another one rules out, with the reason. */
export function refusalsIn(answers: Record<string, unknown>): (Refusal & { name: string })[] {
  return Object.entries(FIELDS).flatMap(([name, { choices }]) => {
    const chosen = choices?.find(({ value }) => value === answers[name]);
    const refusal = chosen && refusalOf(chosen, answers);
    return refusal === undefined ? [] : [{ name, ...refusal }];
  });
}

/** What no single answer shows to be wrong. */
function contradictions(answers: Record<string, unknown>, sources: Record<string, string>): Problem[] {
  const problems: Problem[] = [];
  const wrong = (path: string, message: string) =>
    problems.push({ path, source: sources[path] ?? DEFAULT, value: answers[path], message, kind: 'invalid' });
  for (const { name, answer, because, instead } of refusalsIn(answers)) {
    wrong(name, `does not go with ${answer} ${answers[answer]}: ${because}; take ${instead}`);
  }
  // https://hstspreload.org/#submission-requirements
  if (
    answers['hsts-preload'] === true &&
    !(Number(answers.hsts) >= 31_536_000 && answers['hsts-subdomains'] === true)
  ) {
    wrong('hsts-preload', 'needs hsts of at least 31536000 and hsts-subdomains');
  }
  if (Number(answers['live-timeout']) < Number(answers.timeout)) {
    wrong(
      'live-timeout',
      `must be at least timeout (${answers.timeout}): what lasts has no less time than a request`,
    );
  }
  // https://letsencrypt.org/docs/certificates-for-localhost/ and the public suffix rule of every authority
  const bare = (Array.isArray(answers.domains) ? answers.domains : []).filter(
    (name) => hostName.safeParse(name).success && !String(name).includes('.'),
  );
  if (answers.tls === 'letsencrypt' && bare.length > 0) {
    wrong(
      'domains',
      `has ${bare.join(', ')}, and Let's Encrypt gives no certificate for a name without a dot`,
    );
  }
  const mounts = ['static', 'media', 'protected'].flatMap((name) =>
    Object.entries((answers[name] ?? {}) as Record<string, unknown>).map(([url, dir]) => ({
      name,
      url,
      dir: plainPath(String(dir)),
    })),
  );
  for (const [index, { name, url, dir }] of mounts.entries()) {
    for (const other of mounts.slice(0, index)) {
      if (other.url === url) wrong(name, `has ${url}, and so has ${other.name}: one URL leads to one folder`);
      // What is public shows everything below it.
      if (name === 'protected' && dir.startsWith(other.dir)) {
        wrong(name, `lies inside of ${other.name}'s ${other.dir}: anybody could fetch it there`);
      }
    }
  }
  return problems;
}

/** One spelling of a folder, with a slash behind: "./media//x" is "media/x/". */
function plainPath(dir: string): string {
  const parts = dir.split('/').filter((part) => part !== '.' && part !== '');
  return `${dir.startsWith('/') ? '/' : ''}${parts.map((part) => `${part}/`).join('')}`;
}
