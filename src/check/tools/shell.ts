/** Scripts: does a shell read them, and what does shellcheck say? https://www.shellcheck.net/wiki/ */

import type {
  Judged,
  Reading,
  StagedFile,
  ToolResult,
  TreeFile,
  Validator,
} from '../../contract/validator.ts';
import type { Finding } from '../../words/finding.ts';
import { firstLine, words } from '../run.ts';
import { pythonIsRead } from './python.ts';

/** `sh -n` for each script: does the shell read it to its end? */
export const shellReadsScripts: Validator = {
  tool: 'sh',
  checks: 'whether a shell reads the scripts',
  package: 'dash',
  // With -n nothing is run: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_25
  risk: () => undefined,

  prepare(context) {
    const scripts = scriptsOf(context);
    if (scripts.length === 0) return undefined;
    const loop = `for script; do "$0" -n "$script"; done`;
    return {
      files: scripts.map(staged),
      command: [context.tool, '-c', loop, context.tool, ...scripts.map(pathOf)],
    };
  },

  read: readShell,
};

/** `shellcheck` of the scripts as POSIX sh, with those of them that others source; matters of style are left out. */
export const shellcheckAccepts: Validator = {
  tool: 'shellcheck',
  checks: 'what shellcheck says of the scripts',
  package: 'shellcheck',
  // It reads the scripts that it is given, and no others: `--external-sources` would have it read any file that a
  // script names. No file of settings is looked for.
  risk: () => undefined,

  prepare(context) {
    const scripts = scriptsOf(context);
    if (scripts.length === 0) return undefined;
    const options = ['--norc', '--format=json1', '--severity=info', '--source-path=SCRIPTDIR'];
    return { files: scripts.map(staged), command: [context.tool, ...options, '--', ...scripts.map(pathOf)] };
  },

  read: readShellcheck,
};

/** What is not a unit's business but the installer's. */
export const hostValidators: readonly Validator[] = [shellReadsScripts, shellcheckAccepts, pythonIsRead];

/** Files that a POSIX shell reads: by their first line, or by their name. */
function scriptsOf({ files }: Judged): TreeFile[] {
  return files.filter(
    ({ path, text }) => /^#!\s*(?:\/usr)?\/bin\/(?:env )?sh\b/.test(text) || path.endsWith('.sh'),
  );
}

/** As they lie in the output folder, so that one script finds another. The name is never taken for an option. */
function pathOf({ shown }: TreeFile): string {
  return `tree/${shown.replace(/^\/+/, '').replaceAll('../', 'up/')}`;
}

function staged(file: TreeFile): StagedFile {
  return { path: pathOf(file), text: file.text, shown: file.shown };
}

/** dash: "FILE: 3: Syntax error: …"; bash and busybox: "FILE: line 3: syntax error …". */
const COMPLAINT = /^(.+?): (?:line )?(\d+): (.*)$/;

/** The shell's words as findings. */
export function readShell(result: ToolResult, context: Reading): Finding[] {
  return words(result)
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => shellFinding(line, context));
}

function shellFinding(text: string, context: Reading): Finding {
  const [, path = '', line = '', message = ''] = COMPLAINT.exec(text) ?? [];
  const file = context.locate(path);
  const remedy =
    'Look at this line and the ones before: a word such as "fi", "done" or a quote is missing or too much.';
  if (file === undefined)
    return { code: 'sh-complains', tool: 'sh', level: 'error', message: context.clean(text), remedy };
  return { code: 'sh-complains', tool: 'sh', level: 'error', file, line: Number(line), message, remedy };
}

interface Comment {
  file: string;
  line: number;
  level: string;
  code: number;
  message: string;
}

/** shellcheck's JSON as findings. */
export function readShellcheck(result: ToolResult, context: Reading): Finding[] {
  const comments = commentsOf(result.stdout);
  if (comments === undefined) {
    const message = `shellcheck does not work here: ${context.clean(firstLine(result))}`;
    return [
      {
        code: 'tool-failed',
        tool: 'shellcheck',
        level: 'unchecked',
        message,
        remedy: 'Install shellcheck 0.7 or newer.',
      },
    ];
  }
  return comments.map((comment) => shellcheckFinding(comment, context));
}

function commentsOf(json: string): Comment[] | undefined {
  try {
    const { comments } = JSON.parse(json) as { comments?: unknown };
    return Array.isArray(comments) ? comments : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function shellcheckFinding({ file, line, level, code, message }: Comment, context: Reading): Finding {
  return {
    code: 'shellcheck-warns',
    tool: 'shellcheck',
    level: level === 'error' ? 'error' : 'warning',
    file: context.locate(file) ?? context.clean(file),
    line,
    message: `${context.clean(message)} (SC${code})`,
    remedy: `See https://www.shellcheck.net/wiki/SC${code}`,
  };
}
