/** What nginx says of a configuration, as findings. */
import { distance } from 'fastest-levenshtein';
import { isOlder, words } from '../../check/run.ts';
import type { Reading, ToolResult, TreeFile } from '../../contract/validator.ts';
import { nginxDirectives } from '../../formats/nginx/directives.ts';
import type { Finding } from '../../words/finding.ts';
import { HOME } from './stage.ts';

/** Directives that older releases reject. https://nginx.org/en/CHANGES */
const SINCE: Record<string, string> = {
  add_header_inherit: '1.29.3',
  http2: '1.25.1',
  http3: '1.25.0',
  quic_retry: '1.25.0',
  ssl_conf_command: '1.19.4',
  ssl_reject_handshake: '1.19.4',
};

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
export function dropRepeatedDeprecations(findings: Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ level, message }) => {
    if (level !== 'unchecked' || !message.includes('deprecated')) return true;
    if (seen.has(message)) return false;
    seen.add(message);
    return true;
  });
}
