/** What was read from the project's source, as answers. */

import { appName } from '../contract/values.ts';
import type { Choice } from '../detect/index.ts';
import { type Detection, rootOf } from '../words/detection.ts';
import type { ProjectFiles } from '../words/project-files.ts';
import { visibleInLine } from '../words/text.ts';
import type { Evidence } from '../words/value.ts';
import type { Given, Layer } from './resolve.ts';

/** How many places of one finding are named; the first says where to look, the others confirm it. */
const PLACES = 2;

/** Places for people: "settings.py:12, settings.py:40 and 3 more"; empty where there is none. */
export function places(from: readonly Evidence[]): string {
  const all = [...new Set(from.map(({ file, line }) => `${visibleInLine(file)}:${line}`))];
  const shown = all.slice(0, PLACES);
  const more = all.length > PLACES ? ` and ${all.length - PLACES} more` : '';
  return `${shown.join(', ')}${more}`;
}

/**
 * The answers that a project's source gives. "One of several" and "cannot be known" are not answers: a person is asked.
 */
export function detectedLayer({ framework, answers }: Detection): Layer {
  const given: Record<string, Given> = { framework: { value: framework, source: 'found in the project' } };
  for (const [name, found] of Object.entries(answers)) {
    if (found.kind === 'known')
      given[name] = { value: found.value, source: places(found.from) || 'found in the project' };
    if (found.kind === 'default') {
      const where = places(found.from) || 'found in the project';
      given[name] = { value: found.value, source: `${where}, unless ${found.unless}` };
    }
  }
  // A person may take another app of the project: "shop.wsgi" where "shop.asgi" was found.
  const { app, interface: kind } = given;
  if (app !== undefined && kind !== undefined)
    given.interface = { ...kind, of: { answer: 'app', value: app.value } };
  return { insistent: false, answers: given };
}

/**
 * What the project itself says, as layers of answers: what its source gives, then the name of its folder.
 *
 * @param choice The app that is meant. Where the repository has others, it is named after its own folder too.
 */
export function projectLayers(
  project: Pick<ProjectFiles, 'name'>,
  { detection, found }: Pick<Choice, 'detection' | 'found'>,
): Layer[] {
  const root = detection === undefined ? undefined : rootOf(detection);
  const own = found.length > 1 && root !== undefined && root !== '.' ? [root] : [];
  const name = { insistent: false, answers: nameFrom([project.name, ...own].join('-')) };
  return detection === undefined ? [name] : [detectedLayer(detection), name];
}

/** The app's name from the project's folder, and from its own where there are several; as far as that can be one. */
function nameFrom(folder: string): Layer['answers'] {
  const name = folder
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 31)
    .replace(/-+$/, '');
  // A folder called "news" or "app" would otherwise ask for the name of something that the host has.
  const free = [name, `${name}-app`].find((candidate) => appName.safeParse(candidate).success);
  return free === undefined ? {} : { name: { value: free, source: "the folder's name" } };
}
