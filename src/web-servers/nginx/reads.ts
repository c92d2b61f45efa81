/** nginx's site. https://nginx.org/en/docs/http/ngx_http_core_module.html */

import {
  type EarlierFiles,
  NOTHING,
  type Remark,
  type Said,
  type Statement,
} from '../../contract/earlier.ts';
import { hostName, size } from '../../contract/values.ts';
import { nginxDirectives } from '../../formats/nginx/directives.ts';
import type { ProjectFiles } from '../../words/project-files.ts';

/** Names that are nobody's. https://www.rfc-editor.org/rfc/rfc2606 */
const PLACEHOLDER =
  /(?:^|\.)(?:example(?:\.(?:com|org|net))?|localhost|invalid|test|local|domain\.(?:com|tld)|yourdomain\.\w+|your_domain\.\w+|mydomain\.\w+)$/i;

/** What decides who gets what, and which no answer stands for. */
const TELLING = [
  ...['add_header', 'alias', 'allow', 'auth_basic', 'auth_request', 'deny', 'geo', 'limit_conn', 'limit_req'],
  ...['proxy_cache', 'rewrite', 'root', 'ssl_certificate', 'ssl_client_certificate', 'sub_filter'],
];

/** Where connections stay open: its times say nothing about how long a request may take. */
const LIVE = /(?:^|[/._-])(?:wss?|(?:web)?sockets?|socket\.io|streams?|events|sse)(?:$|[/._-])/i;

export const earlierNginx: EarlierFiles = {
  unit: 'nginx',
  start: false,
  is: (name, text) =>
    /(?:\.(?:conf|template|vhost|nginx)|^[^.]+)$/.test(name) &&
    /\bserver\s*\{/.test(text()) &&
    /\b(?:server_name|proxy_pass|uwsgi_pass)\b/.test(text()),
  read: readNginx,
};

function readNginx(project: ProjectFiles, file: string): Said {
  const answers: Statement[] = [];
  const leftOver: Remark[] = [];
  const domains: string[] = [];
  let named = 0;
  let location = '';
  for (const { name, arguments: words, line } of nginxDirectives(project.read(file) ?? '')) {
    const at = { file, line };
    const [first = ''] = words.map(({ value }) => value);
    if (name === 'server_name') {
      named ||= line;
      domains.push(...words.map(({ value }) => value.toLowerCase()).filter(isSite));
    } else if (name === 'client_max_body_size' && size.safeParse(first.toLowerCase()).success)
      answers.push({ answer: 'max-body', value: first.toLowerCase(), at });
    else if (name === 'location') location = words.at(-1)?.value ?? '';
    else if ((name === 'proxy_read_timeout' || name === 'uwsgi_read_timeout') && seconds(first) !== undefined)
      answers.push({ answer: LIVE.test(location) ? 'live-timeout' : 'timeout', value: seconds(first), at });
    else if (TELLING.includes(name) && first !== 'off')
      leftOver.push({ text: `${name} ${words.map(({ value }) => value).join(' ')}`, at });
  }
  if (domains.length > 0)
    answers.push({ answer: 'domains', value: [...new Set(domains)], at: { file, line: named } });
  return { ...NOTHING, answers, leftOver };
}

function isSite(name: string): boolean {
  return (
    name.includes('.') &&
    !/^[\d.]+$/.test(name) &&
    hostName.safeParse(name).success &&
    !PLACEHOLDER.test(name)
  );
}

/** https://nginx.org/en/docs/syntax.html */
function seconds(text: string): number | undefined {
  const [, count, unit = 's'] = /^(\d+)(s|m|h)?$/.exec(text) ?? [];
  const value = Number(count) * ({ s: 1, m: 60, h: 3600 }[unit] ?? 1);
  return value >= 1 && value <= 3600 ? value : undefined;
}
