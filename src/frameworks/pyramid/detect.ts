/**
 * Pyramid, read from its source: https://docs.pylonsproject.org/projects/pyramid/en/latest/narr/paste.html
 */

import type { Detector } from '../../contract/detections.ts';
import type { Part } from '../../contract/earlier.ts';
import {
  type AppKind,
  type AppReading,
  appIn,
  detectApps,
  type FoundApp,
  findApps,
  type Obstacle,
} from '../../detect/apps.ts';
import { urlOrFile } from '../../detect/databases.ts';
import { isAside } from '../../detect/entry-files.ts';
import { believedBy } from '../../detect/forwarded.ts';
import { keyVariables } from '../../detect/keys.ts';
import { readPlain } from '../../detect/plain.ts';
import type { Served } from '../../detect/served.ts';
import { knownValue, readable, withoutSecret } from '../../detect/settings.ts';
import { withEvidence } from '../../evaluate/alternatives.ts';
import { type Abstract, type CallArguments, type CallData, known, str } from '../../evaluate/data.ts';
import { type Evaluator, evaluator, type Use } from '../../evaluate/index.ts';
import { joinFolder, parentFolder, sourceFolders } from '../../evaluate/modules.ts';
import { dict, textOfData } from '../../evaluate/plain.ts';
import { only } from '../../evaluate/run.ts';
import { toValue } from '../../evaluate/to-value.ts';
import { DIALECTS } from '../../formats/ini/dialects.ts';
import { readIni } from '../../formats/ini/read.ts';
import { type Detection, LITERAL, warningOf } from '../../words/detection.ts';
import { isAnchored, joinPurePaths, PROJECT } from '../../words/paths.ts';
import type { ProjectFiles } from '../../words/project-files.ts';
import type { Value } from '../../words/value.ts';
import { appsOf, findIni, isForDevelopment, type PasteApp, secretsIn } from './paste.ts';
import { PASTE_APP } from './unit.ts';

const CONFIGURATOR = 'pyramid.config.Configurator';
const MAKES = `${CONFIGURATOR}().make_wsgi_app`;

const PYRAMID: AppKind = {
  framework: 'pyramid',
  makers: [MAKES],
  hints: ['pyramid'],
  names: ['app', 'application', 'wsgi_app'],
  servers: ['wsgi.py'],
  evaluator: pyramidEvaluator,
};

function pyramidEvaluator(project: ProjectFiles, root: string): Evaluator {
  return evaluator(project, {
    roots: sourceFolders(root),
    watch: { [CONFIGURATOR]: {} },
  });
}

/** Reads a Pyramid project; undefined where nothing in it makes a Pyramid app. Paths are as those of other frameworks. */
export function detectPyramid(project: Part): Detection | undefined {
  const file = findIni(project);
  const [paste] = file === undefined ? [] : appsOf(project, file);
  if (file !== undefined && paste !== undefined) {
    const found = factoryOf(project, file, paste);
    const app = found && { ...found.app, app: PASTE_APP, from: [paste.at] };
    if (app) return { named: true, ...readPaste(project, file, paste, { ...found, app }) };
  }
  const found = findApps(project, PYRAMID);
  const none = found.named.length + found.others.length === 0;
  const because = none ? needsSettings(project) : undefined;
  return detectApps(project, 'pyramid', { ...found, because }, (app) => readApp(project, app, {}));
}

