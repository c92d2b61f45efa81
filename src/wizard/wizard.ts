/**
 * Asks a person what nothing else has answered: says what was found, asks what is left, and has everything confirmed.
 * It asks and no more: what comes of the answers is done by the caller, after it returns.
 */

import { places } from '../answers/detected.ts';
import { AnswersError, describeProblem } from '../answers/problem.ts';
import { shownServices, undecidedServices } from '../answers/proposed.ts';
import { type Layer, type Resolution, resolveAnswers } from '../answers/resolve.ts';
import { FIELDS } from '../answers/schema.ts';
import { applies, type Field, offered, unmet } from '../contract/field.ts';
import type { Detection } from '../words/detection.ts';
import type { Value } from '../words/value.ts';
import { same } from '../words/value.ts';
import { Cancelled } from './cancelled.ts';
import { findings } from './findings.ts';
import type { Prompter } from './prompter.ts';
import { ask } from './question.ts';
import { summary } from './summary.ts';

/** Who gave an answer that was replied here. */
const YOUR_REPLY = 'your reply';

/** Said once, before the first question. */
const KEYS =
  'Enter takes the value in brackets, Tab lets you edit it.\nCtrl-C stops; nothing is written before you say so at the end.';

export interface WizardInput {
  /**
   * What was said already, the strongest first: flags, the answers file, an earlier answers file, what was detected.
   * An answer that any of them has is not asked for, if it is valid.
   */
  layers: readonly Layer[];
  /** What was found in the project, to be shown, and to be asked about where it is not an answer. */
  detection?: Detection | undefined;
  prompter: Prompter;
  /** Adds what follows from the project and all other answers. */
  complete(resolution: Resolution): Resolution;
  /** The project's name, for people. */
  project: string;
}

/** The wizard's state: everything follows from it and is worked out anew after each reply. */
interface Dialogue extends WizardInput {
  replies: Readonly<Record<string, unknown>>;
}

/**
 * Runs the wizard to its end.
 *
 * @returns The answers, each with its source; there is no problem left in them.
 * @throws Cancelled where the person stops, by Ctrl-C at any question or in the summary.
 * @throws AnswersError where something was said that no question can mend: an answer that does not exist.
 */
export async function runWizard(input: WizardInput): Promise<Resolution> {
  const start: Dialogue = { ...input, replies: {} };
  refuseUnknown(resolved(start));
  input.prompter.say(findings(input.project, input.detection));
  input.prompter.say(`\n${KEYS}`);

  let dialogue = await askWhatIsLeft(await askForServices(start));
  let changed: string | undefined;
  for (;;) {
    const resolution = input.complete(resolved(dialogue));
    const decision = await summary(input.prompter, resolution, changed);
    if (decision.kind === 'cancel') throw new Cancelled();
    if (decision.kind === 'write') return resolution;
    changed = decision.answer;
    dialogue = await askWhatIsLeft(await change(dialogue, changed));
  }
}

const AS_PROPOSED = 'as proposed';

/** Asks once about services that the project shows, with all the answers that are theirs. */
async function askForServices(dialogue: Dialogue): Promise<Dialogue> {
  const undecided = undecidedServices(dialogue.detection, dialogue.layers);
  if (undecided === undefined) return dialogue;
  const { proposed, alone } = undecided;
  const chosen = await dialogue.prompter.select({
    message: `This project shows several services: ${shownServices(proposed.value)}. Deploy them so?`,
    help: `Seen in ${places(proposed.from)}. Each answer can be changed at the end.`,
    choices: [
      { value: AS_PROPOSED, title: 'Yes', why: `Right if ${proposed.when}.` },
      { value: 'alone', title: 'The app alone', why: `Right if ${alone.when}.` },
    ],
    recommended: AS_PROPOSED,
  });
  const { value } = chosen === AS_PROPOSED ? proposed : alone;
  return { ...dialogue, replies: { ...dialogue.replies, ...value } };
}

/** A misspelt answer would be left out silently, whatever is asked. */
function refuseUnknown({ problems }: Resolution): void {
  const unknown = problems.filter(({ kind }) => kind === 'unknown');
  if (unknown.length > 0) throw new AnswersError(unknown);
}

/** A reply may call for further answers, so what is left is looked up anew after each. */
async function askWhatIsLeft(dialogue: Dialogue): Promise<Dialogue> {
  const left = nextQuestion(dialogue, resolved(dialogue));
  if (left === undefined) return dialogue;
  const value = await askFor(dialogue, left);
  return askWhatIsLeft(replied(dialogue, left, value));
}

/** Asks again for an answer that was chosen in the summary. */
async function change(dialogue: Dialogue, name: string): Promise<Dialogue> {
  const { answers, problems } = resolved(dialogue);
  const value = await askFor(dialogue, name);
  // Looked at and left: it stays the default, or the file's. Where something is wrong, a reply settles whose word counts.
  return problems.length === 0 && same(value, answers[name]) ? dialogue : replied(dialogue, name, value);
}

