/**
 * What the evaluator knows about a Python value.
 *
 * A value is a list of alternatives, each under the conditions that lead to it: this is how both branches of an `if`
 * that cannot be decided are kept. Data is immutable: `.append` binds the name to a new list.
 */
import type { Evidence } from '../words/value.ts';
import type { Node, PythonSource } from './syntax.ts';

/** A condition in words: "if" and "not USE_S3". */
export interface Clause {
  readonly word: 'if' | 'unless' | 'without';
  readonly text: string;
}

/** What, outside of the source, would make a value another one. */
export interface Proviso {
  /** "the environment variable X is set" */
  readonly text: string;
  /** The variable, where it is that one is set. */
  readonly variable?: string;
}

/** A condition that the source does not decide. */
export interface Condition {
  readonly id: string;
  readonly yes: Clause;
  readonly no: Clause;
  /** What it is when the environment sets nothing. */
  readonly byDefault?: boolean;
  /** What would make it the other way. */
  readonly flips?: readonly Proviso[];
}

export interface When {
  readonly condition: Condition;
  readonly is: boolean;
}

export interface Alternative {
  readonly data: Data;
  readonly when: readonly When[];
  readonly unless: readonly Proviso[];
  readonly from: readonly Evidence[];
}

/** A value in all its alternatives; never empty. */
export type Abstract = readonly Alternative[];

export interface Item {
  readonly value: Abstract;
  /** The item is there only under these conditions. */
  readonly when?: readonly When[];
}

export interface Entry {
  readonly key: Data;
  readonly value: Abstract;
}

export type ListData = {
  readonly t: 'list';
  readonly kind: 'list' | 'tuple' | 'set';
  readonly items: readonly Item[];
  /** There are further items that are not known, for this reason. */
  readonly rest?: string | undefined;
};

export type DictData = {
  readonly t: 'dict';
  readonly entries: ReadonlyMap<string, Entry>;
  /** There are further entries that are not known, for this reason. */
  readonly rest?: string | undefined;
};

export type FunctionData = {
  readonly t: 'function';
  readonly source: PythonSource;
  /** FunctionDefinition or LambdaExpression. */
  readonly node: Node;
  readonly scope: Scope;
};

export type ClassData = {
  readonly t: 'class';
  readonly name: string;
  readonly bases: readonly Abstract[];
  /** Names with a type and no value. */
  readonly declared: ReadonlyMap<string, Evidence>;
  readonly scope: Scope;
};

/** A reader of the environment: an Env of django-environ or environs, decouple's config, or Starlette's. */
export type EnvironmentData = {
  readonly t: 'environment';
  readonly library: 'django-environ' | 'environs' | 'decouple' | 'starlette';
  /** django-environ's scheme: the cast and the default by the variable's name. */
  readonly scheme: ReadonlyMap<string, { cast: Data | undefined; fallback: Abstract | undefined }>;
};

/** A call of something from outside, its arguments kept: path('healthz', view), Csv(), Flask(__name__). */
export type CallData = {
  readonly t: 'call';
  readonly name: string;
  readonly args: CallArguments;
  readonly at: Evidence;
};

export type Data =
  | { readonly t: 'str'; readonly v: string }
  | { readonly t: 'bytes' }
  | { readonly t: 'number'; readonly v: number; readonly float?: boolean }
  | { readonly t: 'bool'; readonly v: boolean }
  | { readonly t: 'none' }
  /** A path object; of `environ.Path`, which has other operators than pathlib. */
  | { readonly t: 'path'; readonly v: string; readonly environ?: boolean }
  | ListData
  | DictData
  /** Something imported from outside of the project, or a builtin, by its full name: "os.environ.get". */
  | {
      readonly t: 'ref';
      readonly name: string;
      /** The object made by a call from outside whose attribute this is: the app of app.config. */
      readonly of?: CallData;
    }
  /** A module or package of the project: its folder for a package, and its file if it has one. */
  | { readonly t: 'module'; readonly file: string | undefined; readonly folder: string | undefined }
  | FunctionData
  | ClassData
  | EnvironmentData
  /** An object of a class whose fields pydantic reads from the environment. */
  | { readonly t: 'settings'; readonly of: ClassData }
  | {
      readonly t: 'method';
      readonly self: Alternative;
      readonly name: string;
      readonly target: Node | undefined;
    }
  | CallData
  | {
      readonly t: 'unknown';
      readonly because: string;
      /** The environment variable that it is read from, where that is the reason. */
      readonly variable?: string;
      /** What it begins with, where that much of a text is known: "postgresql://". */
      readonly prefix?: string;
    }
  /** Nothing has set it. */
  | { readonly t: 'unset' };

