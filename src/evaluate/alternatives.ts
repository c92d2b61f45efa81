/** Values that may be one of several, each under its conditions: worked with, compared and joined. */
import type { Evidence } from '../words/value.ts';
import {
  type Abstract,
  type Alternative,
  type Condition,
  type Data,
  type DictData,
  type Entry,
  type Item,
  known,
  type ListData,
  NOT_SET,
  type Proviso,
  unknown,
  type When,
} from './data.ts';

/** Joins evidence, each place once; a few places tell a person enough. */
export function mergeEvidence(...lists: (readonly Evidence[])[]): Evidence[] {
  const seen: Evidence[] = [];
  for (const list of lists) {
    for (const place of list) {
      if (seen.length >= 4) return seen;
      if (!seen.some((other) => other.line === place.line && other.file === place.file)) seen.push(place);
    }
  }
  return seen;
}

/** Both lists, each text once. */
export function mergeTexts(a: readonly string[], b: readonly string[]): readonly string[] {
  if (b.length === 0 || a === b) return a;
  if (a.length === 0) return b;
  return [...new Set([...a, ...b])].slice(0, 6);
}

/** Both lists, each proviso once. */
export function mergeProvisos(a: readonly Proviso[], b: readonly Proviso[]): readonly Proviso[] {
  if (b.length === 0 || a === b) return a;
  if (a.length === 0) return b;
  return [...new Map([...a, ...b].map((one) => [one.text, one])).values()].slice(0, 6);
}

function sameProvisos(a: readonly Proviso[], b: readonly Proviso[]): boolean {
  return a.length === b.length && a.every(({ text }, index) => text === b[index]?.text);
}

/** Both lists of conditions together, or undefined where they contradict each other. */
export function mergeWhen(a: readonly When[], b: readonly When[]): readonly When[] | undefined {
  if (b.length === 0 || a === b) return a;
  if (a.length === 0) return b;
  const all = [...a];
  for (const one of b) {
    const same = all.find((other) => other.condition.id === one.condition.id);
    if (!same) all.push(one);
    else if (same.is !== one.is) return undefined;
  }
  return all;
}

/** How many alternatives a value may have before it counts as unknown. */
const MAX_ALTERNATIVES = 12;

/**
 * Applies a function to every consistent combination of the arguments' alternatives. An argument that is unknown makes
 * that combination unknown, with the argument's reason; `lenient` hands unknown data to the function instead.
 */
export function lift(
  args: readonly Abstract[],
  apply: (...data: Data[]) => Data | Abstract,
  options: { lenient?: boolean } = {},
): Abstract {
  let rows: { data: Data[]; when: readonly When[]; unless: readonly Proviso[]; from: readonly Evidence[] }[] =
    [{ data: [], when: [], unless: [], from: [] }];
  for (const arg of args) {
    const next: typeof rows = [];
    for (const row of rows) {
      for (const alternative of arg) {
        const when = mergeWhen(row.when, alternative.when);
        if (!when) continue;
        next.push({
          data: [...row.data, alternative.data],
          when,
          unless: mergeProvisos(row.unless, alternative.unless),
          from: mergeEvidence(row.from, alternative.from),
        });
      }
    }
    if (next.length > MAX_ALTERNATIVES)
      return unknown('it depends on too many conditions', evidenceOf(args[0]));
    rows = next;
  }
  const results = rows.flatMap((row): Abstract => {
    const gap = options.lenient
      ? undefined
      : row.data.find((data) => data.t === 'unknown' || data.t === 'unset');
    const result = gap
      ? gap.t === 'unset'
        ? { t: 'unknown' as const, because: 'it uses a name that is not set' }
        : gap
      : apply(...row.data);
    const alternatives = Array.isArray(result) ? (result as Abstract) : known(result as Data);
    return alternatives.flatMap((alternative) => {
      const when = mergeWhen(row.when, alternative.when);
      if (!when) return [];
      return [
        {
          data: alternative.data,
          when,
          unless: mergeProvisos(row.unless, alternative.unless),
          from: mergeEvidence(row.from, alternative.from),
        },
      ];
    });
  });
  return compact(results);
}

/** Removes alternatives that say the same under no condition, and bounds their number. */
export function compact(alternatives: Abstract): Abstract {
  if (alternatives.length === 0) return unknown('its conditions contradict each other');
  const first = alternatives[0] as Alternative;
  if (alternatives.length === 1) return alternatives;
  const allSame = alternatives.every(
    (one) => sameData(one.data, first.data) && sameProvisos(one.unless, first.unless),
  );
  if (allSame) {
    return [{ ...first, when: [], from: mergeEvidence(...alternatives.map((one) => one.from)) }];
  }
  return alternatives.length > MAX_ALTERNATIVES
    ? unknown('it depends on too many conditions', first.from)
    : alternatives;
}

/** Every place that a value comes from. */
export function evidenceOf(value: Abstract | undefined): Evidence[] {
  return value ? mergeEvidence(...value.map((one) => one.from)) : [];
}

