/**
 * An app's routes, its own and those of its blueprints: for a health check, and for uploads that anybody may fetch.
 * https://flask.palletsprojects.com/en/stable/blueprints/
 */

import type { FoundApp } from '../../detect/apps.ts';
import type { CallArguments, CallData } from '../../evaluate/data.ts';
import type { Use } from '../../evaluate/index.ts';
import { only } from '../../evaluate/run.ts';
import { type Node, statementsOf, textOf } from '../../evaluate/syntax.ts';
import type { Route } from '../../words/detection.ts';
import type { Evidence } from '../../words/value.ts';
import { BLUEPRINTS } from './app.ts';

const ADDS_GET = ['route', 'get', 'add_url_rule'];
const ADDS_OTHERS = /^(?:post|put|patch|delete)$/;
/** With one of these, a view is not the only one that decides. */
const HOOKS = ['before_request', 'before_app_request', 'url_value_preprocessor'];

interface Rule extends Route {
  use: Use;
  /** Something else runs before the view. */
  hooked: boolean;
}

/** The routes: those that answer GET, and vaguely where else something answers. */
export function rulesOf(app: FoundApp): Rule[] {
  const uses = app.evaluate.uses();
  const collect = (object: CallData, prefix: string, hooked: boolean, depth: number): Rule[] => {
    const own = uses.filter((use) => use.object === object);
    const method = (use: Use) => use.name.slice(use.name.lastIndexOf('.') + 1);
    const guarded = hooked || own.some((use) => HOOKS.includes(method(use)));
    return own.flatMap((use) => {
      if (method(use) === 'register_blueprint' && depth < 5)
        return blueprintsOf(use).flatMap((blueprint) => {
          if (blueprint === undefined) return [vague(prefix, use)];
          const below = text(use.args, 'url_prefix') ?? text(blueprint.args, 'url_prefix') ?? '';
          return collect(blueprint, prefix + below.replace(/\/$/, ''), guarded, depth + 1);
        });
      const adds = ADDS_GET.includes(method(use));
      if (!adds && !ADDS_OTHERS.test(method(use))) return [];
      const rule = text(use.args, 'rule', 0);
      return rule === undefined || !adds || !answersGet(use.args)
        ? [vague(prefix + (rule ?? ''), use)]
        : [
            {
              path: (prefix + rule).replace(/^\//, ''),
              from: [use.at],
              leads: leadsTo(use),
              use,
              hooked: guarded,
            },
          ];
    });
  };
  return collect(app.object, '', false, 0);
}

const vague = (path: string, use: Use): Rule => ({
  ...{ path: path.replace(/^\//, ''), from: [use.at], vague: true },
  ...{ use, hooked: true },
});

/** Those that are registered; undefined for one that is not known. */
function blueprintsOf(use: Use): (CallData | undefined)[] {
  const some = blueprintsIn(use);
  return some.length === 0 ? [undefined] : some;
}

function blueprintsIn({ args }: Use): CallData[] {
  return (args.positional[0] ?? []).flatMap(({ data }) =>
    data.t === 'call' && BLUEPRINTS.includes(data.name) ? [data] : [],
  );
}

function text(args: CallArguments, name: string, index?: number): string | undefined {
  const value = (index === undefined ? undefined : args.positional[index]) ?? args.named.get(name);
  return only(value, 'str')?.v;
}

function answersGet({ named }: CallArguments): boolean {
  const methods = only(named.get('methods'), 'list');
  return methods === undefined || methods.items.some(({ value }) => only(value, 'str')?.v === 'GET');
}

/**
 * The URL under which the app itself gives every visitor the files of UPLOAD_FOLDER: a view that does nothing but
 * `return send_from_directory(current_app.config["UPLOAD_FOLDER"], name)`, and that nothing else guards.
 */
export function publicUploads(rules: readonly Rule[]): { url: string; from: Evidence[] } | undefined {
  for (const { path, hooked, use, from } of rules) {
    const url = /^((?:[A-Za-z0-9_~-][A-Za-z0-9._~-]*\/)+)<(?:path:|string:)?\w+>$/.exec(path)?.[1];
    if (url === undefined || hooked || use.decorates?.decorators.length !== 1) continue;
    const { source, node } = use.decorates;
    const body = node.children.find((child) => child.name === 'Body');
    const statements = body ? statementsOf(body).filter((one) => !isDocstring(one)) : [];
    const [only, ...more] = statements;
    const sends = only?.name === 'ReturnStatement' && textOf(source, only);
    if (more.length === 0 && sends && SENDS_UPLOADS.test(sends)) return { url: `/${url}`, from };
  }
  return undefined;
}

const SENDS_UPLOADS = /^return\s+(?:flask\.)?send_from_directory\(\s*[\w.]*\bconfig\[["']UPLOAD_FOLDER["']\]/;

/**
 * The status with which a view sends every visitor on who has not logged in: Flask-Login's decorator says so, or the view
 * does nothing but `return redirect(...)`. https://flask-login.readthedocs.io/en/latest/#protecting-views
 */
function leadsTo({ decorates }: Use): number | undefined {
  if (decorates === undefined) return undefined;
  if (decorates.decorators.some((text) => /^@(?:\w+\.)*login_required$/.test(text.trim()))) return 302;
  const body = decorates.node.children.find((child) => child.name === 'Body');
  const [first, ...more] = body ? statementsOf(body).filter((one) => !isDocstring(one)) : [];
  const returns = first?.name === 'ReturnStatement' ? textOf(decorates.source, first) : '';
  if (more.length > 0 || !/^return\s+(?:flask\.)?redirect\(/.test(returns)) return undefined;
  return Number(/,\s*(?:code\s*=\s*)?(30[12378])\s*\)$/.exec(returns.trim())?.[1] ?? 302);
}

function isDocstring({ name, children }: Node): boolean {
  return name === 'ExpressionStatement' && children[0]?.name === 'String';
}
