/** A Procfile: a name and a command line each. https://devcenter.heroku.com/articles/procfile */
import type { ProjectFiles } from '../project.ts';
import { parentFolder } from '../python/modules.ts';
import { NOTHING, type Said } from './process.ts';

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
            at: { file, line: index + 1 },
          },
        ];
  });
  return { ...NOTHING, processes };
}
