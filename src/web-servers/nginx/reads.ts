/** nginx's site. https://nginx.org/en/docs/http/ngx_http_core_module.html */

import {
  type Account,
  type EarlierFiles,
  type Fate,
  NOTHING,
  type Said,
  type Statement,
} from '../../contract/earlier.ts';
import { size } from '../../contract/values.ts';
import { account, fateOf } from '../../detect/deployment/accounts.ts';
import { includedFiles } from '../../detect/deployment/includes.ts';
import { isSite, likeliestTarget } from '../../detect/deployment/sites.ts';
import { fileName } from '../../evaluate/modules.ts';
import { nginxDirectives } from '../../formats/nginx/directives.ts';
import type { ProjectFiles } from '../../words/project-files.ts';
import type { Evidence } from '../../words/value.ts';
import { DIRECTIVES, USUAL_FILES, USUAL_HEADERS, USUAL_PARAMETERS } from './known.ts';
import { passesOf } from './passes.ts';

/** Where connections stay open: its times say nothing about how long a request may take. */
const LIVE = /(?:^|[/._-])(?:wss?|(?:web)?sockets?|socket\.io|streams?|events|sse)(?:$|[/._-])/i;

export const earlierNginx: EarlierFiles = {
  unit: 'nginx',
  start: false,
  is: (name, text) =>
    /(?:\.(?:conf|template|vhost|nginx|j2)|^[^.]+)$/.test(name) &&
    /\bserver\s*\{/.test(text()) &&
    /\b(?:server_name|proxy_pass|uwsgi_pass)\b/.test(text()),
  read: readNginx,
};

/** A directive where it stands. */
export interface Directive {
  name: string;
  words: string[];
  at: Evidence;
  /** The blocks around it, the outermost first. */
  above: readonly Directive[];
  /** What its own block holds, at all depths. */
  inside: Directive[];
}

function readNginx(project: ProjectFiles, file: string): Said {
  const all: Directive[] = [];
  collect(project, file, [], all);
  const site = siteOf(all);
  const said = all.map((directive) => ({ directive, ...meaningOf(directive, site) }));
  const domains = said.flatMap(({ domains: some = [] }) => some);
  const named = said.find(({ domains: some = [] }) => some.length > 0)?.directive.at;
  const answers = said.flatMap(({ answer }) => answer ?? []);
  return {
    ...NOTHING,
    answers: named ? [...answers, { answer: 'domains', value: [...new Set(domains)], at: named }] : answers,
    accounts: said.map(({ account: one }) => one),
    passes: passesOf(all),
  };
}

/** The directives of a file, with those of the files that it includes at their places. */
function collect(project: ProjectFiles, file: string, above: readonly Directive[], all: Directive[]): void {
  const open: Directive[] = [...above];
  for (const { name, arguments: words, line, depth, opens } of nginxDirectives(project.read(file) ?? '')) {
    open.splice(above.length + Math.max(depth, 0));
    const directive: Directive = {
      ...{ name, words: words.map(({ value }) => value), at: { file, line } },
      ...{ above: [...open], inside: [] },
    };
    for (const block of open) block.inside.push(directive);
    all.push(directive);
    if (opens) open.push(directive);
    else if (name === 'include' && open.length > 0 && open.length < 12)
      for (const inner of includedFiles(project, file, directive.words[0] ?? '')) {
        const isSelf = earlierNginx.is(fileName(inner), () => project.read(inner) ?? '');
        const isOpen = open.some((one) => one.at.file === inner) || inner === file;
        if (!isSelf && !isOpen) {
          directive.words.push(inner);
          collect(project, inner, open, all);
        } else if (isSelf) directive.words.push(inner);
      }
  }
}

/** Where a block passes requests, "unix:/run/app.sock" or "backend:8000"; undefined where it does not. */
export function targetOf(directive: Directive): string | undefined {
  const pass = /^(?:proxy|uwsgi|fastcgi|scgi|grpc)_pass$/.test(directive.name);
  return pass ? hostOf(directive.words[0] ?? '') : undefined;
}

function hostOf(url: string): string {
  const inner = url.replace(/^(?:https?|grpcs?|uwsgi|suwsgi):\/\//, '');
  return inner.startsWith('unix:')
    ? (inner.split(':').slice(0, 2).join(':') ?? inner)
    : (inner.split('/')[0] ?? inner);
}

/** What the directives of a file are about. */
interface Site {
  /** Where the app is reached; undefined where nothing is passed on. */
  app: string | undefined;
  /** The locations whose times are those of an ordinary request. */
  main: ReadonlySet<Directive>;
}

function siteOf(all: readonly Directive[]): Site {
  const passes = all.filter((one) => targetOf(one) !== undefined);
  const upstreams = new Map(
    all
      .filter(({ name }) => name === 'upstream')
      .map(({ words, inside }) => [
        words[0] ?? '',
        inside.find(({ name }) => name === 'server')?.words[0] ?? '',
      ]),
  );
  const app = likeliestTarget(
    passes.map((one) => {
      const target = targetOf(one) as string;
      return {
        target,
        hint: `${target} ${upstreams.get(target) ?? ''}`,
        isSure: one.name === 'uwsgi_pass',
        isTop: isTop(one),
      };
    }),
  );
  const ofApp = all.filter(
    (one) => one.name === 'location' && one.inside.some((inner) => targetOf(inner) === app),
  );
  const roots = ofApp.filter(({ words }) => words.at(-1) === '/');
  const tried = all
    .filter(
      ({ name, above }) =>
        name === 'try_files' && (above.at(-1)?.name === 'server' || above.at(-1)?.words.at(-1) === '/'),
    )
    .flatMap(({ words }) => words.filter((word) => word.startsWith('@')));
  const main = [...roots, ...ofApp.filter(({ words }) => tried.includes(words.at(-1) ?? ''))];
  return { app, main: new Set(main.length > 0 ? main : ofApp) };
}

const isTop = ({ above }: Directive) =>
  above.findLast(({ name }) => name === 'location')?.words.join(' ') === '/';

interface Meaning {
  account: Account;
  answer?: Statement;
  domains?: string[];
}

function meaningOf(directive: Directive, site: Site): Meaning {
  const { name, words, at } = directive;
  const [first = ''] = words;
  const location = directive.above.findLast((one) => one.name === 'location');
  const text = shownOf(directive, location);
  const become = (fate: Fate, url?: string): Meaning => ({
    account: { ...account(name, text, at, fate), ...(url !== undefined && { url }) },
  });
  const taken = (answer: string, value: unknown): Meaning => ({
    ...become('taken'),
    answer: { answer, value, at },
  });
  const other = otherServiceOf(directive, site);
  if (other !== undefined) {
    const one = account(name, other, at, 'services');
    return { account: /^(?:location|server|upstream)$/.test(name) ? one : { ...one, isPart: true } };
  }
  const block = directive.above.findLast(({ name: one }) =>
    /^(?:map|geo|split_clients|types|stream|mail|rtmp|if|limit_except|match)$/.test(one),
  );
  if (block?.name === 'types') return become('decided');
  if (block !== undefined && /^(?:map|geo|split_clients|match|stream|mail|rtmp)$/.test(block.name))
    return {
      account: { ...account(name, shownOf(block, undefined), at, fateOfBlock(block)), isPart: true },
    };
  const own = location === undefined ? undefined : mountOf(location);
  switch (name) {
    case 'server_name': {
      const isPattern = words.some((word) => /^~|\*/.test(word));
      return {
        ...become(isPattern ? 'answers' : 'taken'),
        domains: words.map((word) => word.toLowerCase()).filter(isSite),
      };
    }
    case 'client_max_body_size':
      return size.safeParse(first.toLowerCase()).success
        ? taken('max-body', first.toLowerCase())
        : become('answers');
    case 'proxy_read_timeout':
    case 'uwsgi_read_timeout': {
      const value = seconds(first);
      if (value === undefined) return become('answers');
      if (location !== undefined && LIVE.test(location.words.at(-1) ?? ''))
        return taken('live-timeout', value);
      return location === undefined || site.main.has(location) ? taken('timeout', value) : become('web');
    }
    case 'map':
      return become(fateOfBlock(directive));
    case 'location':
      return locationMeaning(directive, become);
    case 'alias':
    case 'root':
      if (own !== undefined) {
        const { account: one } = become('web', own);
        return { account: { ...one, isPart: true } };
      }
      break;
    case 'expires':
    case 'autoindex':
    case 'access_log':
    case 'try_files':
    case 'internal':
    case 'add_header':
      if (own !== undefined) return become(fateOf(DIRECTIVES, name), own);
      break;
  }
  return become(fateOfDirective(directive));
}

/** What becomes of a directive by its name and its arguments. */
function fateOfDirective(directive: Directive): Fate {
  const { name, words, above } = directive;
  const [first = '', second = ''] = words;
  const inside = (pattern: RegExp) => above.some((one) => pattern.test(one.name));
  const fate = fateOf(DIRECTIVES, name);
  if (above.some((one) => one.name === 'location' && /acme-challenge/.test(one.words.join(' '))))
    return 'decided';
  if (fate === 'web' && first === 'off') return 'decided';
  switch (name) {
    case 'include':
      return words.length > 1 ? 'taken' : USUAL_FILES.test(first) ? 'decided' : 'missing';
    case 'proxy_set_header':
      return USUAL_HEADERS.test(first) ? 'decided' : 'web';
    case 'uwsgi_param':
      return USUAL_PARAMETERS.test(first) ? 'decided' : 'web';
    case 'proxy_pass':
    case 'uwsgi_pass':
      return changesPath(directive) ? 'web' : 'decided';
    case 'server':
      return inside(/^upstream$/) &&
        above.at(-1)?.inside.filter((one) => one.name === 'server')[0] !== directive
        ? 'web'
        : 'decided';
    case 'add_header':
      return /^Strict-Transport-Security$/i.test(first) ? 'answers' : 'web';
    case 'return':
      return isUsualReturn(directive) ? 'decided' : 'web';
    case 'rewrite':
      return /^\^(?:\(\.\*\))?\$?$/.test(first) && /^https:/.test(second) ? 'decided' : 'web';
    case 'if':
      return isUsualCondition(directive) ? 'decided' : 'web';
    case 'set':
      return above.some(({ inside: others }) =>
        others.some((one) => one.name === 'proxy_pass' && one.words[0]?.includes(first)),
      )
        ? 'decided'
        : 'web';
    case 'try_files':
      return words.every((word) => /^(?:\$uri\/?|@\w+|=404)$/.test(word)) ? 'decided' : 'web';
  }
  return fate;
}

/** A map for WebSockets is every kit's; of any other the reader decides. */
function fateOfBlock({ name, words }: Directive): Fate {
  if (name === 'map' && /http_upgrade|http_x_forwarded_proto/.test(words[0] ?? '')) return 'decided';
  return fateOf(DIRECTIVES, name);
}

/** The part of the path that the location has is taken off before it is passed on. */
export function changesPath({ name, words, above }: Directive): boolean {
  const location = above.findLast((one) => one.name === 'location')?.words.at(-1);
  const path = /^https?:\/\/(?!unix:[^:]*$)(?:unix:[^:]*:|[^/]+)(\/.*)$/.exec(words[0] ?? '')?.[1];
  return name === 'proxy_pass' && path !== undefined && location !== undefined && location !== path;
}

/** To https, to another of the site's names, or to nobody. */
function isUsualReturn({ words, above }: Directive): boolean {
  const [code = '', url = code] = words;
  if (/^https?:\/\/[^/]+\$request_uri$|^https:\/\//.test(url))
    return above.at(-1)?.name !== 'location' || above.at(-1)?.words.at(-1) === '/';
  return (
    /^(?:400|403|404|410|421|444)$/.test(code) && words.length === 1 && above.at(-1)?.name !== 'location'
  );
}

function isUsualCondition({ words, inside }: Directive): boolean {
  const condition = words.join(' ');
  if (/\$(?:host|http_host|scheme|https|http_x_forwarded_proto|server_port)\b/.test(condition))
    return inside.every((one) =>
      one.name === 'return'
        ? isUsualReturn(one) || one.words[0] === '444'
        : one.name === 'rewrite' || one.name === 'break',
    );
  return /!-f \$request_filename/.test(condition) && inside.some((one) => targetOf(one) !== undefined);
}

/** Where blocks lead, once found: each directive of a server asks for all of it. */
const others = new WeakMap<Site, Map<Directive, string | undefined>>();

/** Where all of a block leads that leads elsewhere than to the app; undefined for any other. */
function otherTarget(block: Directive, site: Site): string | undefined {
  const found = others.get(site) ?? new Map<Directive, string | undefined>();
  others.set(site, found);
  if (!found.has(block)) {
    const targets = [block, ...block.inside].flatMap((one) => targetOf(one) ?? []);
    found.set(block, targets.every((target) => target !== site.app) ? targets[0] : undefined);
  }
  return found.get(block);
}

/** What goes to another service than the app, as it is shown. */
function otherServiceOf(directive: Directive, site: Site): string | undefined {
  const { app } = site;
  const blocks = [...directive.above, directive];
  const isOther = (block: Directive) => otherTarget(block, site);
  const upstream = blocks.find(({ name }) => name === 'upstream');
  if (upstream !== undefined)
    return upstream.words[0] === app || app === undefined ? undefined : `upstream ${upstream.words[0]}`;
  const server = blocks.find(({ name }) => name === 'server');
  const location = blocks.findLast(({ name }) => name === 'location');
  if (server !== undefined && isOther(server) !== undefined) {
    const names = server.inside.filter(({ name }) => name === 'server_name').flatMap(({ words }) => words);
    return `the server ${names.join(' ')} goes to ${isOther(server)}`;
  }
  const target = location === undefined ? undefined : isOther(location);
  if (location === undefined || target === undefined) return undefined;
  return `location ${location.words.join(' ')} goes to ${target}`;
}

/** The URL of the files that a location has. */
function mountOf({ words, inside }: Directive): string | undefined {
  const [modifier, path = modifier ?? ''] =
    words.length > 1 ? [words[0], words[1]] : [undefined, words[0] ?? ''];
  const hasFiles = inside.some(({ name }) => name === 'alias' || name === 'root');
  return hasFiles && modifier !== '~' && modifier !== '~*' && modifier !== '=' ? path : undefined;
}

function locationMeaning(location: Directive, become: (fate: Fate, url?: string) => Meaning): Meaning {
  const url = mountOf(location);
  const files = location.inside.find(({ name }) => name === 'alias' || name === 'root');
  if (url === undefined || files === undefined) return become('decided');
  // The location and its folder are told in one.
  const one = account('location', shownOf(files, location), location.at, 'web');
  return { account: { ...one, url } };
}

/** A directive as it is shown, with the location that it stands in. */
function shownOf({ name, words }: Directive, location: Directive | undefined): string {
  const shown = name === 'include' ? words.slice(0, 1) : words;
  const text = [name, ...shown].join(' ');
  return location === undefined ? text : `location ${location.words.join(' ')}: ${text}`;
}

/** https://nginx.org/en/docs/syntax.html */
function seconds(text: string): number | undefined {
  const [, count, unit = 's'] = /^(\d+)(s|m|h)?$/.exec(text) ?? [];
  const value = Number(count) * ({ s: 1, m: 60, h: 3600 }[unit] ?? 1);
  return value >= 1 && value <= 3600 ? value : undefined;
}
