/** Has nginx itself judge its files: https://nginx.org/en/docs/switches.html */
import { distance } from 'fastest-levenshtein';
import { isOlder, words } from '../../check/run.ts';
import type { Plan } from '../../contract/plan.ts';
import type {
  Prepared,
  Reading,
  Risk,
  StagedFile,
  ToolResult,
  TreeFile,
  Validator,
} from '../../contract/validator.ts';
import { nginxDirectives, rewriteNginx } from '../../formats/nginx/directives.ts';
import type { Finding } from '../../words/finding.ts';

const HOME = '/etc/nginx/';
const MAIN = `${HOME}nginx.conf`;

const CERTIFICATE = 'stubs/certificate.pem';
const KEY = 'stubs/key.pem';
const CERTIFICATES =
  /^(?:(?:proxy|uwsgi|grpc)_)?ssl_(?:certificate|trusted_certificate|client_certificate|stapling_file)$/;
const KEYS = /^(?:(?:proxy|uwsgi|grpc)_)?ssl_certificate_key$/;
const CACHES = /^(?:proxy|fastcgi|uwsgi|scgi)_cache_path$/;
/** Those that take variables open nothing before a request comes; to all others a "$" is a character of the name. */
const takesVariables = (name: string) => name === 'access_log' || CERTIFICATES.test(name) || KEYS.test(name);
const SCRATCH = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path`);

/** RFC 7919's ffdhe2048, for files that still name a dhparam file: nginx reads it at once. */
const DH_PARAMETERS = `-----BEGIN DH PARAMETERS-----
MIIBCAKCAQEA//////////+t+FRYortKmq/cViAnPTzx2LnFg84tNpWp4TZBFGQz
+8yTnc4kmz75fS/jY2MMddj2gbICrsRhetPfHtXV/WVhJDP1H18GbtCFY2VVPe0a
87VXE15/V8k1mE8McODmi3fipona8+/och3xWKE2rec1MKzKT0g6eXq8CrGCsyT7
YdEIqUuyyOP7uWrat2DX9GgdT0Kj3jlN9K5W7edjcrsZCwenyO4KbXCeAvzhzffi
7MA0BM0oNC9hkXL+nOmFg/+OTxIy7vKBg8P+OxtMb61zO7X8vC7CIAXFjvGDfRaD
ssbzSibBsu/6iGtCOGEoXJf//////////wIBAg==
-----END DH PARAMETERS-----
`;

/** What Debian's package puts beside the sites, and a site may include. Their content decides nothing here. */
const DEBIAN_FILES = [
  'fastcgi.conf',
  'fastcgi_params',
  'proxy_params',
  'scgi_params',
  'uwsgi_params',
  'snippets/fastcgi-php.conf',
  'snippets/snakeoil.conf',
];

/** Directives that older releases reject. https://nginx.org/en/CHANGES */
const SINCE: Record<string, string> = {
  add_header_inherit: '1.29.3',
  http2: '1.25.1',
  http3: '1.25.0',
  quic_retry: '1.25.0',
  ssl_conf_command: '1.19.4',
  ssl_reject_handshake: '1.19.4',
};

/**
 * `nginx -t` in a copy of /etc/nginx, with throw-away certificates, and with logs and scratch files in the stage.
 * nginx binds the addresses even for a test, but only after it has found the configuration in order; what binding
 * says about this machine is left out. So `listen` stays as it is, for root and for everybody else.
 */
export const nginxAccepts: Validator = {
  tool: 'nginx',
  checks: 'whether nginx accepts its files',
  package: 'nginx',
  alsoIn: ['/usr/sbin', '/usr/local/sbin', '/sbin'],
  version: {
    arguments: ['-v'],
    pattern: /nginx\/(\d+(?:\.\d+)*)/,
    wanted: (plan) => String(plan.webServer.version),
    older: 'skip',
  },

  risk: nginxRisk,

  prepare(context: Prepared) {
    const files = configuration(context);
    if (files === undefined) return undefined;
    const { stage, tool } = context;
    return {
      files,
      before: files.some((file) => file.shown !== undefined && file.text.includes(`${stage}/stubs/`))
        ? [makeCertificate()]
        : [],
      command: [tool, '-t', '-e', 'stderr', '-c', `${stage}${MAIN}`],
    };
  },

  read(result, context) {
    return dropRepeatedDeprecations(readNginx(result, context));
  },
};

/** nginx.conf as Debian has it, relative to the stage. */
export const STAGED_MAIN = MAIN.slice(1);

/** All of nginx's configuration, as it lies in the stage; undefined where no file is nginx's. */
export function configuration({ plan, files, stage, root }: Prepared): StagedFile[] | undefined {
  const own = files.filter((file) => file.path.startsWith(HOME) && file.path !== MAIN);
  if (own.length === 0) return undefined;
  const rewritten = own.map((file) => staged(file, stage));
  const paths = new Set(rewritten.map((file) => file.path));
  const stubs = stubFiles().filter((file) => !paths.has(file.path));
  const wrapper = { path: STAGED_MAIN, text: wrapperText(plan, rewritten, stage, root) };
  return [...rewritten, ...stubs, wrapper];
}

/** Directives of modules that run what the file says, and those that load a library. */
const CODE =
  /^(?:load_module|ssl_engine|perl(?:_\w+)?|js_\w+|lua_\w+|\w+_by_lua(?:_\w+)?|passenger_\w+|mruby_\w+|wasm\w*|proxy_wasm)$/;

/** What nginx would do for an edited file that is more than to read it. */
export function nginxRisk({ path, text }: TreeFile): Risk | undefined {
  if (!path.startsWith(HOME)) return undefined;
  for (const { name, arguments: words, line } of nginxDirectives(text)) {
    if (CODE.test(name)) return { because: `nginx may run code for ${name}`, line };
    // https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_certificate_key
    if (words.some(({ value }) => /^(?:engine|store):/.test(value)))
      return { because: 'nginx would load a library for a key', line };
    // It does so for a test as well, and lets everybody write to it for a moment.
    if (name === 'listen' && words.some(({ value }) => /^unix:/i.test(value)))
      return { because: 'nginx would make a socket outside of the check', line };
    if (name === 'include' && words.some(({ value }) => leavesHome(value)))
      return { because: 'nginx would read files that are not of the deployment', line };
  }
  return undefined;
}

/** A path as nginx takes it: from the folder of nginx.conf on. */
function leavesHome(path: string): boolean {
  return path.split('/').includes('..') || (path.startsWith('/') && !path.startsWith(HOME));
}

/** Valid for a day, for a name that nobody has (RFC 6761). */
function makeCertificate(): string[] {
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  return [
    'openssl',
    'req',
    '-x509',
    ...curve,
    '-subj',
    '/CN=check.invalid',
    '-days',
    '1',
    '-keyout',
    KEY,
    '-out',
    CERTIFICATE,
  ];
}

/** Whatever a file is called, another may include it. */
function staged(file: TreeFile, stage: string): StagedFile {
  return { path: file.path.slice(1), text: inStage(file.text, stage), shown: file.shown };
}

/** The text with every path that nginx opens at once turned into one in the stage; lines stay where they are. */
function inStage(text: string, stage: string): string {
  return rewriteNginx(text, ({ name }, argument, index) => {
    if (index !== 0 || (argument.includes('$') && takesVariables(name))) return undefined;
    const path = pathInStage(name, argument);
    return path === undefined ? undefined : `${stage}/${path}`;
  });
}

function pathInStage(directive: string, argument: string): string | undefined {
  if (directive === 'include') return argument.startsWith(HOME) ? argument.slice(1) : undefined;
  if (directive === 'access_log' || directive === 'error_log') {
    return /^(?:off$|stderr$|syslog:|memory:)/.test(argument) ? undefined : `logs/${flat(argument)}`;
  }
  if (CACHES.test(directive) || SCRATCH.includes(directive)) return `scratch/${flat(argument)}`;
  if (/^(?:data|engine|store):/.test(argument)) return undefined;
  if (CERTIFICATES.test(directive)) return CERTIFICATE;
  if (KEYS.test(directive)) return KEY;
  if (directive === 'ssl_dhparam') return 'stubs/dhparam.pem';
  if (directive === 'ssl_session_ticket_key') return 'stubs/ticket.key';
  return directive === 'ssl_password_file' ? 'stubs/password' : undefined;
}

function flat(path: string): string {
  return path.replace(/[^A-Za-z0-9._-]+/g, '_').replace(/^\.+/, '_');
}

function stubFiles(): StagedFile[] {
  return [
    ...DEBIAN_FILES.map((name) => ({ path: `${HOME.slice(1)}${name}`, text: '' })),
    { path: `${HOME.slice(1)}mime.types`, text: 'types { text/html html; text/css css; image/png png; }\n' },
    { path: 'logs/README', text: '' },
    { path: 'scratch/README', text: '' },
    { path: 'stubs/dhparam.pem', text: DH_PARAMETERS },
    { path: 'stubs/ticket.key', text: 'k'.repeat(80) },
    { path: 'stubs/password', text: 'check\n' },
  ];
}

/**
 * Debian's own nginx.conf, so that what it already sets cannot be set twice; without the modules of this machine, which
 * the files do not need, and of which some run code.
 * https://salsa.debian.org/nginx-team/nginx/-/blob/master/debian/conf/nginx.conf
 */
function wrapperText(plan: Plan, files: readonly StagedFile[], stage: string, root: boolean): string {
  const set = new Set(files.flatMap((file) => nginxDirectives(file.text)).map(({ name }) => name));
  const scratch = SCRATCH.filter((name) => !set.has(name)).map(
    (name) => `${name} "${stage}/scratch/${name}";`,
  );
  return [
    root ? 'user root root;' : '',
    `pid "${stage}/nginx.pid";`,
    'events { worker_connections 768; }',
    'http {',
    'sendfile on; tcp_nopush on; types_hash_max_size 2048; gzip on;',
    plan.target?.id === 'debian-12' ? '' : 'server_tokens off;',
    'include mime.types; default_type application/octet-stream;',
    'ssl_protocols TLSv1.2 TLSv1.3; ssl_prefer_server_ciphers off;',
    `access_log "${stage}/logs/access.log";`,
    ...scratch,
    'include conf.d/*.conf;',
    'include sites-enabled/*;',
    '}',
    '',
  ].join('\n');
}

interface Complaint {
  level: string;
  /** With the path of the file still in the stage. */
  message: string;
  path: string | undefined;
  line: number | undefined;
}

const COMPLAINT = /^(?:nginx: |\d{4}\/\S+ \S+ )\[(\w+)\] (?:\d+#\d+: )?(.*?)(?: in (\/.*?):(\d+))?$/;

function complaintsIn(output: string): Complaint[] {
  return output.split('\n').flatMap((text) => {
    const match = COMPLAINT.exec(text.trimEnd());
    if (!match) return [];
    const [, level = '', message = '', path, line] = match;
    return [{ level, message, path, line: line === undefined ? undefined : Number(line) }];
  });
}

/** nginx's words as findings. */
export function readNginx(result: ToolResult, context: Reading): Finding[] {
  const output = words(result);
  const complaints = complaintsIn(output);
  const parsed = output.includes(' syntax is ok');
  const findings = complaints.flatMap((complaint) => findingOf(complaint, context, parsed));
  if (complaints.length > 0 || output.includes(' test is successful')) return findings;
  const said = output.trim().split('\n')[0] ?? '';
  return [
    {
      code: 'tool-failed',
      tool: 'nginx',
      level: 'unchecked',
      message: `nginx -t does not work here: ${said}`,
      remedy: 'Run it by hand.',
    },
  ];
}

function findingOf(complaint: Complaint, context: Reading, parsed: boolean): Finding[] {
  if (isOfThisMachine(complaint, parsed)) return [];
  const file = complaint.path === undefined ? undefined : context.locate(complaint.path);
  const message = context.clean(complaint.message);
  const { level, remedy } = isAbsentHere(complaint, message)
    ? ABSENT
    : judgement({ ...complaint, message }, context, file);
  const place = file === undefined ? placeOfName(message, context) : { file, line: complaint.line as number };
  return [{ code: 'nginx-complains', tool: 'nginx', level, message, remedy, ...place }];
}

/** Words about this machine, or about the stage, that say nothing of the files. */
function isOfThisMachine({ level, message }: Complaint, parsed: boolean): boolean {
  if (level === 'notice' || level === 'info') return true;
  if (/^"ssl_stapling" ignored/.test(message)) return true;
  if (/makes sense only if the master process runs with super-user/.test(message)) return true;
  if (/^could not open error log file/.test(message)) return true;
  return parsed && /^(?:bind\(\)|socket\(\)|listen\(\)|setsockopt\(|still could not bind)/.test(message);
}

/** A file is missing that the stage could not stand in for: the message has no path of the stage. */
function isAbsentHere({ level, message }: Complaint, cleaned: string): boolean {
  return level !== 'warn' && message === cleaned && /"\/.*No such file or directory/.test(message);
}

interface Judgement {
  level: Finding['level'];
  remedy: string;
}

function judgement(complaint: Complaint, context: Reading, file: string | undefined): Judgement {
  const { message, level } = complaint;
  if (level === 'warn') return warningJudgement(message, context);
  if (complaint.path !== undefined && file === undefined) {
    return {
      level: 'unchecked',
      remedy: 'nginx stumbles over a file of this machine, not of the deployment: look there.',
    };
  }
  const known = EMERGENCIES.find(({ pattern }) => pattern.test(message));
  if (!known) return { level: 'error', remedy: 'Correct the line; nginx does not start with it.' };
  return known.judge(pick(known.pattern, message), context);
}

/** What nginx began to dislike from one release to the next: deprecations (1.25.1), and listen options (1.23.4). */
const TASTE = /deprecated|^protocol options redefined/;

function warningJudgement(message: string, { versions }: Reading): Judgement {
  const newer = versions && isOlder({ here: versions.wanted, wanted: versions.here });
  if (newer && TASTE.test(message)) {
    const remedy = `nothing to do: nginx ${versions.here} is here, and the host's ${versions.wanted} may not mind.`;
    return { level: 'unchecked', remedy: `Probably ${remedy}` };
  }
  if (/^conflicting server name/.test(message)) {
    return {
      level: 'warning',
      remedy: 'Two server blocks have this name on the same port; nginx ignores the later. Remove one.',
    };
  }
  if (/protocol options redefined/.test(message)) {
    return { level: 'warning', remedy: 'Give every "listen" of the same address and port the same options.' };
  }
  if (/could not build optimal/.test(message)) {
    return { level: 'warning', remedy: 'Raise the size that the message names.' };
  }
  return { level: 'warning', remedy: 'nginx starts nevertheless; correct it before it matters.' };
}

