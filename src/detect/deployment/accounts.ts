/** What becomes of the statements of an earlier deployment's files. */
import type { Account, Fate } from '../../contract/earlier.ts';
import type { Detection } from '../../words/detection.ts';
import { GROUPS, type Group, type NotTaken } from '../../words/not-taken.ts';
import type { Evidence } from '../../words/value.ts';
import { withoutSecrets } from './secrets.ts';

/** Longer than this, a statement is cut: a content security policy, for instance. */
const LONGEST = 160;

/** The account of a statement, as it may be shown. */
export function account(name: string, text: string, at: Evidence, fate: Fate): Account {
  const line = withoutSecrets(text.replaceAll(/\s+/g, ' ').trim());
  return { name, text: line.length > LONGEST ? `${line.slice(0, LONGEST - 3)}...` : line, at, fate };
}

/** Variables that the new deployment has its own of, or takes over as an answer. */
const USUAL_VARIABLES =
  /^(?:PATH|HOME|USER|SHELL|TERM|TZ|LANG|LC_\w+|VIRTUAL_ENV|PYTHON(?:UNBUFFERED|DONTWRITEBYTECODE|IOENCODING|HASHSEED|FAULTHANDLER)|DJANGO_SETTINGS_MODULE|FLASK_APP|PIP_\w+|PORT|WEB_CONCURRENCY)$/;

/** The account of variables that a statement sets: their names alone are shown. */
export function variablesAccount(
  name: string,
  of: string,
  variables: Iterable<string>,
  at: Evidence,
): Account {
  const own = [...variables].filter((one) => !USUAL_VARIABLES.test(one));
  return account(name, `${of}${own.join(', ')}`, at, own.length > 0 ? 'environment' : 'decided');
}

/** Accounts of what is told together with a statement: its own options, or what its block holds. */
export function partsOf({ text, fate }: Account, parts: Iterable<{ name: string; at: Evidence }>): Account[] {
  return [...parts].map(({ name, at }) => ({ name, text, at, fate, isPart: true }));
}

/** What is known of the names that a kind of file has. */
export interface Known {
  names: ReadonlyMap<string, Fate>;
  /** Names that begin alike. */
  families: readonly (readonly [RegExp, Fate])[];
}

/** A table of names by what becomes of them: words, and patterns of names that begin alike. Where two have a name, the first counts. */
export function known(
  words: Partial<Record<Fate, string>>,
  families: Partial<Record<Fate, RegExp>> = {},
): Known {
  return {
    names: new Map(
      Object.entries(words)
        .toReversed()
        .flatMap(([fate, names]) =>
          names
            .split(/\s+/)
            .filter((name) => name !== '')
            .map((name) => [name, fate as Fate] as const),
        ),
    ),
    families: Object.entries(families).map(([fate, pattern]) => [pattern, fate as Fate] as const),
  };
}

/** What becomes of a name; "unknown" where no table has it. */
export function fateOf({ names, families }: Known, name: string): Fate {
  return names.get(name) ?? families.find(([pattern]) => pattern.test(name))?.[1] ?? 'unknown';
}

/** The flags of answers that statements are about, by the statements' names in lower case. */
const FLAGS: Readonly<Record<string, string>> = {
  ...{
    workers: 'workers',
    processes: 'workers',
    threads: 'threads',
    timeout: 'timeout',
    harakiri: 'timeout',
  },
  ...{ 'http-timeout': 'timeout', 'request-timeout': 'timeout', proxy_read_timeout: 'timeout' },
  ...{ uwsgi_read_timeout: 'timeout', proxytimeout: 'timeout', websocket_timeout: 'live-timeout' },
  ...{ 'max-requests': 'max-requests', max_requests: 'max-requests', 'limit-max-requests': 'max-requests' },
  ...{ 'maximum-requests': 'max-requests', 'limit-post': 'max-body', client_max_body_size: 'max-body' },
  ...{ limitrequestbody: 'max-body', 'max-request-body-size': 'max-body', 'worker-class': 'gunicorn-worker' },
  ...{ worker_class: 'gunicorn-worker', server_name: 'domain', ssl_certificate: 'tls-certificate' },
  ...{
    ssl_certificate_key: 'tls-key',
    sslcertificatefile: 'tls-certificate',
    sslcertificatekeyfile: 'tls-key',
  },
  ...{ sslcertificatechainfile: 'tls-certificate', add_header: 'hsts', header: 'hsts' },
  ...{ set_real_ip_from: 'trusted-proxy', real_ip_header: 'client-address-header' },
  ...{ remoteipinternalproxy: 'trusted-proxy', remoteiptrustedproxy: 'trusted-proxy' },
  ...{ remoteipheader: 'client-address-header', timeoutstopsec: 'background-timeout' },
  ...{ stopwaitsecs: 'background-timeout', stop_grace_period: 'background-timeout' },
};

/** A statement as it is listed, with the flag that would give the answer. */
function listed({ name, text, fate }: Account): string {
  const flag = fate === 'answers' ? FLAGS[name.toLowerCase()] : undefined;
  return flag === undefined ? text : `${text} (--${flag})`;
}

/** What is listed, each text once with all its places, in the order of the groups. */
export function notTakenOf(accounts: readonly Account[]): NotTaken[] {
  const texts = new Map<string, NotTaken>();
  for (const one of accounts) {
    const { at, fate } = one;
    if (!isGroup(fate)) continue;
    const text = listed(one);
    const same = texts.get(`${fate} ${text}`);
    if (same === undefined) texts.set(`${fate} ${text}`, { group: fate, text, at, from: [at] });
    else if (one.isPart !== true && !same.from.some(({ file, line }) => file === at.file && line === at.line))
      same.from.push(at);
  }
  const order = Object.keys(GROUPS);
  return [...texts.values()].sort((a, b) => order.indexOf(a.group) - order.indexOf(b.group));
}

/** What the new deployment has its own of, each name once for a file. */
export function decidedOf(accounts: readonly Account[]): NonNullable<Detection['decided']> {
  const names = new Map<string, { name: string; from: Evidence[] }>();
  for (const { name, at, fate } of accounts) {
    if (fate !== 'decided') continue;
    const one = names.get(`${at.file} ${name}`);
    if (one === undefined) names.set(`${at.file} ${name}`, { name, from: [at] });
    else one.from.push(at);
  }
  return [...names.values()];
}

function isGroup(fate: Fate): fate is Group {
  return fate !== 'taken' && fate !== 'decided';
}
