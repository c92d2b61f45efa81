/** Starlette, and what FastAPI has from it: https://www.starlette.io/ */

import type { CommonPlan } from '../../contract/plan.ts';
import { accelRedirect } from '../forwarded.ts';
import { plainFramework } from '../plain.ts';
import { asgiAlone, ownKey, python, type Wanted } from '../wanted.ts';

/** Who the client is, the server itself says to an ASGI app: nothing has to be wrapped around it for that. */
export function starletteWants(plan: CommonPlan): Wanted[] {
  return [
    ...(plan.site.scheme === 'https'
      ? [
          {
            setting: 'https_only',
            docs: 'https://www.starlette.io/middleware/#sessionmiddleware',
            write: 'app.add_middleware(SessionMiddleware, secret_key=..., https_only=True)',
            apart: true,
            why: 'Where the app has such sessions: otherwise their cookie may travel over plain http.',
            fits: (value: unknown) => value === true,
            // Most apps have no sessions of this kind.
            defaultFits: true,
          },
        ]
      : []),
    ownKey(plan, 'SECRET_KEY', {
      setting: 'secret_key',
      docs: 'https://www.starlette.io/middleware/#sessionmiddleware',
      write: (variable) =>
        `app.add_middleware(SessionMiddleware, secret_key=os.environ[${python(variable)}])`,
      apart: true,
      quiet: true,
      defaultFits: true,
    }),
    ...accelRedirect(plan, 'FileResponse works too, and the app sends it.'),
  ];
}

export const starlette = plainFramework({
  kind: 'starlette',
  title: 'Starlette',
  why: 'A module with a Starlette(), or with a create_app() that makes one.',
  docs: 'https://www.starlette.io/',
  distribution: 'starlette',
  refuses: asgiAlone('Starlette'),
  interface: 'asgi',
  wanted: starletteWants,
});
