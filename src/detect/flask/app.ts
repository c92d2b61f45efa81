/**
 * Where a Flask app is: FLASK_APP, the usual modules and packages, and the names that Flask itself looks for.
 * https://flask.palletsprojects.com/en/stable/cli/#application-discovery
 */
import { comparePlaces, filesNamed, isAside } from '../entry-files.ts';
import type { ProjectFiles } from '../project.ts';
import { type Abstract, bool, type CallData, type Data, PROJECT, str } from '../python/data.ts';
import { type Evaluator, evaluator, type Watched } from '../python/index.ts';
import { dottedName, joinFolder, parentFolder } from '../python/modules.ts';
import { joinPurePaths } from '../python/paths.ts';
import { only } from '../python/run.ts';
import type { Evidence } from '../value.ts';

const APPS = ['flask.Flask', 'flask.app.Flask', 'apiflask.APIFlask'];
export const BLUEPRINTS = ['flask.Blueprint', 'flask.blueprints.Blueprint', 'apiflask.APIBlueprint'];

/** An app that a server could load. */
export interface FlaskApp {
  /** "contracts:create_app()", seen from `root`. */
  app: string;
  /** The folder to start it in: "" for the project's top. */
  root: string;
  from: Evidence[];
  /** The call of Flask(...) that makes it. */
  object: CallData;
  /** What is wrapped around it where it is loaded, the outermost first. */
  middleware: CallData[];
  evaluate: Evaluator;
}

/** A module that may hold an app. */
interface Candidate {
  file: string;
  root: string;
  /** The only name to look for; the usual ones without it. */
  name?: string;
  from: Evidence[];
}

export interface FlaskApps {
  /** Those named for servers, by FLASK_APP or a wsgi.py; the first is the likeliest. */
  named: FlaskApp[];
  /** Those in other modules of usual names; looked for where none is named. */
  others: FlaskApp[];
  /** Why one that the project has cannot be loaded. */
  because: { text: string; from: Evidence[] } | undefined;
}

const NAMES = ['app', 'application'];
const FACTORIES = ['create_app', 'make_app'];
const MODULES = ['app.py', 'application.py', 'main.py', 'autoapp.py', 'run.py', 'server.py', '__init__.py'];
const MAX_CANDIDATES = 24;

/** Finds the apps of a project; none where nothing makes one. */
export function findApps(project: ProjectFiles): FlaskApps {
  const variable = flaskAppVariable(project);
  const servers = withHint(project, filesNamed(project, 'wsgi.py')).map((file) => candidate(project, file));
  const named = readAll(project, [...servers, ...variable.candidates]);
  const others = named.length > 0 ? [] : readAll(project, usualModules(project));
  const none = named.length + others.length === 0;
  return { named, others, because: variable.because ?? (none ? uncallable(project) : undefined) };
}

function candidate(project: ProjectFiles, file: string): Candidate {
  return { file, root: rootOf(project, file), from: [{ file, line: 1 }] };
}

/** Cheap, before parsing: a module with an app, or one that imports it, has one of these words. */
function withHint(project: ProjectFiles, files: readonly string[]): string[] {
  const hints = ['Flask', ...FACTORIES, 'import app', 'import application', ' app\n'];
  const some = files.filter((file) => hints.some((hint) => project.read(file)?.includes(hint)));
  const own = some.filter((file) => !isAside(file));
  return (own.length > 0 ? own : some).sort(comparePlaces).slice(0, MAX_CANDIDATES);
}

function usualModules(project: ProjectFiles): Candidate[] {
  const usual = MODULES.flatMap((name) => filesNamed(project, name));
  const atTop = project.list().filter((file) => file.endsWith('.py') && !file.includes('/'));
  const ranks = new Map([...new Set([...usual, ...atTop])].map((file, index) => [file, index]));
  return withHint(project, [...ranks.keys()])
    .sort((a, b) => Number(isAside(a)) - Number(isAside(b)) || (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0))
    .map((file) => candidate(project, file));
}

/** The folder on sys.path from which a module is imported: above its outermost package. */
function rootOf(project: ProjectFiles, file: string): string {
  const files = project.list();
  let folder = parentFolder(file);
  while (folder !== '' && files.includes(`${folder}/__init__.py`)) folder = parentFolder(folder);
  return folder;
}

