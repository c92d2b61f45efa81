/** What is to be known of a project as it was read, whatever it is to become. */
import { join } from 'node:path';
import type { ReadProject } from '../system/project.ts';
import type { Finding } from '../words/finding.ts';

/** Parts of the project that were not read. */
export function readingFindings(project: ReadProject): Finding[] {
  return [...unreadableFindings(project), ...outsideFindings(project)];
}

/** What this user may not read: settings there would pass for settings that nobody made. */
function unreadableFindings({ folder, unreadable }: ReadProject): Finding[] {
  return unreadable.map((path) => ({
    code: 'project-unreadable',
    tool: 'project',
    level: 'unchecked',
    file: join(folder, path),
    message: 'it cannot be read, so what it says about the project is unknown',
    remedy: 'Run this as a user who may read the project.',
  }));
}

/** Whatever such a link leads to, a stranger's project has no business with it. */
function outsideFindings({ folder, outside }: ReadProject): Finding[] {
  return outside.map((path) => ({
    code: 'project-link-outside',
    tool: 'project',
    level: 'warning',
    file: join(folder, path),
    message: 'the link leads out of the project, and is not followed: what it leads to was not read',
    remedy: 'Put the file itself there, or give the folder that has both.',
  }));
}
