/**
 * What the settings module says, with Django's own defaults and rules on top.
 * https://docs.djangoproject.com/en/stable/ref/settings/
 */

import { liftSettings, readable, type SettingReader } from '../../detect/settings.ts';
import { withUnless } from '../../evaluate/alternatives.ts';
import {
  type Abstract,
  type ClassData,
  type DictData,
  known,
  NOT_SET,
  str,
  UNSET,
  unknown,
} from '../../evaluate/data.ts';
import type { EvaluatedModule, Evaluator } from '../../evaluate/index.ts';
import { contains } from '../../evaluate/operators.ts';
import { lookUp } from '../../evaluate/plain.ts';
import { only } from '../../evaluate/run.ts';

/** A reader of an evaluated settings module; of none, every setting is unknown. */
export function settingReader(module: EvaluatedModule | undefined, missing: string): SettingReader {
  return (name) => {
    if (!module) return unknown(missing);
    const value = module.get(name);
    const star = module.openStars.at(-1);
    if (value) return readable(value);
    const optional = module.optionalStars.at(-1);
    if (!star && optional)
      return withUnless(NOT_SET, `the module ${optional.name}, which is not in the project, sets it`);
    if (!star) return NOT_SET;
    return unknown(`it may be set by the module ${star.name}, which is not in the project`, [star.from]);
  };
}

/** An entry of a dict setting, reached by keys; unset where it is not there. */
export function entryOf(value: Abstract, ...keys: string[]): Abstract {
  return keys.reduce<Abstract>(
    (at, key) =>
      liftSettings([at], (data) => {
        if (data.t === 'dict') return lookUp(data, str(key), NOT_SET);
        const isNothing = data.t === 'unset' || data.t === 'none';
        return isNothing
          ? UNSET
          : { t: 'unknown', because: 'it is not a dictionary that the source spells out' };
      }),
    value,
  );
}

/** Whether a list setting has a text: true, false or unknown. */
export function has(value: Abstract, text: string): Abstract {
  return liftSettings([value], (data) => {
    if (data.t === 'unset' || data.t === 'none') return { t: 'bool', v: false };
    return (
      contains(data, str(text)) ?? { t: 'unknown', because: `whether it has ${text} is decided at run time` }
    );
  });
}

/** The names of a class and of all that it inherits from, as far as the project or an import tells: "a.b.C". */
function ancestry(evaluator: Evaluator, dotted: string): string[] {
  const names = [dotted];
  const at = dotted.lastIndexOf('.');
  const file = evaluator.locate(dotted.slice(0, at))?.file;
  const module = file === undefined ? undefined : evaluator.module(file);
  const value = module?.get(dotted.slice(at + 1));
  const found = only(value, 'class');
  const alias = only(value, 'ref');
  if (alias) names.push(alias.name);
  if (found) collectBases(found, names, 0);
  return names;
}

/** Stands among the names of an ancestry where a base class is one of several. */
const UNDECIDED = '?';

function collectBases(data: ClassData, names: string[], depth: number): void {
  for (const base of data.bases) {
    if (base.length > 1 || base.some((one) => one.unless.length > 0)) names.push(UNDECIDED);
    for (const { data: one } of base) {
      if (one.t === 'ref') names.push(one.name);
      if (one.t === 'class' && depth < 10) collectBases(one, names, depth + 1);
    }
  }
}

/** What is known of a storage backend. */
export interface StorageKind {
  /** Files lie with somebody else: no location of ours serves them. */
  remote: boolean | undefined;
  /** File names carry a hash of the content. */
  hashed: boolean | undefined;
}

/**
 * django-storages, and the storages of Django and WhiteNoise. undefined where the class is not known.
 * https://django-storages.readthedocs.io/, https://whitenoise.readthedocs.io/en/stable/django.html
 */
export function storageKind(evaluator: Evaluator, backend: string): StorageKind {
  const names = ancestry(evaluator, backend);
  const starts = (...prefixes: string[]) =>
    names.some((name) => prefixes.some((prefix) => name.startsWith(prefix)));
  const last = (name: string) => name.slice(name.lastIndexOf('.') + 1);
  const hashed = names.some(
    (name) => last(name).includes('Manifest') || last(name).includes('CachedStaticFiles'),
  );
  const remote = starts('storages.', 'gcloud', 'cloudinary_storage.', 'minio_storage.', 'django_s3_storage.');
  const local = starts('django.', 'whitenoise.', 'pipeline.', 'private_storage.', 'compressor.');
  if (names.includes(UNDECIDED)) return { remote: undefined, hashed: undefined };
  if (remote) return { remote: !backend.endsWith('.FileSystemStorage'), hashed };
  if (local) return { remote: false, hashed };
  return { remote: undefined, hashed: hashed ? true : undefined };
}

/** The backend's dotted name of one of STORAGES, or of the older setting that it replaced. */
export function storageBackend(read: SettingReader, alias: string, older: string): Abstract {
  return liftSettings([entryOf(read('STORAGES'), alias, 'BACKEND')], (backend) =>
    backend.t === 'unset' ? read(older) : known(backend),
  );
}

const PLAIN_OPTIONS = new Set(['location', 'base_url']);

/** STORAGES with backends and places only: options may hold access keys. */
export function withoutOptions(value: Abstract): Abstract {
  return liftSettings([value], (data) => (data.t === 'dict' ? mapEntries(data, plainStorage) : data));
}

function plainStorage(value: Abstract): Abstract {
  return value.map((one) => {
    if (one.data.t !== 'dict') return one;
    const entries = new Map([...one.data.entries].filter(([key]) => key === 'sBACKEND'));
    const options = one.data.entries.get('sOPTIONS');
    const inner = options && only(options.value, 'dict');
    const plain =
      inner &&
      [...inner.entries].filter(([, entry]) => entry.key.t === 'str' && PLAIN_OPTIONS.has(entry.key.v));
    if (options && plain && plain.length > 0) {
      entries.set('sOPTIONS', { key: options.key, value: known({ t: 'dict', entries: new Map(plain) }) });
    }
    return { ...one, data: { t: 'dict', entries } satisfies DictData };
  });
}

function mapEntries(data: DictData, map: (value: Abstract) => Abstract): DictData {
  const entries = new Map(
    [...data.entries].map(([key, entry]) => [key, { ...entry, value: map(entry.value) }]),
  );
  return { ...data, entries };
}

/** The engine of the database that Django uses; unset where there is none. */
export function databaseEngine(read: SettingReader): Abstract {
  return entryOf(read('DATABASES'), 'default', 'ENGINE');
}