export interface CallArguments {
  readonly positional: readonly Abstract[];
  readonly named: ReadonlyMap<string, Abstract>;
  /** Some arguments are not known (`*args`, `**options`). */
  readonly open: boolean;
}

/** Names and what they are bound to. A branch's scope lies over the one that it was entered from. */
export interface Scope {
  readonly kind: 'module' | 'function' | 'class' | 'branch';
  readonly names: Map<string, Abstract>;
  readonly parent: Scope | undefined;
}

export const NONE: Data = { t: 'none' };
export const UNSET: Data = { t: 'unset' };
const TRUE: Data = { t: 'bool', v: true };
export const FALSE: Data = { t: 'bool', v: false };

/** A value that is fully known. */
export function known(data: Data, from: readonly Evidence[] = []): Abstract {
  return [{ data, when: [], unless: [], from }];
}

/** A value that cannot be known; `because` goes to a person: "read from the environment variable X". */
export function unknown(because: string, from: readonly Evidence[] = []): Abstract {
  return known({ t: 'unknown', because }, from);
}

export const NOT_SET: Abstract = known(UNSET);

/** Longer texts configure nothing; the bound also keeps `s = s + s` from growing without end. */
const MAX_TEXT = 10_000;

export function str(v: string): Data {
  return v.length > MAX_TEXT
    ? { t: 'unknown', because: 'it is a longer text than is read' }
    : { t: 'str', v };
}

/** More items than any setting has. */
const MAX_ITEMS = 10_000;

/** Two lists joined, of the first one's kind. */
export function concatLists(one: ListData, other: ListData): Data {
  if (one.items.length + other.items.length > MAX_ITEMS) {
    return { t: 'unknown', because: 'it has more items than are read' };
  }
  return { ...one, items: [...one.items, ...other.items], rest: one.rest ?? other.rest };
}

export function bool(v: boolean): Data {
  return v ? TRUE : FALSE;
}

export function number(v: number, float = false): Data {
  return float ? { t: 'number', v, float } : { t: 'number', v };
}

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

export function evidenceOf(value: Abstract | undefined): Evidence[] {
  return value ? mergeEvidence(...value.map((one) => one.from)) : [];
}

/** The same value with evidence put first: the place where it was bound. */
export function withEvidence(value: Abstract, ...places: Evidence[]): Abstract {
  return value.map((one) => ({ ...one, from: mergeEvidence(places, one.from) }));
}

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

/** The key under which a dict keeps an entry, or undefined for data that cannot be one. */
export function keyOf(data: Data): string | undefined {
  switch (data.t) {
    case 'str':
      return `s${data.v}`;
    case 'number':
      return `n${data.v}`;
    case 'bool':
      return `n${Number(data.v)}`;
    case 'none':
      return 'none';
    default:
      return undefined;
  }
}

/** Python's truth of a value; undefined where it is not known. */
export function truthOf(data: Data): boolean | undefined {
  switch (data.t) {
    case 'str':
      return data.v !== '';
    case 'number':
      return data.v !== 0;
    case 'bool':
      return data.v;
    case 'none':
      return false;
    case 'list':
      if (data.items.some((item) => !item.when)) return true;
      return data.items.length > 0 || data.rest !== undefined ? undefined : false;
    case 'dict':
      if ([...data.entries.values()].some((entry) => entry.value.every((one) => one.data.t !== 'unset')))
        return true;
      return data.entries.size > 0 || data.rest !== undefined ? undefined : false;
    case 'unknown':
    case 'unset':
    case 'bytes':
    case 'call':
      return undefined;
    case 'ref':
      // A name from outside may be anything: settings.AWS_KEY, a flag of a library.
      return data.name.startsWith('builtins.') ? true : undefined;
    default:
      return true;
  }
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
