import { join, resolve } from 'node:path';
import { UserError } from '../system/error.ts';
import { type ReadProject, readProject } from '../system/project.ts';
import { type Invocation, projectDir } from './command.ts';

/** Where things are, from the command line. */
export interface Places {
  project: ReadProject;
  /** Absolute path of the output folder. */
  out: string;
  /** The same, as a person in this folder would write it. */
  shownOut: string;
}

/**
 * The project and the output folder that a command line names.
 *
 * @throws UserError where the project's folder cannot be read, or none is named to write to.
 */
export function findPlaces(invocation: Invocation): Places {
  const dir = projectDir(invocation);
  const project = readProject(dir);
  const given = invocation.values.out;
  // An unset variable in a script: the files would land wherever it runs.
  if (given === '')
    throw new UserError('--out is empty', 'Name the folder to write to, or leave --out away.');
  return typeof given === 'string'
    ? { project, out: resolve(given), shownOut: given }
    : { project, out: join(project.folder, 'deploy'), shownOut: join(dir, 'deploy') };
}
