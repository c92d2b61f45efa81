/** What the readers of the environment return: os.environ and the libraries around it. */

import { lift } from './alternatives.ts';
import { arg, type Call, type Callable, notPlain } from './call.ts';
import {
  type Abstract,
  bool,
  type Data,
  type DictData,
  type EnvironmentData,
  known,
  NONE,
  str,
  unknown,
} from './data.ts';
import { databaseFromUrl } from './database-url.ts';
import { dict, list, textOfData } from './plain.ts';
import { only, readEnvironment } from './run.ts';

const TRUE_TEXTS = new Set(['y', 'yes', 't', 'true', 'on', '1', 'ok']);
const FALSE_TEXTS = new Set(['n', 'no', 'f', 'false', 'off', '0', '']);

/** The words that decouple, environ and strtobool take for a truth value. */
export function boolFromText(data: Data): Data | undefined {
  if (data.t === 'bool') return data;
  if (data.t === 'number') return bool(data.v !== 0);
  if (data.t !== 'str') return undefined;
  const text = data.v.trim().toLowerCase();
  if (TRUE_TEXTS.has(text)) return bool(true);
  return FALSE_TEXTS.has(text) ? bool(false) : undefined;
}

/** os.getenv and os.environ.get: https://docs.python.org/3/library/os.html#os.getenv */
export const getenv: Callable = (call) => {
  const name = arg(call, 0, 'key');
  const fallback = arg(call, 1, 'default') ?? known(NONE);
  return name && readNamed(call, name, fallback);
};

/** A variable of the environment by a name that is a value itself. */
export function readNamed(call: Call, name: Abstract, fallback: Abstract | undefined): Abstract {
  return lift([name], (data) =>
    data.t === 'str'
      ? readEnvironment(call.run, data.v, call.at, fallback)
      : { t: 'unknown', because: 'read from an environment variable' },
  );
}

/** environ.Env(DEBUG=(bool, False)): https://django-environ.readthedocs.io/en/latest/quickstart.html */
export function djangoEnv(call: Call): Abstract {
  const scheme = new Map<string, { cast: Data | undefined; fallback: Abstract | undefined }>();
  for (const [name, value] of call.args.named) {
    const pair = only(value, 'list');
    const cast = pair ? pair.items[0]?.value[0]?.data : value[0]?.data;
    scheme.set(name, { cast, fallback: pair?.items[1]?.value });
  }
  return known({ t: 'environment', library: 'django-environ', scheme }, [call.at]);
}

/** The reader of a library that needs no scheme. */
export const otherEnv =
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
export const databaseConfig: Callable = (call) => {
  const env = arg(call, 0, 'env') ?? known(str('DATABASE_URL'));
  const fallback = call.args.named.get('default') ?? call.args.positional[1];
  if (fallback) return databaseValue(call, readNamed(call, env, fallback));
  // Without the variable and a default it returns an empty dict, with which Django cannot start a database.
  return readNamed(call, env, undefined);
};

/** https://github.com/jazzband/dj-database-url#usage: parse() is given the URL itself. */
export const databaseParse: Callable = (call) => {
  const url = arg(call, 0, 'url');
  return url && databaseValue(call, url);
};
