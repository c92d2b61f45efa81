/** The last question: all answers at a glance, any of which can be changed. */

import { shown } from '../answers/notation.ts';
import { describeProblem } from '../answers/problem.ts';
import { DEFAULT, type Resolution } from '../answers/resolve.ts';
import { FIELDS } from '../answers/schema.ts';
import { applies } from '../contract/field.ts';
import type { Prompter, SelectChoice } from './prompter.ts';
import { table } from './table.ts';

export type Decision = { kind: 'write' } | { kind: 'cancel' } | { kind: 'change'; answer: string };

// No answer's name has a space, so these are none.
const WRITE = 'write these files';
const CANCEL = 'cancel all';
const LONGEST_VALUE = 44;

/** Shows every answer that applies and takes the person's decision; "write" only where nothing is wrong. */
export async function summary(
  prompter: Prompter,
  resolution: Resolution,
  current?: string,
): Promise<Decision> {
  const { problems } = resolution;
  for (;;) {
    if (problems.length > 0) prompter.say(`\n${complaint(resolution)}`);
    const chosen = await prompter.select({
      message: 'Is all of this right? Choose an answer to change it.',
      help: 'Every answer, and where it comes from. The list goes on as you move down; letters jump to a name.',
      choices: choicesOf(resolution),
      default: startAt(resolution, current),
      compact: true,
    });
    if (chosen === CANCEL) return { kind: 'cancel' };
    if (chosen !== WRITE) return { kind: 'change', answer: chosen };
    if (problems.length === 0) return { kind: 'write' };
  }
}

function complaint({ problems }: Resolution): string {
  const lines = problems.map((problem) => `  ${describeProblem(problem)}`);
  return ['These answers do not go together yet; change one of them:', ...lines].join('\n');
}

/** The answer that is to be mended, else "Write". */
function startAt({ answers, problems }: Resolution, current: string | undefined): string {
  if (problems.length === 0) return WRITE;
  const listed = (name: string | undefined) => {
    const field = FIELDS[name ?? ''];
    return field !== undefined && applies(field, answers);
  };
  const candidates = [problems[0]?.path.split('.')[0], current];
  return candidates.find(listed) ?? WRITE;
}

function choicesOf({ answers, sources, problems }: Resolution): SelectChoice[] {
  const names = Object.entries(FIELDS).filter(([, field]) => applies(field, answers));
  const rows = names.map(([name]) => [
    name,
    clipped(shown(name, answers[name])),
    `(${sources[name] ?? DEFAULT})`,
  ]);
  const lines = table(rows, LONGEST_VALUE);
  const write =
    problems.length === 0
      ? { title: 'Write these files', why: 'Nothing has been written so far.' }
      : { title: 'Write these files (not yet)', why: 'The answers named above have to be changed first.' };
  return [
    { value: WRITE, ...write },
    ...names.map(([name, { question, help }], index) => ({
      value: name,
      title: lines[index] ?? name,
      why: `${question} ${help}`,
    })),
    { value: CANCEL, title: 'Cancel, write nothing', why: 'Leaves the project as it is.' },
  ];
}

function clipped(text: string): string {
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE - 1)}…` : text;
}
