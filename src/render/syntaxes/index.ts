import { apache } from './apache.ts';
import { circus } from './circus.ts';
import { environment } from './environment.ts';
import { html } from './html.ts';
import { markdown } from './markdown.ts';
import { mtree } from './mtree.ts';
import { nginx } from './nginx.ts';
import { python } from './python.ts';
import { shell } from './shell.ts';
import { supervisord } from './supervisord.ts';
import type { Syntax } from './syntax.ts';
import { systemd } from './systemd.ts';
import { tmpfiles } from './tmpfiles.ts';
import { uwsgi } from './uwsgi.ts';

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
