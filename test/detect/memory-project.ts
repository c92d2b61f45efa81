import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ProjectFiles } from '../../src/words/project-files.ts';

/** A project that exists only in memory: paths to texts; undefined for a file that cannot be read as text. */
export function memoryProject(files: Record<string, string | undefined>, name = 'shop'): ProjectFiles {
  const paths = Object.keys(files).sort();
  return { name, list: () => paths, read: (path) => files[path] };
}

/** The files of a folder, as a project in memory. */
function folderFiles(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Object.fromEntries(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(folder.length + 1), readFileSync(path, 'utf8')];
    }),
  );
}

/** What `django-admin startproject mysite .` of Django 6.1 writes, file by file. */
export function startproject(more: Record<string, string | undefined> = {}): ProjectFiles {
  const folder = join(import.meta.dirname, 'startproject');
  return memoryProject({ ...folderFiles(folder), ...more }, basename(folder));
}
