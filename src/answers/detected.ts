/** What was read from the project's source, as answers. */

import type { Detection } from '../words/detection.ts';
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
 * The answers that a project's source gives. "One of several" and "cannot be known" are no answers: a person is asked.
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
  return { insistent: false, answers: given };
}
