/**
 * What reaches whom, with Apache: the headers of each folder that it serves, and those of requests that it passes on.
 * https://httpd.apache.org/docs/2.4/mod/mod_headers.html
 */
import type { Plan } from '../../contract/plan.ts';
import type { Judged, TreeFile } from '../../contract/validator.ts';
import { type ApacheDirective, apacheDirectives } from '../../formats/apache/directives.ts';
import type { Finding } from '../../words/finding.ts';

/** Findings about headers that a folder lacks, or that the app would have from the client. */
export function judgeHeaders({ plan, files }: Judged): Finding[] {
  return files
    .filter(({ path }) => path.startsWith('/etc/apache2/sites-enabled/'))
    .flatMap((file) => {
      const lines = apacheDirectives(file.text);
      return [...answerFindings(file, lines, plan), ...requestFindings(file, lines, plan)];
    });
}

function answerFindings(file: TreeFile, lines: readonly ApacheDirective[], plan: Plan): Finding[] {
  const folders = lines.filter(({ words: [name] }) => name === 'Directory');
  const isOneOf = (mounts: readonly { path: string }[], folder: string) =>
    mounts.some(({ path }) => path === folder.replace(/\/$/, ''));
  return folders
    .filter(({ words: [, folder = ''] }) => isOneOf([...plan.static, ...plan.media], folder))
    .flatMap(({ words: [, folder = ''], line }): Finding[] => {
      const sent = lines.filter(
        ({ words: [name], sections }) => name === 'Header' && sections.at(-1) === `Directory ${folder}`,
      );
      const has = (header: string, value: RegExp) =>
        sent.some(
          ({ words }) => words.includes('set') && words.includes(header) && value.test(words.at(-1) ?? ''),
        );
      const isMedia = isOneOf(plan.media, folder);
      const lacks = [
        ...(has('X-Content-Type-Options', /^nosniff$/)
          ? []
          : ['X-Content-Type-Options, so that a browser may guess what a file is']),
        ...(!isMedia || has('Content-Security-Policy', /\bsandbox\b/)
          ? []
          : ['Content-Security-Policy, so that an upload may run as a page of the site']),
      ];
      return lacks.map((what) => ({
        ...{ code: 'header-lost', tool: 'headers', level: 'warning', file: file.shown, line },
        message: `${folder} is served without ${what}`,
        remedy: 'Take the lines back that deploy-scaffold writes for this folder.',
      }));
    });
}

function requestFindings(file: TreeFile, lines: readonly ApacheDirective[], plan: Plan): Finding[] {
  if (!lines.some(({ words: [name, , target] }) => name === 'ProxyPass' && target !== '!')) return [];
  const changed = new Set(
    lines
      .filter(({ words: [name, verb = ''] }) => name === 'RequestHeader' && /^(?:set|unset)$/.test(verb))
      .map(({ words: [, , header = ''] }) => header.toLowerCase()),
  );
  const blanked = plan.trusted.blanked.map(({ header }) => header);
  const missing = ['X-Forwarded-For', 'X-Real-IP', 'X-Forwarded-Proto', ...blanked].filter(
    (header) => !changed.has(header.toLowerCase()),
  );
  return missing.length === 0
    ? []
    : [
        {
          ...{ code: 'header-lost', tool: 'headers', level: 'warning', file: file.shown },
          message: `the app is given what the client itself says in ${missing.join(', ')}`,
          remedy: 'Take the RequestHeader lines back that deploy-scaffold writes.',
        },
      ];
}
