/** Has supervisord's own parser read its configuration, and judges the names in it, which supervisord does not. */

import { firstLine } from '../../check/run.ts';
import {
  fileNamed,
  inPythonOf,
  type Reading,
  type ToolResult,
  type TreeFile,
  type Validator,
} from '../../contract/validator.ts';
import { DIALECTS } from '../../formats/ini/dialects.ts';
import { parseIni } from '../../formats/ini/parse.ts';
import type { Finding } from '../../words/finding.ts';
import { type KnownNames, names, riskOfLine, strangeNames } from '../ini-names.ts';

const TOOL = 'supervisord';
const DOCS = 'http://supervisord.org/configuration.html';

const PROGRAM = `command process_name numprocs numprocs_start priority autostart startsecs startretries autorestart
  exitcodes stopsignal stopwaitsecs stopasgroup killasgroup user redirect_stderr stdout_logfile stdout_logfile_maxbytes
  stdout_logfile_backups stdout_capture_maxbytes stdout_events_enabled stdout_syslog stderr_logfile
  stderr_logfile_maxbytes stderr_logfile_backups stderr_capture_maxbytes stderr_events_enabled stderr_syslog environment
  directory umask serverurl`;

/** http://supervisord.org/configuration.html, of 4.2 and 4.3. */
const KNOWN: KnownNames = {
  supervisord:
    names(`logfile logfile_maxbytes logfile_backups loglevel pidfile umask nodaemon silent minfds minprocs
    nocleanup childlogdir user directory strip_ansi environment identifier`),
  unix_http_server: names('file chmod chown username password'),
  inet_http_server: names('port username password'),
  supervisorctl: names('serverurl username password prompt history_file'),
  rpcinterface: names('supervisor.rpcinterface_factory retries'),
  program: names(PROGRAM),
  'fcgi-program': names(`${PROGRAM} socket socket_backlog socket_owner socket_mode`),
  eventlistener: names(`${PROGRAM} buffer_size events result_handler`),
  group: names('programs priority'),
  include: names('files'),
};

/** The parser that supervisord itself has, in the Python that it runs on: nothing is started. */
const PARSE = `
import sys
from supervisor.options import ServerOptions
ServerOptions().realize(["--nodaemon", "--configuration", sys.argv[1]])
`;

/** What its own tool needs, and every file has. http://supervisord.org/configuration.html#rpcinterface-x-section-settings */
const OWN_FACTORY =
  /^supervisor\.rpcinterface_factory\s*=\s*supervisor\.rpcinterface:make_main_rpcinterface$/;

export const supervisordAccepts: Validator = {
  tool: TOOL,
  checks: 'whether supervisord accepts its configuration',
  package: 'supervisor',

  // Its parser imports what is to handle results and calls, and reads the files that this one includes.
  risk(file) {
    if (!file.path.endsWith('/supervisord.conf')) return undefined;
    const because = 'supervisord would load code or other files';
    return riskOfLine(file, /include|factory|handler/i, OWN_FACTORY, because);
  },

  judge(context) {
    const file = fileNamed(context, 'supervisord.conf');
    const dialect = DIALECTS.supervisord;
    return file
      ? strangeNames({ tool: TOOL, code: 'supervisord-complains' }, file, dialect, KNOWN, DOCS)
      : [];
  },

  prepare(context) {
    const file = fileNamed(context, 'supervisord.conf');
    if (!file) return undefined;
    // The folders of its sockets are there on the host alone.
    const text = file.text.replaceAll(/(=(?:unix:\/\/)?)\/run\/[^/\n]+\//g, `$1${context.stage}/`);
    return {
      files: [{ path: 'supervisord.conf', text, shown: file.shown }],
      command: inPythonOf(context.tool, PARSE, 'supervisord.conf'),
    };
  },

  read: readSupervisord,
};

/** "Error: invalid literal for int() with base 10: 'abc' in section 'program:x' (file: 'a.conf')" */
function readSupervisord(result: ToolResult, context: Reading): Finding[] {
  if (result.exitCode === 0) return [];
  const file = fileNamed(context, 'supervisord.conf') as TreeFile;
  const message = /^Error: (.*)$/m.exec(result.stderr)?.[1];
  if (message === undefined)
    return [
      {
        code: 'tool-failed',
        tool: TOOL,
        level: 'unchecked',
        file: file.shown,
        message: context.clean(firstLine(result)),
        remedy: 'supervisord does not work here: run it by hand.',
      },
    ];
  const section = /in section '([^']+)'/.exec(message)?.[1];
  const { sections } = parseIni(file.text, DIALECTS.supervisord);
  const line = sections.find(({ name }) => name === section)?.line;
  return [
    {
      ...{
        code: 'supervisord-complains',
        tool: TOOL,
        level: 'error',
        file: file.shown,
        ...(line && { line }),
      },
      message: context.clean(message.replace(/ \(file: '[^']*'\)/, '')),
      remedy: `supervisord does not start with it: ${DOCS}`,
    },
  ];
}
