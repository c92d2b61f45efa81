/**
 * Starlette, and FastAPI, whose apps are Starlette's, read from their source: https://www.starlette.io/,
 * https://fastapi.tiangolo.com/deployment/
 */

import type { Detector } from '../../contract/detections.ts';
import type { Part } from '../../contract/earlier.ts';
import {
  type AppKind,
  type AppReading,
  type Candidate,
  detectApps,
  type FoundApp,
  findApps,
} from '../../detect/apps.ts';
import { filesNamed, moduleIn } from '../../detect/entry-files.ts';
import { keyVariables } from '../../detect/keys.ts';
import { readPlain } from '../../detect/plain.ts';
import type { Served } from '../../detect/served.ts';
import { readable, withoutSecret } from '../../detect/settings.ts';
import {
  type Abstract,
  bool,
  type CallArguments,
  type CallData,
  known,
  NOT_SET,
  unknown,
} from '../../evaluate/data.ts';
import { type Evaluator, evaluator, type Use } from '../../evaluate/index.ts';
import { joinFolder, parentFolder, sourceFolders } from '../../evaluate/modules.ts';
import { only } from '../../evaluate/run.ts';
import { toValue } from '../../evaluate/to-value.ts';
import { parseToml, record } from '../../formats/documents.ts';
import type { Detection, Route } from '../../words/detection.ts';
import type { ProjectFiles } from '../../words/project-files.ts';
import type { Evidence } from '../../words/value.ts';

const FASTAPI = ['fastapi.FastAPI', 'fastapi.applications.FastAPI'];
const STARLETTE = ['starlette.applications.Starlette'];
const ROUTERS = ['fastapi.APIRouter', 'fastapi.routing.APIRouter', 'starlette.routing.Router'];
const STATIC_FILES = ['fastapi.staticfiles.StaticFiles', 'starlette.staticfiles.StaticFiles'];
const SESSIONS = ['starlette.middleware.sessions.SessionMiddleware'];
/** Methods of an app or a router that answer GET at a path, which is their first argument. */
const ADDS_GET = ['get', 'route', 'api_route', 'add_route', 'add_api_route'];
/** Those that answer something else at it. */
const ADDS_OTHERS = /^(?:post|put|patch|delete|options|head|trace|(?:add_)?(?:api_)?websocket(?:_route)?)$/;

