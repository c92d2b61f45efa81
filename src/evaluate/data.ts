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
