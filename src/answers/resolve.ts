/** Puts the answers together from all that was said, and says what is wrong or missing. Pure. */

import { applies, refusalsIn, unmet } from '../contract/field.ts';
import { canonicalPath, holds, isMadeAnew, whyAsk } from '../contract/host-folders.ts';
import { hostName } from '../contract/values.ts';
import { parentPath } from '../words/paths.ts';
import { nearest, unseenIn } from '../words/text.ts';
import { confinementProblems } from './confinement.ts';
import { type CommonAnswers, namedFramework } from './fields.ts';
import { impatience, pathProblems } from './paths.ts';
import { type Problem, problem } from './problem.ts';
import { FIELDS, giving } from './schema.ts';
import { namesInEntry } from './services.ts';

/** One answer, and who gave it. */
export interface Given {
  value: unknown;
  /** For people: "--domain", "deploy/deploy-scaffold.yaml:3", "contracts/settings.py:12". */
  source: string;
  /** It was found of this alone: where the answer has become another, it says nothing. */
  of?: { answer: string; value: unknown };
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
    const layer = layers.find(
      ({ answers: said }) => Object.hasOwn(said, name) && stillSaid(said[name], answers),
    );
    const given = layer?.answers[name];
    if (!applies(field, answers)) {
      const undecidable = field.when?.some(({ answer }) => problems.some(({ path }) => path === answer));
      if (!undecidable) problems.push(...misplaced(name, layers, answers));
      continue;
    }
    const found = layer?.insistent === false ? field.asFound : undefined;
    const said = found === undefined ? given?.value : found(given?.value, answers);
    const value = given === undefined ? field.fallback?.(answers) : said;
    if (value === undefined) {
      // A default that fails because another answer is wrong is not a mistake of its own.
      const follows = field.fallback !== undefined && problems.length > 0;
      if (!field.optional && !follows) problems.push(missing(name));
      continue;
    }
    const unfit = unfitFor(name, value, given?.source ?? DEFAULT);
    if (unfit.length > 0) {
      problems.push(...unfit);
      continue;
    }
    const parsed = field.schema.safeParse(value);
    answers[name] = parsed.success ? parsed.data : value;
    sources[name] = given?.source ?? DEFAULT;
    for (const issue of (parsed.error?.issues ?? []).flatMap((one) =>
      name === 'paths' ? meant(one, value) : [one],
    ))
      problems.push(invalid(name, issue, value, sources[name]));
    if (parsed.success && given !== undefined && !layer?.insistent)
      problems.push(...unasked(name, parsed.data, given.source, String(answers.name)));
  }
  const areWhole = ['path', 'paths', ...MOUNTS, 'app', 'health', 'root', 'background'].every((name) =>
    problems.every(({ path }) => path !== name && !path.startsWith(`${name}.`)),
  );
  return {
    answers,
    sources,
    problems: [
      ...problems,
      ...contradictions(answers, sources),
      ...confinementProblems(answers)
        .map(({ path, ...said }) => ({ ...said, path, name: path.split('.')[0] ?? '' }))
        // What was found is left unused.
        .filter(({ name }) => layers.find(({ answers: said }) => Object.hasOwn(said, name))?.insistent)
        .map(({ name, ...said }) => problem('units-refused', { ...said, source: sources[name] ?? DEFAULT })),
      ...(areWhole ? ofPaths(answers, sources) : []),
    ],
  };
}

/** It says something with these answers; those that it was found of come before it in the table of fields. */
function stillSaid(given: Given | undefined, answers: Record<string, unknown>): boolean {
  return given?.of === undefined || answers[given.of.answer] === given.of.value;
}

/** What is wrong with the paths, where all that they are judged by is there. */
function ofPaths(answers: Record<string, unknown>, sources: Record<string, string>): Problem[] {
  if (['path', 'paths', 'app', 'health', 'name'].some((name) => answers[name] === undefined)) return [];
  return pathProblems(answers as unknown as CommonAnswers, FIELDS).map(({ code, ...said }) =>
    problem(code, { ...said, source: sources[said.path.split('.')[0] ?? ''] ?? DEFAULT }),
  );
}

/** No site has more names or folders; every check is made for each, and some for each pair. */
const MOST = 1000;

/** What holds for every answer: how much of it there may be, and which characters no file or screen can show. */
function unfitFor(name: string, value: unknown, source: string): Problem[] {
  const count = typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
  if (count > MOST) {
    const message = `has ${count} entries, and at most ${MOST} are allowed`;
    return [
      problem('answer-invalid', { path: name, source, message, remedy: `Give at most ${MOST} of them.` }),
    ];
  }
  return textsIn(value, name).flatMap(({ path, text }): Problem[] => {
    const character = unseenIn(text);
    if (character === undefined) return [];
    const message = `has ${character} in it, which is half of a character or hides what stands beside it: write it without`;
    return [
      problem('answer-invalid', { path, source, value: text, message, remedy: 'Write it without that.' }),
    ];
  });
}

