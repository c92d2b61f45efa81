/**
 * The parts of a repository that holds several apps, each in a folder of its own. A part is read as if the others were
 * not there, so that nothing of one app is said of another.
 */

import { fileName, isWithin, parentFolder } from '../evaluate/modules.ts';
import type { ProjectFiles } from '../words/project-files.ts';
import { isAside } from './entry-files.ts';

/** What makes a folder one that is deployed by itself. */
const MARKERS = new Set([
  ...['manage.py', 'pyproject.toml', 'requirements.txt', 'setup.py', 'Pipfile', 'Procfile', 'Dockerfile'],
  ...['app.yaml', 'fly.toml', 'uv.lock', 'poetry.lock'],
]);

/**
 * A project as each of its apps sees it; the project itself where it has one app, or none that lies by itself.
 *
 * @param marks What the text of a module has that makes an app, or says which app is started.
 */
export function partsOf(project: ProjectFiles, marks: readonly RegExp[]): readonly ProjectFiles[] {
  const hasApp = (file: string) => {
    const text = project.read(file) ?? '';
    return marks.some((mark) => mark.test(text));
  };
  const files = project.list();
  const marked = files.filter((file) => MARKERS.has(fileName(file)) && !isAside(file));
  const folders = [...new Set(marked.map(parentFolder))];
  if (folders.length < 2) return [project];
  const innermost = (file: string) =>
    folders.filter((folder) => isWithin(file, folder)).sort((a, b) => b.length - a.length)[0];
  const withApp = new Set(
    files
      .filter((file) => file.endsWith('.py') && !isAside(file) && hasApp(file))
      .map(innermost)
      .filter((folder) => folder !== undefined),
  );
  return withApp.size < 2
    ? [project]
    : [...withApp].sort().map((folder) => view(project, folder, [...withApp]));
}

/** Without the files of the other parts; of a part around this one, only what is not code. */
function view(project: ProjectFiles, part: string, all: readonly string[]): ProjectFiles {
  const others = all.filter((other) => other !== part);
  const inside = others.filter((other) => isWithin(part, other));
  const apart = others.filter((other) => !isWithin(part, other));
  const files = project
    .list()
    .filter((file) => !apart.some((other) => isWithin(file, other)))
    .filter((file) => inside.length === 0 || isWithin(file, part) || !file.endsWith('.py'));
  const there = new Set(files);
  return {
    name: project.name,
    list: () => files,
    read: (path) => (there.has(path) ? project.read(path) : undefined),
    isDamaged: (path) => project.isDamaged?.(path) === true,
  };
}
