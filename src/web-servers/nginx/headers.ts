/**
 * What reaches whom: the headers of each location that answers from disk, and of each that passes requests on. A level
 * that sets one header of a kind inherits none of that kind, so a line added by hand can take all the others away, and
 * nginx says nothing. https://nginx.org/en/docs/http/ngx_http_headers_module.html#add_header
 */

import type { Plan } from '../../contract/plan.ts';
import type { Judged, TreeFile } from '../../contract/validator.ts';
import { type NginxDirective, nginxDirectives } from '../../formats/nginx/directives.ts';
import type { Finding } from '../../words/finding.ts';

const HOME = '/etc/nginx/';
const TOOL = 'headers';

/** A block with what it sets itself and what it takes from the blocks around it. */
interface Level {
  name: string;
  /** What stands behind its name: "^~ /static/". */
  title: string;
  shown: string;
  line: number;
  own: NginxDirective[];
  outer: Level | undefined;
}

/** Findings about headers that a location lacks, or that it takes from the client. */
export function judgeHeaders({ plan, files }: Judged): Finding[] {
  return (
    files
      .filter(({ path }) => /^\/etc\/nginx\/(?:conf\.d|sites-enabled)\//.test(path))
      .flatMap((file) => levelsOf(file, files))
      // What an authority asks for while it issues a certificate is nothing that a browser shows.
      .filter(({ name, title }) => name === 'location' && !title.includes('/.well-known/acme-challenge/'))
      .flatMap((level) => [...answerFindings(level, plan), ...requestFindings(level, plan)])
  );
}

/** All blocks of a file; what a block includes counts as written there. */
function levelsOf(file: TreeFile, files: readonly TreeFile[]): Level[] {
  const top: Level = { name: '', title: '', shown: file.shown, line: 1, own: [], outer: undefined };
  const levels = [top];
  const open = [top];
  for (const directive of nginxDirectives(file.text)) {
    const level = (open[directive.depth] ?? top) as Level;
    open.length = directive.depth + 1;
    if (directive.opens) {
      const title = directive.arguments.map(({ value }) => value).join(' ');
      const { name, line } = directive;
      const inner: Level = { name, title, shown: file.shown, line, own: [], outer: level };
      levels.push(inner);
      open.push(inner);
    } else level.own.push(...included(directive, files));
  }
  return levels;
}

function included(directive: NginxDirective, files: readonly TreeFile[]): NginxDirective[] {
  const path = directive.name === 'include' ? directive.arguments[0]?.value : undefined;
  if (path === undefined) return [directive];
  const there = files.find((file) => file.path === (path.startsWith('/') ? path : HOME + path));
  return there === undefined ? [directive] : nginxDirectives(there.text);
}

const ownOf = ({ own }: Level, name: string) => own.filter((directive) => directive.name === name);

/** The directives of a kind that count at a level: its own, or else those of the nearest level around it that has any. */
function inForce(level: Level, name: string): NginxDirective[] {
  const own = ownOf(level, name);
  return own.length > 0 || level.outer === undefined ? own : inForce(level.outer, name);
}

/** Headers by their names in lower case. */
function headers(level: Level, directive: string): Map<string, string> {
  return new Map(
    inForce(level, directive).map(({ arguments: [name, value] }) => [
      (name?.value ?? '').toLowerCase(),
      value?.value ?? '',
    ]),
  );
}

const finding = ({ shown, line }: Level, message: string, remedy: string): Finding => ({
  ...{ code: 'header-lost', tool: TOOL, level: 'warning', file: shown, line },
  message,
  remedy,
});

/** Where nginx answers from disk, nobody else sets the headers. */
function answerFindings(level: Level, plan: Plan): Finding[] {
  const folder = [...ownOf(level, 'alias'), ...ownOf(level, 'root')][0]?.arguments[0]?.value;
  if (folder === undefined) return [];
  const sent = headers(level, 'add_header');
  const wanted = [
    { name: 'X-Content-Type-Options', value: /^nosniff$/i, because: 'a browser may guess what a file is' },
    ...(plan.tls.hsts === ''
      ? []
      : [
          {
            name: 'Strict-Transport-Security',
            value: /^max-age=/,
            because: 'a browser may come back over http',
          },
        ]),
    ...(plan.media.some(({ path }) => `${path}/` === folder)
      ? [
          {
            name: 'Content-Security-Policy',
            value: /\bsandbox\b/,
            because: 'an upload may run as a page of the site',
          },
        ]
      : []),
  ];
  return wanted
    .filter(({ name, value }) => !value.test(sent.get(name.toLowerCase()) ?? ''))
    .map(({ name, because }) =>
      finding(
        level,
        `location ${level.title} does not send ${name}, so that ${because}`,
        `Include snippets/${plan.name}-headers.conf in it: a location that adds one header inherits none.`,
      ),
    );
}

/** Values that a client decides. */
const CLIENTS = /\$(?:http_\w+|proxy_add_x_forwarded_for)\b/;

/** Where a request is passed on, the app believes the headers that the proxy is meant to set. */
function requestFindings(level: Level, plan: Plan): Finding[] {
  const kind = ['proxy', 'uwsgi'].find((one) => ownOf(level, `${one}_pass`).length > 0);
  if (kind !== 'proxy') return [];
  const passed = headers(level, 'proxy_set_header');
  const blanked = plan.trusted.blanked.map(({ header }) => header);
  const set = ['Host', 'X-Forwarded-For', 'X-Real-IP', 'X-Forwarded-Proto'];
  const snippet = `Include snippets/${plan.name}-proxy.conf in it: a location that sets one header inherits none.`;
  const missing = [...set, ...blanked].filter((name) => !passed.has(name.toLowerCase()));
  const believed = set.filter((name) => CLIENTS.test(passed.get(name.toLowerCase()) ?? ''));
  return [
    ...(missing.length === 0
      ? []
      : [
          finding(
            level,
            `location ${level.title} passes on what the client itself says in ${missing.join(', ')}`,
            snippet,
          ),
        ]),
    ...believed.map((name) =>
      finding(
        level,
        `location ${level.title} takes ${name} from the client: ${passed.get(name.toLowerCase())}`,
        'Overwrite it: $host for Host, $remote_addr for the address, $scheme for the scheme.',
      ),
    ),
  ];
}
