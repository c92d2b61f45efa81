/**
 * Django, read from its source: https://docs.djangoproject.com/en/stable/howto/deployment/
 */

import type { Detector } from '../../contract/detections.ts';
import type { Part } from '../../contract/earlier.ts';
import { healthOf } from '../../detect/health.ts';
import { keyVariables } from '../../detect/keys.ts';
import { liveFacts } from '../../detect/live.ts';
import { type Packaging, readPackaging } from '../../detect/packaging.ts';
import {
  cacheKind,
  databaseKind,
  knownValue,
  liftSettings,
  localUrl,
  needed,
  type SettingReader,
  sourced,
  textOf,
  unique,
  variables,
  withoutSecret,
} from '../../detect/settings.ts';
import { evidenceOf, withUnless } from '../../evaluate/alternatives.ts';
import { type Abstract, known, NOT_SET, str, UNSET, unknown } from '../../evaluate/data.ts';
import { type EvaluatedModule, type Evaluator, evaluator } from '../../evaluate/index.ts';
import { dict } from '../../evaluate/plain.ts';
import { only } from '../../evaluate/run.ts';
import { toValue } from '../../evaluate/to-value.ts';
import { type Detection, type Warning, warningOf } from '../../words/detection.ts';
import { relativePath } from '../../words/paths.ts';
import type { ProjectFiles } from '../../words/project-files.ts';
import { type Evidence, likelyValue, type Value } from '../../words/value.ts';
import { chooseApp } from './app.ts';
import { backgroundCommands } from './background.ts';
import { followed, obstacleTo } from './bringing.ts';
import { configurationReader } from './configurations.ts';
import { type Entries, findEntries } from './entry.ts';
import {
  DEVELOPMENT,
  DYNACONF,
  namedSettings,
  productionTwin,
  type Settings,
  settingsName,
} from './module.ts';
import { databaseEngine, entryOf, has, settingReader, withoutOptions } from './settings.ts';
import { ignoresOlderSetting, reliesOnOlderSetting, storageFacts } from './storage.ts';
import { routesOf } from './urls.ts';

/** In production DEBUG is off, whatever the environment that the project was written in says. */
const ASSUMPTIONS = { DEBUG: { value: false, unless: 'DEBUG is on' } };

/** Settings that must agree with the proxy, reported as they are. */
const REPORTED = [
  'ALLOWED_HOSTS',
  'CSRF_TRUSTED_ORIGINS',
  'SECURE_PROXY_SSL_HEADER',
  'USE_X_FORWARDED_HOST',
  'USE_X_FORWARDED_PORT',
  'SESSION_COOKIE_SECURE',
  'CSRF_COOKIE_SECURE',
  'SECURE_SSL_REDIRECT',
  'SECURE_HSTS_SECONDS',
  'DEBUG',
  'STATIC_ROOT',
  'STATIC_URL',
  'MEDIA_ROOT',
  'MEDIA_URL',
  'MIDDLEWARE',
  'INSTALLED_APPS',
  'DATA_UPLOAD_MAX_MEMORY_SIZE',
] as const;

/**
 * Reads a Django project; undefined where nothing in it starts Django.
 *
 * Paths in `answers` and in `settings` are relative to the folder of manage.py (the answer `root`), or absolute where the
 * source has them so; only `requirements` is relative to the project's top folder.
 */
