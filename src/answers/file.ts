/** The answers file: YAML (so JSON too) that a person may edit; its comments and order are kept. */
import { Document, isMap, isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml';
import { type Problem, problem } from './problem.ts';
import { DEFAULT, type Given } from './resolve.ts';
import { FIELDS } from './schema.ts';

/** Longer than any that a person writes, or this program does. */
const LONGEST = 1_000_000;
const MOST_ANSWERS = 1000;
const MOST_ERRORS = 20;

const HEADER = ` What deploy-scaffold writes this deployment from. Edit it, then run: deploy-scaffold init
 Every answer is explained by: deploy-scaffold init --help`;

/**
 * Reads an answers file.
 *
 * @param shown The file's name for messages; each answer's source is this name with its line.
 */
export function readAnswersFile(
  text: string,
  shown: string,
): { answers: Record<string, Given>; problems: Problem[] } {
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
  return { answers, problems };
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
): string {
  const document = previous === undefined ? emptyDocument() : parseDocument(previous);
  if (!isMap(document.contents)) document.contents = new Document({}).contents as never;
  const kept = Object.keys(FIELDS).filter(
    (name) => answers[name] !== undefined && !(FIELDS[name]?.derived && sources[name] === DEFAULT),
  );
  const before = (document.toJS() ?? {}) as Record<string, unknown>;
  const dropped = Object.keys(before).filter((name) => !kept.includes(name));
  const changed = kept.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(answers[name]));
  if (previous !== undefined && dropped.length + changed.length === 0) return previous;
  // What an alias stands for may be about to go.
  visit(document, { Alias: (_key, alias) => document.createNode(alias.toJS(document)) as Node });
  for (const name of dropped) document.delete(name);
  for (const name of changed) {
    const value = answers[name];
    // A plain value is put into the old one's place, beside its comment.
    document.set(name, typeof value === 'object' ? document.createNode(value) : value);
  }
  return document.toString({ lineWidth: 110 });
}

function emptyDocument(): Document {
  const document = new Document({});
  document.commentBefore = HEADER;
  return document;
}