function pick(pattern: RegExp, message: string): string {
  return pattern.exec(message)?.[1] ?? '';
}

const error = (remedy: string): Judgement => ({ level: 'error', remedy });
const elsewhere = (remedy: string): Judgement => ({ level: 'unchecked', remedy });

const ABSENT = elsewhere(
  'nginx reads this file when it starts; it is not on this machine. See that the host has it.',
);

/** What nginx says most often, and what helps. The first that fits counts; its first group is handed over. */
const EMERGENCIES: readonly { pattern: RegExp; judge(name: string, context: Reading): Judgement }[] = [
  { pattern: /^unknown directive "(.*)"/, judge: (name, context) => error(unknownDirective(name, context)) },
  {
    pattern: /^a duplicate default server for (\S+)/,
    judge: () =>
      error('Only one server block of an address and port may say default_server: remove the word from one.'),
  },
  {
    pattern: /^host not found in (.*)/,
    judge: () =>
      elsewhere(
        'nginx needs the name when it starts, and this machine cannot resolve it. An address is safer than a name.',
      ),
  },
  {
    pattern: /^could not build (?:the )?(\w+)/,
    judge: (hash) =>
      error(
        `A name is too long for nginx's table: set ${hash}_bucket_size 128; at the top of a file in conf.d.`,
      ),
  },
  { pattern: /SSL_CTX_set1_(?:curves|groups)_list\("(.*?)"\)/, judge: curves },
  { pattern: /(No such file or directory)/, judge: () => error('Correct the path, or add the file.') },
  {
    pattern: /^"(\S+)" directive is duplicate/,
    judge: (name) =>
      error(
        `${name} is already set at this level, perhaps in Debian's nginx.conf: set it inside of the server block, or once.`,
      ),
  },
  {
    pattern: /^"(\S+)" directive is not allowed here/,
    judge: (name) => error(`See in which blocks ${name} may stand: https://nginx.org/en/docs/dirindex.html`),
  },
  {
    pattern: /^unexpected end of file/,
    judge: () => error('A block is not closed: look for a missing "}" or quote.'),
  },
  {
    pattern: /^unexpected "(.)"/,
    judge: () => error('Look at the line and the one before: a ";" or a brace is missing or too much.'),
  },
  {
    pattern: /is not terminated by ";"/,
    judge: () => error('A ";" is missing, here or on the line before.'),
  },
  {
    pattern: /^upstream|in upstream/,
    judge: () => error('See that the upstream is defined, once, under this name.'),
  },
  {
    pattern: /^unknown "(\w+)" variable/,
    judge: (name) => error(`No map, geo or module sets $${name}: see how it is spelt.`),
  },
];

