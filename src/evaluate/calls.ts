/**
 * What calls return: of builtins, os.path, pathlib, the readers of the environment, and the methods of plain values.
 *
 * Only what configuration uses is here; any other call is kept as data, or is unknown with its name.
 */

import {
  baseName,
  isAnchored,
  joinPaths,
  joinPurePaths,
  normalisePath,
  PROJECT,
  parentPath,
} from '../words/paths.ts';
import type { Evidence } from '../words/value.ts';
import {
  type Abstract,
  bool,
  type CallArguments,
  type Data,
  type DictData,
  type Entry,
  type EnvironmentData,
  type Item,
  keyOf,
  known,
  type ListData,
  lift,
  NONE,
  number,
  str,
  unknown,
  withUnless,
} from './data.ts';
import { databaseFromUrl } from './database-url.ts';
import { only, type Run, readEnvironment, toBool } from './run.ts';
import { braceFormat } from './strings.ts';

/** One call that is being evaluated. */
export interface Call {
  readonly run: Run;
  readonly args: CallArguments;
  readonly at: Evidence;
  /** The call as it is written, for a person. */
  readonly text: string;
  /** Calls any other value: a cast that is a function of the project. */
  invoke(callee: Data, args: CallArguments): Abstract;
}

type Callable = (call: Call) => Abstract | undefined;

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

