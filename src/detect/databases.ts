/** Which database an app opens, where its framework has no settings for one: by the calls that open it. */

import { lift } from '../evaluate/alternatives.ts';
import { type Abstract, known, str } from '../evaluate/data.ts';
import { evaluator, type FoundCall } from '../evaluate/index.ts';
import { isWithin, sourceFolders } from '../evaluate/modules.ts';
import { toValue } from '../evaluate/to-value.ts';
import { joinPurePaths, PROJECT } from '../words/paths.ts';
import type { ProjectFiles } from '../words/project-files.ts';
import { type Evidence, likelyValue, type Value } from '../words/value.ts';
import { isAside } from './entry-files.ts';
import { databaseKind, kindOfUrl, knownValue, liftSettings, textOf } from './settings.ts';

/** What opens a database, and the argument that says which: a file, or a URL. */
const OPENERS: Readonly<Record<string, { kind?: string; argument: string }>> = {
  // https://docs.python.org/3/library/sqlite3.html#sqlite3.connect
  'sqlite3.connect': { kind: 'sqlite', argument: 'database' },
  'aiosqlite.connect': { kind: 'sqlite', argument: 'database' },
  'peewee.SqliteDatabase': { kind: 'sqlite', argument: 'database' },
  'bottle_sqlite.Plugin': { kind: 'sqlite', argument: 'dbfile' },
  'bottle.ext.sqlite.Plugin': { kind: 'sqlite', argument: 'dbfile' },
  // https://docs.sqlalchemy.org/en/latest/core/engines.html#sqlalchemy.create_engine
  'sqlalchemy.create_engine': { argument: 'url' },
  'sqlalchemy.ext.asyncio.create_async_engine': { argument: 'url' },
  'psycopg.connect': { kind: 'postgresql', argument: 'conninfo' },
  'psycopg2.connect': { kind: 'postgresql', argument: 'dsn' },
  'asyncpg.connect': { kind: 'postgresql', argument: 'dsn' },
  'pymysql.connect': { kind: 'mysql', argument: 'host' },
  'MySQLdb.connect': { kind: 'mysql', argument: 'host' },
};
const NAMES = Object.keys(OPENERS);
const WORDS = NAMES.map((name) => name.slice(name.lastIndexOf('.') + 1));

interface Database {
  kind: Value<string>;
  file: Value<string>;
}

/** The database that the project's code opens, or that its imports tell of. */
export function openedDatabase(project: ProjectFiles, root: string): Database {
  const files = project
    .list()
    .filter((file) => file.endsWith('.py') && isWithin(file, root) && !isAside(file))
    .filter((file) => WORDS.some((word) => project.read(file)?.includes(`${word}(`)));
  // What these files read from the environment is not what the app reads at its start.
  const evaluate = evaluator(project, { roots: sourceFolders(root) });
  const calls = files.flatMap((file) => evaluate.calls(file, NAMES));
  const opened = databaseOf(calls, root);
  if (opened.kind.kind !== 'absent') return opened;
  return { ...opened, kind: importedDatabase(project, root) ?? opened.kind };
}

/** What a driver or a layer over drivers tells by being imported; undefined for what takes any database. */
const IMPORTED: Readonly<Record<string, string | undefined>> = {
  ...{ psycopg: 'postgresql', psycopg2: 'postgresql', asyncpg: 'postgresql', aiopg: 'postgresql' },
  ...{ pymysql: 'mysql', MySQLdb: 'mysql', aiomysql: 'mysql', flask_mysqldb: 'mysql', flaskext: 'mysql' },
  ...{ sqlite3: 'sqlite', aiosqlite: 'sqlite' },
  ...{ cx_Oracle: 'oracle', oracledb: 'oracle' },
  ...{
    pymongo: 'other',
    motor: 'other',
    mongoengine: 'other',
    flask_pymongo: 'other',
    flask_mongoengine: 'other',
  },
  ...{
    beanie: 'other',
    neo4j: 'other',
    py2neo: 'other',
    cassandra: 'other',
    firebase_admin: 'other',
    supabase: 'other',
  },
  ...{
    sqlalchemy: undefined,
    flask_sqlalchemy: undefined,
    peewee: undefined,
    pony: undefined,
    tortoise: undefined,
  },
  ...{ sqlmodel: undefined, databases: undefined, ormar: undefined, pyodbc: undefined, playhouse: undefined },
};
const IMPORT = /^[ \t]*(?:from|import)[ \t]+(\w+)/gm;

