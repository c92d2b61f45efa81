/** Falcon: https://falcon.readthedocs.io/ */

import { DEPLOYED_APP } from '../../words/on-host.ts';
import { accelRedirect, proxyFix } from '../forwarded.ts';
import { plainFramework } from '../plain.ts';

export const falcon = plainFramework({
  kind: 'falcon',
  title: 'Falcon',
  why: 'A module with a falcon.App() or a falcon.asgi.App(), or with a create_app() that makes one.',
  docs: 'https://falcon.readthedocs.io/',
  distribution: 'falcon',
  wraps: DEPLOYED_APP,
  bringable: ['secure_cookies_by_default'],
  wanted: (plan) => [
    ...(plan.site.scheme === 'https'
      ? [
          {
            setting: 'secure_cookies_by_default',
            docs: 'https://falcon.readthedocs.io/en/stable/api/app.html#falcon.ResponseOptions.secure_cookies_by_default',
            write: 'app.resp_options.secure_cookies_by_default = True',
            brought: { value: true },
            why: 'Otherwise cookies may travel over plain http.',
            fits: (value: unknown) => value === true,
            defaultFits: true,
          },
        ]
      : []),
    // It wraps a WSGI app; to an ASGI app the server itself says who the client is.
    ...(plan.upstream.interface === 'wsgi' ? [proxyFix('X-Forwarded-For')] : []),
    ...accelRedirect(plan, 'a stream of the app works too, but ties one up.'),
  ],
});
