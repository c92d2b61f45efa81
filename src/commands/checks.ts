/** The real tools and the comparison of the files, over one deployment. */
import { join } from 'node:path';
import { agreement } from '../check/agreement.ts';
import { check, sortFindings } from '../check/run.ts';
import { hostValidators } from '../check/tools/shell.ts';
import type { Plan } from '../contract/plan.ts';
import type { TreeFile } from '../contract/validator.ts';
import { type GeneratedFile, TREE } from '../kit/kit.ts';
import { planOfService } from '../plan/services.ts';
import { systemTools } from '../system/processes.ts';
import { repositoryOf } from '../system/programs.ts';
import { listFiles, readFiles } from '../system/tree.ts';
import { appServerOf, unitsOfPlan } from '../units.ts';
import type { Finding } from '../words/finding.ts';
import type { Places } from './places.ts';

/** Judges what is on disk, which the kit tells edits of. */
export async function checkOnDisk(
  plan: Plan,
  kit: readonly GeneratedFile[],
  places: Places,
): Promise<Finding[]> {
  const { out, shownOut } = places;
  const there = listFiles(out, TREE).map((path) => `${TREE}/${path}`);
  const paths = [...new Set([...kit.map((file) => file.path), ...there])];
  const generated = new Map(kit.map(({ path, text }) => [path, text]));
  const files = [...readFiles(out, paths)].map(([path, { text, mode }]): TreeFile => {
    const edited = generated.get(path) !== text;
    return { path: hostPath(path), shown: join(shownOut, path), mode, text, edited };
  });
  const strange = files.filter(isStrange);
  const found = await judge(
    plan,
    kit,
    files.filter((file) => !isStrange(file)),
    places,
  );
  return sortFindings([...strange.map(strangeFinding), ...found]);
}

/** No file of ours has such a name, and a tool's command line or configuration could take it for something else. */
const NAME = /^\/?(?:[\w.@+][\w.@+-]*\/)*[\w.@+][\w.@+-]*$/;

const isStrange = ({ path, text }: TreeFile) => !NAME.test(path) || text.includes('\0');

const strangeFinding = ({ shown }: TreeFile): Finding => ({
  ...{ code: 'file-strange', tool: 'files', level: 'error', file: shown },
  message: 'its name, or a NUL in it, could be taken for something else, so no tool is given it',
  remedy: 'Remove it, or give it a name of letters, digits, dots, hyphens and underscores.',
});

/** Judges what would be written. */
export async function checkKit(
  plan: Plan,
  kit: readonly GeneratedFile[],
  places: Places,
): Promise<Finding[]> {
  const files = kit.map(({ path, text, mode }): TreeFile => {
    const shown = join(places.shownOut, path);
    return { path: hostPath(path), shown, mode, text, edited: false };
  });
  return judge(plan, kit, files, places);
}

async function judge(
  plan: Plan,
  kit: readonly GeneratedFile[],
  files: readonly TreeFile[],
  { project, out, shownOut, tools }: Places,
): Promise<Finding[]> {
  const runner = systemTools({ untrusted: [repositoryOf(project.folder), out], named: tools });
  const { webServer, processManager, framework } = unitsOfPlan(plan);
  const validators = (await Promise.all([webServer, processManager].map((unit) => unit.validators()))).flat();
  /** An app server's tools see their service, and not the files of another. */
  const judgeService = async (index: number) => {
    const seen = planOfService(plan, index);
    const others = plan.services.filter((_, other) => other !== index).map(({ service }) => service.config);
    const own = files.filter(({ path }) => !others.some((folder) => path.startsWith(`${folder}/`)));
    const units = [appServerOf(seen), ...(index === 0 ? [framework] : [])];
    const asked = (await Promise.all(units.map((unit) => unit.validators()))).flat();
    return check({ plan: seen, files: own, validators: asked, runner });
  };
  const compared = kit.map((file) => ({ ...file, shown: join(shownOut, file.path) }));
  return sortFindings([
    ...agreement({ plan, rendered: compared, files }),
    ...(await webServer.scan({ plan, files })),
    ...(await check({
      plan,
      files,
      validators: [...validators, ...hostValidators],
      runner,
    })),
    ...(await Promise.all(plan.services.map((_, index) => judgeService(index)))).flat(),
  ]);
}

/** A file of the tree has its place on the host; one of the kit stays where it is. */
function hostPath(path: string): string {
  return path.startsWith(`${TREE}/`) ? path.slice(TREE.length) : path;
}
