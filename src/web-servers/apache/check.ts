/** Has Apache itself judge its files: https://httpd.apache.org/docs/2.4/programs/httpd.html */

import { words } from '../../check/run.ts';
import type {
  Judged,
  Prepared,
  Reading,
  Risk,
  StagedFile,
  ToolResult,
  TreeFile,
  Validator,
} from '../../contract/validator.ts';
import { apacheLines } from '../../formats/apache/directives.ts';
import type { Finding } from '../../words/finding.ts';

const TOOL = 'apache2';
const HOME = '/etc/apache2/';
/** Debian's folder of modules. */
const MODULES = '/usr/lib/apache2/modules';

/** What Debian's package enables by itself, and a site may rely on. */
const ENABLED = [
  ...['mpm_event', 'access_compat', 'alias', 'authz_core', 'authz_host', 'deflate', 'dir', 'env', 'filter'],
  ...['mime', 'reqtimeout', 'setenvif'],
];

const CERTIFICATE = 'stubs/certificate.pem';
const KEY = 'stubs/key.pem';

/**
 * `apache2 -t` on a copy of its files, with throw-away certificates: Apache wants them to be there. It takes no
 * address and opens no log for that.
 */
export const apacheAccepts: Validator = {
  tool: TOOL,
  checks: 'whether Apache accepts its files',
  package: 'apache2-bin',
  alsoIn: ['/usr/sbin', '/usr/local/sbin'],
  version: {
    arguments: ['-v'],
    pattern: /Apache\/(\d+(?:\.\d+)*)/,
    wanted: () => '2.4',
    older: 'skip',
  },

  risk(file) {
    return file.path.startsWith(HOME) ? riskOf(file) : undefined;
  },

  prepare(context) {
    const own = configuration(context);
    if (own.length === 0) return undefined;
    return {
      files: [
        ...own.map((file) => staged(file, context.stage)),
        wrapper(context, own),
        { path: 'empty/README', text: '' },
        { path: 'stubs/README', text: '' },
      ],
      before: [makeCertificate()],
      command: [context.tool, '-t', '-d', context.stage, '-f', `${context.stage}/apache2.conf`],
    };
  },

  read: readApache,
};

const configuration = ({ files }: Judged) =>
  files
    .filter(({ path }) => path.startsWith(HOME) && path.endsWith('.conf'))
    .sort((one, other) => (one.path < other.path ? -1 : 1));

/**
 * Directives that load a library, run what they name, say where others look for files, or make text of one's own choice
 * into directives.
 */
const LOADING =
  /^(?:loadmodule|loadfile|serverroot|sslcryptodevice|sslpassphrasedialog|perl\w*|lua\w*|wsgipython\w*|(?:un)?define|(?:undef)?macro|use)$/;
/**
 * A directive's name as people write it. Apache takes one in quotes too, with backslashes, and from a variable:
 * ap_getword_conf in https://github.com/apache/httpd/blob/2.4.x/server/util.c
 */
const NAME = /^<?\/?([A-Za-z]\w*)(?=[ \t>]|$)/;

/** What Apache would do for an edited file that is more than to read it. */
function riskOf({ text }: TreeFile): Risk | undefined {
  for (const { text: whole, line, isJoined } of apacheLines(text)) {
    const because = riskOfLine(whole, isJoined);
    if (because !== undefined) return { because, line };
  }
  return undefined;
}

function riskOfLine(whole: string, isJoined: boolean): string | undefined {
  // To Apache a line ends at a NUL, and others of them are spaces.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are meant
  if (/[\0-\x08\x0b\x0c\x0e-\x1f]/.test(whole)) return 'Apache would read its control characters otherwise';
  const said = whole.replace(/^[ \t\r]+|[ \t\r]+$/g, '');
  if (said === '' || said.startsWith('#')) return undefined;
  const directive = NAME.exec(said)?.[1];
  if (directive === undefined) return 'which directive Apache would see cannot be told';
  if (LOADING.test(directive.toLowerCase())) return `Apache may run or read what ${directive} names`;
  if (/^include/i.test(directive) && (isJoined || !OWN_INCLUDE.test(whole)))
    return 'Apache would read files that are not of the deployment';
  return /\|/.test(whole) && /^(?:custom|error|transfer|forensic|global)log$/i.test(directive)
    ? `Apache would start a program for ${directive}`
    : undefined;
}

/** As the files that are written have it: what `staged` turns into a path in the stage. */
const OWN_INCLUDE = /^\s*Include "?\/etc\/apache2\/(?!.*\.\.)[\w./*-]+"?\s*$/;

