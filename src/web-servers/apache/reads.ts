/** Apache's virtual host, with mod_wsgi or as a proxy. https://httpd.apache.org/docs/2.4/vhosts/ */

import {
  type Account,
  type EarlierFiles,
  type Fate,
  NOTHING,
  type Passed,
  type Process,
  type Said,
  type Statement,
} from '../../contract/earlier.ts';
import { account, fateOf } from '../../detect/deployment/accounts.ts';
import { includedFiles } from '../../detect/deployment/includes.ts';
import { folderOf } from '../../detect/deployment/places.ts';
import { bytesAsSize } from '../../detect/deployment/servers.ts';
import { isSite, likeliestTarget } from '../../detect/deployment/sites.ts';
import { fileName } from '../../evaluate/modules.ts';
import { type ApacheDirective, apacheDirectives } from '../../formats/apache/directives.ts';
import type { ProjectFiles } from '../../words/project-files.ts';
import type { Evidence } from '../../words/value.ts';
import { DIRECTIVES, SECTION, USUAL_HEADERS } from './known.ts';

export const earlierApache: EarlierFiles = {
  unit: 'apache',
  start: false,
  is: (name, text) =>
    /(?:\.(?:conf|vhost|template|apache2?|j2)|^[^.]+)$/.test(name) &&
    /^\s*(?:<VirtualHost\s|WSGIScriptAlias\s|WSGIDaemonProcess\s|ProxyPass\s+\/)/im.test(text()),
  read: readApache,
};

interface Directive extends ApacheDirective {
  /** In lower case: to Apache it is all the same. */
  name: string;
  at: Evidence;
}

function readApache(project: ProjectFiles, file: string): Said {
  const all = directivesOf(project, file, []);
  const app = likeliestTarget(
    all.flatMap((one) => {
      const target = targetOf(one);
      return target === undefined ? [] : [{ target, hint: target, isSure: false, isTop: isTop(one) }];
    }),
  );
  const answers: Statement[] = [];
  const accounts: Account[] = [];
  for (const directive of all) {
    const { answer, account: one } = meaningOf(directive, app);
    if (answer !== undefined) answers.push(answer);
    accounts.push(one);
  }
  const named = all.filter(({ name }) => name === 'servername' || name === 'serveralias');
  const domains = [...new Set(named.flatMap(({ words }) => words.slice(1).map(siteName)).filter(isSite))];
  const [first] = named.filter(({ words }) => words.slice(1).map(siteName).some(isSite));
  if (first !== undefined) answers.push({ answer: 'domains', value: domains, at: first.at });
  const daemons = all.filter(({ name }) => name === 'wsgidaemonprocess');
  return {
    ...NOTHING,
    answers,
    processes: all.flatMap((directive) => processOf(project, directive, all)),
    accounts: [...accounts, ...daemons.flatMap(daemonAccounts)],
    passes: all.flatMap((directive) => passOf(directive, file)).map((one) => unguarded(one, all)),
  };
}

/** https://httpd.apache.org/docs/2.4/mod/mod_proxy.html#proxypass, https://modwsgi.readthedocs.io/ */
function passOf(directive: Directive, file: string): Passed[] {
  const { name, words, sections, at } = directive;
  const host = sections.findLast((section) => /^virtualhost/i.test(section));
  const site = `${file} ${host ?? ''}`;
  if (name === 'wsgiscriptalias') return [{ url: words[1], target: undefined, strips: false, site, at }];
  const target = targetOf(directive);
  if (target === undefined) return [];
  const inside = sections.findLast((section) => /^location/i.test(section));
  const [, path] = /^location "?(\/[^"*?]*)"?$/i.exec(inside ?? '') ?? [];
  const url = inside === undefined ? words[1] : path;
  const isPlain = name === 'proxypass' && url?.startsWith('/') === true;
  const to = words.find((word) => /^\w+:\/\//.test(word)) ?? '';
  const below = /^\w+:\/\/[^/]+(\/.*)?$/.exec(to)?.[1] ?? '';
  const strips = !to.startsWith('unix:') && below.replace(/\/$/, '') !== url?.replace(/\/$/, '');
  return [{ url: isPlain ? url : undefined, target, strips, site, at }];
}

/** Everybody may ask. */
const OPEN = /^(?:require all granted|allow from all)$/i;

