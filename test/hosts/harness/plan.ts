/** The plan of a deployment, without a host: read from its project as `deploy-scaffold init` reads it. */
import { join } from 'node:path';
import { detectedLayer } from '../../../src/answers/detected.ts';
import { answersFlagOptions, answersFromFlags } from '../../../src/answers/flags.ts';
import { type Given, type Layer, resolveAnswers } from '../../../src/answers/resolve.ts';
import { parseArguments } from '../../../src/arguments.ts';
import { chosenApp } from '../../../src/commands/choice.ts';
import type { Choice } from '../../../src/detect/index.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { readProject } from '../../../src/system/project.ts';
import type { ProjectFiles } from '../../../src/words/project-files.ts';
import { type Planned as Plan, planned } from '../../support/plan.ts';

export interface Deployment {
  /** A folder of fixtures/projects. */
  project: string;
  target: string;
  /** Flags of `deploy-scaffold init`, beside those that every deployment here has. */
  flags: readonly string[];
  /** Answers that no flag can give: that there are none of a kind, for instance. */
  answers?: Record<string, unknown>;
}

/** What every stack of the suite is told: two names, few workers, and a timeout that a test can wait for. */
export const COMMON_ANSWERS = { domains: ['shop.example', 'www.shop.example'], workers: 3, timeout: 10 };

/** Left out of a project's copy: what a developer's own runs leave in it. */
export const LEFT_OUT =
  /^(deploy|\.venv|venv|__pycache__|node_modules|db\.sqlite3|contracts\.sqlite3|staticfiles|media|protected|queue|celerybeat-schedule.*|\.git)$/;

/**
 * The plan that a deployment has.
 *
 * @param root The repository's folder.
 * @throws Error where the answers of the deployment do not add up to one.
 */
export function planOf(root: string, { project, target, flags, answers }: Deployment): Plan {
  const fromFlags = answersFromFlags(parseArguments(flags, answersFlagOptions()).values);
  const layers: Layer[] = [
    { insistent: true, answers: { ...fromFlags.answers, ...given({ target }) } },
    { insistent: true, answers: given({ ...COMMON_ANSWERS, ...answers }) },
  ];
  const { detection } = read(root, project, layers);
  if (detection !== undefined) layers.push(detectedLayer(detection));
  const resolution = resolveAnswers([...layers, { insistent: false, answers: given({ name: project }) }]);
  const problems = [...fromFlags.problems, ...resolution.problems];
  if (problems.length > 0) throw new Error(`${project} on ${target}: ${JSON.stringify(problems)}`);
  return planned(makePlan(resolution.answers));
}

const known = new Map<string, Choice>();

/** A project is read once for all stacks that name the same app of it. */
function read(root: string, project: string, layers: readonly Layer[]): Choice {
  const said = ['framework', 'root'].map(
    (name) => layers.find(({ answers }) => Object.hasOwn(answers, name))?.answers[name]?.value,
  );
  const key = JSON.stringify([root, project, said]);
  const choice =
    known.get(key) ?? chosenApp(layers, copyOf(readProject(join(root, 'fixtures/projects', project))));
  known.set(key, choice);
  return choice;
}

/** The project as its copy on a host is: see LEFT_OUT. */
function copyOf(project: ProjectFiles): ProjectFiles {
  const isKept = (path: string) => !path.split('/').some((part) => LEFT_OUT.test(part));
  return {
    name: project.name,
    list: () => project.list().filter(isKept),
    read: (path) => (isKept(path) ? project.read(path) : undefined),
    isDamaged: (path) => project.isDamaged?.(path) ?? false,
  };
}

function given(answers: Record<string, unknown>): Record<string, Given> {
  return Object.fromEntries(
    Object.entries(answers).map(([name, value]) => [name, { value, source: 'the test' }]),
  );
}