/** Valid for a day, for a name that nobody has (RFC 6761). */
function makeCertificate(): string[] {
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const subject = ['-subj', '/CN=check.invalid', '-days', '1'];
  return ['openssl', 'req', '-x509', ...curve, ...subject, '-keyout', KEY, '-out', CERTIFICATE];
}

/** What Apache looks for on this machine at once, by directive, and what stands in for it. */
const ABSENT: Readonly<Record<string, string>> = {
  documentroot: 'empty',
  errorlog: 'error.log',
  sslcertificatefile: CERTIFICATE,
  sslcertificatekeyfile: KEY,
};

/** The text with what is the host's alone turned into what is in the stage; lines stay where they are. */
function staged(file: TreeFile, stage: string): StagedFile {
  const text = file.text
    .split('\n')
    .map((line) => {
      const [, before = '', directive = ''] = /^(\s*(\w+)\s)/.exec(line) ?? [];
      const instead = ABSENT[directive.toLowerCase()];
      if (instead !== undefined) return `${before}"${stage}/${instead}"`;
      if (directive === 'CustomLog') return line.replace(/"[^"]*"/, `"${stage}/access.log"`);
      if (directive === 'Include') return line.replace(HOME, stage + HOME);
      // Apache looks the user up at once.
      return directive === 'WSGIDaemonProcess' ? line.replace(/ user=\S+ group=\S+/, '') : line;
    })
    .join('\n');
  return { path: file.path.slice(1), text, shown: file.shown };
}

/** Debian's own apache2.conf, as far as it decides what a site may say. */
function wrapper({ plan, stage }: Prepared, own: readonly TreeFile[]): StagedFile {
  const modules = [...new Set([...ENABLED, ...(plan.webServer.modules as string[])])];
  const text = [
    ...modules.map((name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`),
    `Define APACHE_RUN_DIR ${stage}`,
    'ServerName check.invalid',
    `ErrorLog ${stage}/error.log`,
    'Listen 80',
    ...own.filter(({ path }) => path.includes('-enabled/')).map(({ path }) => `Include "${stage}${path}"`),
    '',
  ].join('\n');
  return { path: 'apache2.conf', text };
}

/** Of a file that is included, the last place is the one. */
const PLACE = /Syntax error on line (\d+) of ([^:\n]+):/g;

/** Apache's words as findings. It stops at the first fault; warnings come before. */
export function readApache(result: ToolResult, context: Reading): Finding[] {
  const said = words(result);
  const warnings = [...said.matchAll(/^(?:AH\d+|\[.*\]) ?:? ?[Ww]arning: (.*)$/gm)].map(
    ([, message = '']): Finding => ({
      code: 'apache-complains',
      tool: TOOL,
      level: 'warning',
      message: context.clean(message),
      remedy: 'Apache starts nevertheless; correct it before it matters.',
    }),
  );
  if (said.includes('Syntax OK')) return warnings;
  const found = [...said.matchAll(PLACE)].at(-1);
  const [place = '', line, path = ''] = found ?? [];
  const file = context.locate(path);
  const rest = said.slice((found?.index ?? 0) + place.length).trim();
  const message = context.clean(rest.split('\n')[0] ?? '').replace(/^\S+:\d+: /, '');
  if (file !== undefined)
    return [
      ...warnings,
      {
        code: 'apache-complains',
        tool: TOOL,
        level: 'error',
        file,
        line: Number(line),
        message,
        remedy: remedyFor(message),
      },
    ];
  const module = /Cannot load \S*mod_(\w+)\.so/.exec(said)?.[1];
  return [
    ...warnings,
    {
      code: 'tool-failed',
      tool: TOOL,
      level: 'unchecked',
      message: `apache2 -t does not work here: ${message}`,
      remedy:
        module === undefined ? 'Run it by hand.' : `Install the module ${module}, or check on the host.`,
    },
  ];
}

function remedyFor(message: string): string {
  if (message.startsWith('Invalid command'))
    return 'See how the directive is spelt, and which module has it: https://httpd.apache.org/docs/2.4/mod/quickreference.html';
  if (/not allowed (?:here|in)|cannot occur within/.test(message))
    return 'See in which sections the directive may stand: https://httpd.apache.org/docs/2.4/mod/quickreference.html';
  if (/was not closed|without matching|but saw|closing/.test(message))
    return 'A section is not closed, or closed twice: look above the line.';
  return 'Correct the line; Apache does not start with it.';
}
