/** From a value that no file can hold to the answers that it came from. Pure. */
import { AnswersError, type Problem } from '../answers/problem.ts';
import { type Resolution, textsIn } from '../answers/resolve.ts';
import { answersBehind, type Origins } from '../plan/trace.ts';
import { RenderError, UnquotableValue } from '../render/problem.ts';

/**
 * What is wrong with the answers of a plan that could not be rendered.
 *
 * @param error Thrown by `renderKit`.
 * @param origins Of the plan's parts.
 * @throws The error itself where no answer is at fault: a template asks for what the plan does not have, for instance.
 */
export function blamed(
  error: unknown,
  origins: Origins,
  { answers, sources }: Pick<Resolution, 'answers' | 'sources'>,
): AnswersError {
  if (!(error instanceof RenderError)) throw error;
  const problems = error.problems.map((problem): Problem => {
    if (!(problem instanceof UnquotableValue)) throw error;
    const names = guilty(problem, answersBehind(problem.path, origins), answers);
    const source = sources[names[0] ?? ''];
    return {
      path: names.join(', ') || problem.path,
      ...(source !== undefined && { source }),
      value: problem.value,
      message: `cannot be written to ${problem.template}: ${problem.reason}`,
      kind: 'invalid',
    };
  });
  return new AnswersError(distinct(problems));
}

/** Of the answers that a value follows from, those with the character in them that is in the way; or, where it is no single one, those that the value has something of. */
function guilty(
  { value, character }: UnquotableValue,
  names: readonly string[],
  answers: Resolution['answers'],
): readonly string[] {
  const having = (isIt: (text: string) => boolean) =>
    names.filter((name) => textsIn(answers[name], name).some(({ text }) => isIt(text)));
  const choices = [
    having((text) => character !== undefined && text.includes(character)),
    having((text) => text !== '' && String(value).includes(text)),
  ];
  return choices.find(({ length }) => length > 0) ?? names;
}

function distinct(problems: readonly Problem[]): Problem[] {
  const said = new Set<string>();
  return problems.filter(({ path, value, message }) => {
    const key = JSON.stringify([path, value, message]);
    return !said.has(key) && said.add(key);
  });
}
