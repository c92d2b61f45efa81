/** The answers file: YAML (so JSON too) that a person may edit; its comments and order are kept. */
import { Document, isMap, isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml';
import type { Problem } from './problem.ts';
import { DEFAULT, type Given } from './resolve.ts';
import { FIELDS } from './schema.ts';

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
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  if (document.errors.length > 0) {
    const problems = document.errors.map((error): Problem => {
      const [first = error.message] = error.message.split('\n');
      const line = error.linePos?.[0].line ?? 1;
      return {
        path: shown,
        source: `${shown}:${line}`,
        message: `is no valid YAML: ${first.replace(/:$/, '')}`,
        kind: 'invalid',
      };
    });
    return { answers: {}, problems };
  }
  const { contents } = document;
  if (contents === null || (isScalar(contents) && contents.value === null))
    return { answers: {}, problems: [] };
  if (!isMap(document.contents)) {
    const message = 'must be a map of answers, such as "domains: [shop.example]"';
    return { answers: {}, problems: [{ path: shown, message, kind: 'invalid' }] };
  }
  const answers: Record<string, Given> = {};
  const problems: Problem[] = [];
  for (const { key, value } of document.contents.items) {
    const name = isScalar(key) ? String(key.value) : String(key);
    const offset = isScalar(key) ? (key.range?.[0] ?? 0) : 0;
    const source = `${shown}:${lines.linePos(offset).line}`;
    const plain = plainValue(value as Node | null, document);
    if (plain instanceof Error)
      problems.push({ path: name, source, message: `is no valid YAML: ${plain.message}`, kind: 'invalid' });
    // "key:" with nothing behind it says no more than its absence.
    else if (plain !== null && plain !== undefined) answers[name] = { value: plain, source };
  }
  return { answers, problems };
}

/** A value with its aliases followed; an Error where one leads nowhere, or to far too much. */
function plainValue(node: Node | null, document: Document.Parsed): unknown {
  try {
    return node?.toJS(document);
  } catch (error) {
    if (error instanceof ReferenceError) return error;
    throw error;
  }
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