function list(items: readonly Data[], kind: ListData['kind'] = 'list'): ListData {
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

export function dict(entries: Iterable<readonly [string, Abstract]>): DictData {
  const map = new Map<string, Entry>();
  for (const [key, value] of entries) map.set(`s${key}`, { key: str(key), value });
  return { t: 'dict', entries: map };
}

function arg(call: Call, index: number, ...names: string[]): Abstract | undefined {
  const named = names.map((name) => call.args.named.get(name)).find((value) => value !== undefined);
  return call.args.positional[index] ?? named;
}

function notPlain(call: Call): Data {
  return { t: 'unknown', because: `it is computed at run time: ${call.text}` };
}

/** Lifts a function of texts; data that is not text makes the result unknown. */
function ofTexts(
  call: Call,
  args: readonly Abstract[],
  apply: (...texts: string[]) => Data | undefined,
): Abstract {
  return lift(args, (...data) => {
    const texts = data.map(textOfData);
    return texts.every((text) => text !== undefined) ? (apply(...texts) ?? notPlain(call)) : notPlain(call);
  });
}

const pathObject = (v: string): Data => ({ t: 'path', v: normalisePath(v) });

function onPath(apply: (path: string) => Data | undefined): Callable {
  return (call) => ofTexts(call, call.args.positional.slice(0, 1), apply);
}

/** A relative path becomes absolute from the folder that the server starts in, which is not known here: it stays. */
function absolute(path: string): string {
  return normalisePath(path);
}

/** Whether a file is there: known for the project's own, and otherwise not by default. */
function existence(run: Run, path: string): Abstract {
  const normal = normalisePath(path);
  const inside = normal.startsWith(`${PROJECT}/`) ? normal.slice(PROJECT.length + 1) : undefined;
  if (normal === PROJECT) return known(bool(true));
  if (inside !== undefined && run.finder.has(inside)) return known(bool(true));
  if (inside !== undefined && run.project.list().some((file) => file.startsWith(`${inside}/`)))
    return known(bool(true));
  return withUnless(known(bool(false)), `${inside ?? normal} exists on the server`);
}

const exists: Callable = (call) =>
  lift(call.args.positional.slice(0, 1), (data) => {
    const text = textOfData(data);
    return text === undefined ? notPlain(call) : existence(call.run, text);
  });

const toInt: Callable = (call) => {
  const value = arg(call, 0);
  if (!value) return known(number(0));
  return lift([value], (data) => {
    if (arg(call, 1, 'base') !== undefined) return notPlain(call);
    if (data.t === 'number') return number(Math.trunc(data.v));
    if (data.t === 'bool') return number(Number(data.v));
    // https://docs.python.org/3/library/functions.html#int
    const isInt = data.t === 'str' && /^\s*[+-]?\d+(?:_\d+)*\s*$/.test(data.v);
    const value = isInt ? Number(data.v.replaceAll('_', '')) : Number.NaN;
    return Number.isSafeInteger(value) ? number(value) : notPlain(call);
  });
};

const toFloat: Callable = (call) =>
  lift(call.args.positional.slice(0, 1), (data) => {
    const text = textOfData(data);
    const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
    return Number.isFinite(value) ? number(value, true) : notPlain(call);
  });

function toList(kind: ListData['kind']): Callable {
  return (call) => {
    const value = arg(call, 0);
    if (!value) return known(list([], kind));
    return lift([value], (data) => {
      if (data.t === 'list') return { ...data, kind };
      const items = plainItems(data);
      return items ? { t: 'list', kind, items: items.map((item) => ({ value: item })) } : notPlain(call);
    });
  };
}

const toDict: Callable = (call) => {
  const named = dict(call.args.named);
  const base = arg(call, 0);
  const all = (data: DictData) =>
    call.args.open ? { ...data, rest: 'it takes further entries from elsewhere' } : data;
  if (!base) return known(all(named));
  return lift([base], (data) => (data.t === 'dict' ? all(mergeDicts(data, named)) : notPlain(call)));
};

export function mergeDicts(base: DictData, over: DictData): DictData {
  return { t: 'dict', entries: new Map([...base.entries, ...over.entries]), rest: base.rest ?? over.rest };
}

const mapping: Callable = (call) => {
  const [fn, values] = call.args.positional;
  if (!fn || !values) return undefined;
  return lift([fn, values], (callee, data) => {
    const items = plainItems(data);
    if (!items || items.length > 300) return notPlain(call);
    const args = (item: Abstract): CallArguments => ({ positional: [item], named: new Map(), open: false });
    return {
      t: 'list',
      kind: 'list',
      items: items.map((item): Item => ({ value: call.invoke(callee, args(item)) })),
    };
  });
};

const filtering: Callable = (call) => {
  const [fn, values] = call.args.positional;
  if (!fn || !values) return undefined;
  return lift([fn, values], (callee, data) => {
    const items = plainItems(data);
    if (!items || items.length > 300) return notPlain(call);
    const kept: Item[] = [];
    for (const item of items) {
      const test =
        callee.t === 'none'
          ? item
          : call.invoke(callee, { positional: [item], named: new Map(), open: false });
      const truth = only(toBool(test), 'bool');
      if (!truth) return notPlain(call);
      if (truth.v) kept.push({ value: item });
    }
    return { t: 'list', kind: 'list', items: kept };
  });
};

const TRUE_TEXTS = new Set(['y', 'yes', 't', 'true', 'on', '1', 'ok']);
const FALSE_TEXTS = new Set(['n', 'no', 'f', 'false', 'off', '0', '']);

/** The words that decouple, environ and strtobool take for a truth value. */
function boolFromText(data: Data): Data | undefined {
  if (data.t === 'bool') return data;
  if (data.t === 'number') return bool(data.v !== 0);
  if (data.t !== 'str') return undefined;
  const text = data.v.trim().toLowerCase();
  if (TRUE_TEXTS.has(text)) return bool(true);
  return FALSE_TEXTS.has(text) ? bool(false) : undefined;
}

/** A literal within a text, as ast.literal_eval and json.loads read it. */
function literal(text: string): Data | undefined {
  if (text === 'True' || text === 'true') return bool(true);
  if (text === 'False' || text === 'false') return bool(false);
  if (text === 'None' || text === 'null') return NONE;
  try {
    return fromJson(JSON.parse(text));
  } catch {
    // Not JSON, so either Python's own notation or nothing at all: not known, which the caller says.
    return undefined;
  }
}

function fromJson(value: unknown): Data | undefined {
  if (value === null) return NONE;
  if (typeof value === 'string') return str(value);
  if (typeof value === 'boolean') return bool(value);
  if (typeof value === 'number') return number(value, !Number.isInteger(value));
  if (Array.isArray(value)) {
    const items = value.map(fromJson);
    return items.every((item) => item !== undefined) ? list(items) : undefined;
  }
  const entries = Object.entries(value as Record<string, unknown>).map(
    ([key, one]) => [key, fromJson(one)] as const,
  );
  if (entries.some(([, one]) => one === undefined)) return undefined;
  return dict(entries.map(([key, one]) => [key, known(one as Data)] as const));
}

const firstArgument: Callable = (call) => arg(call, 0);
const nothing: Callable = () => known(NONE);

/** os.getenv and os.environ.get: https://docs.python.org/3/library/os.html#os.getenv */
const getenv: Callable = (call) => {
  const name = arg(call, 0, 'key');
  const fallback = arg(call, 1, 'default') ?? known(NONE);
  return name && readNamed(call, name, fallback);
};

function readNamed(call: Call, name: Abstract, fallback: Abstract | undefined): Abstract {
  return lift([name], (data) =>
    data.t === 'str'
      ? readEnvironment(call.run, data.v, call.at, fallback)
      : { t: 'unknown', because: 'read from an environment variable' },
  );
}

/** environ.Env(DEBUG=(bool, False)): https://django-environ.readthedocs.io/en/latest/quickstart.html */
function djangoEnv(call: Call): Abstract {
  const scheme = new Map<string, { cast: Data | undefined; fallback: Abstract | undefined }>();
  for (const [name, value] of call.args.named) {
    const pair = only(value, 'list');
    const cast = pair ? pair.items[0]?.value[0]?.data : value[0]?.data;
    scheme.set(name, { cast, fallback: pair?.items[1]?.value });
  }
  return known({ t: 'environment', library: 'django-environ', scheme }, [call.at]);
}

const otherEnv =
  (library: 'environs' | 'decouple' | 'starlette'): Callable =>
  (call) =>
    known({ t: 'environment', library, scheme: new Map() }, [call.at]);

const URL_METHODS = new Map([
  ['db', 'DATABASE_URL'],
  ['db_url', 'DATABASE_URL'],
  ['dj_db_url', 'DATABASE_URL'],
  ['database_url', 'DATABASE_URL'],
]);

const FOREIGN_METHODS = new Map([
  ['cache', 'CACHE_URL'],
  ['cache_url', 'CACHE_URL'],
  ['dj_cache_url', 'CACHE_URL'],
  ['email', 'EMAIL_URL'],
  ['email_url', 'EMAIL_URL'],
  ['dj_email_url', 'EMAIL_URL'],
  ['search_url', 'SEARCH_URL'],
  ['channels', 'CHANNELS_URL'],
]);

/**
 * A reader of the environment called, itself or one of its methods: env("X", default=1), env.bool("X"), config("X").
 * https://github.com/sloria/environs, https://github.com/HBNetwork/python-decouple, https://www.starlette.io/config/
 */
export function callEnvironment(call: Call, env: EnvironmentData, method: string | undefined): Abstract {
  if (method === 'read_env' || method === 'read_envfile' || method === 'seal') return known(NONE);
  if (method === 'prefixed') return unknown('it is read with a prefix from the environment', [call.at]);
  const url = method === undefined ? undefined : (URL_METHODS.get(method) ?? FOREIGN_METHODS.get(method));
  const name =
    arg(call, 0, 'var', 'option', 'name', 'key') ?? (url === undefined ? undefined : known(str(url)));
  if (!name) return unknown('read from the environment', [call.at]);
  // django-environ's second argument is the cast, but only for a plain env(); the others' is the default.
  // https://www.starlette.io/config/ has it in that order too.
  const isCastFirst =
    env.library === 'starlette' || (env.library === 'django-environ' && method === undefined);
  const defaultIndex = isCastFirst ? 2 : 1;
  const casts = env.library === 'decouple' || env.library === 'starlette';
  const cast = casts ? arg(call, isCastFirst ? 1 : 2, 'cast') : undefined;
  return lift([name], (data) => {
    if (data.t !== 'str') return { t: 'unknown', because: 'read from the environment' };
    const scheme = env.scheme.get(data.v);
    const fallback = arg(call, defaultIndex, 'default') ?? scheme?.fallback;
    const value = readEnvironment(call.run, data.v, call.at, fallback);
    if (method !== undefined && URL_METHODS.has(method)) return databaseValue(call, value);
    if (method !== undefined && FOREIGN_METHODS.has(method)) {
      return fallback
        ? { t: 'unknown', because: `it follows from the environment variable ${data.v}` }
        : value;
    }
    return cast ? castValue(call, value, cast) : value;
  });
}

/** decouple casts its default too: https://github.com/HBNetwork/python-decouple#casting-argument */
function castValue(call: Call, value: Abstract, cast: Abstract): Abstract {
  return lift([value, cast], (data, caster) => {
    if (caster.t === 'ref' && caster.name === 'builtins.bool') return boolFromText(data) ?? notPlain(call);
    if (caster.t === 'call' && caster.name === 'decouple.Csv') return csv(data) ?? notPlain(call);
    if (caster.t === 'ref' && caster.name.endsWith('.CommaSeparatedStrings'))
      return csv(data) ?? notPlain(call);
    // They keep the text as it is, and are not plain values themselves.
    if (caster.t === 'ref' && /\.(?:Secret|URL|DatabaseURL)$/.test(caster.name)) return data;
    if (data.t === 'none') return data;
    return call.invoke(caster, { positional: [known(data)], named: new Map(), open: false });
  });
}

function csv(data: Data): Data | undefined {
  if (data.t === 'list') return data;
  if (data.t !== 'str') return undefined;
  const items = data.v
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  return list(items.map(str));
}

function databaseValue(call: Call, url: Abstract): Abstract {
  return lift([url], (data) => {
    if (data.t === 'dict') return data;
    const text = textOfData(data);
    if (data.t === 'none' || text === '') return dict([]);
    return databaseOfUrl(text ?? '') ?? notPlain(call);
  });
}

/** What Django is told of a database by its URL; undefined where it is none. */
export function databaseOfUrl(url: string): DictData | undefined {
  const found = databaseFromUrl(url);
  if (found === undefined) return undefined;
  const entries: [string, Abstract][] = [['ENGINE', known(str(found.engine))]];
  if (found.name !== undefined) entries.push(['NAME', known(str(found.name))]);
  // Host, user and password are left out on purpose: nobody here needs them, and they may be secret.
  return { ...dict(entries), rest: 'the rest of the database URL' };
}

/** https://github.com/jazzband/dj-database-url */
const databaseConfig: Callable = (call) => {
  const env = arg(call, 0, 'env') ?? known(str('DATABASE_URL'));
  const fallback = call.args.named.get('default') ?? call.args.positional[1];
  if (fallback) return databaseValue(call, readNamed(call, env, fallback));
  // Without the variable and a default it returns an empty dict, with which Django cannot start a database.
  return readNamed(call, env, undefined);
};

const databaseParse: Callable = (call) => {
  const url = arg(call, 0, 'url');
  return url && databaseValue(call, url);
};

/** What a server's start has not: it is not a management command. */
const ARGUMENTS = 'the command line has arguments';

const CALLABLES: Record<string, Callable> = {
  'builtins.str': (call) =>
    arg(call, 0) ? ofTexts(call, call.args.positional.slice(0, 1), str) : known(str('')),
  'builtins.int': toInt,
  'builtins.float': toFloat,
  'builtins.bool': (call) => toBool(arg(call, 0) ?? known(bool(false))),
  'builtins.list': toList('list'),
  'builtins.tuple': toList('tuple'),
  'builtins.set': toList('set'),
  'builtins.frozenset': toList('set'),
  'builtins.dict': toDict,
  'builtins.map': mapping,
  'builtins.filter': filtering,
  'builtins.print': nothing,
  'builtins.sorted': (call) =>
    lift(call.args.positional.slice(0, 1), (data) => {
      const texts = plainItems(data)?.map((item) => only(item, 'str')?.v);
      const isOrdinary = call.args.named.size === 0;
      return isOrdinary && texts?.every((text) => text !== undefined)
        ? list(texts.sort().map(str))
        : notPlain(call);
    }),
  'builtins.len': (call) =>
    lift(call.args.positional.slice(0, 1), (data) => {
      if (data.t === 'ref' && data.name === 'sys.argv') {
        call.run.assumedTexts.add(ARGUMENTS);
        return withUnless(known(number(1)), ARGUMENTS);
      }
      // Where the project lies on the host decides the length of its paths; of a set, what its items are.
      const isSure =
        !(data.t === 'str' && data.v.includes(PROJECT)) && !(data.t === 'list' && data.kind === 'set');
      const items = isSure ? plainItems(data) : undefined;
      return items ? number(items.length) : notPlain(call);
    }),
  'builtins.open': (call) =>
    lift(call.args.positional.slice(0, 1), (data) => ({
      t: 'unknown',
      because: `read from the file ${baseName(textOfData(data) ?? '') ?? call.text}`,
    })),
  'builtins.min': (call) => extreme(call, Math.min),
  'builtins.max': (call) => extreme(call, Math.max),
  'os.path.join': (call) => ofTexts(call, call.args.positional, (...texts) => str(joinPaths(...texts))),
  'os.path.dirname': onPath((path) =>
    str(
      isAnchored(path) || path.includes('/')
        ? path.endsWith('/')
          ? path.slice(0, -1)
          : parentPath(path)
        : '',
    ),
  ),
  'os.path.abspath': onPath((path) => str(absolute(path))),
  'os.path.realpath': onPath((path) => str(absolute(path))),
  'os.path.normpath': onPath((path) => str(normalisePath(path))),
  'os.path.basename': onPath((path) => {
    const name = baseName(path);
    return name === undefined ? undefined : str(name);
  }),
  'os.path.exists': exists,
  'os.path.isfile': exists,
  'os.path.isdir': exists,
  'os.path.expanduser': onPath((path) => (path.startsWith('~') ? undefined : str(path))),
  'os.getcwd': (call) => unknown('it is the folder that the server is started in', [call.at]),
  'os.fspath': firstArgument,
  'pathlib.Path': (call) =>
    ofTexts(call, call.args.positional, (...texts) => pathObject(joinPurePaths(...texts, '.'))),
  'environ.Path': (call) =>
    // environ.Path(__file__) - 1 is the file's folder: https://django-environ.readthedocs.io/en/latest/api.html
    ofTexts(call, call.args.positional, (...texts) => ({
      t: 'path',
      v: joinPurePaths(...texts),
      environ: true,
    })),
  'os.getenv': getenv,
  'os.environ.get': getenv,
  'os.environ.setdefault': (call) => {
    const [name, value] = call.args.positional;
    return name && value && readNamed(call, name, value);
  },
  'environ.Env': djangoEnv,
  'environ.FileAwareEnv': djangoEnv,
  'environ.Env.read_env': nothing,
  'environ.Env.db_url_config': databaseParse,
  'environs.Env': otherEnv('environs'),
  'environs.FileAwareEnv': otherEnv('environs'),
  'environs.Env.read_env': nothing,
  'decouple.Config': otherEnv('decouple'),
  'starlette.config.Config': otherEnv('starlette'),
  'decouple.AutoConfig': otherEnv('decouple'),
  'dj_database_url.config': databaseConfig,
  'dj_database_url.parse': databaseParse,
  'dotenv.load_dotenv': nothing,
  'ast.literal_eval': (call) => literalOf(call),
  'builtins.eval': (call) => literalOf(call),
  'json.loads': (call) => literalOf(call),
  'platform.system': () => known(str('Linux')),
  'socket.gethostname': (call) => unknown('it is the name of the host', [call.at]),
  'django.utils.translation.gettext_lazy': firstArgument,
  'django.utils.translation.gettext': firstArgument,
  'django.utils.translation.ugettext_lazy': firstArgument,
};

for (const name of ['PurePath', 'PosixPath', 'PurePosixPath']) {
  CALLABLES[`pathlib.${name}`] = CALLABLES['pathlib.Path'] as Callable;
}
for (const name of ['distutils.util.strtobool', 'str2bool.str2bool', 'setuptools.distutils.util.strtobool']) {
  CALLABLES[name] = (call) =>
    lift(call.args.positional.slice(0, 1), (data) => boolFromText(data) ?? notPlain(call));
}

function literalOf(call: Call): Abstract {
  return ofTexts(call, call.args.positional.slice(0, 1), (text) => literal(text.trim()));
}

function extreme(call: Call, pick: (...values: number[]) => number): Abstract {
  return lift(call.args.positional, (...data) => {
    const numbers = data.map((one) => (one.t === 'number' ? one.v : Number.NaN));
    return numbers.length > 1 && numbers.every(Number.isFinite) ? number(pick(...numbers)) : notPlain(call);
  });
}

/** Values of names from outside of the project, for a Linux server. */
export function referenceValue(name: string, at: Evidence): Abstract | undefined {
  switch (name) {
    case 'sys.platform':
      return known(str('linux'), [at]);
    case 'os.name':
      return known(str('posix'), [at]);
    case 'os.sep':
    case 'os.path.sep':
      return known(str('/'), [at]);
    case 'os.pardir':
    case 'os.path.pardir':
      return known(str('..'), [at]);
    case 'decouple.config':
      return known({ t: 'environment', library: 'decouple', scheme: new Map() }, [at]);
    case 'environs.env':
      return known({ t: 'environment', library: 'environs', scheme: new Map() }, [at]);
    default:
      return undefined;
  }
}

/** What these return depends on every argument; `*` and `**` may bring some that are not known. */
const BY_ARGUMENTS = /^(?:builtins|os\.path|pathlib)\./;

/** Calls something from outside of the project. What is not in the table stays a call, with its arguments. */
export function callReference(call: Call, name: string): Abstract {
  if (call.args.open && name !== 'builtins.dict' && BY_ARGUMENTS.test(name))
    return known(notPlain(call), [call.at]);
  const callable = Object.hasOwn(CALLABLES, name) ? CALLABLES[name] : undefined;
  const result = callable?.(call);
  if (result)
    return result.some((one) => one.from.length > 0)
      ? result
      : result.map((one) => ({ ...one, from: [call.at] }));
  // str.strip as a function, as in map(str.strip, hosts.split(','))
  const method = name.startsWith('builtins.str.') ? name.slice('builtins.str.'.length) : undefined;
  const [self, ...rest] = call.args.positional;
  if (method && self) {
    const inner = { ...call, args: { ...call.args, positional: rest } };
    return lift([self], (data) => callMethod(inner, data, method) ?? notPlain(call));
  }
  return known({ t: 'call', name, args: call.args, at: call.at }, [call.at]);
}

type TextMethod = (text: string, ...args: string[]) => Data | undefined;

const trimWith = (text: string, chars: string | undefined, left: boolean, right: boolean): string => {
  if (chars === undefined) return left && right ? text.trim() : left ? text.trimStart() : text.trimEnd();
  let [from, to] = [0, text.length];
  while (left && from < to && chars.includes(text[from] as string)) from++;
  while (right && to > from && chars.includes(text[to - 1] as string)) to--;
  return text.slice(from, to);
};

const TEXT_METHODS: Record<string, TextMethod> = {
  split: (text, separator) => {
    if (separator === '') return undefined;
    const words = text.trim() === '' ? [] : text.trim().split(/\s+/);
    return list((separator === undefined ? words : text.split(separator)).map(str));
  },
  splitlines: (text) => list((text.endsWith('\n') ? text.slice(0, -1) : text).split('\n').map(str)),
  strip: (text, chars) => str(trimWith(text, chars, true, true)),
  lstrip: (text, chars) => str(trimWith(text, chars, true, false)),
  rstrip: (text, chars) => str(trimWith(text, chars, false, true)),
  lower: (text) => str(text.toLowerCase()),
  casefold: (text) => str(text.toLowerCase()),
  upper: (text) => str(text.toUpperCase()),
  replace: (text, from, to) => (from && to !== undefined ? str(text.replaceAll(from, to)) : undefined),
  startswith: (text, prefix) => (prefix === undefined ? undefined : bool(text.startsWith(prefix))),
  endswith: (text, suffix) => (suffix === undefined ? undefined : bool(text.endsWith(suffix))),
  removeprefix: (text, prefix) =>
    prefix && text.startsWith(prefix) ? str(text.slice(prefix.length)) : str(text),
  removesuffix: (text, suffix) =>
    suffix && text.endsWith(suffix) ? str(text.slice(0, -suffix.length)) : str(text),
  isdigit: (text) => bool(text !== '' && [...text].every((char) => char >= '0' && char <= '9')),
};

/** Calls a method of a value that is known; undefined where it cannot be told what it returns. */
export function callMethod(call: Call, self: Data, name: string): Abstract | undefined {
  switch (self.t) {
    case 'str':
      return textMethod(call, self.v, name);
    case 'path':
      return pathMethod(call, self, name);
    case 'dict':
      return dictMethod(call, self, name);
    case 'list':
      return name === 'copy' ? known(self) : undefined;
    case 'environment':
      return callEnvironment(call, self, name);
    default:
      return undefined;
  }
}

function textMethod(call: Call, text: string, name: string): Abstract | undefined {
  const { positional, named } = call.args;
  if (name === 'format') return call.args.open ? undefined : format(call, text, positional, named);
  if (name === 'encode') return known({ t: 'bytes' });
  if (name === 'join') {
    return lift(positional.slice(0, 1), (data) => {
      const texts = plainItems(data)?.map((item) => only(item, 'str')?.v);
      return texts?.every((one) => one !== undefined) ? str(texts.join(text)) : notPlain(call);
    });
  }
  const method = Object.hasOwn(TEXT_METHODS, name) ? TEXT_METHODS[name] : undefined;
  // A further argument (split's maxsplit, replace's count) changes the result: not known rather than wrong.
  if (!method || named.size > 0 || positional.length > (name === 'replace' ? 2 : 1)) return undefined;
  return ofTexts(call, positional, (...args) => method(text, ...args));
}

function format(
  call: Call,
  template: string,
  positional: readonly Abstract[],
  named: ReadonlyMap<string, Abstract>,
): Abstract {
  const names = [...named.keys()];
  return ofTexts(call, [...positional, ...named.values()], (...texts) => {
    const byName = new Map(names.map((name, index) => [name, texts[positional.length + index] as string]));
    const result = braceFormat(template, texts.slice(0, positional.length), byName);
    return result === undefined ? undefined : str(result);
  });
}

function pathMethod(call: Call, self: Extract<Data, { t: 'path' }>, name: string): Abstract | undefined {
  switch (name) {
    case 'resolve':
    case 'absolute':
      return known(self);
    case 'joinpath':
    case 'path':
      return ofTexts(call, call.args.positional, (...texts) => ({
        ...self,
        v: joinPurePaths(self.v, ...texts),
      }));
    case 'as_posix':
    case '__str__':
      return known(str(self.v));
    case 'exists':
    case 'is_file':
    case 'is_dir':
      return existence(call.run, self.v);
    case 'read_text':
      return unknown(`read from the file ${baseName(self.v) ?? self.v}`, [call.at]);
    case 'mkdir':
    case 'touch':
      return known(NONE);
    case 'expanduser':
      return self.v.startsWith('~') ? undefined : known(self);
    default:
      return undefined;
  }
}

function dictMethod(call: Call, self: DictData, name: string): Abstract | undefined {
  switch (name) {
    case 'get': {
      const key = arg(call, 0);
      const fallback = arg(call, 1) ?? known(NONE);
      return key && lift([key], (data) => lookUp(self, data, fallback));
    }
    case 'copy':
      return known(self);
    case 'keys':
      return self.rest === undefined
        ? known(list([...self.entries.values()].map((entry) => entry.key)))
        : undefined;
    case 'values':
      if (self.rest !== undefined) return undefined;
      return known({
        t: 'list',
        kind: 'list',
        items: [...self.entries.values()].map(({ value }) => ({ value })),
      });
    case 'items':
      if (self.rest !== undefined) return undefined;
      return known({
        t: 'list',
        kind: 'list',
        items: [...self.entries.values()].map(({ key, value }) => ({
          value: known({ t: 'list', kind: 'tuple', items: [{ value: known(key) }, { value }] }),
        })),
      });
    default:
      return undefined;
  }
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
