/** The key that an app signs its sessions with: which variable of the environment it comes from, and whether it is public. */

import { mergeEvidence } from '../evaluate/alternatives.ts';
import type { Abstract, Alternative } from '../evaluate/data.ts';
import type { Value } from '../words/value.ts';
import { knownValue } from './settings.ts';

/** They say where a key lies or which of several it is, and so hold none: SECRET_KEY_FILE, SECRETS_PATH, APP_ENV. */
const NO_KEY =
  /(?:^|_)(?:FILE|FILENAME|PATH|DIR|DIRECTORY|FOLDER|URL|URI|ARN|NAME|ID|ENV|ENVIRONMENT|MODE|STAGE|DEBUG|SETTINGS|CONFIG|MODULE)$/i;

/** What a shell can set. */
const NAME = /^\w+$/;

/**
 * The variables of the environment that the keys are read from, whatever they are called; absent where there is none.
 * A random text does for every one of them.
 */
export function keyVariables(...keys: readonly Abstract[]): Value<string[]> {
  const found = keys.flat().flatMap((one) => {
    const variable = variableOf(one);
    return variable === undefined ? [] : [{ variable, from: one.from }];
  });
  if (found.length === 0) return { kind: 'absent' };
  return knownValue(
    [...new Set(found.map(({ variable }) => variable))],
    mergeEvidence(...found.map(({ from }) => from)),
  );
}

/** Of several the one that is called a key; or else the last, as those before it say which of several values it is. */
function variableOf({ data, unless }: Alternative): string | undefined {
  const all = data.t === 'unknown' ? [data.variable] : unless.map(({ variable }) => variable);
  const names = all.filter((name) => name !== undefined && NAME.test(name) && !NO_KEY.test(name));
  return names.find((name) => /key|secret/i.test(name ?? '')) ?? names.at(-1);
}