/** The same value with evidence put first: the place where it was bound. */
export function withEvidence(value: Abstract, ...places: Evidence[]): Abstract {
  return value.map((one) => ({ ...one, from: mergeEvidence(places, one.from) }));
}

/** The same value, unless something outside of the source says otherwise. */
export function withUnless(value: Abstract, ...unless: (string | Proviso)[]): Abstract {
  const provisos = unless.map((one) => (typeof one === 'string' ? { text: one } : one));
  return value.map((one) => ({ ...one, unless: mergeProvisos(one.unless, provisos) }));
}

/** Structural equality of data, as far as it can be told cheaply. */
export function sameData(a: Data, b: Data, depth = 0): boolean {
  if (a === b) return true;
  if (a.t !== b.t || depth > 8) return false;
  switch (a.t) {
    case 'str':
    case 'number':
    case 'bool':
    case 'path':
      return a.v === (b as typeof a).v;
    case 'none':
    case 'unset':
      return true;
    case 'ref':
      return a.name === (b as typeof a).name;
    case 'module':
      return a.file === (b as typeof a).file && a.folder === (b as typeof a).folder;
    case 'unknown':
      return a.because === (b as typeof a).because;
    case 'list': {
      const other = b as ListData;
      if (a.kind !== other.kind || a.items.length !== other.items.length || a.rest !== other.rest)
        return false;
      if (a.items.length > 500) return false;
      return a.items.every((item, index) => {
        const twin = other.items[index] as Item;
        return item === twin || (item.when === twin.when && sameAbstract(item.value, twin.value, depth + 1));
      });
    }
    case 'dict': {
      const other = b as DictData;
      if (a.entries.size !== other.entries.size || a.rest !== other.rest || a.entries.size > 500)
        return false;
      return [...a.entries].every(([key, entry]) => {
        const twin = other.entries.get(key);
        return twin !== undefined && sameAbstract(entry.value, twin.value, depth + 1);
      });
    }
    default:
      return false;
  }
}

function sameAbstract(a: Abstract, b: Abstract, depth: number): boolean {
  if (a === b) return true;
  const [one, other] = [a[0], b[0]];
  if (a.length !== 1 || b.length !== 1 || !one || !other) return false;
  if (one.when.length > 0 || other.when.length > 0) return false;
  return sameProvisos(one.unless, other.unless) && sameData(one.data, other.data, depth);
}

/**
 * Joins what two branches made of one value. Dicts are joined entry by entry, and a list that only gained items keeps
 * them as conditional items: ten independent `if X: APPS += [...]` stay one list rather than a thousand.
 */
export function join(condition: Condition, yes: Abstract, no: Abstract, depth = 0): Abstract {
  if (yes === no) return yes;
  const [one, other] = [yes[0], no[0]];
  if (
    one &&
    other &&
    yes.length === 1 &&
    no.length === 1 &&
    !one.when.length &&
    !other.when.length &&
    depth < 8
  ) {
    const joined = joinData(condition, one.data, other.data, depth);
    if (joined && sameProvisos(one.unless, other.unless)) {
      return [{ data: joined, when: [], unless: one.unless, from: mergeEvidence(one.from, other.from) }];
    }
  }
  return compact([...under(condition, true, yes), ...under(condition, false, no)]);
}

function under(condition: Condition, is: boolean, value: Abstract): Abstract {
  return value.flatMap((one) => {
    const when = mergeWhen(one.when, [{ condition, is }]);
    return when ? [{ ...one, when }] : [];
  });
}

function joinData(condition: Condition, yes: Data, no: Data, depth: number): Data | undefined {
  if (sameData(yes, no)) return yes;
  if (yes.t === 'dict' && no.t === 'dict') {
    const entries = new Map<string, Entry>();
    for (const [key, entry] of no.entries) {
      entries.set(key, {
        ...entry,
        value: join(condition, yes.entries.get(key)?.value ?? NOT_SET, entry.value, depth + 1),
      });
    }
    for (const [key, entry] of yes.entries) {
      if (!no.entries.has(key))
        entries.set(key, { ...entry, value: join(condition, entry.value, NOT_SET, depth + 1) });
    }
    return { t: 'dict', entries, rest: yes.rest ?? no.rest };
  }
  if (yes.t === 'list' && no.t === 'list' && yes.kind === no.kind && yes.rest === no.rest) {
    const longer = yes.items.length >= no.items.length;
    const items = longer
      ? conditionalItems(yes.items, no.items, { condition, is: true })
      : conditionalItems(no.items, yes.items, { condition, is: false });
    return items && { ...yes, items };
  }
  return undefined;
}

/** The longer list with the items that the shorter lacks made conditional; undefined if it is not an extension. */
function conditionalItems(long: readonly Item[], short: readonly Item[], when: When): Item[] | undefined {
  let at = 0;
  const items = long.map((item): Item => {
    if (item === short[at]) {
      at++;
      return item;
    }
    return { ...item, when: mergeWhen(item.when ?? [], [when]) ?? [when] };
  });
  // An empty list that was replaced outright is better kept as two alternatives.
  return at === short.length && short.length > 0 ? items : undefined;
}
