/** Which forwarding headers an app believes, and how many values of each: what is wrapped around it says so. */

import { type Abstract, type CallData, type Data, known, NOT_SET, number } from '../evaluate/data.ts';
import { dict, plainItems } from '../evaluate/plain.ts';
import { only } from '../evaluate/run.ts';
import type { Evidence } from '../words/value.ts';
import type { FoundApp } from './apps.ts';

const COUNTS = ['x_for', 'x_proto', 'x_host', 'x_port', 'x_prefix'];

/** Middleware by its full name, and what it counts, in ProxyFix's words. */
const MIDDLEWARE: readonly { name: RegExp; counts(call: CallData): Data }[] = [
  // https://werkzeug.palletsprojects.com/en/stable/middleware/proxy_fix/
  {
    name: /\.ProxyFix$/,
    counts: ({ args }) =>
      dict(
        COUNTS.map((name, index) => [
          name,
          args.positional[index + 1] ?? args.named.get(name) ?? known(number(index < 2 ? 1 : 0)),
        ]),
      ),
  },
  // https://github.com/Pylons/waitress/blob/main/src/waitress/proxy_headers.py
  { name: /^waitress\.proxy_headers\.proxy_headers_middleware$/, counts: proxyHeaders },
  // All that it finds: https://github.com/Pylons/pastedeploy/blob/main/src/paste/deploy/config.py
  {
    name: /^paste\.deploy\.config\.PrefixMiddleware$/,
    counts: () => counted({ x_for: 1, x_proto: 1, x_host: 1, x_server: 1, x_scheme: 1 }),
  },
];

function counted(counts: Record<string, number>): Data {
  const all = { ...Object.fromEntries(COUNTS.map((name) => [name, 0])), ...counts };
  return dict(Object.entries(all).map(([name, count]) => [name, known(number(count))]));
}

function proxyHeaders({ args }: CallData): Data {
  const given = (name: string, index: number) => args.positional[index] ?? args.named.get(name);
  const trusts = only(given('trusted_proxy', 1), 'str')?.v === '*';
  const count = only(given('trusted_proxy_count', 2), 'number')?.v ?? 1;
  const headers = given('trusted_proxy_headers', 3);
  const [items] = headers?.length === 1 ? [plainItems((headers[0] as { data: Data }).data)] : [];
  const names = trusts ? (items ?? []).map((item) => only(item, 'str')?.v.toLowerCase()) : [];
  const each = COUNTS.map((name) => {
    const has = names.includes(`x-forwarded-${name.slice(2)}`);
    return [name, has ? (name === 'x_for' ? count : 1) : 0] as const;
  });
  return counted({ ...Object.fromEntries(each), ...(names.includes('forwarded') && { forwarded: count }) });
}

/** What the outermost of such middleware in a value counts; undefined without any. */
export function believed(value: Abstract, depth = 0): Abstract | undefined {
  for (const { data, from } of value) {
    if (data.t !== 'call') continue;
    const middleware = MIDDLEWARE.find(({ name }) => name.test(data.name));
    if (middleware) return known(middleware.counts(data), from.length > 0 ? from : [data.at]);
    const inner = data.args.positional[0] ?? data.args.named.get('app');
    const found = inner && depth < 5 ? believed(inner, depth + 1) : undefined;
    if (found) return found;
  }
  return undefined;
}

/** What a filter of Paste's counts: it is one of those above, by the name of its entry point. */
export function believedBy(use: string, at: Evidence): Abstract | undefined {
  const [, middleware] = FILTERS.find(([name]) => name === use.toLowerCase()) ?? [];
  if (middleware === undefined) return undefined;
  const args = { positional: [], named: new Map(), open: false };
  return believed(known({ t: 'call', name: middleware, args, at }, [at]));
}

const FILTERS = [['egg:pastedeploy#prefix', 'paste.deploy.config.PrefixMiddleware']] as const;

/** What is believed by the middleware around an app; unset without any. */
export function believedAround({ middleware }: FoundApp): Abstract {
  return middleware.map((one) => believed(known(one, [one.at]))).find((one) => one !== undefined) ?? NOT_SET;
}
