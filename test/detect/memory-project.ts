import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Part } from '../../src/contract/earlier.ts';
import { withEarlier } from '../../src/detect/deployment/index.ts';
import { DETECTIONS } from '../../src/detections.ts';

/** A project that exists only in memory: paths to texts; undefined for a file that cannot be read as text. */
export function memoryProject(files: Record<string, string | undefined>, name = 'shop'): Part {
  const paths = Object.keys(files).sort();
  return withEarlier({ name, list: () => paths, read: (path) => files[path] }, DETECTIONS.earlier);
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
export function startproject(more: Record<string, string | undefined> = {}): Part {
  const folder = join(import.meta.dirname, 'startproject');
  return memoryProject({ ...folderFiles(folder), ...more }, basename(folder));
}
