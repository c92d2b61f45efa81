import { join, resolve } from 'node:path';
import { BASE_FOLDER, isOfKit, UNDECIDED } from '../kit/changes.ts';
import { UserError } from '../system/error.ts';
import { refuseOutput } from '../system/output.ts';
import { isFolder, type ReadProject, readProject } from '../system/project.ts';
import type { Terminal } from '../system/terminal.ts';
import { finishWriting, isUnfinished } from '../system/write.ts';
import { ANSWERS_FILE } from '../words/answers-file.ts';
import { type CommandOption, type Invocation, projectDir } from './command.ts';

/** Where things are, from the command line. */
export interface Places {
  project: ReadProject;
  /** Absolute path of the output folder. */
  out: string;
  /** The same, as a person in this folder would write it. */
  shownOut: string;
  /** Folders that the person named to look for tools in; absolute. */
  tools: readonly string[];
}

/** The flag of every command that asks the real tools. */
export const TOOLS_OPTION: CommandOption = {
  type: 'string',
  placeholder: 'DIR',
  multiple: true,
  help: "Look for the real tools in this folder first, such as the project's .venv/bin; may be repeated. Otherwise nothing in a project is run.",
};

/**
 * The project and the output folder that a command line names.
 *
 * @throws UserError where the project's folder cannot be read, the one to write to is none that may be, or one for
 *   tools is none.
 */
export function findPlaces(invocation: Invocation): Places {
  const dir = projectDir(invocation);
  const project = readProject(dir);
  const given = invocation.values.out;
  // An unset variable in a script: the files would land wherever it runs.
  if (given === '')
    throw new UserError('flag-misused', '--out is empty', 'Name the folder to write to, or leave out --out.');
  const tools = toolFolders(invocation.values.tools);
  const [out, shownOut] =
    typeof given === 'string'
      ? [resolve(given), given]
      : [join(project.folder, 'deploy'), join(dir, 'deploy')];
  refuseOutput(out, shownOut, project.folder);
  return { project, tools, out, shownOut };
}

/** An earlier run may have been ended in the middle: what it had decided is done first. */
export function finishEarlier({ out, shownOut }: Places, terminal: Terminal): void {
  const isOurs = (path: string) =>
    path === ANSWERS_FILE ||
    path === UNDECIDED ||
    isOfKit(path.startsWith(`${BASE_FOLDER}/`) ? path.slice(BASE_FOLDER.length + 1) : path);
  if (finishWriting(out, isOurs))
    terminal.say(`An earlier run was ended while it wrote to ${shownOut}. It has now been finished.\n`);
}

/** For what only reads: files of which some are old and some new would say nothing. @throws UserError */
export function refuseUnfinished({ out, shownOut }: Places): void {
  if (isUnfinished(out))
    throw new UserError(
      'run-unfinished',
      `an earlier run was cut off while it wrote to ${shownOut}`,
      'Run deploy-scaffold init: it finishes that first.',
      1,
    );
}

function toolFolders(given: unknown): string[] {
  return ((given ?? []) as string[]).map((folder) => {
    if (folder !== '' && isFolder(folder)) return resolve(folder);
    throw new UserError(
      'tools-folder-missing',
      `--tools ${folder} is not a folder`,
      'Name the folder that has the tools: --tools .venv/bin',
    );
  });
}