/** Without its path where not everybody may ask for that. https://httpd.apache.org/docs/2.4/howto/access.html */
function unguarded(pass: Passed, all: readonly Directive[]): Passed {
  const guards = all
    .filter(
      ({ name, words }) => /^(?:require|authtype|deny|allow)$/.test(name) && !OPEN.test(words.join(' ')),
    )
    .flatMap(({ sections }) =>
      sections.flatMap((one) => /^location "?(\/[^"]+?)\/?"?$/i.exec(one)?.[1] ?? []),
    );
  const isGuarded = guards.some((path) => `${pass.url}/`.startsWith(`${path}/`));
  return isGuarded ? { ...pass, url: undefined } : pass;
}

/** https://httpd.apache.org/docs/2.4/mod/core.html#servername: a scheme and a port may stand around it. */
function siteName(word: string): string {
  return word
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/:\d+$/, '');
}

function directivesOf(project: ProjectFiles, file: string, above: readonly string[]): Directive[] {
  return apacheDirectives(project.read(file) ?? '').flatMap((one) => {
    const directive = { ...one, name: one.words[0]?.toLowerCase() ?? '', at: { file, line: one.line } };
    const path = one.words[1];
    if (!/^include(?:optional)?$/.test(directive.name) || path === undefined || above.length > 3)
      return [directive];
    const inner = includedFiles(project, file, path).filter((found) => !above.includes(found));
    const others = inner.filter(
      (found) => !earlierApache.is(fileName(found), () => project.read(found) ?? ''),
    );
    return [
      inner.length > 0 ? { ...directive, name: 'included' } : directive,
      ...others.flatMap((found) => directivesOf(project, found, [...above, file])),
    ];
  });
}

/** The script that is run, as a command line with what its daemon process has. */
function processOf(
  project: ProjectFiles,
  { name, words, at }: Directive,
  all: readonly Directive[],
): Process[] {
  const script = words.find((word, index) => index > 1 && /\.(?:py|wsgi)$/.test(word));
  if (name !== 'wsgiscriptalias' || script === undefined) return [];
  const group =
    words.map((word) => /^process-group=(.*)$/.exec(word)?.[1]).find((one) => one !== undefined) ??
    all.findLast((one) => one.name === 'wsgiprocessgroup')?.words[1];
  const daemons = all.filter((one) => one.name === 'wsgidaemonprocess');
  const daemon = daemons.find((one) => one.words[1] === group) ?? daemons[0];
  const options = (daemon?.words.slice(2) ?? []).filter((word) => OPTIONS.test(word));
  const value = (option: string) =>
    daemon?.words.find((word) => word.startsWith(`${option}=`))?.slice(option.length + 1);
  const path =
    value('home') ?? value('python-path') ?? all.find((one) => one.name === 'wsgipythonpath')?.words[1];
  const places = options.map((option) => [option.split('=')[0] ?? '', daemon?.at ?? at] as const);
  return [
    {
      ...{ name: 'web', at, environment: new Map(), folder: folderOf(project, path?.split(':')[0] ?? '') },
      command: ['mod_wsgi', `--script=${script}`, ...options.map((option) => `--${option}`)],
      places: new Map(places),
    },
  ];
}

/** https://modwsgi.readthedocs.io/en/master/configuration-directives/WSGIDaemonProcess.html */
const OPTIONS = /^(?:processes|threads|request-timeout|maximum-requests)=/;
const USUAL_OPTIONS =
  /^(?:python-path|python-home|user|group|home|display-name|lang|locale|umask|listen-backlog|script-user|script-group|supplementary-groups|restart-interval|graceful-timeout|shutdown-timeout)=/;

/** What becomes of the options of a daemon process that give no answer. */
function daemonAccounts({ words, at }: Directive): Account[] {
  return words
    .slice(2)
    .filter((word) => !OPTIONS.test(word))
    .map((word) =>
      account(
        'WSGIDaemonProcess',
        `WSGIDaemonProcess ${word}`,
        at,
        USUAL_OPTIONS.test(word) ? 'decided' : 'server',
      ),
    );
}

