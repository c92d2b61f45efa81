/** Any WSGI app, whatever it is written with. https://peps.python.org/pep-3333/ */

import { accelRedirect, proxyFix } from '../forwarded.ts';
import { plainFramework } from '../plain.ts';
import { wsgiAlone } from '../wanted.ts';

export const wsgi = plainFramework({
  kind: 'wsgi',
  title: 'WSGI',
  why: 'Any other: a callable that you name, such as wsgi:application.',
  docs: 'https://peps.python.org/pep-3333/',
  refuses: wsgiAlone('this kind'),
  wanted: (plan) => [
    proxyFix('X-Forwarded-For'),
    ...accelRedirect(plan, 'wsgi.file_wrapper works too, but ties one up.'),
  ],
});
