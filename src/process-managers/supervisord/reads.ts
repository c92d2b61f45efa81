/** supervisord's programs. http://supervisord.org/configuration.html#program-x-section-settings */

import { type Account, type EarlierFiles, NOTHING, type Process, type Said } from '../../contract/earlier.ts';
import { account, fateOf, known, variablesAccount } from '../../detect/deployment/accounts.ts';
import { includedFiles } from '../../detect/deployment/includes.ts';
import { folderOf } from '../../detect/deployment/places.ts';
import { parentFolder } from '../../evaluate/modules.ts';
import { DIALECTS } from '../../formats/ini/dialects.ts';
import { type IniEntry, parseIni } from '../../formats/ini/parse.ts';
import type { ProjectFiles } from '../../words/project-files.ts';

export const earlierSupervisord: EarlierFiles = {
  unit: 'supervisord',
  start: true,
  is: (name, text) =>
    /\.(?:conf|ini|supervisord)$/.test(name) && /^\[(?:(?:fcgi-)?program|eventlistener):/m.test(text()),
  read: readSupervisor,
};

/** What becomes of a program's settings that are not those of how its command is run. */
const PROGRAM = known(
  {
    taken: 'command directory',
    environment: 'environment',
    decided: `autorestart exitcodes killasgroup priority process_name numprocs_start redirect_stderr serverurl socket
      socket_backlog socket_mode socket_owner startretries startsecs stopasgroup user`,
    limits: 'stopsignal umask',
    processes: 'autostart events buffer_size result_handler',
  },
  { decided: /^(?:stdout|stderr)_/ },
);

/** What becomes of the settings of supervisord itself. http://supervisord.org/configuration.html */
const OWN = known({
  decided: `childlogdir chmod chown directory file files history_file identifier logfile logfile_backups logfile_maxbytes loglevel
    nocleanup nodaemon password pidfile priority programs prompt serverurl silent strip_ansi user username`,
  environment: 'environment',
  limits: 'minfds minprocs umask',
});

const SECTIONS = /^(?:supervisord|supervisorctl|unix_http_server|inet_http_server|group:.*|include)$/;

function readSupervisor(project: ProjectFiles, file: string): Said {
  const { sections, others } = parseIni(project.read(file) ?? '', DIALECTS.supervisord);
  const processes: Process[] = [];
  const accounts: Account[] = others.map(({ text, line }) =>
    account('line', text, { file, line }, 'unknown'),
  );
  for (const { name: header, entries } of sections) {
    const [, kind, name = ''] = /^(program|fcgi-program|eventlistener):\s*(\S+)/.exec(header) ?? [];
    const context = { project, file, header };
    if (kind === undefined) accounts.push(...entries.flatMap((entry) => ownAccount(context, entry)));
    else {
      const isServed = kind !== 'eventlistener';
      const process = isServed ? processOf(context, name, entries) : undefined;
      if (process) processes.push(process);
      accounts.push(...entries.flatMap((entry) => programAccount(file, name, entry, process !== undefined)));
    }
  }
  return { ...NOTHING, processes, accounts };
}

/** A program; undefined where it has no command. */
function processOf(
  { project, file }: { project: ProjectFiles; file: string },
  name: string,
  entries: readonly IniEntry[],
): Process | undefined {
  const last = (key: string) => entries.findLast((entry) => entry.name === key);
  const [command, copies, ending] = [last('command'), last('numprocs'), last('stopwaitsecs')];
  // http://supervisord.org/configuration.html#fcgi-program-x-section-settings
  const socket = last('socket')
    ?.value.replace(/^tcp:\/\//, '')
    .replace(/^unix:\/\//, 'unix:');
  if (command === undefined || command.value === '') return undefined;
  const said = (entry: IniEntry) =>
    account(entry.name, `${entry.name}=${entry.value}`, { file, line: entry.line }, 'taken');
  const meant = (text: string) => expanded(text, name, file);
  return {
    name,
    command: meant(command.value.replaceAll('\n', ' ')),
    folder: folderOf(project, meant(last('directory')?.value ?? '')),
    environment: environmentOf(meant(last('environment')?.value ?? '')),
    at: { file, line: command.line },
    kept: true,
    ...(socket !== undefined && { listens: meant(socket) }),
    ...(copies && { copies: { count: Number(copies.value), said: said(copies) } }),
    ...(ending && { ending: { seconds: Number(ending.value), said: said(ending) } }),
  };
}

/**
 * `%(name)s` is a variable, `%%` a per cent sign. http://supervisord.org/configuration.html#environment-variables
 * What only the host knows is left as a variable of the shell's, which no command that is taken over can have.
 */
function expanded(text: string, program: string, file: string): string {
  return text.replaceAll(/%%|%\((\w+)\)(?:s|\d*d)/g, (whole, name: string | undefined) => {
    if (name === undefined) return '%';
    if (name === 'program_name' || name === 'group_name') return program;
    if (name === 'process_num') return '0';
    if (name === 'here') return parentFolder(file);
    return /^ENV_\w+$/.test(name)
      ? `$${name.slice('ENV_'.length)}`
      : name === 'host_node_name'
        ? '$HOSTNAME'
        : whole;
  });
}

function programAccount(
  file: string,
  program: string,
  { name, value, line }: IniEntry,
  isRead: boolean,
): Account[] {
  const at = { file, line };
  // How many there are and how they end is told together with what they are.
  if (isRead && (name === 'numprocs' || name === 'stopwaitsecs')) return [];
  if (!isRead) {
    const fate = name === 'command' ? 'processes' : 'decided';
    return [account(name, name === 'command' ? `it starts ${value}` : name, at, fate)];
  }
  const fate = fateOf(PROGRAM, name);
  if (name === 'environment')
    return [variablesAccount(name, `${program}: `, environmentOf(value).keys(), at)];
  const isUsual =
    (name === 'autostart' && value === 'true') || (name === 'stopsignal' && /^(?:SIG)?TERM$/.test(value));
  return [account(name, `${program}: ${name}=${value}`, at, isUsual ? 'decided' : fate)];
}

function ownAccount(
  { project, file, header }: { project: ProjectFiles; file: string; header: string },
  { name, value, line }: IniEntry,
): Account[] {
  const at = { file, line };
  if (header === 'include' && name === 'files')
    return value.split(/\s+/).map((path) => {
      const has = includedFiles(project, file, expanded(path, '', file)).length > 0;
      return account(name, `include ${path}`, at, has ? 'taken' : 'missing');
    });
  if (header.startsWith('rpcinterface:') || header.startsWith('ctlplugin:'))
    return [
      account(
        name,
        `[${header}] ${name}`,
        at,
        header === 'rpcinterface:supervisor' ? 'decided' : 'processes',
      ),
    ];
  if (!SECTIONS.test(header)) return [account(name, `[${header}] ${name}`, at, 'unknown')];
  if (header === 'inet_http_server') return [account(name, "supervisord's own web page", at, 'processes')];
  if (name === 'environment') return [variablesAccount(name, '', environmentOf(value).keys(), at)];
  return [account(name, `[${header}] ${name}=${value}`, at, fateOf(OWN, name))];
}

/** KEY="value",KEY2='value',KEY3=value */
function environmentOf(text: string): Map<string, string> {
  const pairs = [...text.matchAll(/([A-Za-z_]\w*)=(?:"([^"]*)"|'([^']*)'|([^,\s]*))/g)];
  return new Map(
    pairs.map(([, name = '', double, single, plain]) => [name, double ?? single ?? plain ?? '']),
  );
}
