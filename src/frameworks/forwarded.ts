/** What an app must have around it to believe the proxy in front, and nothing that the proxy does not set. */
import type { CommonPlan } from '../contract/plan.ts';
import { isList, python, type Wanted } from './wanted.ts';

/** The web server sets X-Forwarded-For and -Proto, one value each, and takes the others away. */
const SET: Readonly<Record<string, number>> = { x_for: 1, x_proto: 1 };

/** Nothing else may be counted, or wherever it is not taken away a client could set it. */
function countsWhatIsSet(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const counts = value as Record<string, unknown>;
  return [...Object.keys(SET), ...Object.keys(counts)].every((name) => counts[name] === (SET[name] ?? 0));
}

const WHY =
  'It believes what the web server says about the client and the scheme, whatever serves the app; the web server sets only these two.';

/** Middleware that works around every WSGI app. https://werkzeug.palletsprojects.com/en/stable/middleware/proxy_fix/ */
export const proxyFix = (setting: string, app = 'app'): Wanted => ({
  setting,
  docs: 'https://werkzeug.palletsprojects.com/en/stable/middleware/proxy_fix/',
  write: `${app} = ProxyFix(${app}, x_for=1, x_proto=1)`,
  imports: ['from werkzeug.middleware.proxy_fix import ProxyFix'],
  why: WHY,
  served: true,
  fits: countsWhatIsSet,
});

/** What Pyramid's own makers have for it. https://github.com/Pylons/waitress/blob/main/src/waitress/proxy_headers.py */
export const proxyHeaders = (setting: string): Wanted => ({
  setting,
  docs: 'https://docs.pylonsproject.org/projects/waitress/en/stable/reverse-proxy.html',
  write:
    'app = proxy_headers_middleware(app, trusted_proxy="*", trusted_proxy_headers={"x-forwarded-for", "x-forwarded-proto"})',
  imports: ['from waitress.proxy_headers import proxy_headers_middleware'],
  why: WHY,
  served: true,
  fits: countsWhatIsSet,
});

/** The header that names a protected file to the web server. https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_ignore_headers */
export function accelRedirect({ protected: mounts }: CommonPlan, instead: string): Wanted[] {
  const [first] = mounts;
  if (first === undefined) return [];
  return [
    {
      setting: 'X-Accel-Redirect',
      docs: 'https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_ignore_headers',
      write: `response.headers["X-Accel-Redirect"] = ${python(first.url)} + quote(name)`,
      apart: true,
      why: `With it the web server sends a protected file, and the worker is free; ${instead}`,
      fits: (value) => isList(value) && value.every((url) => mounts.some((mount) => mount.url === url)),
    },
  ];
}
