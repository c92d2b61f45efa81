/**
 * Settings objects of pydantic: each field is an environment variable, with what the source gives as its default.
 * https://docs.pydantic.dev/latest/concepts/pydantic_settings/
 */
import type { Evidence } from '../words/value.ts';
import { type Abstract, type CallData, type ClassData, type Data, known, unknown } from './data.ts';
import { only, type Run, readEnvironment } from './run.ts';

const BASES = [
  'pydantic_settings.BaseSettings',
  'pydantic_settings.main.BaseSettings',
  'pydantic.BaseSettings',
  'pydantic.v1.BaseSettings',
];
const FIELDS = ['pydantic.Field', 'pydantic.fields.Field', 'pydantic.v1.Field'];
/** What pydantic itself looks for in a class. */
const OWN = new Set(['model_config', 'Config']);

/** Does a class read its fields from the environment? */
export function readsEnvironment(data: ClassData, depth = 0): boolean {
  return data.bases.flat().some(({ data: base }) => {
    if (base.t === 'ref') return BASES.includes(base.name);
    return base.t === 'class' && depth < 10 && readsEnvironment(base, depth + 1);
  });
}

/** Making such an object reads every field: those without a value have to be set. */
export function readFields(run: Run, data: ClassData, at: Evidence): void {
  for (const name of namesOf(data)) fieldOf(run, data, name, at);
}

function namesOf(data: ClassData, depth = 0): string[] {
  const values = [...data.scope.names]
    .filter(([, value]) => !value.some((one) => one.data.t === 'function' || one.data.t === 'class'))
    .map(([name]) => name);
  const inherited =
    depth > 10
      ? []
      : data.bases.flatMap((base) => {
          const parent = only(base, 'class');
          return parent === undefined ? [] : namesOf(parent, depth + 1);
        });
  return [...new Set([...inherited, ...data.declared.keys(), ...values])].filter(
    (name) => !OWN.has(name) && !name.startsWith('_'),
  );
}

/** A field's value; undefined where it is not a field: a property, for instance, or nothing. */
export function fieldOf(run: Run, data: ClassData, name: string, at: Evidence): Abstract | undefined {
  // It is read where it is declared, whoever makes the object.
  const { callSite } = run;
  run.callSite = undefined;
  const value = readField(run, data, name, at);
  run.callSite = callSite;
  return value;
}

function readField(run: Run, data: ClassData, name: string, at: Evidence): Abstract | undefined {
  const found = declaration(data, name);
  if (found === undefined || found.value?.some((one) => one.data.t === 'function')) return undefined;
  // Settings within settings read variables of their own.
  const inner = only(found.value, 'settings');
  if (inner !== undefined) return found.value;
  const field = only(found.value, 'call');
  const isField = field !== undefined && FIELDS.includes(field.name);
  const maker = isField ? field.args.named.get('default_factory') : undefined;
  const made = only(maker, 'class');
  if (made !== undefined && readsEnvironment(made)) {
    readFields(run, made, at);
    return known({ t: 'settings', of: made }, [at]);
  }
  if (maker !== undefined) return unknown('a factory makes it', [at]);
  const fallback = isField ? defaultOf(field) : found.value;
  const own = isField ? aliasOf(field) : undefined;
  if (own === UNREAD) return unknown('it is read under a name that is not understood', [at]);
  const plain = `${configOf(data, 'env_prefix', 'str')?.v ?? ''}${name}`;
  const isExact = configOf(data, 'case_sensitive', 'bool')?.v === true;
  return readEnvironment(run, own ?? (isExact ? plain : plain.toUpperCase()), found.at ?? at, fallback);
}

function declaration(
  data: ClassData,
  name: string,
  depth = 0,
): { value: Abstract | undefined; at: Evidence | undefined } | undefined {
  const value = data.scope.names.get(name);
  const at = data.declared.get(name) ?? value?.[0]?.from[0];
  if (value !== undefined || at !== undefined) return { value, at };
  for (const base of depth > 10 ? [] : data.bases) {
    const parent = only(base, 'class');
    const found = parent && declaration(parent, name, depth + 1);
    if (found) return found;
  }
  return undefined;
}

function defaultOf({ args }: CallData): Abstract | undefined {
  const value = args.positional[0] ?? args.named.get('default');
  // Field(...) and Field() are without one.
  return only(value, 'ref')?.name === 'builtins.Ellipsis' ? undefined : value;
}

/** Stands for a name that is given, and not as a text. */
const UNREAD = '?';

function aliasOf({ args }: CallData): string | undefined {
  const given = ['validation_alias', 'alias', 'env']
    .map((name) => args.named.get(name))
    .find((value) => value !== undefined);
  if (given === undefined) return undefined;
  // AliasChoices("A", "B"): the first that is set.
  return (only(given, 'str') ?? only(only(given, 'call')?.args.positional[0], 'str'))?.v ?? UNREAD;
}

/** An entry of model_config = SettingsConfigDict(env_prefix="SHOP_"), or of the older class Config. */
function configOf<T extends Data['t']>(
  data: ClassData,
  name: string,
  kind: T,
  depth = 0,
): Extract<Data, { t: T }> | undefined {
  const config = data.scope.names.get('model_config');
  const call = only(config, 'call')?.args.named.get(name);
  const entry = only(config, 'dict')?.entries.get(`s${name}`)?.value;
  const older = only(data.scope.names.get('Config'), 'class')?.scope.names.get(name);
  const own = only(call ?? entry ?? older, kind);
  if (own !== undefined || depth > 10) return own;
  for (const base of data.bases) {
    const parent = only(base, 'class');
    const found = parent && configOf(parent, name, kind, depth + 1);
    if (found) return found;
  }
  return undefined;
}
