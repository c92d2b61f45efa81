/** What detectors of several frameworks make of an app's settings. */

import { lift } from '../evaluate/alternatives.ts';
import { type Abstract, type Data, str } from '../evaluate/data.ts';
import type { EnvironmentRead } from '../evaluate/index.ts';
import { textOfData } from '../evaluate/plain.ts';
import { LITERAL, type Warning } from '../words/detection.ts';
import type { Evidence, Value } from '../words/value.ts';

/** Reads settings by name; what the source cannot say is unknown with its reason. */
export type SettingReader = (name: string) => Abstract;

/** A setting that is an object of some class, or what one of its methods gives, is known when the code runs. */
export function readable(value: Abstract): Abstract {
  const objects = ['call', 'ref', 'method', 'function', 'class', 'module', 'environment', 'settings'];
  if (!value.some(({ data }) => objects.includes(data.t))) return value;
  return value.map((one) =>
    objects.includes(one.data.t)
      ? { ...one, data: { t: 'unknown', because: 'only running the code would tell what it is' } }
      : one,
  );
}

/** Lifts over data that may be unset, which the function is then given; unknown stays unknown. */
export function liftSettings(
  args: readonly Abstract[],
  apply: (...data: Data[]) => Data | Abstract,
): Abstract {
  return lift(args, (...data) => data.find((one) => one.t === 'unknown') ?? apply(...data), {
    lenient: true,
  });
}

/** The path or URL text of a setting; None and '' are as good as unset. */
export function textOf(data: Data): string | undefined {
  const text = data.t === 'none' ? '' : textOfData(data);
  return text === '' ? undefined : text;
}

/**
 * A URL setting as a prefix of this site: a path gets a leading slash, everything a trailing one; undefined for another
 * host. https://docs.djangoproject.com/en/stable/ref/settings/#static-url
 */
export function localUrl(url: string): string | undefined {
  // A developer's own machine stands for the site itself.
  const own = url.replace(/^https?:\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0)(?::\d+)?(?=\/)/, '');
  if (own.startsWith('//') || own.includes('://')) return undefined;
  const path = own.startsWith('/') ? own : `/${own}`;
  return path.endsWith('/') ? path : `${path}/`;
}

/** The text, or as much of its beginning as is known. */
export function beginningOf(data: Data): string | undefined {
  return data.t === 'unknown' ? data.prefix : textOf(data);
}

/** The kind of a database by its URL, of which the scheme is enough; undefined where not even that is known. */
export function kindOfUrl(data: Data): string | undefined {
  const [scheme, ...rest] = beginningOf(data)?.split('://') ?? [];
  return scheme === undefined || rest.length === 0 ? undefined : databaseKind(scheme);
}

/** Django's ENGINE, or the scheme of a database's URL, to the database's kind. */
export function databaseKind(engine: string): string {
  const text = engine.toLowerCase();
  if (text === '' || text.endsWith('.dummy')) return 'none';
  const has = (...words: string[]) => words.some((word) => text.includes(word));
  if (has('postgres', 'postgis', 'psqlextra', 'psycopg', 'cockroach')) {
    return has('cockroach') ? 'other' : 'postgresql';
  }
  if (has('mysql', 'mariadb')) return 'mysql';
  if (has('sqlite', 'spatialite')) return 'sqlite';
  return has('oracle') ? 'oracle' : 'other';
}

/** A cache's backend, by the name of its class or its type, to the cache's kind. */
export function cacheKind(backend: string): string {
  const text = backend.toLowerCase();
  const kinds: [string, RegExp][] = [
    ['redis', /redis|valkey/],
    ['memcached', /memcache|pylibmc/],
    ['files', /file/],
    ['the database', /\.db\.|database/],
    ['none', /dummy|null/],
    ['local memory', /locmem|simple/],
  ];
  return kinds.find(([, pattern]) => pattern.test(text))?.[0] ?? 'other';
}

/** Hides what may be secret: a literal key becomes a text that stands for it, so that it goes nowhere. */
export function withoutSecret(value: Abstract): Abstract {
  return value.map((one) => {
    const { t } = one.data;
    if (t === 'unknown' || t === 'unset' || t === 'none') return one;
    return { ...one, data: textOf(one.data) === undefined && t === 'str' ? one.data : str(LITERAL) };
  });
}

/** What the source says outright. */
export function knownValue<T>(value: T, from: Evidence[]): Value<T> {
  return { kind: 'known', value, from };
}

/** A value that follows from a setting being absent has the settings module for its evidence. */
export function sourced<T>(value: Value<T>, from: Evidence[]): Value<T> {
  return value.kind === 'known' && value.from.length === 0 ? { ...value, from } : value;
}

/** A database that only something outside of the source names is none without it: whoever sets it knows which it is. */
export function needed(found: Value<string>): Value<string> {
  return found.kind === 'default' && found.value === 'none'
    ? { kind: 'unknown', because: `there is none unless ${found.unless}`, from: found.from }
    : found;
}

export function unique(warnings: readonly Warning[]): Warning[] {
  return [...new Map(warnings.map((one) => [one.message, one])).values()];
}

/** The environment variables that must be set, or those that may be. */
export function variables(reads: readonly EnvironmentRead[], required: boolean): Value<string[]> {
  const some = reads.filter((one) => one.required === required);
  if (some.length === 0) return { kind: 'absent' };
  return knownValue(
    some.map((one) => one.name),
    some.flatMap((one) => one.from),
  );
}

/** Bytes as the answer "max-body" has them: "16m". */
export function sizeText(bytes: number): Data {
  const whole = (unit: number) => bytes % unit === 0;
  if (!Number.isInteger(bytes) || bytes <= 0) return { t: 'unknown', because: 'it is not a number of bytes' };
  return str(whole(1024 ** 2) ? `${bytes / 1024 ** 2}m` : whole(1024) ? `${bytes / 1024}k` : String(bytes));
}
