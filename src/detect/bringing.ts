/** Whether a release can bring a module to an app. */

import { joinFolder } from '../evaluate/modules.ts';
import type { Obstacle } from '../words/detection.ts';
import type { ProjectFiles } from '../words/project-files.ts';
import type { Evidence } from '../words/value.ts';
import { isAside } from './entry-files.ts';

/** Its name is taken: the project's own module would be lost. */
export function takenName(project: ProjectFiles, root: string, module: string): Obstacle | undefined {
  const file = joinFolder(root, `${module}.py`);
  return project.list().includes(file)
    ? { because: `the project has a module ${module} itself`, from: [{ file, line: 1 }] }
    : undefined;
}

/** The lines of a file that match. */
export function linesLike(project: ProjectFiles, file: string, pattern: RegExp): Evidence[] {
  const lines = project.read(file)?.split('\n') ?? [];
  return lines.flatMap((text, index) => (pattern.test(text) ? [{ file, line: index + 1 }] : []));
}

/** Another setting is made of the key, when the module is loaded: it would keep the old one. */
const OF_KEY =
  /^(?!\s*#)(?!\s*(?:\w+\.)*(?:config\[["'])?(?:SECRET_KEY|secret_key)(?:["']\])?\s*=[^=])(?:\S.*(?:config\[["']SECRET_KEY["']\]|\w\.secret_key\b)|\s*[A-Z][A-Z0-9_]*\s*=.*(?<![\w."'])SECRET_KEY\b(?!\s*=[^=]))/;

/** Where the key of an app is used for more than the framework uses it for, as its modules are loaded. */
export function usesOfKey(project: ProjectFiles, root: string): Obstacle | undefined {
  const [first] = project
    .list()
    .filter((file) => file.endsWith('.py') && !isAside(file) && (root === '' || file.startsWith(`${root}/`)))
    .filter((file) => /SECRET_KEY|secret_key/.test(project.read(file) ?? ''))
    .flatMap((file) => linesLike(project, file, OF_KEY));
  return first && { because: `more follows from it (${first.file}:${first.line})`, from: [first] };
}
