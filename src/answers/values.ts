/** The kinds of value that answers hold, each with the message that a person gets when a value is none. */
import * as z from 'zod/mini';

const HOST_LABEL = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;

/**
 * A host name as DNS has it (RFC 1123), lower case, without a trailing dot; at least one label that is no number, so
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
  const rule = 'a host name such as shop.example: letters, digits and hyphens between dots';
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

/** Names a Linux user, a systemd unit, a socket and folders: useradd(8) takes at most 32 characters. */
export const appName = z.string().check(
  z.regex(/^[a-z][a-z0-9-]{0,29}[a-z0-9]$/, {
    error: 'must be 2 to 31 lower-case letters, digits and hyphens, starting with a letter',
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

export const variableName = z
  .string()
  .check(z.regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'must be the name of an environment variable' }));

/** nginx's notation: a number, then k, m or g for 1024, 1024² or 1024³ bytes. Zero would switch the limit off. */
export const size = z.string().check(
  z.regex(/^[1-9]\d{0,9}[kmg]?$/, {
    error: 'must be a number of bytes, or one with k, m or g behind it, for instance 10m',
  }),
);

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

const hasNoControl = (text: string) => !/\p{Cc}/u.test(text);
const climbs = (path: string) => path.split('/').includes('..');

/** An absolute path on the host. */
export const hostPath = z.string().check(
  z.refine((path) => path.startsWith('/') && path.length > 1 && hasNoControl(path) && !climbs(path), {
    error: 'must be an absolute path on the host, without ".."',
  }),
);

/** A path inside of the project, or an absolute one on the host. */
export const folder = z.string().check(
  z.refine(
    (path) => path !== '' && path !== '/' && hasNoControl(path) && !climbs(path) && !/^\.?\/*$/.test(path),
    {
      error: 'must be a folder inside of the project, or an absolute path on the host, without ".."',
    },
  ),
);

/** A path inside of the project, "." for its top. */
export const projectPath = z.string().check(
  z.refine((path) => path !== '' && !path.startsWith('/') && hasNoControl(path) && !climbs(path), {
    error: 'must be a path inside of the project, without ".."',
  }),
);

/** The path part of a URL under which a folder is served: both slashes, or a prefix could leak its neighbours. */
const urlPrefix = z.string().check(
  z.regex(/^\/(?!\.)[A-Za-z0-9._~-]+(\/[A-Za-z0-9._~-]+)*\/$/, {
    error: 'must be a URL path that begins and ends with a slash, for instance /static/',
  }),
);

export const urlPath = z
  .string()
  .check(z.regex(/^\/[A-Za-z0-9._~/-]*$/, { error: 'must be a URL path, for instance /healthz' }));

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

export const debianPackage = z
  .string()
  .check(
    z.regex(/^[a-z0-9][a-z0-9+.-]+$/, { error: 'must be the name of a Debian package, for instance libpq5' }),
  );

export const emailAddress = z.email({ error: 'must be an e-mail address' });

/** A whole number within bounds. */
export function whole(from: number, to: number) {
  const error = `must be a whole number from ${from} to ${to}`;
  return z.int({ error }).check(z.gte(from, { error }), z.lte(to, { error }));
}
