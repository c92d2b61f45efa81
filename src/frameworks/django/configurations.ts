/**
 * Settings that stand in a class, of django-configurations. https://django-configurations.readthedocs.io/en/stable/
 */

import { liftSettings, type SettingReader, textOf } from '../../detect/settings.ts';
import { withUnless } from '../../evaluate/alternatives.ts';
import { classAttribute } from '../../evaluate/attributes.ts';
import { type Abstract, type CallData, known, NOT_SET } from '../../evaluate/data.ts';
import { databaseOfUrl } from '../../evaluate/environment.ts';
import type { EvaluatedModule } from '../../evaluate/index.ts';
import { dict } from '../../evaluate/plain.ts';
import { fromVariable, isSet, only } from '../../evaluate/run.ts';

/** Reads the settings of a class; undefined where the module has no such class. */
export function configurationReader(module: EvaluatedModule, name: string): SettingReader | undefined {
  const data = only(module.get(name), 'class');
  return (
    data &&
    ((setting) =>
      liftSettings([classAttribute(data, setting) ?? NOT_SET], (value) =>
        value.t === 'call' && VALUES.test(value.name) ? valueOfCall(value, setting) : value,
      ))
  );
}

const VALUES = /^configurations\.values\.\w*Value$/;

/** A value that a variable of the environment decides, or else what stands in the source. */
function valueOfCall({ name, args, at }: CallData, setting: string): Abstract {
  const isDatabase = name.endsWith('.DatabaseURLValue');
  const own = only(args.named.get('environ_name'), 'str')?.v ?? setting;
  const prefix = only(args.named.get('environ_prefix'), 'str')?.v ?? 'DJANGO';
  const variable = isDatabase ? 'DATABASE_URL' : `${prefix}_${own}`;
  const fallback = args.positional[0] ?? args.named.get('default');
  if (fallback === undefined) return fromVariable(variable, at);
  const value = isDatabase ? databaseOf(fallback) : fallback;
  return withUnless(value, isSet(variable));
}

function databaseOf(url: Abstract): Abstract {
  return liftSettings([url], (data) => {
    const found = databaseOfUrl(textOf(data) ?? '');
    return found === undefined
      ? { t: 'unknown', because: 'its database URL is not understood' }
      : dict([['default', known(found)]]);
  });
}