export function detectDjango(project: Part): Detection | undefined {
  const entries = findEntries(project);
  if (!entries) return undefined;
  const warnings: Warning[] = [];
  const packaging = readPackaging(project, entries.root);
  const settings = readSettings(project, entries, warnings);
  const { read, module } = settings;
  const options = { base: entries.root };
  const live = liveFacts(project, entries.root);
  const app = chooseApp(entries, settings, live);
  const isModule = ({ name }: { name: string }) => name === 'DJANGO_SETTINGS_MODULE';
  const environment = settings.evaluate.environment().filter((one) => !isModule(one));
  const asksForModule = settings.evaluate
    .environment()
    .filter(isModule)
    .flatMap(({ from }) => from);
  const storages = storageFacts(entries.evaluate, read, packaging);
  warnings.push(
    ...oddities(entries, read, packaging),
    ...packaging.warnings,
    ...settings.evaluate.warnings(),
  );
  const fallback: Evidence[] = module ? [{ file: module.file, line: 1 }] : [];
  const urlconf = only(read('ROOT_URLCONF'), 'str')?.v;
  const routes = routesOf(project, entries.roots, urlconf);
  const answers: Detection['answers'] = {
    root: knownValue(entries.root || '.', [
      { file: entries.manage?.file ?? app.from[0]?.file ?? 'manage.py', line: 1 },
    ]),
    app: app.app,
    interface: app.interface,
    'django-settings': settings.name,
    static: toValue(mounts(read, 'STATIC_URL', 'STATIC_ROOT', storages.static, entries.root), options),
    media: toValue(mounts(read, 'MEDIA_URL', 'MEDIA_ROOT', storages.media, entries.root), options),
    protected: toValue(protectedMounts(read, entries.root), options),
    hashed: sourced(toValue(storages.hashed, options), fallback),
    database: needed(sourced(toValue(database(read), options), fallback)),
    'database-file': toValue(databaseFile(read), options),
    env: variables(environment, true),
    'env-optional': variables(environment, false),
    'env-keys': keyVariables(read('SECRET_KEY')),
    background: backgroundCommands(project, entries.root, likelyValue(settings.name), read, packaging),
    health: healthOf(routes),
    requirements: packaging.requirements,
    'gunicorn-version': packaging.version('gunicorn'),
  };
  const said: Detection['settings'] = {
    ...Object.fromEntries(REPORTED.map((name) => [name, toValue(read(name), options)])),
    SECRET_KEY: toValue(withoutSecret(read('SECRET_KEY')), options),
    // Only whether there is one: handlers may hold addresses that are secrets.
    LOGGING: toValue(withoutSecret(read('LOGGING')), options),
    // The backend alone: its options may hold a password.
    MAILERS: toValue(entryOf(read('MAILERS'), 'default', 'BACKEND'), options),
    STORAGES: toValue(withoutOptions(read('STORAGES')), options),
    CONN_MAX_AGE: toValue(entryOf(read('DATABASES'), 'default', 'CONN_MAX_AGE'), options),
  };
  return {
    framework: 'django',
    named: true,
    answers,
    apps: [{ app: String(likelyValue(app.app)), routes, from: app.from }],
    facts: {
      ...packaging.facts,
      whitenoise: sourced(whitenoise(project, entries, read), fallback),
      'remote-static': toValue(storages.static, options),
      'remote-media': toValue(storages.media, options),
      cache: sourced(toValue(cache(read), options), fallback),
      ...channelLayer(read),
      ...live,
    },
    settings: said,
    unbringable: {
      ...{
        all: obstacleTo(project, { root: entries.root, file: module?.file, by: settings.by, asksForModule }),
      },
      ...(module && {
        settings: followed(project, settings.evaluate, module.file, { ...answers, ...said }),
      }),
    },
    warnings: unique(warnings),
  };
}

export const djangoDetector: Detector = {
  framework: 'django',
  mark: /DJANGO_SETTINGS_MODULE/,
  detect: detectDjango,
};

const WHITENOISE = 'whitenoise.middleware.WhiteNoiseMiddleware';

/** As middleware, or around the app, as its first versions were used. https://whitenoise.readthedocs.io/en/stable/django.html */
function whitenoise(project: ProjectFiles, { root, modules }: Entries, read: SettingReader): Value<unknown> {
  for (const { file } of modules) {
    const lines = project.read(file)?.split('\n') ?? [];
    const index = lines.findIndex((line) => /^\s*(?:from|import)\s+whitenoise\b/.test(line));
    if (index !== -1) return knownValue(true, [{ file, line: index + 1 }]);
  }
  // https://docs.djangoproject.com/en/1.10/releases/1.10/#new-style-middleware
  const older = only(has(read('MIDDLEWARE_CLASSES'), WHITENOISE), 'bool')?.v === true;
  return toValue(has(read(older ? 'MIDDLEWARE_CLASSES' : 'MIDDLEWARE'), WHITENOISE), { base: root });
}

/** The settings module that a server would run with, evaluated. */
function readSettings(project: ProjectFiles, entries: Entries, warnings: Warning[]): Settings {
  const named = namedSettings(entries, warnings);
  const production = named && productionTwin(project, entries, named);
  if (named && production) {
    const names = `${named.from[0]?.file ?? 'The project'} names the settings ${named.module}`;
    warnings.push(
      warningOf(`${names}, but for production there is ${production}: that one was read`, named.from),
    );
  }
  const dotted = production ?? named?.module;
  const evaluate = evaluator(project, { roots: entries.roots, assume: ASSUMPTIONS });
  const file = dotted === undefined ? undefined : evaluate.locate(dotted)?.file;
  const module = file === undefined ? undefined : evaluate.module(file);
  const missing =
    dotted === undefined
      ? 'the settings module is not known'
      : `the settings module ${dotted} is not in the project`;
  if (!module) warnings.push(warningOf(`${missing}, so no setting could be read`, named?.from ?? []));
  return {
    name: settingsName(entries, named, production),
    module,
    ...readerOf(entries, evaluate, module, missing),
    evaluate,
  };
}

