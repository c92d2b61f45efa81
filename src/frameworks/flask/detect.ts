/**
 * Flask, read from its source: https://flask.palletsprojects.com/en/stable/deploying/
 */

import type { Detector } from '../../contract/detections.ts';
import type { Part } from '../../contract/earlier.ts';
import { type AppReading, detectApps, type FoundApp } from '../../detect/apps.ts';
import { takenName, usesOfKey } from '../../detect/bringing.ts';
import { openedDatabase } from '../../detect/databases.ts';
import { filesNamed, hasFolder } from '../../detect/entry-files.ts';
import { healthOf } from '../../detect/health.ts';
import { keyVariables } from '../../detect/keys.ts';
import { type LiveFacts, liveFacts } from '../../detect/live.ts';
import { type Packaging, readPackaging } from '../../detect/packaging.ts';
import {
  beginningOf,
  cacheKind,
  databaseKind,
  kindOfUrl,
  knownValue,
  liftSettings,
  localUrl,
  needed,
  type SettingReader,
  sizeText,
  textOf,
  unique,
  variables,
  withoutSecret,
} from '../../detect/settings.ts';
import { accelPrefixes, accelWarnings } from '../../detect/x-accel.ts';
import { lift } from '../../evaluate/alternatives.ts';
import { type Abstract, type Data, known, NOT_SET, str, UNSET, unknown } from '../../evaluate/data.ts';
import { joinFolder } from '../../evaluate/modules.ts';
import { dict } from '../../evaluate/plain.ts';
import { fromVariable, only } from '../../evaluate/run.ts';
import { toValue } from '../../evaluate/to-value.ts';
import { type Detection, type Warning, warningOf } from '../../words/detection.ts';
import { DEPLOYED_APP } from '../../words/on-host.ts';
import { joinPurePaths, normalisePath, PROJECT, relativePath } from '../../words/paths.ts';
import type { ProjectFiles } from '../../words/project-files.ts';
import type { Evidence, Value } from '../../words/value.ts';
import { findFlaskApps, instancePath, rootPath } from './app.ts';
import { configReader, environmentPrefix, proxyFix } from './config.ts';
import { publicUploads, rulesOf } from './routes.ts';

/** Settings that must agree with the proxy, reported as they are. */
const REPORTED = [
  'SESSION_COOKIE_SECURE',
  'PREFERRED_URL_SCHEME',
  'MAX_CONTENT_LENGTH',
  'TRUSTED_HOSTS',
  'SERVER_NAME',
  'APPLICATION_ROOT',
  'USE_X_SENDFILE',
  'DEBUG',
] as const;

/** What Flask's own command line reads, and no server. */
const OWN_VARIABLES = new Set(['FLASK_APP', 'FLASK_DEBUG', 'FLASK_ENV', 'FLASK_RUN_PORT', 'FLASK_RUN_HOST']);

/**
 * Reads a Flask project; undefined where nothing in it makes a Flask app.
 *
 * Paths in `answers` are relative to the folder that the app is started in (the answer `root`), or absolute where the
 * source has them so; only `requirements` is relative to the project's top folder.
 */
export function detectFlask(project: Part): Detection | undefined {
  return detectApps(project, 'flask', findFlaskApps(project), (app) => readApp(project, app));
}

