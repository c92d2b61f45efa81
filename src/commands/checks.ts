/** The real tools and the comparison of the files, over one deployment. */
import { join } from 'node:path';
import { agreement } from '../check/agreement.ts';
import type { Finding } from '../check/finding.ts';
import { check, sortFindings } from '../check/run.ts';
import { hostValidators } from '../check/tools/shell.ts';
import type { TreeFile } from '../check/validator.ts';
import { type GeneratedFile, renderKit, TREE } from '../kit/kit.ts';
import type { Plan } from '../plan/schema.ts';
import { systemTools } from '../system/processes.ts';
import { listFiles, readFiles } from '../system/tree.ts';
import { unitsOfPlan } from '../units.ts';
import type { Places } from './places.ts';
import { templates } from './templates.ts';

/** Judges what is on disk. */
export async function checkOnDisk(plan: Plan, { out, shownOut, project }: Places): Promise<Finding[]> {
  const rendered = renderKit(plan, templates);
  const there = listFiles(join(out, TREE)).map((path) => `${TREE}/${path}`);
  const paths = [...new Set([...rendered.map((file) => file.path), ...there])];
  const files = [...readFiles(out, paths)].map(
    ([path, { text, mode }]): TreeFile => ({ path: hostPath(path), shown: join(shownOut, path), mode, text }),
  );
  return judge(plan, rendered, files, shownOut, project.folder);
}

/** Judges what would be written. */
export async function checkRendered(plan: Plan, { shownOut, project }: Places): Promise<Finding[]> {
  const rendered = renderKit(plan, templates);
  const files = rendered.map(
    ({ path, text, mode }): TreeFile => ({ path: hostPath(path), shown: join(shownOut, path), mode, text }),
  );
  return judge(plan, rendered, files, shownOut, project.folder);
}

async function judge(
  plan: Plan,
  rendered: readonly GeneratedFile[],
  files: readonly TreeFile[],
  shownOut: string,
  project: string,
): Promise<Finding[]> {
  const { webServer, appServer, processManager, framework } = unitsOfPlan(plan);
  const units = [webServer, processManager, appServer, framework];
  const validators = (await Promise.all(units.map((unit) => unit.validators()))).flat();
  const compared = rendered.map((file) => ({ ...file, shown: join(shownOut, file.path) }));
  return sortFindings([
    ...agreement({ plan, rendered: compared, files }),
    ...(await check({
      plan,
      files,
      validators: [...validators, ...hostValidators],
      runner: systemTools({ project }),
    })),
  ]);
}

/** A file of the tree has its place on the host; one of the kit stays where it is. */
function hostPath(path: string): string {
  return path.startsWith(`${TREE}/`) ? path.slice(TREE.length) : path;
}
