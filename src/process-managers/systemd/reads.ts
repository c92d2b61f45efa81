/** A service of systemd's. https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html */

import { type EarlierFiles, NOTHING, type Said } from '../../contract/earlier.ts';
import { folderOf } from '../../detect/deployment/places.ts';
import { fileName } from '../../evaluate/modules.ts';
import { DIALECTS } from '../../formats/ini/dialects.ts';
import { readIni } from '../../formats/ini/read.ts';
import { systemdWords } from '../../formats/systemd/words.ts';
import type { ProjectFiles } from '../../words/project-files.ts';

export const earlierSystemd: EarlierFiles = {
  unit: 'systemd',
  start: true,
  is: (name, text) => /\.service(?:\.\w+)?$/.test(name) && text().includes('ExecStart'),
  read: readService,
};

function readService(project: ProjectFiles, file: string): Said {
  const service = readIni(project, file, DIALECTS.systemd).get('Service')?.entries;
  const start = service?.get('ExecStart');
  if (service === undefined || start === undefined) return NOTHING;
  return {
    ...NOTHING,
    processes: [
      {
        name: fileName(file).replace(/\.service.*$/, ''),
        // https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html#Command%20lines
        command: start.value.replace(/^[-@:+!|]+/, ''),
        folder: folderOf(project, service.get('WorkingDirectory')?.value ?? ''),
        environment: environmentOf(service.get('Environment')?.value ?? ''),
        at: start.at,
        kept: true,
      },
    ],
  };
}

/** Environment="A=b c" D=e */
function environmentOf(text: string): Map<string, string> {
  return new Map(
    systemdWords(text).flatMap((word) => {
      const [, name, value = ''] = /^([A-Za-z_]\w*)=(.*)$/s.exec(word) ?? [];
      return name === undefined ? [] : [[name, value] as const];
    }),
  );
}
