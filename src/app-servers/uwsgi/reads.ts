/** uWSGI's ini file. https://uwsgi-docs.readthedocs.io/en/latest/Configuration.html */

import { type Account, type EarlierFiles, NOTHING, type Process, type Said } from '../../contract/earlier.ts';
import { account } from '../../detect/deployment/accounts.ts';
import { includedFiles } from '../../detect/deployment/includes.ts';
import { folderOf } from '../../detect/deployment/places.ts';
import { fateOfOption } from '../../detect/deployment/servers.ts';
import { fileName, parentFolder } from '../../evaluate/modules.ts';
import { DIALECTS } from '../../formats/ini/dialects.ts';
import { parseIni } from '../../formats/ini/parse.ts';
import type { ProjectFiles } from '../../words/project-files.ts';
import type { Evidence } from '../../words/value.ts';

export const earlierUwsgi: EarlierFiles = {
  unit: 'uwsgi',
  start: true,
  is: (name, text) => /\.(?:ini|conf|cfg|uwsgi)$/.test(name) && /^\[uwsgi\]/m.test(text()),
  read: readUwsgi,
};

interface Option {
  name: string;
  value: string;
  at: Evidence;
}

/** What the files and their includes say, in order. */
interface Reading {
  options: Option[];
  accounts: Account[];
  included: string[];
}

/** Options that take in another file. */
const INCLUDES = /^(?:ini|include|inherit)$/;
const PROGRAMS = /^(?:(?:smart-)?(?:attach-|)daemon2?|legion-attach-daemon)$/;
/** An option that says yes or no. */
const NO = /^(?:false|no|off|0)$/i;

/** As a command line, which says the same by the same names. */
function readUwsgi(project: ProjectFiles, file: string): Said {
  const { options, accounts, included } = optionsOf(project, file, []);
  const [first] = options;
  if (first === undefined) return { ...NOTHING, accounts, included };
  const variables = new Map(options.map(({ name, value }) => [name, value]));
  const used = new Set(
    options.flatMap(({ value }) => [...value.matchAll(/%\(\s*([\w-]+)/g)].map(([, name]) => name)),
  );
  const known = options.map((one) => ({ ...one, value: expanded(one, variables) }));
  const chdir = known.findLast(({ name }) => name === 'chdir')?.value ?? '';
  const folder = folderOf(project, chdir);
  const of = (command: string, at: Evidence): Process => ({
    ...{ name: '', command, folder, environment: new Map(), at, kept: true },
  });
  const words: string[] = [];
  const daemons: Process[] = [];
  for (const [index, { name, value, at }] of known.entries()) {
    if (PROGRAMS.test(name)) {
      accounts.push(account(name, name, at, 'taken'));
      // What only the host knows is left as a variable of the shell's, which no command that is taken over can have.
      const command = daemonOf(name, value).replaceAll(/[%$]\((\w+)\)/g, '$$$1');
      daemons.push(of(command, at));
    } else if (/^(?:unique-|legion-)?cron2?$/.test(name))
      accounts.push(account(name, `${name} = ${value}`, at, 'schedule'));
    else if (name === 'static-map') {
      accounts.push({ ...account(name, `static-map ${value}`, at, 'web'), url: value.split('=')[0] ?? '' });
    } else if (used.has(name)) accounts.push(account(name, name, at, 'taken'));
    else if (NO.test(value) && !/^(?:limit-post|max-requests)$/.test(name))
      accounts.push(account(name, name, at, 'decided'));
    else {
      words.push(`--${name}=${value}`);
      // The last stands for all as an option of the command; the others are accounted for here.
      if (known.slice(index + 1).some((other) => other.name === name))
        accounts.push(
          name === 'env'
            ? account(name, name, at, 'taken')
            : account(name, `uwsgi --${name} ${value}`, at, fateOfOption('uwsgi', name)),
        );
    }
  }
  // A placeholder may be an option as well.
  for (const { name, value } of known)
    if (used.has(name) && !NO.test(value) && fateOfOption('uwsgi', name) !== 'unknown')
      words.push(`--${name}=${value}`);
  const start = known.find(({ name }) => /^(?:module|wsgi|wsgi-file|mount)$/.test(name)) ?? first;
  const command: Process = {
    ...of('', start.at),
    command: ['uwsgi', ...words],
    places: new Map(known.map(({ name, at }) => [name, at])),
  };
  return { ...NOTHING, processes: [command, ...daemons], accounts, included };
}

/** The options of a file with those that it takes in at their places. */
function optionsOf(project: ProjectFiles, file: string, above: readonly string[]): Reading {
  const { sections, others } = parseIni(project.read(file) ?? '', DIALECTS.uwsgi);
  const reading: Reading = {
    options: [],
    included: [],
    accounts: others.map(({ text, line }) => account('line', text, { file, line }, 'unknown')),
  };
  for (const { name: section, line, entries } of sections)
    for (const entry of entries) {
      const at = { file, line: entry.line };
      if (section !== 'uwsgi') {
        reading.accounts.push(account(entry.name, `[${section}], line ${line}`, at, 'unknown'));
        continue;
      }
      const value = magic(entry.value, file);
      if (!INCLUDES.test(entry.name)) {
        reading.options.push({ name: entry.name, value, at });
        continue;
      }
      const [inner] = includedFiles(project, file, value.replace(/^file:|:\w+$/g, ''));
      if (inner === undefined || above.includes(inner))
        reading.accounts.push(account(entry.name, `${entry.name} = ${entry.value}`, at, 'missing'));
      else {
        const { options, accounts, included } = optionsOf(project, inner, [...above, file]);
        reading.options.push(...options);
        reading.accounts.push(account(entry.name, entry.name, at, 'taken'), ...accounts);
        reading.included.push(inner, ...included);
      }
    }
  return reading;
}

/** https://uwsgi-docs.readthedocs.io/en/latest/Configuration.html#magic-variables; what the host decides stays. */
function magic(value: string, file: string): string {
  const name = fileName(file);
  const known: Record<string, string> = {
    ...{
      '%': '%',
      d: `${parentFolder(file) || '.'}/`,
      n: name.replace(/\.\w+$/, ''),
      s: name,
      p: file,
      o: file,
    },
    ...{ e: name.replace(/^.*\./, ''), c: fileName(parentFolder(file)) },
  };
  return value.replaceAll(/%([%dnspoec])/g, (_, letter: string) => known[letter] ?? '');
}

/** Placeholders, as far as the file itself says them; `%k` are the processors of the host. */
function expanded({ name, value }: Option, variables: ReadonlyMap<string, string>): string {
  if (/^(?:processes|workers)$/.test(name) && /^(?:%k|%\(\s*(?:2\s*\*\s*%k|%k\s*\*\s*2)\s*\))$/.test(value))
    return 'auto';
  let text = value;
  // A placeholder may have others in it, and one in itself would go on for ever.
  for (let round = 0; round < 5 && text.includes('%('); round++)
    text = text.replaceAll(/%\(([\w-]+)\)/g, (whole, inner: string) => variables.get(inner) ?? whole);
  return text;
}

/** https://uwsgi-docs.readthedocs.io/en/latest/AttachingDaemons.html */
function daemonOf(name: string, value: string): string {
  if (name.endsWith('2')) return /(?:^|,)(?:cmd|command|exec)=(.*)$/.exec(value)?.[1] ?? value;
  return name.startsWith('smart-') ? value.replace(/^\S+\s+/, '') : value;
}
