/** Plan to files: every text of the deployment, with the origin of each line. Pure. */
import type { Plan } from '../contract/plan.ts';
import type { PlannedFile } from '../contract/unit.ts';
import { deliveryOf } from '../deliveries/index.ts';
import { plannedFiles } from '../plan/plan.ts';
import { pathInPlan } from '../plan/services.ts';
import { RenderError, UnquotableValue } from '../render/problem.ts';
import { type LineOrigin, type RenderedText, renderTemplate } from '../render/render.ts';
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

/** What a file of one service names of it has a place in the plan's list. */
function renderFor(plan: Plan, template: CompiledTemplate, { only, service }: PlannedFile): RenderedText {
  if (service === undefined) return renderTemplate(template, plan, only);
  const { text, lines } = renderTemplate(template, { ...plan, ...plan.services[service] }, only);
  const inPlan = (paths: readonly string[]) => paths.map((path) => pathInPlan(path, service));
  return {
    text,
    lines: lines.map((line) => ({ ...line, uses: inPlan(line.uses), conditions: inPlan(line.conditions) })),
  };
}

function placed(problem: RenderError['problems'][number], { service }: PlannedFile) {
  if (service === undefined || !(problem instanceof UnquotableValue)) return problem;
  const { template, line, path, value, reason, character } = problem;
  return new UnquotableValue({ template, line, path: pathInPlan(path, service) }, value, reason, character);
}

/** Below this folder of the kit, each file lies at its path on the host. */
export const TREE = 'root';

/**
 * Renders every file of the plan.
 *
 * @param templates Compiled templates by name ("web-servers/nginx/site.conf").
 * @throws RenderError with every value that a file's syntax cannot hold; blame.ts says which answers those came from.
 */
export function renderKit(
  plan: Plan,
  templates: Readonly<Record<string, CompiledTemplate>>,
): GeneratedFile[] {
  const problems: RenderError['problems'][number][] = [];
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
        ...renderFor(plan, template, file),
      };
    } catch (error) {
      if (!(error instanceof RenderError)) throw error;
      problems.push(...error.problems.map((one) => placed(one, file)));
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
  if (problems.length > 0) throw new RenderError(problems);
  return [...kit, ...tree];
}
