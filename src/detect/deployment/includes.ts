/** Files that a configuration file takes in. */
import { joinFolder, parentFolder } from '../../evaluate/modules.ts';
import type { ProjectFiles } from '../../words/project-files.ts';

/** The project's files that an include names, with * and ? for anything: seen from the file's folder, or by the end of the path. */
export function includedFiles(project: ProjectFiles, from: string, path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  const folder = parentFolder(from);
  const ends = path.startsWith('/') ? parts.map((_, index) => parts.slice(index)) : [parts];
  for (const end of ends) {
    const name = end.join('/');
    if (/^[*?]+$/.test(name)) continue;
    for (const inside of folder === '' ? [name] : [joinFolder(folder, name), name]) {
      const found = matching(project, inside).filter((file) => file !== from);
      if (found.length > 0) return found;
    }
  }
  return [];
}

function matching(project: ProjectFiles, path: string): string[] {
  const pieces = up(path).split(/([*?])/);
  const source = pieces.map((piece) =>
    piece === '*' ? '[^/]*' : piece === '?' ? '[^/]' : piece.replace(/[\\^$.|+()[\]{}]/g, '\\$&'),
  );
  const pattern = new RegExp(`^${source.join('')}$`);
  return project.list().filter((file) => pattern.test(file));
}

/** "conf/../shared" is "shared". */
function up(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/'))
    if (part === '..') parts.pop();
    else parts.push(part);
  return parts.join('/');
}
