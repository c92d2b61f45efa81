/** Which files are of an earlier deployment, and of which kind; which folder of the project a path on a host stands for. */

import type { ProjectFiles } from '../../words/project-files.ts';
import { hasFolder, isAside } from '../entry-files.ts';

/** Words of files that are for a developer's machine. */
const DEVELOPMENT =
  /(?:^|[._/-])(?:dev|devel|development|local|test|tests|testing|ci|debug|override)(?:[._/-]|$)/i;
const PRODUCTION = /(?:^|[._/-])(?:prod|prd|production|live|deploy|deployment)(?:[._/-]|$)/i;

/** Is a file for a developer's machine, by its path? */
export function isForDevelopment(file: string): boolean {
  return isAside(file) || (DEVELOPMENT.test(file) && !PRODUCTION.test(file));
}

/** The likelier it is that the live site is run by it, the higher. */
export function likelihood(file: string): number {
  return PRODUCTION.test(file) ? 1 : 0;
}

/** The folder of the project that a path on a host or in an image means: the longest end of it that the project has. */
export function folderOf(project: ProjectFiles, path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  for (let from = 0; from < parts.length; from++) {
    const end = parts.slice(from).join('/');
    if (hasFolder(project, end)) return end;
  }
  return '';
}
