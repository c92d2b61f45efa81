/** Commands at times: five fields, in a system's own file a user, and the command. https://manpages.debian.org/crontab(5) */

import { NOTHING, type Remark, type Said } from '../../contract/earlier.ts';
import type { ProjectFiles } from '../../words/project-files.ts';
import { withoutSecrets } from './starts.ts';

const LINE = /^\s*(?:@\w+|(?:[\d*][\w*/,-]*\s+){4}[\d*\w/,-]+)\s+\S/;

/** No answer stands for a command at a time: each is listed. */
export function readCrontab(project: ProjectFiles, file: string): Said {
  const lines = project.read(file)?.split(/\r?\n/) ?? [];
  const leftOver = lines.flatMap((line, index): Remark[] =>
    LINE.test(line)
      ? [{ text: `at its times, it runs ${withoutSecrets(line.trim())}`, at: { file, line: index + 1 } }]
      : [],
  );
  return { ...NOTHING, leftOver };
}