function curves(names: string, { plan }: Reading): Judgement {
  const own = plan.tls?.curves === names;
  return own
    ? elsewhere("This machine's OpenSSL does not know them all; the host's should.")
    : error("The host's OpenSSL must know every curve: X25519MLKEM768 needs OpenSSL 3.5.");
}

function unknownDirective(name: string, { files, versions }: Reading): string {
  const since = SINCE[name];
  if (since !== undefined && versions) {
    return `nginx has it from ${since}, and this is nginx ${versions.here}: leave it out, or name the host's version.`;
  }
  const near = nearestDirective(name, files);
  return near === undefined
    ? 'See how it is spelt, or install the package of the module that has it: https://nginx.org/en/docs/dirindex.html'
    : `Did you mean ${near}?`;
}

/** Of the directives that the files themselves use, the one most like `name`. */
function nearestDirective(name: string, files: readonly TreeFile[]): string | undefined {
  const own = files
    .filter((file) => file.path.startsWith(HOME))
    .flatMap((file) => nginxDirectives(file.text));
  const names = [...new Set(own.map((directive) => directive.name))].filter((other) => other !== name);
  return names
    .map((other) => ({ other, steps: distance(name, other) }))
    .filter(({ steps }) => steps <= 2)
    .sort((a, b) => a.steps - b.steps || (a.other < b.other ? -1 : 1))[0]?.other;
}

/** nginx names no line for a server name that two blocks have: it is that of the last of them. */
function placeOfName(message: string, { files }: Reading): { file: string; line: number } | undefined {
  const name = /^conflicting server name "(.*?)"/.exec(message)?.[1];
  if (name === undefined) return undefined;
  const places = files
    .filter((file) => file.path.startsWith(HOME))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .flatMap((file) =>
      nginxDirectives(file.text)
        .filter(
          (directive) =>
            directive.name === 'server_name' && directive.arguments.some((word) => word.value === name),
        )
        .map(({ line }) => ({ file: file.shown, line })),
    );
  return places.length > 1 ? places.at(-1) : undefined;
}

/** One line about a newer nginx's taste is enough. */
function dropRepeatedDeprecations(findings: Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ level, message }) => {
    if (level !== 'unchecked' || !message.includes('deprecated')) return true;
    if (seen.has(message)) return false;
    seen.add(message);
    return true;
  });
}
