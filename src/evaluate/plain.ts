/** Plain values as data: texts, lists and dicts, made and looked into. */
import {
  type Abstract,
  type Data,
  type DictData,
  type Entry,
  keyOf,
  known,
  type ListData,
  str,
  unknown,
} from './data.ts';

/** A value as text, as str() and f-strings make it; undefined where that is not known or too fine. */
export function textOfData(data: Data): string | undefined {
  switch (data.t) {
    case 'str':
    case 'path':
      return data.v;
    case 'number':
      return data.float && Number.isInteger(data.v) ? undefined : String(data.v);
    case 'bool':
      return data.v ? 'True' : 'False';
    case 'none':
      return 'None';
    default:
      return undefined;
  }
}

/** A list of values that are known. */
export function list(items: readonly Data[], kind: ListData['kind'] = 'list'): ListData {
  return { t: 'list', kind, items: items.map((item) => ({ value: known(item) })) };
}

/** The items of a list that is known in full; undefined where some are conditional or unknown. */
export function plainItems(data: Data): Abstract[] | undefined {
  if (data.t === 'str') return [...data.v].map((char) => known(str(char)));
  if (data.t === 'dict' && data.rest === undefined)
    return [...data.entries.values()].map((entry) => known(entry.key));
  if (data.t !== 'list' || data.rest !== undefined || data.items.some((item) => item.when)) return undefined;
  return data.items.map((item) => item.value);
}

/** A dict by keys that are texts. */
export function dict(entries: Iterable<readonly [string, Abstract]>): DictData {
  const map = new Map<string, Entry>();
  for (const [key, value] of entries) map.set(`s${key}`, { key: str(key), value });
  return { t: 'dict', entries: map };
}

/** Both dicts in one, as `{**base, **over}` has it. */
export function mergeDicts(base: DictData, over: DictData): DictData {
  return { t: 'dict', entries: new Map([...base.entries, ...over.entries]), rest: base.rest ?? over.rest };
}

/** A dict's entry; what is absent is the fallback, or unknown. */
export function lookUp(data: DictData, key: Data, fallback: Abstract | undefined): Abstract {
  const name = keyOf(key);
  const entry = name === undefined ? undefined : data.entries.get(name);
  if (entry) {
    return fallback
      ? entry.value.flatMap((one) =>
          one.data.t === 'unset' ? fallback.map((other) => ({ ...other, when: one.when })) : [one],
        )
      : entry.value;
  }
  if (data.rest !== undefined) return unknown(data.rest);
  if (name === undefined) return unknown('its key is decided at run time');
  return fallback ?? unknown(`there is no entry ${textOfData(key) ?? ''}`.trim());
}