/** Which database the app's imports tell of, where nothing says more; undefined where they tell of none. */
function importedDatabase(project: ProjectFiles, root: string): Value<string> | undefined {
  const seen = new Map<string, Evidence>();
  for (const file of project.list()) {
    if (!file.endsWith('.py') || !isWithin(file, root) || isAside(file)) continue;
    const text = project.read(file) ?? '';
    for (const { 1: name = '', index } of text.matchAll(IMPORT)) {
      if (!Object.hasOwn(IMPORTED, name) || seen.has(name)) continue;
      seen.set(name, { file, line: text.slice(0, index).split('\n').length });
    }
  }
  if (seen.size === 0) return undefined;
  const names = [...seen.keys()];
  const from = [...seen.values()].slice(0, 4);
  const kinds = new Set(names.map((name) => IMPORTED[name]).filter((kind) => kind !== undefined));
  const [kind] = kinds;
  // What takes any database may be for another than the one whose driver is there too.
  const isOpen = kind === 'other' && names.some((name) => IMPORTED[name] === undefined);
  if (kind === undefined || kinds.size > 1 || isOpen)
    return {
      kind: 'unknown',
      because: `it imports ${names.join(', ')}, and the source does not name the database`,
      from,
    };
  return { kind: 'default', value: kind, unless: `${names.join(', ')} is imported for something else`, from };
}

function databaseOf(calls: readonly FoundCall[], root: string): Database {
  const absent = { kind: 'absent' } as const;
  const opened = calls.flatMap((call) => {
    const { kind, argument } = OPENERS[call.name] ?? { argument: '' };
    const value = call.args.positional[0] ?? call.args.named.get(argument);
    return value === undefined ? [] : [{ at: call.at, ...urlOrFile(value, kind, root, call.at) }];
  });
  const from = opened.map(({ at }) => at).slice(0, 4);
  const kinds = new Set(opened.map(({ kind }) => likelyValue(kind)).filter((one) => one !== undefined));
  if (opened.length === 0) return { kind: absent, file: absent };
  const [only, ...others] = kinds;
  if (only === undefined)
    return {
      kind: { kind: 'unknown', because: 'it opens one that the source does not name', from },
      file: absent,
    };
  const kind: Value<string> =
    others.length === 0
      ? (opened.find((one) => likelyValue(one.kind) === only)?.kind ?? absent)
      : { kind: 'unknown', because: `it opens several: ${[...kinds].join(', ')}`, from };
  const paths = opened.map(({ file }) => file).filter((file) => file.kind !== 'absent');
  const [first] = paths;
  const same = paths.every((path) => likelyValue(path) === likelyValue(first));
  const several = { kind: 'unknown', because: 'it opens several files', from } as const;
  return { kind, file: first === undefined ? absent : same ? first : several };
}

/** What a value says of the database. */
export function urlOrFile(value: Abstract, kind: string | undefined, root: string, at: Evidence): Database {
  const options = { base: root };
  const kinds = lift(
    [value],
    (data) => {
      if (kind !== undefined) return str(kind);
      const [found, ofUrl] = [textOf(data), kindOfUrl(data)];
      if (ofUrl !== undefined) return known(str(ofUrl), [at]);
      if (data.t === 'unknown') return data;
      return found === undefined
        ? { t: 'unknown', because: 'its URL is not text' }
        : known(str(databaseKind(found.split(':')[0] ?? '')), [at]);
    },
    { lenient: true },
  );
  const files = liftSettings([value], (data) => {
    const found = textOf(data);
    const path = kind === undefined ? SQLITE.exec(found ?? '')?.[1] : found;
    const isFile = (kind ?? 'sqlite') === 'sqlite' && path !== undefined && !path.includes(':memory:');
    return isFile ? known(str(joinPurePaths(PROJECT, root, path)), [at]) : { t: 'unset' };
  });
  const known_ = kind === undefined ? toValue<string>(kinds, options) : knownValue(kind, [at]);
  return { kind: known_, file: toValue(files, options) };
}

const SQLITE = /^sqlite(?:\+\w+)?:\/\/\/([^?]+)/;
