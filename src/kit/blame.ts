/** From a value that no file can hold to the answers that it came from. Pure. */
import { AnswersError, type Problem, problem } from '../answers/problem.ts';
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
  const problems = error.problems.map((one) => {
    if (!(one instanceof UnquotableValue)) throw error;
    const names = guilty(one, answersBehind(one.path, origins), answers);
    const source = sources[names[0] ?? ''];
    return problem('value-unwritable', {
      path: names.join(', ') || one.path,
      ...{ answers: names, value: one.value },
      ...(source !== undefined && { source }),
      message: `cannot be written to ${one.template}: ${one.reason}`,
      remedy: 'Give another value, without what cannot be written.',
    });
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
