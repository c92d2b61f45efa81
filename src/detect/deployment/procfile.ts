/** A Procfile: a name and a command line each. https://devcenter.heroku.com/articles/procfile */

import { type Account, NOTHING, type Process, type Said } from '../../contract/earlier.ts';
import { parentFolder } from '../../evaluate/modules.ts';
import type { ProjectFiles } from '../../words/project-files.ts';
import { account } from './accounts.ts';

export function readProcfile(project: ProjectFiles, file: string): Said {
  const processes: Process[] = [];
  const accounts: Account[] = [];
  for (const [index, line] of (project.read(file)?.split(/\r?\n/) ?? []).entries()) {
    const at = { file, line: index + 1 };
    const text = line.trim();
    const [, name, command] = /^([\w-]+)\s*:\s*(.+)$/.exec(text) ?? [];
    if (text === '' || text.startsWith('#')) continue;
    if (name === undefined || command === undefined) accounts.push(account('line', text, at, 'unknown'));
    else {
      accounts.push(account(name, name, at, 'taken'));
      processes.push({
        ...{ name, command, folder: parentFolder(file), environment: new Map(), at },
        // https://devcenter.heroku.com/articles/release-phase
        ...(name === 'release' ? { isOfRelease: true } : { kept: true }),
      });
    }
  }
  return { ...NOTHING, processes, accounts };
}
