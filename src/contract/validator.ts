/** How a real tool is asked about the generated files. Units state it as data; src/check/run.ts does it. */

import type { Finding } from '../words/finding.ts';
import type { Plan } from './plan.ts';

/** A file of the deployment as it is on disk. */
export interface TreeFile {
  /** Absolute path on the host; relative to the output folder where the file is the kit's own ("install.sh"). */
  path: string;
  /** The same file, as the person sees it: relative to the folder that deploy-scaffold wrote to. */
  shown: string;
  mode: number;
  text: string;
  /** It is not, byte for byte, what deploy-scaffold writes: whoever wrote it may mean harm. */
  edited: boolean;
}

/** What a tool would do for an edited file beside reading it: "gunicorn runs it", and the line where that stands. */
export interface Risk {
  because: string;
  line?: number;
}

/** A file of the staged copy. Texts keep their line count, so that a tool's line numbers are the tree's. */
export interface StagedFile {
  /** Relative to the stage. */
  path: string;
  text: string;
  mode?: number;
  /** The tree's file that it stands for, as the person sees it; undefined for stubs. */
  shown?: string;
}

/** What is to be run, in the stage. */
export interface Staging {
  files: StagedFile[];
  /** Commands that prepare the stage, each program and arguments. One that fails means "cannot be checked here". */
  before?: string[][];
  /** The tool's own command: program and arguments. It runs in the stage. */
  command: string[];
  environment?: Record<string, string>;
}

/** How a program ended. Exit codes are not verdicts: what it wrote is. */
export interface ToolResult {
  exitCode: number;
  stdout: string;
  stderr: string;
  /** Why there is no result at all: it could not be started, or did not end in time. */
  failure?: string;
}

/** A tool's version, and the one that the host will have. */
export interface Versions {
  here: string;
  wanted: string;
}

/** What is judged. An app server's tools see one service, with its files alone. */
export interface Judged<Seen = Plan> {
  plan: Seen;
  files: readonly TreeFile[];
}

/** The rendered file of that name; undefined where the kit has none. */
export function fileNamed({ files }: Pick<Judged, 'files'>, name: string): TreeFile | undefined {
  return files.find(({ path }) => path.endsWith(`/${name}`));
}

/**
 * Runs a few lines of Python in the Python of a tool that is written in it, as its first line names it: the tool's own
 * modules are there, and nothing of the project is.
 */
export function inPythonOf(tool: string, script: string, ...parameters: string[]): string[] {
  const start = 'tool=$1; shift; exec $(sed -n "1s/^#!//p" "$tool") -I -c "$@"';
  return ['/bin/sh', '-c', start, 'sh', tool, script, ...parameters];
}

export interface Prepared<Seen = Plan> extends Judged<Seen> {
  /** Absolute path of the stage. */
  stage: string;
  /** Absolute path of the program. */
  tool: string;
  root: boolean;
}

export interface Reading<Seen = Plan> extends Judged<Seen> {
  /** The tree's file that a path in the stage stands for, as the person sees it; undefined for any other. */
  locate(path: string): string | undefined;
  /** A tool's words with the stage's paths turned into those that the person knows. */
  clean(text: string): string;
  /** Where the validator asks for the tool's version. */
  versions?: Versions;
}

export interface Validator<Seen = Plan> {
  /** The program's name, as it is looked for on the PATH. */
  tool: string;
  /** What a missing tool leaves unchecked: "whether nginx accepts its files". */
  checks: string;
  /** The package that has it: Debian's unless it comes from elsewhere. */
  package: string;
  /** Where else the package comes from. */
  from?: 'PyPI';
  /** Folders of the system, beside the PATH, where the tool may be. */
  alsoIn?: readonly string[];
  /** Folders of a project where it often is. They are not looked into, only named: the person may allow it. */
  oftenIn?: readonly string[];
  /**
   * Where the tool's version matters: the arguments that ask for it, where the answer has it (first group), and the
   * version that the host will have. `older`: a tool that is older than that by major or minor number is still asked
   * (`run`), or would only misjudge (`skip`).
   */
  version?: {
    arguments: readonly string[];
    pattern: RegExp;
    wanted(plan: Seen): string;
    older: 'run' | 'skip';
  };
  /**
   * What the tool would run, load, or read elsewhere on this machine because this file says so, which is none that
   * deploy-scaffold wrote; undefined where it only reads the file. With a risk in any of the files the tool is not asked.
   */
  risk(edited: TreeFile): Risk | undefined;
  /** What can be said without the tool, and is said even where the tool is missing. */
  judge?(context: Judged<Seen>): Finding[];
  /** What to stage and to run; undefined where none of the files is this tool's business. */
  prepare(context: Prepared<Seen>): Staging | undefined;
  /** Reads the tool's words. */
  read(result: ToolResult, context: Reading<Seen>): Finding[];
}
