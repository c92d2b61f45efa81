/**
 * Falcon, read from its source: https://falcon.readthedocs.io/en/stable/deploy/index.html
 */

import type { Detector } from '../../contract/detections.ts';
import type { Part } from '../../contract/earlier.ts';
import { type AppKind, type AppReading, detectApps, type FoundApp, findApps } from '../../detect/apps.ts';
import { readPlain } from '../../detect/plain.ts';
import type { Served } from '../../detect/served.ts';
import { NOT_SET } from '../../evaluate/data.ts';
import { type Evaluator, evaluator } from '../../evaluate/index.ts';
import { sourceFolders } from '../../evaluate/modules.ts';
import { only } from '../../evaluate/run.ts';
import { toValue } from '../../evaluate/to-value.ts';
import type { Detection } from '../../words/detection.ts';
import type { ProjectFiles } from '../../words/project-files.ts';

const WSGI = ['falcon.App', 'falcon.app.App', 'falcon.API'];
const ASGI = ['falcon.asgi.App', 'falcon.asgi.app.App'];
/** https://falcon.readthedocs.io/en/stable/api/app.html#falcon.ResponseOptions.secure_cookies_by_default */
const SECURE = 'secure_cookies_by_default';

const FALCON: AppKind = {
  framework: 'falcon',
  makers: [...WSGI, ...ASGI],
  hints: ['falcon'],
  names: ['app', 'application', 'api'],
  servers: ['wsgi.py', 'asgi.py'],
  evaluator: falconEvaluator,
};

function falconEvaluator(project: ProjectFiles, root: string): Evaluator {
  return evaluator(project, {
    roots: sourceFolders(root),
    watch: Object.fromEntries([...WSGI, ...ASGI].map((name) => [name, {}])),
  });
}

/** Reads a Falcon project; undefined where nothing in it makes a Falcon app. Paths are as those of the other frameworks. */
export function detectFalcon(project: Part): Detection | undefined {
  const found = { ...findApps(project, FALCON), because: undefined };
  return detectApps(project, 'falcon', found, (app) => readApp(project, app));
}

export const falconDetector: Detector = {
  framework: 'falcon',
  mark: /\bfalcon\.(?:asgi\.)?A(?:pp|PI)\(/,
  detect: detectFalcon,
};

function readApp(project: ProjectFiles, app: FoundApp): AppReading {
  const uses = app.evaluate.uses().filter(({ object }) => object === app.object);
  const called = (method: string) => uses.filter(({ name }) => name === `${app.object.name}().${method}`);
  const served = called('add_static_route').flatMap(({ args: { positional, named }, at }): Served[] => {
    const url = only(positional[0] ?? named.get('prefix'), 'str')?.v;
    const folder = positional[1] ?? named.get('directory');
    return url === undefined || folder === undefined ? [] : [{ url, folder, from: at }];
  });
  const routes = called('add_route').flatMap(({ args: { positional, named }, at }) => {
    const path = only(positional[0] ?? named.get('uri_template'), 'str')?.v;
    // "{name}" stands for what other frameworks write as "<name>".
    return path === undefined ? [] : [{ path: path.slice(1).replaceAll('{', '<'), from: [at] }];
  });
  const secure = uses.findLast(({ name }) => name.endsWith(`().resp_options.${SECURE}`));
  return readPlain(project, app, {
    framework: 'falcon',
    interface: ASGI.includes(app.object.name) ? 'asgi' : 'wsgi',
    served,
    routes,
    settings: { [SECURE]: toValue(secure?.args.positional[0] ?? NOT_SET, { base: app.root }) },
  });
}
