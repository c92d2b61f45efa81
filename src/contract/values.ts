/** The kinds of value that answers hold, each with the message that a person gets when a value is none. */
import * as z from 'zod/mini';
import { DIAGNOSTICS } from '../words/diagnostics.ts';
import { parentPath } from '../words/paths.ts';
import { suggestion } from '../words/text.ts';
import { commandWords } from './command.ts';
import { canonicalPath, isSystems } from './host-folders.ts';

const HOST_LABEL = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;

/**
 * A host name as DNS has it (RFC 1123), lower case, without a trailing dot; at least one label that is not a number, so
 * that a mistyped address is not taken for a name.
 */
function isHostName(text: string): boolean {
  const labels = text.split('.');
  return (
    text.length <= 253 &&
    labels.every((label) => HOST_LABEL.test(label)) &&
    !/^\d+$/.test(labels.at(-1) ?? '')
  );
}

/** What is wrong with a host name, and the nearest that would do. */
function hostNameError(input: unknown): string {
  const rule = 'a host name such as shop.example: lower-case letters, digits and hyphens between dots';
  if (typeof input !== 'string') return `must be ${rule}`;
  let nearest: string;
  try {
    nearest = new URL(input.includes('://') ? input : `http://${input}`).hostname.replace(/\.$/, '');
  } catch {
    return `must be ${rule}`;
  }
  return nearest !== input && isHostName(nearest)
    ? `must be ${rule}; did you mean "${nearest}"?`
    : `must be ${rule}`;
}

export const hostName = z
  .string()
  .check(z.refine((text) => isHostName(text), { error: (issue) => hostNameError(issue.input) }));

/**
 * Users and units that a Debian host has or may well get: an app of that name would take their place.
 * https://www.debian.org/doc/debian-policy/ch-opersys.html#uid-and-gid-classes and base-passwd's master files
 */
const TAKEN = new Set(
  `adm apache apache2 apt avahi backup bin bind bluetooth caddy certbot cdrom celery chrony containerd cron crontab
  cups daemon dbus debian default default-host deploy-scaffold dhcpcd dialout disk dns docker exim fail2ban fax floppy ftp games
  getty gnats group gunicorn haproxy host hostname hosts http https input irc kmem kvm ldap letsencrypt list local
  locale log logrotate long-names lp lvm machines mail man mariadb memcached messagebus modules mongod mount mysql network
  networking news nginx nobody nogroup nscd ntp opt pam passwd plugdev polkit polkitd portables postfix postgres
  postgresql private proxy python python3 rabbitmq redis redis-server render resolvconf root rsync rsyslog sasl security sgx shadow
  shells skel snap snmp src ssh sshd ssl sssd staff statd sudo supervisor supervisord sync sys syslog system systemd
  tape tcpdump tmp tor tty udev ufw unbound update user users utmp uucp uuidd uwsgi varnish video voice wheel www
  www-data x11 xdg`
    .split(/\s+/)
    .filter(Boolean),
);

/** Names a Linux user, a systemd unit, a socket and folders: useradd(8) takes at most 32 characters. */
export const appName = z.string().check(
  z.regex(/^[a-z][a-z0-9-]{0,29}[a-z0-9]$/, {
    error: 'must be 2 to 31 lower-case letters, digits and hyphens, starting with a letter',
  }),
  z.refine((name) => !TAKEN.has(name) && !name.startsWith('systemd-'), {
    error:
      'is the name of something that a host has already: take another, for instance with "-app" behind it',
  }),
);

/** A user of the host. */
export const userName = z.string().check(
  z.regex(/^[a-z_][a-z0-9_-]{0,31}$/, {
    error: 'must be the name of a user on the host, for instance www-data',
  }),
);

/** "package.module:object", the object possibly a factory call: what every app server takes. */
export const appObject = z.string().check(
  z.regex(/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*(\(\))?$/, {
    error: 'must be MODULE:OBJECT, for instance shop.wsgi:application',
  }),
);

export const dottedModule = z.string().check(
  z.regex(/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/, {
    error: 'must be a dotted module name, for instance shop.settings',
  }),
);

/** A setting of an app, by the name that its framework has for it: a name of Python's. */
export const settingName = z
  .string()
  .check(z.regex(/^[A-Za-z_]\w*$/, { error: 'must be the name of a setting, for instance ALLOWED_HOSTS' }));

export const variableName = z
  .string()
  .check(z.regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'must be the name of an environment variable' }));

