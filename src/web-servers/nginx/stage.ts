/** nginx's configuration in a folder of its own, where nginx can judge it without a certificate or a host. */
import type { Plan } from '../../contract/plan.ts';
import type { Prepared, StagedFile, TreeFile } from '../../contract/validator.ts';
import { atLeast } from '../../contract/values.ts';
import { nginxDirectives, rewriteNginx } from '../../formats/nginx/directives.ts';

/** Where nginx's configuration is, on a host and in the stage. */
export const HOME = '/etc/nginx/';
export const MAIN = `${HOME}nginx.conf`;

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

/** Valid for a day, for a name that nobody has (RFC 6761). */
export function makeCertificate(): string[] {
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
    atLeast(String(plan.webServer.version), '1.26') ? 'server_tokens off;' : '',
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
