/** Plan to files: every text of the deployment, with the origin of each line. Pure. */
import { AnswersError, type Problem, problem } from '../answers/problem.ts';
import type { Plan } from '../contract/plan.ts';
import type { PlannedFile } from '../contract/unit.ts';
import { deliveryOf } from '../deliveries/index.ts';
import { answersBehind } from '../plan/origins.ts';
import { plannedFiles } from '../plan/plan.ts';
import { RenderError, UnquotableValue } from '../render/problem.ts';
import { type LineOrigin, renderTemplate } from '../render/render.ts';
import type { CompiledTemplate } from '../render/template.ts';
import type { KitFile } from './changes.ts';

/** A file of the kit with everything that is known of it. */
export interface GeneratedFile extends KitFile {
  template: string;
  /** Absolute path on the host; undefined for files of the kit itself. */
  hostPath?: string;
  owner: string;
  purpose: string;
  lines: readonly LineOrigin[];
}

/** Below this folder of the kit, each file lies at its path on the host. */
export const TREE = 'root';

/**
 * Renders every file of the plan.
 *
 * @param templates Compiled templates by name ("web-servers/nginx/site.conf").
 * @throws AnswersError that names the answers whose values a file's syntax cannot hold.
 */
export function renderKit(
  plan: Plan,
  templates: Readonly<Record<string, CompiledTemplate>>,
): GeneratedFile[] {
  const problems: Problem[] = [];
  const render = (file: PlannedFile, path: string): GeneratedFile => {
    const template = templates[file.template];
    if (template === undefined) throw new Error(`there is no template ${file.template}`);
    const { mode, owner, purpose } = file;
    try {
      return {
        path,
        mode,
        owner,
        purpose,
        template: file.template,
        ...renderTemplate(template, plan, file.only),
      };
    } catch (error) {
      problems.push(...unquotable(error, plan));
      return { path, mode, owner, purpose, template: file.template, text: '', lines: [] };
    }
  };
  const kit = deliveryOf(plan.delivery.kind)
    .kitFiles(plan)
    .map((file) => render(file, file.path));
  const tree = plannedFiles(plan).map((file) => ({
    ...render(file, `${TREE}${file.path}`),
    hostPath: file.path,
  }));
  if (problems.length > 0) throw new AnswersError(distinct(problems));
  return [...kit, ...tree];
}

/** A value that a syntax cannot hold, as a problem of the answers that it came from; any other error is a bug. */
function unquotable(error: unknown, plan: Plan): Problem[] {
  if (!(error instanceof RenderError)) throw error;
  return error.problems.map((one) => {
    if (!(one instanceof UnquotableValue)) throw error;
    const answers = answersBehind(one.path, plan);
    return problem('value-unwritable', {
      path: answers.join(', ') || one.path,
      ...{ answers, value: one.value },
      message: `cannot be written to ${one.template}: ${one.reason}`,
      remedy: 'Give another value, without what cannot be written.',
    });
  });
}

function distinct(problems: readonly Problem[]): Problem[] {
  const said = new Set<string>();
  return problems.filter(({ path, value, message }) => {
    const key = JSON.stringify([path, value, message]);
    return !said.has(key) && said.add(key);
  });
}