/** The settings of the module, of the class in it that django-configurations takes, or of what Dynaconf makes of them. */
function readerOf(
  { evaluate: entry, modules, manage }: Entries,
  evaluate: Evaluator,
  module: EvaluatedModule | undefined,
  missing: string,
): Pick<Settings, 'read' | 'by'> {
  const read = settingReader(module, missing);
  if (module === undefined) return { read };
  const [dynaconf] = evaluate.calls(module.file, DYNACONF);
  if (dynaconf !== undefined) {
    const unless = 'Dynaconf reads another value from its files or from the environment';
    const orElse: SettingReader = (name) => {
      const value = read(name);
      return value === NOT_SET ? unknown('Dynaconf may set it') : withUnless(value, unless);
    };
    return { read: orElse, by: { what: "Dynaconf's", from: [dynaconf.at] } };
  }
  const files = [...modules, ...(manage ? [manage] : [])].map(({ file }) => file);
  const names = files.flatMap((file) => entry.assignments(file, 'DJANGO_CONFIGURATION'));
  const named = names.map((value) => only(value, 'str')?.v).find((one) => one !== undefined);
  const candidates = DEVELOPMENT.has(named?.toLowerCase() ?? '') ? ['Production', 'Prod', named] : [named];
  const readers = candidates.map((one) => (one === undefined ? undefined : configurationReader(module, one)));
  const ofClass = readers.find((one) => one !== undefined);
  if (ofClass === undefined) return { read };
  const from = names.flatMap((value) => evidenceOf(value)).slice(0, 1);
  return { read: ofClass, by: { what: 'those of a class, which django-configurations takes', from } };
}

/** A record of URL to folder; empty where another host serves it, unset where the project does not say. */
function mounts(
  read: SettingReader,
  urlName: string,
  rootName: string,
  remote: Abstract,
  base: string,
): Abstract {
  return liftSettings([remote], (isRemote) => {
    if (isRemote.t === 'bool' && isRemote.v) return known(dict([]));
    return liftSettings([read(urlName), read(rootName)], (urlData, rootData) => {
      const url = textOf(urlData);
      const root = textOf(rootData);
      if (url === undefined) return UNSET;
      const local = localUrl(url);
      if (local === undefined) return dict([]);
      if (local === '/')
        return { t: 'unknown', because: `${urlName} is /, where files cannot be told from pages` };
      return root === undefined ? UNSET : dict([[local, known(str(relativePath(root, base)))]]);
    });
  });
}

/** django-sendfile2 with nginx: https://django-sendfile2.readthedocs.io/en/latest/backends.html */
function protectedMounts(read: SettingReader, base: string): Abstract {
  return liftSettings([read('SENDFILE_BACKEND')], (backend) => {
    const name = textOf(backend);
    if (name === undefined || !(name.endsWith('.nginx') || name.endsWith('.xsendfile'))) return UNSET;
    return liftSettings([read('SENDFILE_URL'), read('SENDFILE_ROOT')], (urlData, rootData) => {
      const [url, root] = [textOf(urlData), textOf(rootData)];
      const local = url === undefined ? undefined : localUrl(url);
      return local && root !== undefined ? dict([[local, known(str(relativePath(root, base)))]]) : UNSET;
    });
  });
}

function database(read: SettingReader): Abstract {
  return liftSettings([databaseEngine(read)], (engine) => {
    if (engine.t === 'str') return str(databaseKind(engine.v));
    return engine.t === 'unset' ? str('none') : unknown('its ENGINE is not text');
  });
}

/** https://docs.djangoproject.com/en/stable/ref/settings/#caches */
function cache(read: SettingReader): Abstract {
  return liftSettings([entryOf(read('CACHES'), 'default', 'BACKEND')], (data) => {
    if (data.t === 'unset' || data.t === 'none') return str('local memory');
    return data.t === 'str' ? str(cacheKind(data.v)) : { t: 'unknown', because: 'its BACKEND is not text' };
  });
}

/** Where there is one: https://channels.readthedocs.io/en/stable/topics/channel_layers.html */
function channelLayer(read: SettingReader): Record<string, Value<unknown>> {
  const layer = toValue(entryOf(read('CHANNEL_LAYERS'), 'default', 'BACKEND'), { base: '' });
  return layer.kind === 'known' ? { 'channel-layer': layer } : {};
}

function databaseFile(read: SettingReader): Abstract {
  const name = entryOf(read('DATABASES'), 'default', 'NAME');
  return liftSettings([databaseEngine(read)], (engine) => {
    if (engine.t !== 'str' || databaseKind(engine.v) !== 'sqlite') return UNSET;
    return liftSettings([name], (data) => (data.t === 'str' && data.v.includes(':memory:') ? UNSET : data));
  });
}

function oddities(entries: Entries, read: SettingReader, packaging: Packaging): Warning[] {
  const warnings: Warning[] = [];
  if (entries.others.length > 0) {
    const taken = entries.manage?.file ?? '';
    const from = [taken, ...entries.others].map((file) => ({ file, line: 1 }));
    warnings.push(
      warningOf(
        `there are several manage.py files; ${taken} was taken, not ${entries.others.join(', ')}`,
        from,
      ),
    );
  }
  const version = packaging.version('django');
  if (reliesOnOlderSetting(read) && (version.kind !== 'known' || ignoresOlderSetting(version.value))) {
    const message =
      'STATICFILES_STORAGE is ignored from Django 5.1 on; write STORAGES["staticfiles"] instead';
    warnings.push(warningOf(message, evidenceOf(read('STATICFILES_STORAGE'))));
  }
  return warnings;
}