export const pyramidDetector: Detector = {
  framework: 'pyramid',
  mark: /\bConfigurator\(/,
  detect: detectPyramid,
};

/** A factory for Paste, and no ini file to call it with. */
function needsSettings(project: ProjectFiles): Obstacle | undefined {
  for (const file of project.list().filter((one) => one.endsWith('.py') && !isAside(one))) {
    const text = project.read(file);
    const index = text?.includes('pyramid')
      ? text.split('\n').findIndex((line) => /^def \w+\(\s*(?:global_con\w*|_\w*)\s*,\s*\*\*/.test(line))
      : -1;
    if (index === -1) continue;
    const why = `the factory in ${file} wants settings, and there is no ini file with an [app:main] to take them from: a wsgi.py can call it`;
    return { text: why, from: [{ file, line: index + 1 }] };
  }
  return undefined;
}

/** The folder of the package that an ini file lies in, or else its own. */
function packageFolder(project: ProjectFiles, ini: string): string {
  const files = project.list();
  for (let folder = parentFolder(ini); ; folder = parentFolder(folder)) {
    if (PACKAGES.some((name) => files.includes(joinFolder(folder, name)))) return folder;
    if (folder === '') return parentFolder(ini);
  }
}

const PACKAGES = ['setup.py', 'pyproject.toml', 'setup.cfg'];

interface Factory {
  app: FoundApp;
  /** The project's own package has the entry point, so that it has to be installed. */
  own: boolean;
}

/** The project's own function that `use` leads to, called with the settings of the ini file. */
function factoryOf(project: ProjectFiles, ini: string, paste: PasteApp): Factory | undefined {
  const root = packageFolder(project, ini);
  const egg = /^egg:([^#\s]+)(?:#(.+))?$/.exec(paste.use);
  const target = egg ? entryPoint(project, root, egg[2] ?? 'main') : paste.use.replace(/^call:/, '');
  const [module, name] = target?.split(':') ?? [];
  if (module === undefined || name === undefined) return undefined;
  const evaluate = pyramidEvaluator(project, root);
  const file = evaluate.locate(module)?.file;
  if (file === undefined) return undefined;
  const settings = [...paste.settings]
    .filter(([key]) => key !== 'use' && key !== 'paste.app_factory')
    .map(([key, { value, at }]) => [key, known(str(value), [at])] as const);
  const here = dict([['here', known(str(joinPurePaths(PROJECT, parentFolder(ini))))]]);
  const args: CallArguments = { positional: [known(here)], named: new Map(settings), open: false };
  const found = appIn(evaluate.call(file, name, args), PYRAMID.makers);
  if (!found) return undefined;
  const app = { ...found, app: `${module}:${name}`, root, from: [found.object.at], evaluate };
  return { app, own: egg !== null };
}

/** https://packaging.python.org/en/latest/specifications/entry-points/, however a project writes them down. */
function entryPoint(project: ProjectFiles, folder: string, name: string): string | undefined {
  const files = PACKAGES.flatMap((one) => [joinFolder(folder, one), ...(folder === '' ? [] : [one])]);
  const pattern = new RegExp(`\\b${name.replace(/[^\w]/g, '\\$&')}["']?\\s*=\\s*["']?([\\w.]+:\\w+)`);
  for (const file of files) {
    const text = project.read(file);
    const at = text?.indexOf('paste.app_factory') ?? -1;
    const found = at === -1 ? undefined : pattern.exec(text?.slice(at) ?? '')?.[1];
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Settings whose value sessions or tickets are signed with: session.secret of pyramid_beaker, auth.secret. */
const SIGNS = /(?:session|auth|cookie|signing)\w*[._]secret$|^secret(?:[._]key)?$/i;

/** An app that an ini file makes: what the file says of it beside. */
function readPaste(
  project: ProjectFiles,
  file: string,
  { settings, filters, at }: PasteApp,
  { app, own }: Factory,
): AppReading {
  const ini = readIni(project, file, DIALECTS.paste);
  const name = app.root === '' ? file : file.slice(app.root.length + 1);
  const secrets = secretsIn(project, file);
  const signing = secrets.find(({ name: key }) => SIGNS.test(key));
  const others = secrets.filter((one) => one !== signing);
  const warnings = others.map(({ name: key, at: place }) =>
    warningOf(
      `${key} is written in ${file}, where everybody who may read the code finds it: have the app take it from the environment`,
      [place],
    ),
  );
  const server = ini.get('server:main');
  if (server !== undefined)
    warnings.push(
      warningOf(`[server:main] of ${file} is not used: the deployment has an app server of its own`, [
        server.at,
      ]),
    );
  if (isForDevelopment(file))
    warnings.push(warningOf(`${file} is the only ini file with an app: a site wants one of its own`, [at]));
  if (appsOf(project, file).length > 1)
    warnings.push(warningOf(`${file} has several apps, and only the first was read`, [at]));
  const url = settings.get('sqlalchemy.url');
  const database = url && urlOrFile(known(str(url.value)), undefined, app.root, url.at);
  const believed = filters
    .map((filter) => believedBy(filter.use, filter.at))
    .find((one) => one !== undefined);
  const setting = (key: string): Value<unknown> => {
    const found = settings.get(key);
    return found === undefined ? { kind: 'absent' } : knownValue(found.value, [found.at]);
  };
  const migrations = ini.get('alembic');
  const reading = readApp(project, app, {
    'paste-ini': isForDevelopment(name)
      ? { kind: 'default', value: name, unless: 'the live site has an ini file of its own', from: [at] }
      : knownValue(name, [at]),
    ...(own && { 'install-project': knownValue(true, [at]) }),
    ...(database && { database: database.kind, 'database-file': database.file }),
    ...(migrations && {
      migrate: knownValue(true, [migrations.at]),
      'alembic-config': knownValue(name, [migrations.at]),
    }),
  });
  return {
    ...reading,
    settings: {
      ...reading.settings,
      ...(believed && { 'X-Forwarded-For': toValue(believed, { base: app.root }) }),
      ...(signing && { 'session secret': knownValue(LITERAL, [signing.at]) }),
      'pyramid.includes': setting('pyramid.includes'),
      'pyramid.reload_templates': setting('pyramid.reload_templates'),
    },
    warnings: [...reading.warnings, ...warnings],
  };
}

function readApp(project: ProjectFiles, app: FoundApp, answers: Record<string, Value<unknown>>): AppReading {
  const configured = usesOf(app);
  const called = (method: string) => configured.filter(({ name }) => name === `${CONFIGURATOR}().${method}`);
  const routes = called('add_route').flatMap(({ args: { positional, named }, at }) => {
    const path = only(positional[1] ?? named.get('pattern') ?? named.get('path'), 'str')?.v;
    return path === undefined ? [] : [{ path: path.replace(/^\//, '').replaceAll('{', '<'), from: [at] }];
  });
  const keys = signingKeys(project, app);
  return readPlain(project, app, {
    framework: 'pyramid',
    settings: { 'session secret': signedWith(keys, app.root) },
    served: called('add_static_view').flatMap((use) => servedBy(app.evaluate, use)),
    routes,
    answers: { 'env-keys': keyVariables(...keys), ...answers },
  });
}

/**
 * What takes as its first argument the secret that it signs with. https://docs.pylonsproject.org/projects/pyramid/en/latest/api/session.html,
 * https://docs.pylonsproject.org/projects/pyramid/en/latest/api/authentication.html
 */
const SIGNERS = [
  'pyramid.session.SignedCookieSessionFactory',
  'pyramid.session.UnencryptedCookieSessionFactoryConfig',
  'pyramid.authentication.AuthTktAuthenticationPolicy',
  'pyramid.authentication.AuthTktCookieHelper',
];

/** The secrets of sessions and tickets, wherever in the app's own code. */
function signingKeys(project: ProjectFiles, { root, evaluate }: FoundApp): Abstract[] {
  const below = root === '' ? '' : `${root}/`;
  const files = project
    .list()
    .filter((file) => file.endsWith('.py') && file.startsWith(below) && !isAside(file))
    .filter((file) => SIGNER.test(project.read(file) ?? ''));
  return files.slice(0, MAX_INCLUDES).flatMap((file) =>
    evaluate.calls(file, SIGNERS).flatMap(({ args, at }) => {
      const secret = args.positional[0] ?? args.named.get('secret');
      return secret === undefined ? [] : [withEvidence(readable(secret), at)];
    }),
  );
}

const SIGNER = /SignedCookieSessionFactory|UnencryptedCookieSession|AuthTkt/;

/** The one that is written in the source, if there is one: it is the one that matters. */
function signedWith(keys: readonly Abstract[], base: string): Value<unknown> {
  const values = keys.map((key) => toValue(withoutSecret(key), { base }));
  return values.find((one) => one.kind === 'known') ?? values[0] ?? { kind: 'absent' };
}

/** https://docs.pylonsproject.org/projects/pyramid/en/latest/api/config.html#pyramid.config.Configurator.add_static_view */
function servedBy(evaluate: Evaluator, { args: { positional, named }, at }: Use): Served[] {
  const url = only(positional[0] ?? named.get('name'), 'str')?.v;
  const folder = positional[1] ?? named.get('path');
  if (url === undefined || folder === undefined) return [];
  const located = folder.map((one): Abstract[number] => {
    const text = textOfData(one.data);
    if (text === undefined || isAnchored(text)) return one;
    const [, module, rest = ''] = /^([\w.]+):(.*)$/.exec(text) ?? [];
    const found = module === undefined ? undefined : evaluate.locate(module);
    // "shop:static", or a path beside the module that says so.
    const base = module === undefined ? parentFolder(at.file) : found?.folder;
    if (base === undefined) return { ...one, data: { t: 'unset' } };
    return { ...one, data: str(joinPurePaths(PROJECT, base, module === undefined ? text : rest)) };
  });
  return [{ url, folder: located, from: at }];
}

/** All that is done to the app's configurator, by the modules that it includes too. */
function usesOf({ evaluate, object }: FoundApp): Use[] {
  const config = evaluate.uses().find((use) => use.args === object.args)?.object;
  const seen = new Set<string>();
  for (let more = config !== undefined; more; ) {
    const includes = evaluate
      .uses()
      .filter(({ object: one, name }) => one === config && name === `${CONFIGURATOR}().include`)
      .flatMap((use) => includedBy(evaluate, use))
      .filter((file) => !seen.has(file));
    for (const file of includes) {
      seen.add(file);
      const args = { positional: [known(config as CallData)], named: new Map(), open: false };
      evaluate.call(file, 'includeme', args);
    }
    more = includes.length > 0 && seen.size < MAX_INCLUDES;
  }
  return evaluate.uses().filter(({ object: one }) => one === config);
}

const MAX_INCLUDES = 50;

/** Files of the project: config.include(".routes"), config.include("shop.models"), config.include(routes). */
function includedBy(evaluate: Evaluator, { args, at }: Use): string[] {
  const [what] = args.positional;
  const module = only(what, 'module');
  if (module) return module.file === undefined ? [] : [module.file];
  const text = only(what, 'str')?.v;
  if (text === undefined) return [];
  // A leading dot is the package of the module that says so.
  const found = text.startsWith('.') ? evaluate.locateFrom(at.file, text) : evaluate.locate(text);
  return found?.file === undefined ? [] : [found.file];
}
