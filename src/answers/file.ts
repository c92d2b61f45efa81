/** The answers file: YAML (so JSON too) that a person may edit; its comments and order are kept. */
import { Document, isMap, isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml';
import type { Known } from '../contract/field.ts';
import { same } from '../words/value.ts';
import { type Problem, problem } from './problem.ts';
import { DEFAULT, type Given } from './resolve.ts';
import { FIELDS } from './schema.ts';
import { MIGRATIONS, type Migration, migrated, newest, VERSION_KEY, versionOf } from './versions.ts';

/** Longer than any that a person writes, or this program does. */
const LONGEST = 1_000_000;
const MOST_ANSWERS = 1000;
const MOST_ERRORS = 20;

const HEADER = ` What deploy-scaffold writes this deployment from. Edit it, then run: deploy-scaffold init
 Every answer is explained by: deploy-scaffold init --help`;

/**
 * Reads an answers file of any version that is known, and gives its answers as the newest says them.
 *
 * @param shown The file's name for messages; each answer's source is this name with its line.
 */
export function readAnswersFile(
  text: string,
  shown: string,
  migrations: readonly Migration[] = MIGRATIONS,
): { answers: Readonly<Record<string, Given>>; problems: Problem[] } {
  const whole = (message: string) => ({
    answers: {},
    problems: [problem('answers-file-unreadable', { path: shown, message, remedy: MEND })],
  });
  if (text.length > LONGEST) return whole(`has ${text.length} characters, and at most ${LONGEST} are read`);
  const lines = new LineCounter();
  // The parser compares every key with every other.
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false });
  if (document.errors.length > 0) {
    const problems = document.errors.slice(0, MOST_ERRORS).map((error) => {
      const [first = error.message] = error.message.split('\n');
      const line = error.linePos?.[0].line ?? 1;
      return notYaml(shown, `${shown}:${line}`, first.replace(/:$/, ''));
    });
    return { answers: {}, problems };
  }
  const { contents } = document;
  if (contents === null || (isScalar(contents) && contents.value === null))
    return { answers: {}, problems: [] };
  if (!isMap(document.contents)) return whole('must be a map of answers, such as "domains: [shop.example]"');
  const count = document.contents.items.length;
  if (count > MOST_ANSWERS) return whole(`has ${count} answers, and there are ${Object.keys(FIELDS).length}`);
  const answers: Record<string, Given> = {};
  const problems: Problem[] = repeatedKeys(document).map(({ name, offset }) =>
    notYaml(
      shown,
      `${shown}:${lines.linePos(offset).line}`,
      `Map keys must be unique, and "${name}" is there twice`,
    ),
  );
  for (const { key, value } of document.contents.items) {
    const name = isScalar(key) ? String(key.value) : String(key);
    const offset = isScalar(key) ? (key.range?.[0] ?? 0) : 0;
    const source = `${shown}:${lines.linePos(offset).line}`;
    const plain = plainValue(value as Node | null, document);
    if (plain instanceof Error) problems.push(notYaml(name, source, plain.message));
    // "key:" with nothing behind it says no more than its absence.
    else if (plain !== null && plain !== undefined) answers[name] = { value: plain, source };
  }
  const { [VERSION_KEY]: stated, ...said } = answers;
  const version = stated === undefined ? 1 : stated.value;
  if (!isVersion(version)) {
    problems.push(noVersion(stated as Given, newest(migrations)));
    return { answers: {}, problems };
  }
  // What the rest means, only a newer program knows: no more is said of it.
  if (version > newest(migrations))
    return { answers: {}, problems: [tooNew(stated as Given, newest(migrations))] };
  return { answers: migrated(said, version, migrations), problems };
}

function isVersion(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1;
}

function noVersion({ value, source }: Given, known: number): Problem {
  const allowed = known === 1 ? '1' : `a whole number from 1 to ${known}`;
  return problem('answer-invalid', {
    ...{ path: VERSION_KEY, source, value },
    message: `must be ${allowed}: the version of the file's own format, 1 where it is left out`,
    remedy: 'Put back what deploy-scaffold wrote there; where it wrote nothing, leave it out.',
  });
}