function replied(dialogue: Dialogue, name: string, value: unknown): Dialogue {
  return { ...dialogue, replies: { ...dialogue.replies, [name]: value } };
}

/** The first answer that has to be asked for. */
function nextQuestion(dialogue: Dialogue, resolution: Resolution): string | undefined {
  const deciders = resolution.problems
    .filter(({ kind }) => kind === 'misplaced')
    .map(({ path }) => deciderOf(path, resolution));
  return Object.entries(FIELDS).find(
    ([name, field]) =>
      applies(field, resolution.answers) &&
      !Object.hasOwn(dialogue.replies, name) &&
      (deciders.includes(name) || isLeft(dialogue, resolution, name, field)),
  )?.[0];
}

/** The answer that leaves no room for a given one. */
function deciderOf(name: string, { answers }: Resolution): string | undefined {
  return unmet(FIELDS[name] ?? {}, answers)?.answer;
}

function isLeft(
  { layers, detection }: Dialogue,
  resolution: Resolution,
  name: string,
  field: Field,
): boolean {
  const { answers } = resolution;
  const value = answers[name];
  // What several answers contradict each other in is for the summary, where the person can change either.
  if (value !== undefined && !field.schema.safeParse(value).success) return true;
  if (isUnasked(name, resolution)) return true;
  if (layers.some((layer) => Object.hasOwn(layer.answers, name))) return false;
  if (isOpen(detection?.answers[name])) return true;
  const isChoice = field.choices === undefined || offered(field, answers).length > 1;
  return (field.asked === true && isChoice) || (value === undefined && !field.optional);
}

/** The project alone says it, and that will not do. */
function isUnasked(name: string, { problems }: Resolution): boolean {
  return problems.some(({ path, kind }) => kind === 'unasked' && path === name);
}

/** Something is in the source, but not which answer. */
function isOpen(found: Value<unknown> | undefined): boolean {
  return found?.kind === 'one-of' || found?.kind === 'unknown';
}

function askFor(dialogue: Dialogue, name: string): Promise<unknown> {
  const field = FIELDS[name] as Field;
  const resolution = resolved(dialogue);
  const fallback = field.fallback?.(resolution.answers);
  return ask(dialogue.prompter, {
    field: field.choices === undefined ? field : { ...field, choices: offered(field, resolution.answers) },
    // What a person has to mean, Enter alone does not take.
    current: isUnasked(name, resolution) ? fallback : resolution.answers[name],
    fallback,
    found: dialogue.detection?.answers[name],
    note: complaintAbout(name, resolution),
    objection: (value) => objection(dialogue, name, value),
  });
}

/** What is wrong with the answer as it stands, or with one that it leaves no room for. */
function complaintAbout(name: string, resolution: Resolution): string | undefined {
  const about = resolution.problems.filter(
    ({ path, kind }) =>
      kind !== 'missing' &&
      (isAt(path, name) || (kind === 'misplaced' && deciderOf(path, resolution) === name)),
  );
  if (about.length === 0) return undefined;
  const said = about.map(describeProblem).join('; ');
  return about.every(({ kind }) => kind === 'unasked')
    ? `You have to decide this: ${said}`
    : `This has to be changed: ${said}`;
}

/** What is wrong with a reply by itself; what it contradicts is for the summary. */
function objection(dialogue: Dialogue, name: string, value: unknown): string | undefined {
  const field = FIELDS[name] as Field;
  if (value instanceof Error) return `The answer ${value.message}.`;
  if (value === undefined ? field.optional : field.schema.safeParse(value).success) return undefined;
  const wrong = resolved(replied(dialogue, name, value)).problems.filter(({ path }) => isAt(path, name));
  return wrong
    .map((problem) =>
      isTelling(problem.value)
        ? `${JSON.stringify(problem.value)} ${problem.message}`
        : `The answer ${problem.message}`,
    )
    .join('; ');
}

/** Is the value worth repeating? An empty one is not, nor is a whole list of which one part is meant. */
function isTelling(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isAt(path: string, name: string): boolean {
  return path === name || path.startsWith(`${name}.`);
}

/** The answers as they stand. A reply without a place, since another one changed, waits until it has one again. */
function resolved({ layers, replies }: Dialogue): Resolution {
  const { answers } = resolveAnswers([replyLayer(replies), ...layers]);
  const placed = Object.entries(replies).filter(([name]) => applies(FIELDS[name] as Field, answers));
  return resolveAnswers([replyLayer(Object.fromEntries(placed)), ...layers]);
}

function replyLayer(replies: Readonly<Record<string, unknown>>): Layer {
  const given = Object.entries(replies).map(([name, value]) => [name, { value, source: YOUR_REPLY }]);
  return { insistent: true, answers: Object.fromEntries(given) };
}