/** FLASK_APP as .env and .flaskenv have it; the first wins. https://flask.palletsprojects.com/en/stable/cli/#environment-variables-from-dotenv */
function flaskAppVariable(project: ProjectFiles): {
  candidates: Candidate[];
  because: FlaskApps['because'];
} {
  const files = ['.env', '.flaskenv']
    .flatMap((name) => filesNamed(project, name))
    .filter((file) => !isAside(file));
  for (const file of files) {
    const lines = project.read(file)?.split('\n') ?? [];
    const index = lines.findIndex((line) => /^\s*(?:export\s+)?FLASK_APP\s*=/.test(line));
    const text = lines[index]
      ?.replace(/^[^=]*=\s*/, '')
      .replace(/\s+#.*$/, '')
      .trim()
      .replace(/^(["'])(.*)\1$/, '$2');
    if (text === undefined || text === '') continue;
    const from = [{ file, line: index + 1 }];
    const colon = text.search(/:(?![\\/])/);
    const [module, name] = colon === -1 ? [text, undefined] : [text.slice(0, colon), text.slice(colon + 1)];
    if (name?.endsWith(')') && !name.endsWith('()')) {
      const why = `${file} has FLASK_APP=${text}, and a server calls a factory without arguments: a wsgi.py can call it`;
      return { candidates: [], because: { text: why, from } };
    }
    const found = locate(project, parentFolder(file), module);
    if (found === undefined) continue;
    return {
      candidates: [{ ...found, from, ...(name !== undefined && { name: name.replace('()', '') }) }],
      because: undefined,
    };
  }
  return { candidates: [], because: undefined };
}

/** "hello", "hello.py", "shop.wsgi", "src/shop": a module seen from a folder. */
function locate(
  project: ProjectFiles,
  folder: string,
  module: string,
): { file: string; root: string } | undefined {
  const files = project.list();
  const path = module.replace(/^\.\//, '').replace(/\.py$/, '');
  for (const root of [folder, joinFolder(folder, 'src')]) {
    const base = joinFolder(root, module.endsWith('.py') ? path : path.replaceAll('.', '/'));
    const file = [`${base}.py`, `${base}/__init__.py`].find((one) => files.includes(one));
    if (file !== undefined) return { file, root: path.includes('/') ? rootOf(project, file) : root };
  }
  return undefined;
}

function readAll(project: ProjectFiles, candidates: readonly Candidate[]): FlaskApp[] {
  const read = candidates.map((one) => readCandidate(project, one)).filter((one) => one !== undefined);
  return [...new Map(read.map((one) => [`${one.root}:${one.app}`, one])).values()];
}

/** Each with an evaluator of its own: what other modules read from the environment is not this one's. */
function readCandidate(project: ProjectFiles, { file, root, name, from }: Candidate): FlaskApp | undefined {
  const evaluate = flaskEvaluator(project, root);
  const module = evaluate.module(file);
  const dotted = dottedName([root], file);
  for (const one of name === undefined ? NAMES : [name]) {
    const found = unwrap(module?.get(one));
    if (found) {
      const place = module?.get(one)?.flatMap((each) => each.from.filter((at) => at.file === file));
      return {
        ...found,
        app: `${dotted}:${one}`,
        root,
        from: place?.length ? place.slice(0, 1) : from,
        evaluate,
      };
    }
  }
  for (const one of name === undefined ? FACTORIES : [name]) {
    const found = unwrap(evaluate.call(file, one));
    if (found) {
      const place = module?.get(one)?.flatMap((each) => [...each.from]) ?? [];
      return {
        ...found,
        app: `${dotted}:${one}()`,
        root,
        from: place.length > 0 ? place.slice(0, 1) : from,
        evaluate,
      };
    }
  }
  return undefined;
}

/** The call of Flask(...) in a value, and what is wrapped around it: ProxyFix(app). */
function unwrap(
  value: Abstract | undefined,
  depth = 0,
): { object: CallData; middleware: CallData[] } | undefined {
  for (const { data } of value ?? []) {
    if (data.t !== 'call' || depth > 5) continue;
    if (APPS.includes(data.name)) return { object: data, middleware: [] };
    const inner = unwrap(data.args.positional[0], depth + 1);
    if (inner) return { ...inner, middleware: [data, ...inner.middleware] };
  }
  return undefined;
}

/** A factory that nobody can call without arguments, where there is no other app. */
function uncallable(project: ProjectFiles): FlaskApps['because'] {
  const files = project.list().filter((file) => file.endsWith('.py') && !isAside(file));
  for (const file of files) {
    const text = project.read(file);
    const index = text?.includes('Flask(')
      ? text.split('\n').findIndex((line) => /^def (create_app|make_app)\(/.test(line))
      : -1;
    if (index !== -1) {
      const why = `the factory in ${file} cannot be followed without arguments: a wsgi.py can call it`;
      return { text: why, from: [{ file, line: index + 1 }] };
    }
  }
  return undefined;
}

function flaskEvaluator(project: ProjectFiles, root: string): Evaluator {
  const roots = [...new Set([root, joinFolder(root, 'src'), ''])];
  const watched: Watched = { attribute: (object, name) => attributeOf(project, evaluate, object, name) };
  const evaluate: Evaluator = evaluator(project, {
    roots,
    watch: Object.fromEntries([
      ...APPS.map((name) => [name, watched]),
      ...BLUEPRINTS.map((name) => [name, {}]),
    ]),
  });
  return evaluate;
}

/** https://flask.palletsprojects.com/en/stable/api/#flask.Flask */
function attributeOf(
  project: ProjectFiles,
  evaluate: Evaluator,
  object: CallData,
  name: string,
): Data | undefined {
  switch (name) {
    case 'root_path':
      return str(joinPurePaths(PROJECT, rootPath(evaluate, object)));
    case 'instance_path':
      return str(joinPurePaths(PROJECT, instancePath(project, evaluate, object)));
    // A server never turns them on.
    case 'debug':
    case 'testing':
      return bool(false);
    default:
      return undefined;
  }
}

/** The file of the module or package that the app is named after: Flask(__name__). */
function moduleFile(evaluate: Evaluator, { args, at }: CallData): string {
  const name = only(args.positional[0] ?? args.named.get('import_name'), 'str')?.v;
  return (name === undefined ? undefined : evaluate.locate(name)?.file) ?? at.file;
}

/** Where static folder and templates are looked for: the folder of that module. */
export function rootPath(evaluate: Evaluator, object: CallData): string {
  return parentFolder(moduleFile(evaluate, object));
}

/** "instance" beside the outermost package. https://flask.palletsprojects.com/en/stable/config/#instance-folders */
export function instancePath(project: ProjectFiles, evaluate: Evaluator, object: CallData): string {
  const given = only(object.args.named.get('instance_path'), 'str')?.v;
  if (given !== undefined) return given;
  return joinFolder(rootOf(project, moduleFile(evaluate, object)), 'instance');
}