function tooNew({ value, source }: Given, known: number): Problem {
  const upTo = known === 1 ? 'version 1 alone' : `versions 1 to ${known}`;
  return problem('answers-file-newer', {
    ...{ path: VERSION_KEY, source, value },
    message: `is a version of this file that a newer deploy-scaffold wrote, and this one knows ${upTo}: update deploy-scaffold`,
    remedy: 'Update deploy-scaffold, and run this again: the file was left as it is.',
  });
}

const MEND = 'Correct the file; "deploy-scaffold schema" prints what may be in it.';

function notYaml(path: string, source: string, why: string): Problem {
  const message = `is not valid YAML: ${why}`;
  return problem('answers-file-unreadable', { path, source, message, remedy: MEND });
}

/** Keys that a map has twice: which of the two was meant, nobody knows. */
function repeatedKeys(document: Document.Parsed): { name: string; offset: number }[] {
  const found: { name: string; offset: number }[] = [];
  visit(document, {
    Map(_key, map) {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        const name = String(isScalar(key) ? key.value : key);
        if (seen.has(name)) found.push({ name, offset: isScalar(key) ? (key.range?.[0] ?? 0) : 0 });
        seen.add(name);
      }
    },
  });
  return found.slice(0, MOST_ERRORS);
}

/** A value with its aliases followed; an Error where one leads nowhere, to itself, or to far too much. */
function plainValue(node: Node | null, document: Document.Parsed): unknown {
  try {
    const value: unknown = node?.toJS(document);
    return isEndless(value, []) ? new Error('an alias stands for something that it is a part of') : value;
  } catch (error) {
    if (error instanceof ReferenceError) return error;
    throw error;
  }
}

function isEndless(value: unknown, around: readonly unknown[]): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (around.includes(value)) return true;
  return Object.values(value).some((inner) => isEndless(inner, [...around, value]));
}

/**
 * The answers file's text. What follows from other answers is left out, unless somebody said otherwise.
 *
 * @param previous The file as it is, whose comments, order and notation stay where the answers are the same.
 */
export function writeAnswersFile(
  answers: Readonly<Record<string, unknown>>,
  sources: Readonly<Record<string, string>>,
  previous?: string,
  migrations: readonly Migration[] = MIGRATIONS,
): string {
  const document = previous === undefined ? emptyDocument() : parseDocument(previous);
  const isImplied = (name: string) =>
    FIELDS[name]?.derived === true && sources[name] === DEFAULT && isFallback(name, answers);
  if (!isMap(document.contents)) document.contents = new Document({}).contents as never;
  const kept = Object.keys(FIELDS).filter((name) => answers[name] !== undefined && !isImplied(name));
  const before = (document.toJS() ?? {}) as Record<string, unknown>;
  // A person may have written it where it is not needed.
  const stated = isVersion(before[VERSION_KEY]) ? before[VERSION_KEY] : 1;
  const said = picked(answers, kept);
  const version = Math.max(stated, versionOf(said, migrations));
  const after: Record<string, unknown> = { ...(version > stated && { [VERSION_KEY]: version }), ...said };
  const dropped = Object.keys(before).filter((name) => name !== VERSION_KEY && !kept.includes(name));
  const changed = Object.keys(after).filter((name) => !same(before[name], after[name]));
  if (previous !== undefined && dropped.length + changed.length === 0) return previous;
  // What an alias stands for may be about to go.
  visit(document, { Alias: (_key, alias) => document.createNode(alias.toJS(document)) as Node });
  for (const name of dropped) document.delete(name);
  for (const name of changed) {
    const value = after[name];
    // A plain value is put into the old one's place, beside its comment.
    document.set(name, typeof value === 'object' ? document.createNode(value) : value);
  }
  return document.toString({ lineWidth: 110 });
}

/** Would it be the same without being said? What was read in the project is not, where it differs. */
function isFallback(name: string, answers: Readonly<Record<string, unknown>>): boolean {
  const fallback = FIELDS[name]?.fallback?.(answers as Known);
  return fallback === undefined || same(fallback, answers[name]);
}

function picked(
  answers: Readonly<Record<string, unknown>>,
  names: readonly string[],
): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, answers[name]]));
}

function emptyDocument(): Document {
  const document = new Document({});
  document.commentBefore = HEADER;
  return document;
}
