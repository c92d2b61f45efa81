/**
 * Two kits of the same answers, one of them with hostile text in some of them: whatever the text, every program must
 * understand the same of both, but for the text itself.
 */
import { templates } from '#templates';
import type { Problem } from '../../src/answers/problem.ts';
import { type Given, type Layer, resolveAnswers } from '../../src/answers/resolve.ts';
import type { Plan } from '../../src/contract/plan.ts';
import { blamed } from '../../src/kit/blame.ts';
import { type GeneratedFile, renderKit } from '../../src/kit/kit.ts';
import { tracePlan } from '../../src/plan/plan.ts';
import { READERS } from './readers/index.ts';
import type { Token } from './readers/token.ts';

export type Answers = Readonly<Record<string, unknown>>;

/** What became of some answers: a kit, or what they are refused for. */
export type Outcome =
  | { plan: Plan; files: readonly GeneratedFile[]; answers: Answers }
  | { problems: readonly Problem[] };

/** Answers that a person gives. */
export function layerOf(answers: Answers): Layer {
  const given = Object.entries(answers).map(([name, value]): [string, Given] => [
    name,
    { value, source: name },
  ]);
  return { insistent: true, answers: Object.fromEntries(given) };
}

/** The way from answers to files, as `init` goes it. */
export function kitOf(layers: readonly Layer[]): Outcome {
  const resolution = resolveAnswers(layers);
  const { answers, problems } = resolution;
  if (problems.length > 0) return { problems };
  const { value: plan, origins } = tracePlan(answers);
  try {
    return { plan, files: renderKit(plan, templates), answers };
  } catch (error) {
    return { problems: blamed(error, origins, resolution).problems };
  }
}

/** What stands in the place of a placeholder. */
export type Hostile = Readonly<Record<string, string>>;

/** Text in which a placeholder stands, with the hostile text in its place. */
export function filled(text: string, hostile: Hostile): string {
  return Object.entries(hostile).reduce((all, [name, value]) => all.replaceAll(name, () => value), text);
}

/** A place at which a program would understand more than the text of an answer. */
export interface BreakOut {
  file: string;
  syntax: string;
  expected: string;
  found: string;
}

const syntaxOf = (file: GeneratedFile) => templates[file.template]?.syntax ?? '';

/** The first place of each file that is understood otherwise, and files that are only in one of the kits. */
export function breakOuts(
  harmless: readonly GeneratedFile[],
  attacked: readonly GeneratedFile[],
  hostile: Hostile,
): BreakOut[] {
  const paths = (files: readonly GeneratedFile[]) => files.map(({ path }) => path).sort();
  const wanted = paths(harmless)
    .map((path) => filled(path, hostile))
    .sort();
  const there = paths(attacked);
  const files =
    wanted.join('\n') === there.join('\n')
      ? []
      : [{ file: '', syntax: '', expected: wanted.join(' '), found: there.join(' ') }];
  const byPath = new Map(attacked.map((file) => [file.path, file]));
  return [
    ...files,
    ...harmless.flatMap((file) => {
      const other = byPath.get(filled(file.path, hostile));
      return other === undefined || other.text === file.text ? [] : compared(file, other, hostile);
    }),
  ];
}

function compared(harmless: GeneratedFile, attacked: GeneratedFile, hostile: Hostile): BreakOut[] {
  return comparedTexts(
    { path: attacked.path, syntax: syntaxOf(harmless) },
    harmless.text,
    attacked.text,
    hostile,
  );
}

/** The first place at which a file's two texts are understood otherwise than the hostile text alone explains. */
export function comparedTexts(
  { path, syntax }: { path: string; syntax: string },
  harmless: string,
  attacked: string,
  hostile: Hostile,
): BreakOut[] {
  const read = READERS[syntax];
  if (read === undefined) throw new Error(`${path}: no reader for the syntax "${syntax}"`);
  const expected = read(harmless);
  const found = read(attacked);
  const at = expected.findIndex((token, index) => !isSame(token, found[index], hostile));
  if (at === -1 && expected.length === found.length) return [];
  // Lists are sorted, and other names may come in another order.
  const sorted = (tokens: readonly Token[]) => tokens.map(asText).sort().join('\n');
  if (sorted(expected.map((token) => filledToken(token, hostile))) === sorted(found)) return [];
  const around = (tokens: readonly Token[]) =>
    tokens
      .slice(Math.max(0, at - 2), at + 3)
      .map(asText)
      .join(' ');
  return [{ file: path, syntax, expected: around(expected), found: around(found) }];
}

function isSame(expected: Token, found: Token | undefined, hostile: Hostile): boolean {
  if (found === undefined) return false;
  const fits = (values: Hostile) => asText(filledToken(expected, values)) === asText(found);
  if (fits(hostile)) return true;
  if (isProse(expected) && shown(filled(expected[1], hostile)) === shown(found[1])) return true;
  if (filled(expected[1], hostile) === decoded(found[1])) return expected[0] === found[0];
  // Code that prose quotes is shown as one would write it, with Python's own escapes.
  if (expected[0] === 'codespan' && fits(inPython(hostile))) return true;
  // A variable of nginx's has an underscore for each hyphen of a name.
  if (/\$\w/.test(expected[1]) && fits(inVariable(hostile))) return true;
  // Of a path, files may have a part: then what counts is that nothing of it is obeyed.
  return isPath(hostile) && expected[0] === found[0] && obeyed(expected[1]) === obeyed(found[1]);
}

const isProse = ([kind]: Token) => kind === 'text' || kind === 'codespan';

/** White space as a page shows it. */
const shown = (text: string) => text.replaceAll(/\s+/g, ' ').trim();

const isPath = (hostile: Hostile) => Object.values(hostile).some((text) => text.includes('/'));

/** What of a text a program would expand or obey. */
const obeyed = (text: string) => (text.match(/\uE000[^\uE001]*\uE001/g) ?? []).join('');

const filledToken = ([kind, text]: Token, hostile: Hostile): Token => [
  filled(kind, hostile),
  filled(text, hostile),
];

const inPython = (hostile: Hostile): Hostile =>
  Object.fromEntries(
    Object.entries(hostile).map(([name, text]) => [name, text.replaceAll(/[\\"]/g, '\\$&')]),
  );

const inVariable = (hostile: Hostile): Hostile =>
  Object.fromEntries(Object.entries(hostile).map(([name, text]) => [name, text.replaceAll('-', '_')]));

/** A path in a URL, as the one who asks for it means it. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const asText = ([kind, text]: Token) => `${kind}:${JSON.stringify(text)}`;