export const flaskDetector: Detector = {
  framework: 'flask',
  mark: /\b(?:API)?Flask\(/,
  detect: detectFlask,
};

function readApp(project: ProjectFiles, app: FoundApp): AppReading {
  const { root, object, evaluate } = app;
  const read = configReader(project, app);
  const packaging = readPackaging(project, root);
  const options = { base: root };
  const rules = rulesOf(app);
  const assets = staticMount(project, app);
  const uploads = uploadMounts(app, read, assets, publicUploads(rules));
  const migrations = migrationsOf(project, root, packaging);
  const live = liveFacts(project, root);
  const sockets = socketsOf(project, live);
  const accel = accelPrefixes(project);
  const ofKey = usesOfKey(project, root);
  const warnings = [
    ...packaging.warnings,
    ...evaluate.warnings(),
    ...assets.warnings,
    ...migrations.warnings,
    ...sockets.warnings,
    ...accelWarnings(accel),
  ];
  return {
    framework: 'flask',
    apps: [{ app: app.app, routes: rules, from: app.from }],
    answers: {
      root: knownValue(root || '.', app.from),
      app: knownValue(app.app, app.from),
      interface: knownValue('wsgi', app.from),
      static: toValue(assets.mounts, options),
      media: toValue(uploads.media, options),
      protected: toValue(uploads.protected, options),
      hashed: knownValue(false, [object.at]),
      ...databaseOf(project, app, read, packaging),
      env: withPrefixed(variables(ownReads(app), true), app, read),
      'env-optional': variables(ownReads(app), false),
      'env-keys': keyVariables(keyOf(app, read)),
      migrate: migrations.wanted,
      health: healthOf(rules),
      'max-body': toValue(maxBody(read), options),
      requirements: packaging.requirements,
      'gunicorn-version': packaging.version('gunicorn'),
      ...sockets.answers,
    },
    facts: {
      ...packaging.facts,
      cache: toValue(cache(read), options),
      ...live,
    },
    settings: {
      ...Object.fromEntries(REPORTED.map((name) => [name, toValue(read(name), options)])),
      SECRET_KEY: toValue(withoutSecret(read('SECRET_KEY')), options),
      ProxyFix: toValue(proxyFix(app), options),
      'X-Accel-Redirect': accel,
      Flask: packaging.version('flask'),
    },
    belongs: [object.at],
    unbringable: {
      all: takenName(project, root, DEPLOYED_APP),
      ...(ofKey && { settings: { SECRET_KEY: ofKey } }),
    },
    warnings: unique(warnings),
  };
}

function ownReads({ evaluate }: FoundApp) {
  return evaluate.environment().filter(({ name }) => !OWN_VARIABLES.has(name));
}

/** With from_prefixed_env() and no key in the source, FLASK_SECRET_KEY is where it comes from; undefined otherwise. */
function prefixedKey(app: FoundApp, read: SettingReader): string | undefined {
  const prefix = environmentPrefix(app);
  const unset = read('SECRET_KEY').every(({ data }) => data.t === 'unset' || data.t === 'none');
  return prefix === undefined || !unset ? undefined : `${prefix}_SECRET_KEY`;
}

function withPrefixed(env: Value<string[]>, app: FoundApp, read: SettingReader): Value<string[]> {
  const key = prefixedKey(app, read);
  if (key === undefined) return env;
  const names = env.kind === 'known' ? env.value : [];
  return knownValue([...names, key], env.kind === 'known' ? env.from : [app.object.at]);
}

function keyOf(app: FoundApp, read: SettingReader): Abstract {
  const key = prefixedKey(app, read);
  return key === undefined ? read('SECRET_KEY') : fromVariable(key, app.object.at);
}

interface Assets {
  mounts: Abstract;
  /** Absolute in the evaluator's way; undefined where there is none, or it is not known. */
  folder: string | undefined;
  url: string | undefined;
  warnings: Warning[];
}

/** https://flask.palletsprojects.com/en/stable/api/#flask.Flask: static_folder, static_url_path */
function staticMount(project: ProjectFiles, { object, evaluate, root }: FoundApp): Assets {
  const given = object.args.named.get('static_folder') ?? object.args.positional[2];
  const urlGiven = object.args.named.get('static_url_path') ?? object.args.positional[1];
  const none = (warnings: Warning[] = []): Assets => ({
    mounts: known(dict([]), [object.at]),
    folder: undefined,
    url: undefined,
    warnings,
  });
  const data = given ? (given.length === 1 ? given[0]?.data : undefined) : str('static');
  if (data?.t === 'none') return none();
  const text = data && textOf(data);
  if (text === undefined)
    return { ...none(), mounts: unknown('its static folder is decided at run time', [object.at]) };
  const folder = joinPurePaths(PROJECT, rootPath(evaluate, object), text);
  const inside = folder.startsWith(`${PROJECT}/`) ? folder.slice(PROJECT.length + 1) : undefined;
  const exists = inside === undefined || hasFolder(project, inside);
  if (!exists && given === undefined) return none();
  const path = only(urlGiven, 'str')?.v ?? `/${folder.slice(folder.lastIndexOf('/') + 1)}`;
  const url = localUrl(path);
  if (url === undefined || url === '/') {
    const message = `the static folder ${text} is served at "${path || '/'}", where the web server cannot tell files from pages: Flask keeps serving it`;
    return none([warningOf(message, [object.at])]);
  }
  const shown = relativePath(folder, root);
  if (shown.split('/').includes('..'))
    return { ...none(), mounts: unknown(`its static folder ${shown} lies outside of ${root}`, [object.at]) };
  return { mounts: known(dict([[url, known(str(shown))]]), [object.at]), folder, url, warnings: [] };
}

/**
 * Uploads have to outlast a release, and only the app knows who may have them: where it does not say so itself, they
 * are kept as protected files, which nobody can ask for by a URL.
 */
function uploadMounts(
  { root }: FoundApp,
  read: SettingReader,
  assets: Assets,
  open: { url: string; from: Evidence[] } | undefined,
): { media: Abstract; protected: Abstract } {
  const folderOf = (text: string) => joinPurePaths(PROJECT, root, text);
  const isPublic = (folder: string) =>
    open !== undefined || (assets.folder !== undefined && folder.startsWith(`${assets.folder}/`));
  const lifted = (wanted: boolean, url: (folder: string) => string) =>
    liftSettings([read('UPLOAD_FOLDER')], (data) => {
      const text = textOf(data);
      if (text === undefined) return UNSET;
      const folder = normalisePath(folderOf(text));
      const shown = relativePath(folder, root);
      if (folder === '/tmp' || folder.startsWith('/tmp/') || isPublic(folder) !== wanted) return UNSET;
      if (shown === '.' || shown.split('/').includes('..'))
        return { t: 'unknown', because: `UPLOAD_FOLDER is ${shown}, which is not a folder of the app's` };
      return dict([[url(folder), known(str(shown))]]);
    });
  const inAssets = (folder: string) =>
    `${assets.url ?? '/'}${folder.slice((assets.folder?.length ?? 0) + 1)}/`;
  return {
    media: lifted(true, (folder) => open?.url ?? inAssets(folder)),
    protected: lifted(false, () => '/_uploads/'),
  };
}

function maxBody(read: SettingReader): Abstract {
  return liftSettings([read('MAX_CONTENT_LENGTH')], (data) => {
    if (data.t === 'unset' || data.t === 'none') return UNSET;
    return data.t === 'number' ? sizeText(data.v) : { t: 'unknown', because: 'it is not a number' };
  });
}

/** What the configuration says, or else what the code opens by itself. */
function databaseOf(
  project: ProjectFiles,
  app: FoundApp,
  read: SettingReader,
  packaging: Packaging,
): Record<string, Value<unknown>> {
  const options = { base: app.root };
  const isSet = ['SQLALCHEMY_DATABASE_URI', 'DATABASE'].some((name) => read(name) !== NOT_SET);
  const opened = isSet ? undefined : openedDatabase(project, app.root);
  if (opened !== undefined && opened.kind.kind !== 'absent')
    return { database: opened.kind, 'database-file': opened.file };
  return {
    database: needed(toValue(database(read, app.object.at), options)),
    'database-file': toValue(databaseFile(project, app, read, packaging), options),
  };
}

/** https://flask-caching.readthedocs.io/en/latest/#configuring-flask-caching */
function cache(read: SettingReader): Abstract {
  return liftSettings([read('CACHE_TYPE')], (data) => {
    const type = textOf(data);
    return type === undefined ? UNSET : str(cacheKind(type));
  });
}

/** https://docs.sqlalchemy.org/en/latest/core/engines.html#database-urls; DATABASE is what Flask's own tutorial uses. */
function database(read: SettingReader, at: Evidence): Abstract {
  const url = lift(
    [read('SQLALCHEMY_DATABASE_URI')],
    (data): Data => {
      if (data.t === 'unknown' && kindOfUrl(data) === undefined) return data;
      const text = beginningOf(data);
      return text === undefined ? UNSET : str(kindOfUrl(data) ?? databaseKind(text.split(':')[0] ?? ''));
    },
    { lenient: true },
  );
  return liftSettings([url, read('DATABASE')], (kind, file) => {
    if (kind.t === 'str') return kind;
    const path = textOf(file);
    return known(
      str(
        path === undefined || path.includes('://')
          ? databaseKind((path ?? '').split(':')[0] ?? '')
          : 'sqlite',
      ),
      [at],
    );
  });
}

const OLDER_SQLALCHEMY = ['0', '1', '2'];

function databaseFile(
  project: ProjectFiles,
  app: FoundApp,
  read: SettingReader,
  packaging: Packaging,
): Abstract {
  const version = packaging.version('flask-sqlalchemy');
  const older = version.kind === 'known' && OLDER_SQLALCHEMY.includes(version.value.split('.')[0] ?? '');
  // https://flask-sqlalchemy.readthedocs.io/en/stable/config/#flask_sqlalchemy.config.SQLALCHEMY_DATABASE_URI
  const base = older ? rootPath(app.evaluate, app.object) : instancePath(project, app.evaluate, app.object);
  return liftSettings([read('SQLALCHEMY_DATABASE_URI'), read('DATABASE')], (url, file) => {
    const text = textOf(url);
    if (text === undefined) {
      const path = textOf(file);
      return path === undefined || path.includes('://') ? UNSET : str(joinPurePaths(PROJECT, app.root, path));
    }
    const path = /^sqlite(?:\+\w+)?:\/\/\/([^?]+)/.exec(text)?.[1];
    return path === undefined || path.includes(':memory:') ? UNSET : str(joinPurePaths(PROJECT, base, path));
  });
}

/**
 * Flask-SocketIO keeps what it knows of a client in one process, and a thread for each.
 * https://flask-socketio.readthedocs.io/en/latest/deployment.html
 */
function socketsOf(
  project: ProjectFiles,
  { websocket }: LiveFacts,
): { answers: Record<string, Value<number>>; warnings: Warning[] } {
  const uses = websocket.from.filter(({ file }) => /\bflask_socketio\b/.test(project.read(file) ?? ''));
  if (uses.length === 0) return { answers: {}, warnings: [] };
  const message =
    'Flask-SocketIO wants one process, so there is one, with 100 threads; WSGI has no WebSockets, so its clients use long polling';
  return {
    answers: { workers: knownValue(1, uses), threads: knownValue(100, uses) },
    warnings: [warningOf(message, uses)],
  };
}

/** https://flask-migrate.readthedocs.io/ */
function migrationsOf(
  project: ProjectFiles,
  root: string,
  packaging: Packaging,
): { wanted: Value<boolean>; warnings: Warning[] } {
  if (!packaging.lists('flask-migrate')) return { wanted: { kind: 'absent' }, warnings: [] };
  const own = joinFolder(root, 'migrations/env.py');
  if (project.list().includes(own)) {
    return { wanted: knownValue(true, [{ file: own, line: 1 }]), warnings: [] };
  }
  const elsewhere = filesNamed(project, 'env.py').find((file) => project.read(file)?.includes('alembic'));
  const message =
    elsewhere === undefined
      ? 'Flask-Migrate is installed, and there are no migrations: a release migrates nothing'
      : `the migrations are in ${elsewhere.replace(/\/env\.py$/, '')}, and "flask db upgrade" looks for ${joinFolder(root, 'migrations')}: a release migrates nothing`;
  const from = elsewhere === undefined ? [] : [{ file: elsewhere, line: 1 }];
  return { wanted: { kind: 'absent' }, warnings: [warningOf(message, from)] };
}
