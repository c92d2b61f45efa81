/** What the folders that paths lead to have in the project: all of it is for anybody to fetch. */
import type { Plan } from '../contract/plan.ts';
import { parseJson, record } from '../formats/documents.ts';
import type { Finding } from '../words/finding.ts';
import type { ProjectFiles } from '../words/project-files.ts';

/** What is wrong with the folders of a site, as far as the project is at hand. */
export function pagesFindings({ pages }: Plan, project: ProjectFiles): Finding[] {
  return pages.flatMap((page) =>
    isThere(page, project)
      ? [...publicSource(page, project), ...publicLinks(page, project)]
      : [missingFolder(page, project)],
  );
}

type Page = Plan['pages'][number];

const isThere = ({ inProject }: Page, project: ProjectFiles) =>
  project.lookInto === undefined
    ? project.list().some((path) => path.startsWith(`${inProject}/`))
    : project.lookInto(inProject) !== undefined;

/** A build may make it later, and the installer stops where it has not. */
function missingFolder({ inProject, url }: Page, project: ProjectFiles): Finding {
  const build = buildOf(inProject, project);
  return {
    ...{ code: 'page-folder-missing', tool: 'project', level: 'warning', file: inProject },
    message: `${url} leads to this folder, and the project has none of that name`,
    remedy:
      build === undefined
        ? 'Correct the answer "paths", or have a build write it before the project is brought to the host: the installer runs none.'
        : `Run "${build.command}" in ${build.folder || 'the top of the project'} before the project is brought to the host: the installer runs no build.`,
  };
}

/** Programs that run the build of a package.json, by the lock that each of them writes beside it. */
const RUNNERS = { 'pnpm-lock.yaml': 'pnpm', 'yarn.lock': 'yarn', 'bun.lock': 'bun', 'bun.lockb': 'bun' };

/** The build of the nearest package.json around a folder; undefined where that has none. https://docs.npmjs.com/cli/v10/using-npm/scripts */
function buildOf(inside: string, project: ProjectFiles): { command: string; folder: string } | undefined {
  const there = new Set(project.list());
  const at = (folder: string, name: string) => (folder === '' ? name : `${folder}/${name}`);
  const around = inside.split('/').map((_, index, parts) => parts.slice(0, -1 - index).join('/'));
  const folder = around.find((one) => there.has(at(one, 'package.json')));
  if (folder === undefined) return undefined;
  const scripts = record(packageIn(at(folder, 'package.json'), project).scripts) ?? {};
  if (!Object.hasOwn(scripts, 'build')) return undefined;
  const runner = Object.entries(RUNNERS).find(([lock]) => there.has(at(folder, lock)))?.[1] ?? 'npm';
  return { command: `${runner} run build`, folder };
}

/** What a package.json says; nothing where it is none. */
const packageIn = (path: string, project: ProjectFiles) => parseJson(project.read(path) ?? '') ?? {};

/** What no build writes to a folder of pages, and nobody is to fetch. */
const SOURCE = /\.(?:py|pyc|env|sqlite3|key|pem|jsx|tsx|vue|svelte)$|(?:^|\/)\.env(?:\.|$)/;

/** What a package.json says that is there to be built; a build writes such a file too, with less in it. */
const OF_SOURCE = ['scripts', 'dependencies', 'devDependencies'];

/** More than what a build wrote. */
function publicSource(page: Page, project: ProjectFiles): Finding[] {
  const { inProject, url } = page;
  const inside = project.list().filter((path) => path.startsWith(`${inProject}/`));
  const frontend = inside.find(
    (path) =>
      /\/package\.json$/.test(path) &&
      OF_SOURCE.some((name) => Object.hasOwn(packageIn(path, project), name)),
  );
  const isWithin = inProject.split('/').includes('node_modules');
  const modules = isWithin ? inProject : `${inProject}/node_modules`;
  const hasModules = isWithin || project.lookInto?.(modules) !== undefined;
  const found = frontend ?? (hasModules ? modules : inside.find((path) => SOURCE.test(path)));
  if (found === undefined) return [];
  const isFrontend = found === frontend || found === modules;
  return [
    {
      ...{ code: 'source-public', tool: 'project', level: 'error', file: found },
      message: `this lies in ${inProject}, which ${url} leads to: anybody could fetch ${isFrontend ? 'the source of the front end' : 'it'}`,
      remedy: isFrontend
        ? `Name the folder that its build writes: ${builtBy(found, inside)}.`
        : 'Name the folder that the build writes, with nothing else in it.',
    },
  ];
}

/** Where builds write to, as far as the project shows; Vite's and webpack's first, then that of create-react-app. */
const BUILT = ['dist', 'build', 'out'];

function builtBy(found: string, inside: readonly string[]): string {
  const source = found.replace(/\/[^/]*$/, '');
  const written = BUILT.map((name) => `${source}/${name}`);
  const there = written.find((folder) => inside.some((path) => path.startsWith(`${folder}/`)));
  return there ?? `${written[0]} or ${written[1]}, for instance`;
}

/** What the installer refuses too: a release has the files of a folder, and not what lies around it. */
function publicLinks({ inProject, url }: Page, project: ProjectFiles): Finding[] {
  const links = project.lookInto?.(inProject)?.linksOut() ?? [];
  return links.map(({ path, target }) => ({
    ...{ code: 'link-public', tool: 'project', level: 'error', file: path },
    message: `this link to ${target} leads out of ${inProject}, which ${url} leads to: what is there is not in a release, or not for anybody`,
    remedy: 'Have the build put a copy there, or name the folder that has the files themselves.',
  }));
}
