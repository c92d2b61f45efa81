/**
 * What functions from outside of the project return: builtins, os.path, pathlib and others, each by its full name.
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
import { lift, withUnless } from './alternatives.ts';
import { arg, type Call, type Callable, notPlain, ofTexts } from './call.ts';
import {
  type Abstract,
  bool,
  type CallArguments,
  type Data,
  type DictData,
  type Item,
  known,
  type ListData,
  NONE,
  number,
  str,
  unknown,
} from './data.ts';
import {
  boolFromText,
  databaseConfig,
  databaseParse,
  djangoEnv,
  getenv,
  otherEnv,
  readNamed,
} from './environment.ts';
import { callMethod, existence } from './methods.ts';
import { dict, list, mergeDicts, plainItems, textOfData } from './plain.ts';
import { only, toBool } from './run.ts';

const pathObject = (v: string): Data => ({ t: 'path', v: normalisePath(v) });

function onPath(apply: (path: string) => Data | undefined): Callable {
  return (call) => ofTexts(call, call.args.positional.slice(0, 1), apply);
}

/** A relative path becomes absolute from the folder that the server starts in, which is not known here: it stays. */
function absolute(path: string): string {
  return normalisePath(path);
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
