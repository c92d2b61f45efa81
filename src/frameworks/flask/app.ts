/**
 * Where a Flask app is: FLASK_APP, the usual modules and packages, and the names that Flask itself looks for.
 * https://flask.palletsprojects.com/en/stable/cli/#application-discovery
 */

import type { Part } from '../../contract/earlier.ts';
import { type AppKind, type Candidate, type FoundApps, findApps, rootOf } from '../../detect/apps.ts';
import { filesNamed, isAside, moduleIn } from '../../detect/entry-files.ts';
import { bool, type CallData, type Data, str } from '../../evaluate/data.ts';
import { type Evaluator, evaluator, type Watched } from '../../evaluate/index.ts';
import { joinFolder, parentFolder, sourceFolders } from '../../evaluate/modules.ts';
import { only } from '../../evaluate/run.ts';
import { joinPurePaths, PROJECT } from '../../words/paths.ts';
import type { ProjectFiles } from '../../words/project-files.ts';

const APPS = ['flask.Flask', 'flask.app.Flask', 'apiflask.APIFlask'];
export const BLUEPRINTS = ['flask.Blueprint', 'flask.blueprints.Blueprint', 'apiflask.APIBlueprint'];

const FLASK: AppKind = {
  framework: 'flask',
  makers: APPS,
  hints: ['Flask'],
  names: ['app', 'application'],
  servers: ['wsgi.py'],
  evaluator: flaskEvaluator,
};

/** Finds the apps of a project; none where nothing makes one. */
export function findFlaskApps(project: Part): FoundApps {
  const variable = flaskAppVariable(project);
  const found = findApps(project, FLASK, variable.candidates);
  const none = found.named.length + found.others.length === 0;
  const because = variable.because ?? calledWith(project) ?? (none ? uncallable(project) : undefined);
  return { ...found, because };
}

/** What a server was started with, where that is a factory with arguments. */
function calledWith(project: Part): FoundApps['because'] {
  const start = project.earlier().starts.find(({ call, development }) => call !== undefined && !development);
  if (start === undefined) return undefined;
  const text = `${start.at.file} starts ${start.call}, and a server here calls a factory without arguments: a wsgi.py can call it`;
  return { text, from: [start.at] };
}

/** FLASK_APP as .env and .flaskenv have it; the first wins. https://flask.palletsprojects.com/en/stable/cli/#environment-variables-from-dotenv */
function flaskAppVariable(project: ProjectFiles): {
  candidates: Candidate[];
  because: FoundApps['because'];
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
  const path = module.replace(/^\.\//, '').replace(/\.py$/, '');
  const shown = module.endsWith('.py') ? path : path.replaceAll('.', '/');
  const found = moduleIn(project, [folder, joinFolder(folder, 'src')], shown);
  return found && path.includes('/') ? { ...found, root: rootOf(project, found.file) } : found;
}

/** A factory that nobody can call without arguments, where there is no other app. */
function uncallable(project: ProjectFiles): FoundApps['because'] {
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
  const roots = sourceFolders(root);
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