/** nginx's notation: a number, then k, m or g for 1024, 1024² or 1024³ bytes. Zero would switch the limit off. */
export const size = z.string().check(
  z.regex(/^[1-9]\d{0,9}[kmg]?$/, {
    error: 'must be a number of bytes, or one with k, m or g behind it, for instance 10m',
  }),
);

/** A size within bounds, which are sizes as well. */
export function sizeFrom(least: string, most: string) {
  return size.check(
    z.refine((text) => bytes(text) >= bytes(least) && bytes(text) <= bytes(most), {
      error: `must be from ${least} to ${most}`,
    }),
  );
}

/** Bytes of a `size`. */
export function bytes(text: string): number {
  const unit = { k: 1024, m: 1024 ** 2, g: 1024 ** 3 }[text.at(-1) ?? ''] ?? 1;
  return Number.parseInt(text, 10) * unit;
}

export const version = z
  .string()
  .check(z.regex(/^\d+(\.\d+){0,2}$/, { error: 'must be a version number, for instance 1.26.3' }));

/** Is `a` the same as or newer than `b`? Missing parts count as zero. */
export function atLeast(a: string, b: string): boolean {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
  for (let part = 0; part < Math.max(left.length, right.length); part++) {
    const difference = (left[part] ?? 0) - (right[part] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

/** A version of a tool that is not older than the first that the files were tried with. */
export function versionFrom(oldest: string) {
  return version.check(z.refine((text) => atLeast(text, oldest), { error: `must be ${oldest} or newer` }));
}

/** The error of an enumeration names what is allowed. */
export function oneOf<const Values extends readonly [string, ...string[]]>(
  values: Values,
  whyNot: (input: string) => string | undefined = () => undefined,
) {
  return z.enum(values, {
    error: ({ input }) => {
      const word = typeof input === 'string' ? input : '';
      const why = whyNot(word);
      return `must be one of: ${values.join(', ')}${why === undefined ? suggestion(word, values) : `; ${why}`}`;
    },
  });
}

export const truth = () => z.boolean({ error: 'must be true or false' });

const hasNoControl = (text: string) => !/\p{Cc}/u.test(text);
/** Linux takes 255 bytes for a name; nginx and systemd take less than Linux does for a path. */
const fits = (path: string) =>
  byteLength(path) <= 1024 && path.split('/').every((part) => byteLength(part) <= 255);
const byteLength = (text: string) => new TextEncoder().encode(text).length;
const short = z.refine<string>(fits, {
  error: 'must have at most 255 bytes between slashes, and 1024 in all',
});
const climbs = (path: string) => path.split('/').includes('..');

/** A folder that a version control system keeps all versions in, what was taken out since too, and often a password of its server. */
const HISTORIES = ['.git', '.hg', '.svn'];
const isNoHistory = z.refine<string>(
  (path) => path.startsWith('/') || !path.split('/').some((part) => HISTORIES.includes(part)),
  { error: 'is where a version control system keeps its own: take another folder' },
);

/** An absolute path on the host. */
export const hostPath = z.string().check(
  z.refine(
    (path) => path.startsWith('/') && canonicalPath(path) !== '/' && hasNoControl(path) && !climbs(path),
    {
      error: 'must be an absolute path on the host, without ".."',
    },
  ),
  short,
);

/** A path inside of the project, or an absolute one on the host. */
export const folder = z.string().check(
  z.refine(
    (path) => path !== '' && hasNoControl(path) && !climbs(path) && !['.', '/'].includes(canonicalPath(path)),
    {
      error: 'must be a folder inside of the project, or an absolute path on the host, without ".."',
    },
  ),
  z.refine((path) => !isSystems(path), {
    error: "is the system's own folder: take one below /srv or /var/lib",
  }),
  isNoHistory,
  short,
);

/** A file that the app writes, and others beside it: its folder is the app's. */
export const writtenFile = folder.check(
  z.refine((path) => !path.startsWith('/') || !isSystems(parentPath(path)), {
    error:
      "lies in the system's own folder, which the app would have to write to: put it below a folder in /srv or /var/lib",
  }),
);

/** A path inside of the project, "." for its top. */
export const projectPath = z.string().check(
  z.refine((path) => path !== '' && !path.startsWith('/') && hasNoControl(path) && !climbs(path), {
    error: 'must be a path inside of the project, without ".."',
  }),
  isNoHistory,
  short,
);

/**
 * nginx of both targets has one byte for the length of a location's prefix, so that one of 256 is taken for another: `len` of
 * https://github.com/nginx/nginx/blob/release-1.26.0/src/http/ngx_http_core_module.h. A folder is named after its path too,
 * for which Linux has 255 bytes (https://man7.org/linux/man-pages/man7/path_resolution.7.html). Apache would take more.
 */
const notTooLong = z.maxLength(255, { error: 'must have at most 255 characters' });

/** The path part of a URL under which a folder is served: both slashes, or a prefix could leak its neighbours. */
const urlPrefix = z.string().check(
  z.regex(/^\/(?!\.)[A-Za-z0-9._~-]+(\/[A-Za-z0-9._~-]+)*\/$/, {
    error:
      'must be a URL path of letters, digits and ._~- that begins and ends with a slash, for instance /static/',
  }),
  notTooLong,
);

/** The path that leads to a service or a folder: "/", or one with both slashes. */
export const sitePath = z.string().check(
  z.regex(/^\/(?:(?!\.)[A-Za-z0-9._~-]+(\/(?!\.)[A-Za-z0-9._~-]+)*\/)?$/, {
    error:
      'must be a URL path of letters, digits and ._~- that begins and ends with a slash, for instance /live/ or /',
  }),
  notTooLong,
);

/** A page, and where it does not answer 200 to 299, its right status: one that sends visitors on, asks who they are, or is the app's own "not found". */
export const page = z.string().check(
  z.regex(/^\/[A-Za-z0-9._~/-]*( (2\d\d|30[12378]|40[134]))?$/, {
    error:
      'must be a URL path, for instance /healthz, or one with its right status behind it, which is 200 to 299, 301, 302, 303, 307, 308, 401, 403 or 404, for instance "/login 302"; without one, any of 200 to 299 is right, and without an answer the page is the path that leads to the app',
  }),
);

export const mounts = z.record(urlPrefix, folder);

export const network = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], {
  error: 'must be an IP address or a network, for instance 10.0.0.0/8',
});

/** HTTP's token: RFC 9110, section 5.6.2, less what no proxy's header has. */
export const headerName = z.string().check(
  z.regex(/^[A-Za-z][A-Za-z0-9-]*$/, {
    error: 'must be the name of an HTTP header, for instance X-Forwarded-For',
  }),
);

/**
 * A package by Debian's policy, perhaps with its architecture and version. To apt-get a minus or a plus behind a name says
 * to remove or to install it; only names such as g++ end so.
 * https://www.debian.org/doc/debian-policy/ch-controlfields.html#source, https://manpages.debian.org/apt-get#install
 */
export const debianPackage = z
  .string()
  .check(
    z.regex(
      /^[a-z0-9](?:[a-z0-9.+-]*[a-z0-9]|[a-z0-9.-]*\+\+)(?::[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)?(?:=[0-9](?:[A-Za-z0-9.+~:-]*[A-Za-z0-9])?)?$/,
      { error: 'must be the name of a Debian package, for instance libpq5, with no sign behind it' },
    ),
  );

export const emailAddress = z.email({ error: 'must be an e-mail address' });

/** Names a process beside the app: a part of a unit's name. */
const processName = z.string().check(
  z.regex(/^[a-z]([a-z0-9-]{0,29}[a-z0-9])?$/, {
    error: 'must be a name of at most 31 lower-case letters, digits and hyphens, for instance worker',
  }),
);

/** A command line that is run without a shell. */
export const command = z.string().check(
  z.refine((text) => !(commandWords(text) instanceof Error), {
    error: (issue) => (commandWords(String(issue.input)) as Error).message,
  }),
);

export const commands = z.record(processName, command);

/** Names a service: a part of a unit's name, and of those of a shell's functions. */
export const serviceName = processName;

/** A code of a diagnostic, as a person accepts it: of a setting, perhaps with the setting's name behind a dot. */
const acceptedCode = z.string().check(
  z.refine((text) => Object.hasOwn(DIAGNOSTICS, text.replace(/^setting-wrong\.\w+$/, 'setting-wrong')), {
    error: ({ input }) =>
      `must be a code of docs/diagnostics.md${suggestion(String(input), Object.keys(DIAGNOSTICS))}`,
  }),
);

const reason = z.string().check(
  z.refine((text) => text.trim() !== '' && hasNoControl(text) && text.length <= 500, {
    error: 'must say in one line of at most 500 characters why it may be so',
  }),
);

export const acceptances = z.record(acceptedCode, reason);

/** A whole number within bounds. */
export function whole(from: number, to: number, error = `must be a whole number from ${from} to ${to}`) {
  return z.int({ error }).check(z.gte(from, { error }), z.lte(to, { error }));
}