/** Every text of a value, keys among them, with its path. */
export function textsIn(value: unknown, path: string): { path: string; text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    ...(Array.isArray(value) ? [] : [{ path, text: key }]),
    ...textsIn(inner, `${path}.${key}`),
  ]);
}

/** Folders of the host that an answer names. */
function hostFoldersIn(name: string, value: unknown): string[] {
  if (MOUNTS.includes(name))
    return Object.values(value as Record<string, string>).filter((one) => one.startsWith('/'));
  return name === 'database-file' && String(value).startsWith('/') ? [parentPath(String(value))] : [];
}

const MOUNTS = ['static', 'media', 'protected'];

/** Folders that the project alone names, and that may be somebody else's. */
function unasked(name: string, value: unknown, source: string, app: string): Problem[] {
  return hostFoldersIn(name, value).flatMap((folder): Problem[] => {
    const because = whyAsk(folder, app);
    if (because === undefined) return [];
    const todo = `${giving(name)}, if it is meant, or another folder`;
    const message = `${because}, and only the project names it: give ${todo}`;
    const remedy = `Give ${todo}.`;
    return [problem('answer-unasked', { path: name, source, value: folder, message, remedy })];
  });
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
          const message = `is not an answer that deploy-scaffold knows${hint}`;
          const remedy =
            known === undefined
              ? 'Leave it out; "deploy-scaffold schema" prints all that there are.'
              : `Write "${known}", or leave it out.`;
          return problem('answer-unknown', { path: name, source, message, remedy });
        }),
    );
}

/** An answer that a person gave, and that the other answers leave no room for. */
function misplaced(name: string, layers: readonly Layer[], known: Record<string, unknown>): Problem[] {
  const failed = unmet(FIELDS[name] ?? {}, known);
  const speaker = layers.findIndex((layer) => Object.hasOwn(layer.answers, name));
  const given = layers[speaker]?.answers[name];
  if (given === undefined || failed === undefined || !layers[speaker]?.insistent) return [];
  // A flag that changes "tls" may leave what the answers file says of the old mode without a use.
  const decider = layers.findIndex((layer) => Object.hasOwn(layer.answers, failed.answer));
  if (decider !== -1 && decider < speaker) return [];
  const wanted = failed.is.join(' or ');
  const message = `goes with ${failed.answer}: ${wanted}, and ${failed.answer} is ${String(known[failed.answer])}`;
  const remedy = `Leave it out, or give another ${failed.answer}: ${giving(failed.answer)}.`;
  return [
    problem('answer-misplaced', { path: name, source: given.source, value: given.value, message, remedy }),
  ];
}

/** Says that an answer is missing, with its flag. */
export function missing(name: string): Problem {
  const message = `is missing: give ${giving(name)}. ${FIELDS[name]?.help ?? ''}`;
  return problem('answer-missing', { path: name, message, remedy: `Give ${giving(name)}.` });
}

interface Issue {
  path: PropertyKey[];
  message: string;
  code?: string;
  input?: unknown;
  errors?: readonly (readonly Issue[])[];
  keys?: readonly string[];
}

/**
 * Of an entry that may be one of several things, what is wrong with the one that it is meant as; each name that nobody
 * knows is wrong by itself.
 */
function meant(issue: Issue, value: unknown): Issue[] {
  const entry = at(value, issue.path);
  const [, folder = [], service = []] = issue.code === 'invalid_union' ? (issue.errors ?? []) : [];
  const isMap = typeof entry === 'object' && entry !== null;
  const inner = isMap && Object.hasOwn(entry, 'folder') ? folder : service;
  const own = isMap && inner.length > 0 ? inner : [{ ...issue, path: [] }];
  return own.flatMap((one) =>
    (one.keys ?? [undefined]).map((key) => ({
      ...one,
      path: [...issue.path, ...one.path, ...(key === undefined ? [] : [key])],
    })),
  );
}

function invalid(name: string, issue: Issue, value: unknown, source: string): Problem {
  const path = [name, ...issue.path].map(String).join('.');
  // Of a bad key, the key is the value at fault.
  const wrong = issue.code === 'invalid_key' ? issue.path.at(-1) : at(value, issue.path);
  const stranger = issue.code === 'unrecognized_keys' ? strangerIn(String(issue.path.at(-1))) : undefined;
  const said = stranger ?? { message: wording(name, issue), remedy: another(name) };
  return problem('answer-invalid', { path, source, value: wrong, ...said });
}

/** A name in an entry of `paths` that a service or a folder cannot have for itself. */
function strangerIn(key: string): Pick<Problem, 'message' | 'remedy'> {
  const names = namesInEntry(FIELDS);
  // A name of the other kind: a folder has no workers.
  if (names.includes(key))
    return {
      message: `is not for ${key === 'single-page' ? 'a service' : 'a folder'}`,
      remedy: 'Leave it out.',
    };
  if (Object.hasOwn(FIELDS, key))
    return {
      message:
        'is none of the answers that a service or a folder can have for itself: it is for the whole site',
      remedy: `Give it outside of "paths".`,
    };
  const near = nearest(key, names);
  const hint = near === undefined ? '' : `; did you mean "${near}"?`;
  return {
    message: `is none of the answers that a service or a folder can have for itself${hint}`,
    remedy:
      near === undefined
        ? 'Leave it out; "deploy-scaffold schema" prints all that there are.'
        : `Write "${near}", or leave it out.`,
  };
}

