/** Folders that an app itself gives to everybody: the web server can send them as well. */

import { withUnless } from '../evaluate/alternatives.ts';
import { type Abstract, type DictData, known, str, UNSET } from '../evaluate/data.ts';
import { dict, mergeDicts } from '../evaluate/plain.ts';
import { only } from '../evaluate/run.ts';
import { type Warning, warningOf } from '../words/detection.ts';
import { joinPurePaths, normalisePath, PROJECT, relativePath } from '../words/paths.ts';
import type { ProjectFiles } from '../words/project-files.ts';
import type { Evidence } from '../words/value.ts';
import { hasFolder } from './entry-files.ts';
import { liftSettings, localUrl, textOf } from './settings.ts';

export interface Served {
  url: string;
  /** Its path or text; relative to the folder that the app is started in. */
  folder: Abstract;
  from: Evidence;
}

const ASSETS = /\/(?:static|assets|public|css|js|img|images|fonts|dist|build)(?:\/|$)/;
/** What users bring has to outlast a release, whatever of it was once committed. */
const UPLOADS = /(?:^|\/)(?:uploads?|uploaded|media|user[-_]?files|attachments)(?:\/|$)/i;
/** What a build makes: nothing of it is in the repository. */
const BUILT = /(?:^|\/)(?:static|assets|dist|build)(?:\/|$)/;

/** As mounts: what the project has in it are assets, what comes to be on the host are uploads. */
export function servedMounts(
  project: ProjectFiles,
  root: string,
  served: readonly Served[],
): { static: Abstract; media: Abstract; warnings: Warning[] } {
  const warnings: Warning[] = [];
  const hasFiles = (folder: string) =>
    folder.startsWith(`${PROJECT}/`) && hasFolder(project, folder.slice(PROJECT.length + 1));
  const mounts = (wanted: 'static' | 'media') =>
    served.map(({ url: given, folder, from }) => {
      const url = localUrl(given);
      return liftSettings([folder], (data) => {
        const text = textOf(data);
        if (url === undefined || data.t === 'unset' || data.t === 'none') return UNSET;
        if (text === undefined)
          return { t: 'unknown', because: `the folder served at ${url} is decided at run time` };
        const path = normalisePath(joinPurePaths(PROJECT, root, text));
        const shown = relativePath(path, root);
        const isInside = path.startsWith(`${PROJECT}/`);
        const isAsset =
          !UPLOADS.test(`${url}/${shown}`) &&
          (hasFiles(path) || (isInside ? BUILT.test(shown) : ASSETS.test(url)));
        if (isAsset !== (wanted === 'static')) return UNSET;
        if (url === '/' || shown === '.' || shown.split('/').includes('..')) {
          const message = `${shown} is served at ${url}: the web server cannot tell its files from pages or other code, so the app keeps serving it`;
          warnings.push(warningOf(message, [from]));
          return UNSET;
        }
        return known(dict([[url, known(str(shown))]]), [from]);
      });
    });
  return { static: merged(mounts('static')), media: merged(mounts('media')), warnings };
}

/** One map of all; what cannot be known is left out where others are known. */
function merged(mounts: readonly Abstract[]): Abstract {
  const some = mounts.filter((one) => one.some(({ data }) => data.t !== 'unset'));
  const dicts = some.map((one) => only(one, 'dict')).filter((one): one is DictData => one !== undefined);
  const [first, ...others] = dicts;
  if (first === undefined) return some[0] ?? known(dict([]));
  const told = some.filter((one) => only(one, 'dict') !== undefined).flat();
  const all = others.reduce((before, one) => mergeDicts(before, one), first);
  const from = told.flatMap((one) => [...one.from]).slice(0, 4);
  return withUnless(known(all, from), ...told.flatMap(({ unless }) => [...unless]));
}
