/** supervisord's programs. http://supervisord.org/configuration.html#program-x-section-settings */

import { type EarlierFiles, NOTHING, type Process, type Said } from '../../contract/earlier.ts';
import { folderOf } from '../../detect/deployment/places.ts';
import { DIALECTS } from '../../formats/ini/dialects.ts';
import { readIni } from '../../formats/ini/read.ts';
import type { ProjectFiles } from '../../words/project-files.ts';

export const earlierSupervisord: EarlierFiles = {
  unit: 'supervisord',
  start: true,
  is: (name, text) => /\.(?:conf|ini|supervisord)$/.test(name) && /^\[program:/m.test(text()),
  read: readSupervisor,
};

function readSupervisor(project: ProjectFiles, file: string): Said {
  const sections = readIni(project, file, DIALECTS.supervisord);
  const processes = [...sections].flatMap(([header, { entries }]): Process[] => {
    const name = /^program:\s*(\S+)/.exec(header)?.[1];
    const command = entries.get('command');
    if (name === undefined || command === undefined) return [];
    return [
      {
        name,
        command: command.value.replaceAll('\n', ' '),
        folder: folderOf(project, entries.get('directory')?.value ?? ''),
        environment: environmentOf(entries.get('environment')?.value ?? ''),
        at: command.at,
        kept: true,
      },
    ];
  });
  return { ...NOTHING, processes };
}

/** KEY="value",KEY2='value',KEY3=value */
function environmentOf(text: string): Map<string, string> {
  const pairs = [...text.matchAll(/([A-Za-z_]\w*)=(?:"([^"]*)"|'([^']*)'|([^,\s]*))/g)];
  return new Map(
    pairs.map(([, name = '', double, single, plain]) => [name, double ?? single ?? plain ?? '']),
  );
}
