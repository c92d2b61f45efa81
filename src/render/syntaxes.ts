import { apache } from '../formats/apache/syntax.ts';
import { environment } from '../formats/environment.ts';
import { html } from '../formats/html.ts';
import { circus, supervisord } from '../formats/ini/syntax.ts';
import { uwsgi } from '../formats/ini/uwsgi.ts';
import { markdown } from '../formats/markdown.ts';
import { mtree } from '../formats/mtree.ts';
import { nginx } from '../formats/nginx/syntax.ts';
import { python } from '../formats/python.ts';
import { shell } from '../formats/shell/syntax.ts';
import type { Syntax } from '../formats/syntax.ts';
import { systemd } from '../formats/systemd/syntax.ts';
import { tmpfiles } from '../formats/systemd/tmpfiles.ts';

/** Every syntax with the template paths that it is known by; the first that matches counts. */
const table: readonly (readonly [RegExp, Syntax])[] = [
  [/\.sh$/, shell],
  [/\.md$/, markdown],
  [/\.html?$/, html],
  [/\.mtree$/, mtree],
  [/\.py$/, python],
  [/(^|\/)(environment|[^/]*\.env)$/, environment],
  [/(^|\/)(sysusers|tmpfiles)(\.d\/|[^/]*\.conf$)/, tmpfiles],
  [/(^|\/)process-managers\/systemd\//, systemd],
  [/\.(service|socket|timer|target|path|mount|slice)$/, systemd],
  [/(^|\/)process-managers\/supervisord\/[^/]*\.conf$/, supervisord],
  [/(^|\/)process-managers\/circus\/[^/]*\.ini$/, circus],
  [/(^|\/)app-servers\/uwsgi\/[^/]*\.ini$/, uwsgi],
  [/(^|\/)web-servers\/nginx\//, nginx],
  [/(^|\/)web-servers\/apache\//, apache],
  [/(^|\/)app-servers\/mod-wsgi\/[^/]*\.conf$/, apache],
];

const byName = new Map(table.map(([, syntax]) => [syntax.name, syntax]));

/** The syntax of the file that a template makes, from its path (with or without `.hbs`); undefined if unknown. */
export function syntaxOfPath(path: string): Syntax | undefined {
  const target = path.replace(/\.hbs$/, '');
  const row = table.find(([pattern]) => pattern.test(target));
  return row?.[1];
}

/** The syntax of that name. Throws for a name that is not in the table. */
export function syntaxNamed(name: string): Syntax {
  const syntax = byName.get(name);
  if (!syntax) throw new Error(`no syntax is named ${name}`);
  return syntax;
}
