/** What the folders that paths lead to have in the project: all of it is for anybody to fetch. */
import type { Plan } from '../contract/plan.ts';
import type { Finding } from '../words/finding.ts';
import type { ProjectFiles } from '../words/project-files.ts';

/** What is wrong with the folders of a site, as far as the project is at hand. */
export function pagesFindings({ pages }: Plan, project: ProjectFiles): Finding[] {
  return pages.flatMap((page) => [...publicSource(page, project), ...publicLinks(page, project)]);
}

type Page = Plan['pages'][number];

/** What no build writes to a folder of pages, and nobody is to fetch. */
const SOURCE = /\.(?:py|pyc|env|sqlite3|key|pem)$|(?:^|\/)\.env(?:\.|$)/;

/** More than what a build wrote. */
function publicSource({ inProject, url }: Page, project: ProjectFiles): Finding[] {
  const found = project.list().find((path) => path.startsWith(`${inProject}/`) && SOURCE.test(path));
  if (found === undefined) return [];
  return [
    {
      ...{ code: 'source-public', tool: 'project', level: 'error', file: found },
      message: `this lies in ${inProject}, which ${url} leads to: anybody could fetch it`,
      remedy: 'Name the folder that the build writes, with nothing else in it.',
    },
  ];
}

/** What the installer refuses too: a release has the files of a folder, and not what lies around it. */
function publicLinks({ inProject, url }: Page, project: ProjectFiles): Finding[] {
  const links = project.lookInto?.(inProject)?.linksOut ?? [];
  return links.map(({ path, target }) => ({
    ...{ code: 'link-public', tool: 'project', level: 'error', file: path },
    message: `this link to ${target} leads out of ${inProject}, which ${url} leads to: anybody could fetch what is there`,
    remedy: 'Have the build put a copy there, or name the folder that has the files themselves.',
  }));
}
