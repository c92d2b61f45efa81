/** A Procfile: a name and a command line each. https://devcenter.heroku.com/articles/procfile */

import { NOTHING, type Said } from '../../contract/earlier.ts';
import { parentFolder } from '../../evaluate/modules.ts';
import type { ProjectFiles } from '../../words/project-files.ts';

export function readProcfile(project: ProjectFiles, file: string): Said {
  const lines = project.read(file)?.split(/\r?\n/) ?? [];
  const processes = lines.flatMap((line, index) => {
    const [, name, command] = /^([\w-]+)\s*:\s*(.+)$/.exec(line) ?? [];
    return name === undefined || command === undefined
      ? []
      : [
          {
            name,
            command,
            folder: parentFolder(file),
            environment: new Map(),
            // https://devcenter.heroku.com/articles/release-phase
            kept: name !== 'release',
            at: { file, line: index + 1 },
          },
        ];
  });
  return { ...NOTHING, processes };
}