/** Where requests are passed to, "127.0.0.1:8000"; undefined where they are not. */
function targetOf({ name, words, sections }: Directive): string | undefined {
  if (name !== 'proxypass' && name !== 'proxypassmatch') return undefined;
  const isShort = sections.some((section) => /^location/i.test(section));
  const url = words.slice(1).find((word) => /^\w+:/.test(word)) ?? (isShort ? words[1] : words[2]);
  return url === undefined || url === '!' ? undefined : hostOf(url);
}

const isTop = ({ words, sections }: Directive) =>
  words[1] === '/' || sections.some((section) => /^location "?\/"?$/i.test(section));

function hostOf(url: string): string {
  return url.replace(/^\w+:\/\//, '').replace(/(?<!^unix:.*)\/.*$/, '');
}

function meaningOf(directive: Directive, app: string | undefined): { account: Account; answer?: Statement } {
  const { name, words, at, sections } = directive;
  const inside = sections.findLast((section) => /^(?:location|directory|files|if |limit)/i.test(section));
  const isInside = inside !== undefined && !SECTION.test(name);
  const text = `${isInside ? `${inside}: ` : ''}${words.join(' ')}`;
  const become = (fate: Fate, more: Partial<Account> = {}) => ({
    account: { ...account(words[0] ?? name, text, at, fate), ...more },
  });
  const taken = (answer: string, value: unknown) => ({ ...become('taken'), answer: { answer, value, at } });
  const target = targetOf(directive);
  if (SECTION.test(name) || name === 'included') return become(name === 'included' ? 'taken' : 'decided');
  if (target !== undefined && target !== app) return become('services');
  switch (name) {
    case 'proxypass': {
      const seconds = Number(
        words.map((word) => /^timeout=(\d+)$/.exec(word)?.[1]).find((one) => one !== undefined),
      );
      if (seconds >= 1 && seconds <= 3600) return taken('timeout', seconds);
      if (target !== undefined) return become('decided');
      // "!" leaves a path to Apache itself.
      return become('web', { url: words[1] ?? '' });
    }
    case 'proxytimeout': {
      const seconds = Number(words[1]);
      return seconds >= 1 && seconds <= 3600 ? taken('timeout', seconds) : become('answers');
    }
    case 'limitrequestbody': {
      const [answer] =
        inside === undefined || /^(?:directory|location) \/$/i.test(inside)
          ? (bytesAsSize(words[1]) ?? [])
          : [];
      return answer === undefined ? become('answers') : taken(answer.answer, answer.value);
    }
    case 'alias':
      return become('web', { url: words[1] ?? '' });
    case 'wsgiscriptalias':
      return become(words[1] === '/' ? 'taken' : 'web');
    case 'include':
    case 'includeoptional':
      return become(
        /letsencrypt|ssl|mods-enabled|conf-enabled|ports\.conf/.test(words[1] ?? '') ? 'decided' : 'missing',
      );
    case 'sslcertificatefile':
    case 'sslcertificatekeyfile':
    case 'sslcertificatechainfile':
      return become('answers');
    case 'setenv':
    case 'passenv':
      return { account: account(name, words.slice(0, 2).join(' '), at, 'environment') };
    case 'requestheader':
      return become(USUAL_HEADERS.test(words[2] ?? '') ? 'decided' : 'web');
    case 'header':
      return become(/Strict-Transport-Security/i.test(text) ? 'answers' : 'web');
    case 'require':
    case 'allow':
      return become(OPEN.test(words.join(' ')) ? 'decided' : 'web');
    case 'options':
      return become(
        /[+]?(?:Indexes|Includes|ExecCGI|All)/.test(text) && !/-Indexes/.test(text) ? 'web' : 'decided',
      );
    case 'proxypreservehost':
      return become(/^on$/i.test(words[1] ?? '') ? 'decided' : 'web');
    case 'redirect':
    case 'redirectpermanent':
      return become(/https:\/\//.test(text) && words.includes('/') ? 'decided' : 'web');
    case 'rewriterule':
      return become(/\shttps:\/\/%\{(?:SERVER_NAME|HTTP_HOST)\}/.test(text) ? 'decided' : 'web');
    case 'rewritecond':
      return become(/%\{(?:HTTPS|SERVER_NAME|SERVER_PORT)\}/.test(text) ? 'decided' : 'web');
  }
  return become(fateOf(DIRECTIVES, name));
}
