/** Python files that somebody edited: parsed, since only running them would show more. */

import type { TreeFile, Validator } from '../../contract/validator.ts';
import { parsePython } from '../../evaluate/syntax.ts';
import type { Finding } from '../../words/finding.ts';

const TOOL = 'python';

/** Files that a tool is asked about, or is not and says so. */
const ASKED_ABOUT = /\/(?:gunicorn\.conf|workers)\.py$/;

/** No program is asked: the one that could tell would run the file. */
export const pythonIsRead: Validator = {
  tool: TOOL,
  checks: 'whether Python accepts the file',
  package: 'python3',
  risk: () => undefined,
  judge: ({ files }) =>
    files.filter(({ path, edited }) => edited && path.endsWith('.py')).flatMap(readPythonFile),
  prepare: () => undefined,
  read: () => [],
};

function readPythonFile({ path, shown, text }: TreeFile): Finding[] {
  const [line] = parsePython(shown, text).brokenLines;
  if (line !== undefined)
    return [
      {
        ...{ code: 'python-unreadable', tool: TOOL, level: 'error', file: shown, line },
        message: 'this is not valid Python',
        remedy: 'Correct the line, or one before it: a bracket or a quote may be missing.',
      },
    ];
  if (ASKED_ABOUT.test(path)) return [];
  return [
    {
      ...{ code: 'edit-not-judged', tool: TOOL, level: 'unchecked', file: shown },
      message:
        'this cannot be checked here: the file was edited, and only running it would show whether it works',
      remedy: 'Nothing of a project is run. Try it on the host, in the environment of a release.',
    },
  ];
}
