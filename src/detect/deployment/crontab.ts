/** Commands at times: five fields, in a system's own file a user, and the command. https://manpages.debian.org/crontab(5) */

import { NOTHING, type Said } from '../../contract/earlier.ts';
import type { ProjectFiles } from '../../words/project-files.ts';
import { account } from './accounts.ts';

const COMMAND = /^\s*(?:@\w+|(?:[\d*][\w*/,-]*\s+){4}[\d*\w/,-]+)\s+\S/;
const VARIABLE = /^\s*["']?(\w+)["']?\s*=/;

/** No answer stands for a command at a time: each is listed, and so is what it is run with. */
export function readCrontab(project: ProjectFiles, file: string): Said {
  const lines = project.read(file)?.split(/\r?\n/) ?? [];
  const accounts = lines.flatMap((line, index) => {
    const at = { file, line: index + 1 };
    const text = line.trim();
    if (text === '' || text.startsWith('#')) return [];
    const name = VARIABLE.exec(line)?.[1];
    if (name !== undefined) return [account(name, `${name} is set for them`, at, 'schedule')];
    return COMMAND.test(line)
      ? [account('command', text, at, 'schedule')]
      : [account('line', text, at, 'unknown')];
  });
  return { ...NOTHING, accounts };
}
