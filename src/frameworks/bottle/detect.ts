/**
 * Bottle, read from its source: https://bottlepy.org/docs/stable/deployment.html
 */

import type { Detector } from '../../contract/detections.ts';
import type { Part } from '../../contract/earlier.ts';
import { type AppKind, detectApps, type FoundApp, findApps, type Obstacle } from '../../detect/apps.ts';
import { isAside } from '../../detect/entry-files.ts';
import { readPlain } from '../../detect/plain.ts';
import type { Served } from '../../detect/served.ts';
import { type Abstract, NOT_SET } from '../../evaluate/data.ts';
import { type Evaluator, evaluator, type Use } from '../../evaluate/index.ts';
import { sourceFolders } from '../../evaluate/modules.ts';
import { only } from '../../evaluate/run.ts';
import { type Node, statementsOf } from '../../evaluate/syntax.ts';
import { toValue } from '../../evaluate/to-value.ts';
import { type Detection, warningOf } from '../../words/detection.ts';
import type { ProjectFiles } from '../../words/project-files.ts';

const APP = 'bottle.Bottle';
/** The app that the module's own route() and get() add to; both names call it. */
const DEFAULT_APPS = ['bottle.default_app', 'bottle.app'];
/** What adds a route for GET, as a method of an app or as a function of the module. */
const ADDS_GET = ['route', 'get'];
const RUN = 'bottle.run';
const STATIC_FILE = 'bottle.static_file';
/** Names of the class of requests. https://bottlepy.org/docs/stable/api.html#bottle.BaseRequest.MEMFILE_MAX */
const REQUESTS = ['bottle.BaseRequest', 'bottle.Request', 'bottle.LocalRequest', 'bottle.request'];
const LIMIT = 'MEMFILE_MAX';

const BOTTLE: AppKind = {
  framework: 'bottle',
  makers: [APP, ...DEFAULT_APPS],
  hints: ['bottle'],
  names: ['app', 'application'],
  servers: ['wsgi.py'],
  evaluator: bottleEvaluator,
};

function bottleEvaluator(project: ProjectFiles, root: string): Evaluator {
  const watched = [APP, ...DEFAULT_APPS, RUN, ...ADDS_GET.map((name) => `bottle.${name}`), ...REQUESTS];
  return evaluator(project, {
    roots: sourceFolders(root),
    watch: Object.fromEntries(watched.map((name) => [name, {}])),
  });
}

/** Reads a Bottle project; undefined where nothing in it uses Bottle. Paths are as those of the other frameworks. */
export function detectBottle(project: Part): Detection | undefined {
  const found = findApps(project, BOTTLE);
  const none = found.named.length + found.others.length === 0;
  const because = none ? nameless(project) : undefined;
  return detectApps(project, 'bottle', { ...found, because }, (app) => readApp(project, app));
}

export const bottleDetector: Detector = {
  framework: 'bottle',
  mark: /\bBottle\(/,
  detect: detectBottle,
};

/** Routes that nobody gave an app's name: run() takes them by itself, and no server does. */
function nameless(project: ProjectFiles): Obstacle | undefined {
  for (const file of project.list().filter((one) => one.endsWith('.py') && !isAside(one))) {
    const lines = project.read(file)?.split('\n') ?? [];
    const imports = lines.some((line) => /^\s*(?:from|import)\s+bottle\b/.test(line));
    const line = imports ? lines.findIndex((one) => /^@(?:bottle\.)?(?:route|get|post)\(/.test(one)) : -1;
    if (line === -1) continue;
    const text = `${file} adds routes to Bottle's default app, and no name leads a server to it: write "app = bottle.default_app()" below them`;
    return { text, from: [{ file, line: line + 1 }] };
  }
  return undefined;
}

function readApp(project: ProjectFiles, app: FoundApp): ReturnType<typeof readPlain> {
  const rules = rulesOf(app);
  return readPlain(project, app, {
    framework: 'bottle',
    served: rules.map((rule) => servedBy(app, rule)).filter((one) => one !== undefined),
    routes: rules.map(({ path, use }) => ({ path: path.replace(/^\//, ''), from: [use.at] })),
    settings: { [LIMIT]: toValue(limitOf(app), { base: app.root }) },
    warnings: runWarnings(app),
  });
}

interface Rule {
  path: string;
  use: Use;
}

/** The routes of the app for GET. */
function rulesOf({ evaluate, object }: FoundApp): Rule[] {
  const isDefault = DEFAULT_APPS.includes(object.name);
  const own = evaluate
    .uses()
    .filter(({ object: one, name }) => one === object || (isDefault && name === one.name));
  return own.flatMap((use) => {
    const { positional, named } = use.args;
    if (!ADDS_GET.includes(use.name.slice(use.name.lastIndexOf('.') + 1))) return [];
    const methods = only(named.get('method') ?? positional[1], 'str')?.v;
    const path = only(positional[0] ?? named.get('path'), 'str')?.v;
    return path === undefined || (methods !== undefined && methods !== 'GET') ? [] : [{ path, use }];
  });
}

/**
 * A folder of which a view gives any file to everybody: it does nothing but `return static_file(name, root=FOLDER)`.
 * https://bottlepy.org/docs/stable/tutorial.html#static-files
 */
function servedBy({ evaluate }: FoundApp, { path, use }: Rule): Served | undefined {
  const url = /^(\/(?:[A-Za-z0-9_~-][A-Za-z0-9._~-]*\/)+)(?:<\w+(?::path|:re:[^>]*)?>|:\w+(?:#.*#)?)$/.exec(
    path,
  )?.[1];
  const { decorates } = use;
  const body = decorates?.node.children.find((child: Node) => child.name === 'Body');
  if (url === undefined || decorates?.decorators.length !== 1 || body === undefined) return undefined;
  const [last, ...before] = statementsOf(body).reverse();
  if (last?.name !== 'ReturnStatement' || !before.every(isDocstring)) return undefined;
  const [call] = evaluate.calls(decorates.source.file, [STATIC_FILE], last);
  const folder = call && (call.args.positional[1] ?? call.args.named.get('root'));
  return folder && { url, folder, from: use.at };
}

function isDocstring({ name, children }: Node): boolean {
  return name === 'ExpressionStatement' && children[0]?.name === 'String';
}

function limitOf({ evaluate }: FoundApp): Abstract {
  const set = evaluate.uses().findLast(({ name }) => REQUESTS.some((one) => name === `${one}.${LIMIT}`));
  return set?.args.positional[0]?.map((one) => ({ ...one, from: [set.at] })) ?? NOT_SET;
}

/** A module that serves by itself when it is imported never comes to be served by anything else. */
function runWarnings({ evaluate, object }: FoundApp) {
  return evaluate
    .uses()
    .filter(({ name, object: one }) => name === RUN || (one === object && name.endsWith('().run')))
    .map(({ at }) =>
      warningOf(
        `a development server is started while ${at.file} is imported, so that no other server can load the app: put it below if __name__ == "__main__":`,
        [at],
      ),
    );
}
