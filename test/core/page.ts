/** The whole way through as a page would go it: from files in memory to the files of a deployment. */
import {
  AnswersError,
  changesOf,
  detect,
  judge,
  makePlan,
  projectLayers,
  readAnswersFile,
  render,
  resolve,
  writeAnswersFile,
} from '../../src/core.ts';

export interface Page {
  /** The project's files, by path. */
  files: Record<string, string>;
  /** What a person answered, as the answers file has it. */
  answers: string;
}

/** The texts of the deployment by path, and what there is to be said of it. */
export function deploymentOf({ files, answers }: Page): object {
  const project = {
    name: 'shop',
    list: () => Object.keys(files).sort(),
    read: (path: string) => files[path],
  };
  const choice = detect(project);
  const given = readAnswersFile(answers, 'the page');
  const resolution = resolve([
    { insistent: true, answers: given.answers },
    ...projectLayers(project, choice),
  ]);
  const problems = [...given.problems, ...resolution.problems];
  if (problems.length > 0) throw new AnswersError(problems);
  const plan = makePlan(resolution.answers);
  const kit = render(plan, resolution);
  return {
    answers: writeAnswersFile(resolution.answers, resolution.sources, answers),
    files: Object.fromEntries(kit.map(({ path, text }) => [path, text])),
    changes: changesOf(kit, new Map(), new Map()).map(({ path, kind }) => [path, kind]),
    findings: judge(plan, project, choice.detection, resolution).findings,
  };
}
