/** uWSGI's ini file. https://uwsgi-docs.readthedocs.io/en/latest/Configuration.html */

import { type EarlierFiles, NOTHING, type Said } from '../../contract/earlier.ts';
import { folderOf } from '../../detect/deployment/places.ts';
import { DIALECTS } from '../../formats/ini/dialects.ts';
import { readIni } from '../../formats/ini/read.ts';
import type { ProjectFiles } from '../../words/project-files.ts';

export const earlierUwsgi: EarlierFiles = {
  unit: 'uwsgi',
  start: true,
  is: (name, text) => name.endsWith('.ini') && /^\[uwsgi\]/m.test(text()),
  read: readUwsgi,
};

/** As a command line, which says the same by the same names. */
function readUwsgi(project: ProjectFiles, file: string): Said {
  const section = readIni(project, file, DIALECTS.uwsgi).get('uwsgi');
  if (section === undefined) return NOTHING;
  const variables = new Map([...section.entries].map(([name, { value }]) => [name, value]));
  const known = (text: string) =>
    text.replace(/%\((\w+)\)/g, (whole, name: string) => variables.get(name) ?? whole);
  const options = [...variables].flatMap(([name, values]) =>
    values
      .split('\n')
      .flatMap((value) =>
        value === 'true' ? [`--${name}`] : value === 'false' ? [] : [`--${name}=${known(value)}`],
      ),
  );
  const { at } = section.entries.get('module') ?? section.entries.get('wsgi-file') ?? section;
  const command = ['uwsgi', ...options];
  const folder = folderOf(project, known(variables.get('chdir') ?? ''));
  return { ...NOTHING, processes: [{ name: '', command, folder, environment: new Map(), at }] };
}
