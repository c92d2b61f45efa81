/**
 * The URL configuration, as far as it is written in literals: to find a URL that answers a health check, and where the
 * app has nothing.
 * https://docs.djangoproject.com/en/stable/topics/http/urls/
 */

import type { Abstract, CallArguments, Data } from '../../evaluate/data.ts';
import { type Evaluator, evaluator } from '../../evaluate/index.ts';
import { textOfData } from '../../evaluate/plain.ts';
import { only } from '../../evaluate/run.ts';
import type { Route } from '../../words/detection.ts';
import type { ProjectFiles } from '../../words/project-files.ts';
import type { Evidence } from '../../words/value.ts';

const MAX_ROUTES = 2000;
const MAX_DEPTH = 6;

/** Where the app answers, as far as its URLs can be read. */
export function routesOf(
  project: ProjectFiles,
  roots: readonly string[],
  urlconf: string | undefined,
): Route[] {
  if (urlconf === undefined) return [];
  // Only URL files are followed: to import their views would be to read the whole project.
  const evaluate = evaluator(project, {
    roots,
    follow: (file) => file.slice(file.lastIndexOf('/') + 1).includes('url'),
  });
  const routes: Route[] = [];
  collect(evaluate, urlconf, '', routes, 0);
  return routes;
}

function collect(evaluate: Evaluator, dotted: string, prefix: string, routes: Route[], depth: number): void {
  const file = evaluate.locate(dotted)?.file;
  const patterns = file === undefined ? undefined : evaluate.module(file)?.get('urlpatterns');
  if (patterns) collectList(evaluate, patterns, prefix, routes, depth);
}

function collectList(
  evaluate: Evaluator,
  value: Abstract,
  prefix: string,
  routes: Route[],
  depth: number,
): void {
  if (depth > MAX_DEPTH) return;
  for (const { data } of value) {
    if (data.t === 'call' && data.name === 'django.conf.urls.i18n.i18n_patterns') {
      // The site's / leads to its page in the visitor's language.
      routes.push({ path: prefix, from: [data.at], leads: 302 });
      continue;
    }
    if (data.t !== 'list') {
      routes.push({ path: prefix, vague: true, from: [] });
      continue;
    }
    for (const item of data.items) {
      for (const one of item.value) {
        if (routes.length >= MAX_ROUTES) return;
        if (one.data.t === 'call') addRoute(evaluate, one.data, [...one.from], prefix, routes, depth);
        else routes.push({ path: prefix, vague: true, from: [...one.from] });
      }
    }
  }
}

const ROUTES = new Set(['django.urls.path', 'django.urls.re_path', 'django.conf.urls.url']);
const INCLUDES = new Set(['django.urls.include', 'django.conf.urls.include']);

function addRoute(
  evaluate: Evaluator,
  call: Extract<Data, { t: 'call' }>,
  from: Evidence[],
  prefix: string,
  routes: Route[],
  depth: number,
): void {
  if (!ROUTES.has(call.name)) {
    routes.push({ path: prefix, vague: true, from });
    return;
  }
  const [route, view] = [argument(call.args, 0, 'route', 'regex'), argument(call.args, 1, 'view')];
  const text = route?.length === 1 && route[0] ? textOfData(route[0].data) : undefined;
  const path = text === undefined ? undefined : call.name === 'django.urls.path' ? text : plainRegex(text);
  if (path === undefined) {
    routes.push({ path: prefix + plainStart(text ?? ''), vague: true, from });
    return;
  }
  const full = prefix + path;
  const included =
    view?.length === 1 && view[0]?.data.t === 'call' && INCLUDES.has(view[0].data.name)
      ? view[0].data
      : undefined;
  if (!included) {
    routes.push({ path: full, from, leads: leadsTo(view) });
    // https://docs.djangoproject.com/en/stable/ref/contrib/admin/#reversing-admin-urls
    if (isAdmin(view)) routes.push({ path: `${full}login/`, from, open: true });
    return;
  }
  const [target] = included.args.positional;
  for (const one of target ?? []) {
    const dotted = one.data.t === 'str' ? one.data.v : undefined;
    if (dotted === undefined) collectList(evaluate, target ?? [], full, routes, depth + 1);
    else if (evaluate.locate(dotted)?.file !== undefined) collect(evaluate, dotted, full, routes, depth + 1);
    // The URLs of a library, such as health_check.urls: what it is mounted at is all that is known.
    else routes.push({ path: full, from });
  }
}

/** The URLs of Django's own admin site: path("admin/", admin.site.urls) */
function isAdmin(view: Abstract | undefined): boolean {
  return only(view, 'ref')?.name === 'django.contrib.admin.site.urls';
}

/** The status with which a view sends visitors on, as far as the URL configuration itself says so. */
function leadsTo(view: Abstract | undefined): number | undefined {
  const call = view?.length === 1 && view[0]?.data.t === 'call' ? view[0].data : undefined;
  // https://docs.djangoproject.com/en/stable/topics/auth/default/#the-login-required-decorator
  if (call?.name === 'django.contrib.auth.decorators.login_required') return 302;
  // https://docs.djangoproject.com/en/stable/ref/class-based-views/base/#redirectview
  if (call === undefined || !/\.RedirectView\.as_view$/.test(call.name)) return undefined;
  return only(call.args.named.get('permanent'), 'bool')?.v === true ? 301 : 302;
}

function argument(args: CallArguments, index: number, ...names: string[]): Abstract | undefined {
  return (
    args.positional[index] ?? names.map((name) => args.named.get(name)).find((value) => value !== undefined)
  );
}

/** The folders that every path begins with which a regular expression takes: "api/" of "^api/(?P<id>[0-9]+)/$". */
function plainStart(pattern: string): string {
  const [, start = ''] = /^\^((?:[\w-]+\/)*)(?![?*{])/.exec(pattern) ?? [];
  return pattern.includes('|') ? '' : start;
}

/** A regular expression that is plain text between anchors: "^healthz/?$"; undefined for anything finer. */
function plainRegex(pattern: string): string | undefined {
  let text = pattern.startsWith('^') ? pattern.slice(1) : pattern;
  if (text.endsWith('$')) text = text.slice(0, -1);
  if (text.endsWith('/?')) text = text.slice(0, -2);
  return [...text].some((char) => '\\()[]{}?*+|^$.<>'.includes(char)) ? undefined : text;
}
