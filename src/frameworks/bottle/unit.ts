/** Bottle: https://bottlepy.org/ */

import { DEPLOYED_APP } from '../../words/on-host.ts';
import { accelRedirect, proxyFix } from '../forwarded.ts';
import { plainFramework } from '../plain.ts';
import { wsgiAlone } from '../wanted.ts';

export const bottle = plainFramework({
  kind: 'bottle',
  title: 'Bottle',
  why: 'A module with a Bottle(), or with its default_app().',
  docs: 'https://bottlepy.org/docs/stable/',
  refuses: wsgiAlone('Bottle'),
  distribution: 'bottle',
  wraps: DEPLOYED_APP,
  bringable: ['MEMFILE_MAX'],
  wanted: (plan) => [
    {
      setting: 'MEMFILE_MAX',
      docs: 'https://bottlepy.org/docs/stable/api.html#bottle.BaseRequest.MEMFILE_MAX',
      get write() {
        return `BaseRequest.MEMFILE_MAX = ${plan.body.bytes}`;
      },
      imports: ['from bottle import BaseRequest'],
      brought: { value: () => plan.body.bytes },
      why: 'Bottle itself answers 413 to a form or JSON over 100 KB, when it has arrived; one limit in both places.',
      fits: (value) => typeof value === 'number' && value >= plan.body.bytes,
    },
    proxyFix('X-Forwarded-For'),
    ...accelRedirect(plan, 'static_file works too, but ties one up.'),
  ],
});
