/**
 * Any WSGI app, by the one sign that the standard has: a module wsgi.py with an application in it.
 * https://peps.python.org/pep-3333/
 */

import type { Detector } from '../../contract/detections.ts';
import type { Part } from '../../contract/earlier.ts';
import { rootOf, unreadable, wrappers } from '../../detect/apps.ts';
import { comparePlaces, filesNamed, isAside } from '../../detect/entry-files.ts';
import { readPlain } from '../../detect/plain.ts';
import type { CallData } from '../../evaluate/data.ts';
import { evaluator } from '../../evaluate/index.ts';
import { dottedName, sourceFolders } from '../../evaluate/modules.ts';
import type { Detection } from '../../words/detection.ts';
import type { ProjectFiles } from '../../words/project-files.ts';

const NAMES = ['application', 'app'];

/** Reads a project whose framework is not known; undefined where it has no wsgi.py with an application. */
export function detectWsgi(project: Part): Detection | undefined {
  const files = filesNamed(project, 'wsgi.py').filter((file) => !isAside(file));
  for (const file of files.sort(comparePlaces)) {
    const root = rootOf(project, file);
    const evaluate = evaluator(project, { roots: sourceFolders(root) });
    const module = evaluate.module(file);
    const name = NAMES.find((one) => module?.get(one) !== undefined);
    const value = name === undefined ? undefined : module?.get(name);
    if (value === undefined) continue;
    const own = value.flatMap((one) => one.from.filter((at) => at.file === file))[0];
    const at = own ?? { file, line: 1 };
    const object: CallData = {
      ...{ t: 'call', name: '', at },
      args: { positional: [], named: new Map(), open: false },
    };
    const app = {
      ...{ app: `${dottedName([root], file)}:${name}`, root, from: [at] },
      ...{ object, middleware: wrappers(value), evaluate },
    };
    return { named: true, ...readPlain(project, app, { framework: 'wsgi', served: [], routes: [] }) };
  }
  return scriptOf(project);
}

export const wsgiDetector: Detector = {
  framework: 'wsgi',
  general: true,
  detect: detectWsgi,
};

/** The framework that the code imports. */
function imported(project: ProjectFiles): string | undefined {
  const texts = project
    .list()
    .filter((one) => one.endsWith('.py') && !isAside(one))
    .map((one) => project.read(one) ?? '');
  return ['django', 'flask', 'pyramid', 'falcon', 'bottle'].find((name) => {
    const imports = new RegExp(`^[ \\t]*(?:from|import)[ \\t]+${name}\\b`, 'm');
    return texts.some((text) => imports.test(text));
  });
}

/** mod_wsgi runs a file of any name; nothing else can import it. https://modwsgi.readthedocs.io/en/master/user-guides/configuration-guidelines.html */
function scriptOf(project: ProjectFiles): Detection | undefined {
  const file = project.list().find((one) => one.endsWith('.wsgi') && !isAside(one));
  if (file === undefined) return undefined;
  const text = `${file} is not a module that a server could import: with what it does in a wsgi.py, it is wsgi:application`;
  return unreadable(project, imported(project) ?? 'wsgi', { text, from: [{ file, line: 1 }] });
}