/** Paths are read as those of the other frameworks. */
export const fastapiDetector: Detector = {
  framework: 'fastapi',
  mark: /\bFastAPI\(/,
  detect: (project) => read(project, 'fastapi', FASTAPI, 'fastapi'),
};

export const starletteDetector: Detector = {
  framework: 'starlette',
  mark: /\bStarlette\(/,
  detect: (project) => read(project, 'starlette', STARLETTE, 'starlette'),
};

function read(
  project: Part,
  framework: string,
  makers: readonly string[],
  hint: string,
): Detection | undefined {
  const kind: AppKind = {
    ...{ framework, makers, hints: [hint] },
    names: ['app', 'application', 'api', 'asgi_app'],
    servers: ['asgi.py'],
    evaluator: evaluatorOf,
  };
  const found = { ...findApps(project, kind, entrypoints(project)), because: undefined };
  return detectApps(project, framework, found, (app) => readApp(project, framework, app));
}

function evaluatorOf(project: ProjectFiles, root: string): Evaluator {
  return evaluator(project, {
    roots: sourceFolders(root),
    watch: Object.fromEntries([...FASTAPI, ...STARLETTE, ...ROUTERS].map((name) => [name, {}])),
  });
}

/** [tool.fastapi] entrypoint = "shop.main:app". https://fastapi.tiangolo.com/fastapi-cli/ */
function entrypoints(project: ProjectFiles): Candidate[] {
  return filesNamed(project, 'pyproject.toml').flatMap((file) => {
    const text = project.read(file) ?? '';
    const [module = '', name] = entrypointOf(text)?.split(':') ?? [];
    const folder = parentFolder(file);
    const hit = moduleIn(project, [folder, joinFolder(folder, 'src')], module.replaceAll('.', '/'));
    const line = text.split('\n').findIndex((one) => /^\s*entrypoint\s*=/.test(one)) + 1;
    return hit === undefined || module === ''
      ? []
      : [{ ...hit, from: [{ file, line }], ...(name !== undefined && { name }) }];
  });
}

function entrypointOf(text: string): string | undefined {
  if (!text.includes('[tool.fastapi]')) return undefined;
  const entrypoint = record(record(parseToml(text)?.tool)?.fastapi)?.entrypoint;
  return typeof entrypoint === 'string' ? entrypoint : undefined;
}

function readApp(project: ProjectFiles, framework: string, app: FoundApp): AppReading {
  const routes = routesOf(app);
  const sessions = sessionsOf(app);
  const key = sessions?.args.positional[1] ?? sessions?.args.named.get('secret_key') ?? NOT_SET;
  const options = { base: app.root };
  return readPlain(project, app, {
    framework,
    interface: 'asgi',
    served: routes.flatMap(({ served }) => served ?? []),
    routes: routes.flatMap(({ route }) => route ?? []),
    answers: { 'env-keys': keyVariables(readable(key)) },
    settings: {
      https_only: toValue(isSecure(sessions), options),
      secret_key: toValue(withoutSecret(readable(key)), options),
    },
  });
}

interface Found {
  route?: Route;
  served?: Served;
}

/** What answers where: by decorators and calls, by lists of routes, and by routers that are taken in. */
function routesOf({ object, evaluate }: FoundApp): Found[] {
  const uses = evaluate.uses();
  const collect = (owner: CallData, prefix: string, depth: number): Found[] => [
    ...listed(owner.args.named.get('routes'), prefix, depth),
    ...uses
      .filter((use) => use.object === owner)
      .flatMap((use): Found[] => {
        const { args } = use;
        switch (methodOf(use)) {
          case 'mount':
            return mounted(args, prefix, use.at);
          case 'include_router':
            return depth > 5 || routersIn(args).length === 0
              ? [vagueAt(prefix + textOf(args, 'prefix'), use.at)]
              : routersIn(args).flatMap((router) =>
                  collect(router, prefix + textOf(args, 'prefix') + textOf(router.args, 'prefix'), depth + 1),
                );
          default: {
            const getsPage = ADDS_GET.includes(methodOf(use));
            if (!getsPage && !ADDS_OTHERS.test(methodOf(use))) return [];
            const path = only(args.positional[0] ?? args.named.get('path'), 'str')?.v;
            if (path === undefined) return [vagueAt(prefix, use.at)];
            return getsPage ? [{ route: routeOf(prefix + path, use.at) }] : [vagueAt(prefix + path, use.at)];
          }
        }
      }),
  ];
  return collect(object, '', 0);
}

function methodOf({ name }: Use): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

/** Route("/health", ...) and Mount("/static", app=StaticFiles(...)) in a list. https://www.starlette.io/routing/ */
function listed(value: Abstract | undefined, prefix: string, depth: number): Found[] {
  const items = only(value, 'list')?.items ?? [];
  return items.flatMap((item): Found[] => {
    const call = only(item.value, 'call');
    const path = call && only(call.args.positional[0] ?? call.args.named.get('path'), 'str')?.v;
    if (call === undefined || path === undefined || depth > 5) return [];
    if (call.name === 'starlette.routing.Route') return [{ route: routeOf(prefix + path, call.at) }];
    if (call.name !== 'starlette.routing.Mount') return [vagueAt(prefix + path, call.at)];
    return [
      ...mounted(call.args, prefix, call.at),
      ...listed(call.args.named.get('routes'), prefix + path, depth + 1),
    ];
  });
}

/** A path that files rather than another app are at. */
const FILES = /static|asset|media|upload|public|files/i;

/** StaticFiles at a path; with html=True it also answers where no file is, so the app keeps serving it. */
function mounted(args: CallArguments, prefix: string, from: Served['from']): Found[] {
  const path = only(args.positional[0] ?? args.named.get('path'), 'str')?.v;
  // Whatever is mounted at the top answers there.
  if (path === '/' || path === '') return [{ route: routeOf(prefix, from) }];
  const value = args.positional[1] ?? args.named.get('app');
  const isOpen = path === undefined || FILES.test(path);
  // An attribute of an object that is made elsewhere may be anything.
  if (
    isOpen &&
    value?.some(({ data }) => data.t === 'unknown' || (data.t === 'ref' && data.name.includes('().')))
  )
    return [
      {
        served: {
          url: prefix + (path ?? '/'),
          folder: unknown('what is mounted is decided at run time', [from]),
          from,
        },
      },
    ];
  const files = only(value, 'call');
  if (path === undefined || files === undefined || !STATIC_FILES.includes(files.name))
    return [vagueAt(prefix + (path ?? ''), from)];
  const folder = files.args.named.get('directory') ?? files.args.positional[0];
  const html = only(files.args.named.get('html'), 'bool')?.v === true;
  return folder === undefined || html
    ? [vagueAt(prefix + path, from)]
    : [{ served: { url: prefix + path, folder, from } }];
}

/** Something answers there, and what is not known. */
function vagueAt(path: string, at: Served['from']): Found {
  return { route: { ...routeOf(path, at), vague: true } };
}

function routersIn({ positional, named }: CallArguments): CallData[] {
  return (positional[0] ?? named.get('router') ?? []).flatMap(({ data }) =>
    data.t === 'call' && ROUTERS.includes(data.name) ? [data] : [],
  );
}

function textOf(args: CallArguments, name: string): string {
  return only(args.named.get(name), 'str')?.v ?? '';
}

/** "{name}" stands for what other frameworks write as "<name>". */
function routeOf(path: string, at: Served['from']): Route {
  return { path: path.replace(/^\//, '').replaceAll('{', '<'), from: [at] };
}

interface Sessions {
  args: CallArguments;
  at: Evidence;
}

/** Whether the session's cookie is kept to https, where there are sessions. */
function isSecure(sessions: Sessions | undefined): Abstract {
  if (sessions === undefined) return NOT_SET;
  return sessions.args.named.get('https_only') ?? known(bool(false), [sessions.at]);
}

/** How the app's sessions are set up, where it has them. https://www.starlette.io/middleware/#sessionmiddleware */
function sessionsOf({ object, evaluate }: FoundApp): Sessions | undefined {
  const added = evaluate.uses().filter((one) => one.object === object && methodOf(one) === 'add_middleware');
  const given = only(object.args.named.get('middleware'), 'list')?.items ?? [];
  const calls = given.map(({ value }) => only(value, 'call')).filter((one) => one !== undefined);
  return [...calls, ...added].findLast(({ args }) =>
    SESSIONS.includes(only(args.positional[0], 'ref')?.name ?? ''),
  );
}
