/** Has Circus's own parser read its configuration, and judges the names in it, which Circus does not. */

import {
  fileNamed,
  inPythonOf,
  type Reading,
  type ToolResult,
  type TreeFile,
  type Validator,
} from '../../contract/validator.ts';
import { DIALECTS } from '../../formats/ini/dialects.ts';
import type { Finding } from '../../words/finding.ts';
import { type KnownNames, names, riskOfLine, strangeNames } from '../ini-names.ts';

const TOOL = 'circusd';
const DOCS = 'https://circus.readthedocs.io/en/latest/for-ops/configuration/';

/** https://circus.readthedocs.io/en/latest/for-ops/configuration/, of 0.19. */
const KNOWN: KnownNames = {
  circus:
    names(`endpoint endpoint_owner pubsub_endpoint multicast_endpoint stats_endpoint statsd httpd httpd_host
    httpd_port debug debug_gc pidfile loglevel logoutput loggerconfig check_delay include include_dir umask warmup_delay
    fqdn_prefix`),
  watcher:
    names(`cmd args shell shell_args working_dir uid gid copy_env copy_path virtualenv virtualenv_py_ver
    warmup_delay autostart numprocesses rlimit_nofile rlimit_nproc stderr_stream.class stdout_stream.class
    stdout_stream.filename stderr_stream.filename close_child_stdin close_child_stdout close_child_stderr send_hup
    stop_signal stop_children max_retry graceful_timeout priority singleton use_sockets max_age max_age_variance on_demand
    respawn executable stdin_socket check_flapping`),
  socket: names(
    `host port family type interface path umask replace so_reuseport use_papa proto backlog blocking`,
  ),
  plugin: names('use'),
};

/** The parser that Circus itself has, in the Python that it runs on: nothing is started. */
const PARSE = `
import sys
from circus.config import get_config
get_config(sys.argv[1])
`;

export const circusAccepts: Validator = {
  tool: TOOL,
  checks: 'whether Circus accepts its configuration',
  package: 'circus',
  from: 'PyPI',

  // Its parser imports nothing, but reads the files that this one includes.
  risk(file) {
    return file.path.endsWith('/circus.ini')
      ? riskOfLine(file, /include/i, /^$/, 'Circus would read other files')
      : undefined;
  },

  judge(context) {
    const file = fileNamed(context, 'circus.ini');
    return file
      ? strangeNames({ tool: TOOL, code: 'circus-complains' }, file, DIALECTS.circus, KNOWN, DOCS)
      : [];
  },

  prepare(context) {
    const file = fileNamed(context, 'circus.ini');
    if (!file) return undefined;
    return {
      files: [{ path: 'circus.ini', text: file.text, shown: file.shown }],
      command: inPythonOf(context.tool, PARSE, 'circus.ini'),
    };
  },

  read: readCircus,
};

/** What Circus refuses, it refuses with Python's own errors, which name a value and no line. */
function readCircus(result: ToolResult, context: Reading): Finding[] {
  if (result.exitCode === 0) return [];
  const file = fileNamed(context, 'circus.ini') as TreeFile;
  const last = result.stderr.trim().split('\n').at(-1) ?? '';
  const found = /ModuleNotFoundError|ImportError/.test(last) || last === '';
  const value = /'([^']+)'\s*$/.exec(last)?.[1];
  const line = file.text.split('\n').findIndex((text) => value !== undefined && text.endsWith(value)) + 1;
  return [
    {
      ...{
        code: found ? 'tool-failed' : 'circus-complains',
        tool: TOOL,
        level: found ? 'unchecked' : 'error',
        file: file.shown,
        ...(line > 0 && { line }),
      },
      message: context.clean(last || `exit status ${result.exitCode}, without a word`),
      remedy: found ? 'Circus does not work here: run it by hand.' : `Circus does not start with it: ${DOCS}`,
    },
  ];
}