/** What to do about an answer that will not do as it is. */
function another(name: string): string {
  return `Give another: ${giving(name)}, or "${name}" in the answers file.`;
}

/** Our own words where zod's would not help: a wrong type, a record's bad key, a value that is nearly one of several. */
function wording(
  name: string,
  issue: {
    message: string;
    path: readonly PropertyKey[];
    code?: string;
    issues?: unknown;
    expected?: unknown;
  },
): string {
  if (issue.code === 'invalid_type' && issue.expected === 'record')
    return `must be a map of ${FIELDS[name]?.placeholder?.replace('=', ' to ')}`;
  // An entry itself: what is one of several within it says so in its own words, as at the top.
  if (issue.code === 'invalid_union' && name === 'paths' && issue.path.length === 1)
    return 'must be an app as MODULE:OBJECT, a folder, or a map of what it is';
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

/** What no single answer shows to be wrong. */
function contradictions(answers: Record<string, unknown>, sources: Record<string, string>): Problem[] {
  const problems: Problem[] = [];
  const placed = (path: string) => ({ path, source: sources[path] ?? DEFAULT, value: answers[path] });
  for (const { name, message, instead } of refusalsIn(Object.entries(FIELDS), answers)) {
    problems.push(problem('units-refused', { ...placed(name), message, remedy: `Take ${instead}.` }));
  }
  const wrong = (path: string, message: string) =>
    problems.push(problem('answers-contradict', { ...placed(path), message, remedy: another(path) }));
  const framework = namedFramework(answers);
  const named = Array.isArray(answers.brings) ? answers.brings.map(String) : [];
  if (framework !== undefined) {
    const can = framework.bringable ?? [];
    const cannot = named.filter((name) => !can.includes(name));
    const allowed = can.length === 0 ? 'nothing' : can.join(', ');
    if (cannot.length > 0)
      wrong(
        'brings',
        `has ${cannot.join(', ')}, and to an app of ${framework.title} a release can bring ${allowed}`,
      );
  }
  // https://hstspreload.org/#submission-requirements
  if (
    answers['hsts-preload'] === true &&
    !(Number(answers.hsts) >= 31_536_000 && answers['hsts-subdomains'] === true)
  ) {
    wrong('hsts-preload', 'needs hsts of at least 31536000 and hsts-subdomains');
  }
  const impatient = impatience(answers);
  if (impatient !== undefined) wrong('live-timeout', impatient);
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
  const file = answers.database === 'sqlite' ? String(answers['database-file']) : '';
  if (isMadeAnew(file, String(answers.name)))
    wrong(
      'database-file',
      `is replaced or removed by the installer: take a path relative to the app, or one below /var/lib/${answers.name}`,
    );
  const mounts = MOUNTS.flatMap((name) =>
    Object.entries((answers[name] ?? {}) as Record<string, unknown>).map(([url, dir]) => ({
      name,
      url,
      dir: canonicalPath(String(dir)),
    })),
  );
  for (const [index, { name, url, dir }] of mounts.entries()) {
    const inside = dir.startsWith('/')
      ? privateFolders(String(answers.name)).find((one) => holds(dir, one))
      : undefined;
    if (inside !== undefined)
      wrong(
        name,
        `has ${url}, whose folder ${dir} holds ${inside}, which is the app's own: take a folder below it`,
      );
    else if (isMadeAnew(dir, String(answers.name)) && !isAssets(name, dir, answers))
      wrong(
        name,
        `has ${url}, whose folder ${dir} is replaced or removed by the installer: take a folder of the project, or one below /srv/${answers.name}/shared`,
      );
    for (const other of mounts.slice(0, index)) {
      if (other.url === url) wrong(name, `has ${url}, and so has ${other.name}: one URL leads to one folder`);
      // What is public shows everything below it.
      if (name === 'protected' && holds(other.dir, dir)) {
        wrong(name, `lies inside of ${other.name}'s ${other.dir}/: anybody could fetch it there`);
      }
    }
  }
  return problems;
}

/** Where a release has its assets, and nothing else. */
function isAssets(name: string, dir: string, answers: Record<string, unknown>): boolean {
  return name === 'static' && holds(`/srv/${answers.name}/current/public`, dir);
}

/** What nobody may fetch: code, settings, the database, the records of the installer. */
function privateFolders(app: string): string[] {
  return [
    `/srv/${app}/current/app`,
    `/srv/${app}/releases`,
    `/srv/${app}/shared`,
    `/var/lib/${app}`,
    `/etc/${app}`,
  ];
}
