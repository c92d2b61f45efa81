/** What Django's settings must say where the app is told of the path that it lives below. */
import { expect, it } from 'vitest';
import { wantedSettings } from '../../../src/frameworks/django/advice.ts';
import { kit } from '../../check/kit.ts';
import { planned } from '../../support/plan.ts';

const wanted = (...lines: string[]) =>
  new Map(wantedSettings(planned(kit(...lines).plan)).map((one) => [one.setting, one]));

it('cookies and assets below it', () => {
  const all = wanted('path: /portal/', 'mounted: true');
  expect(all.get('SESSION_COOKIE_PATH')?.write).toBe('SESSION_COOKIE_PATH = "/portal/"');
  expect(all.get('CSRF_COOKIE_PATH')?.fits('/portal/')).toBe(true);
  expect(all.get('CSRF_COOKIE_PATH')?.fits('/')).toBe(false);
  expect(
    ['static/', '/static/', 'https://cdn.example/', '/assets/'].map((url) =>
      all.get('STATIC_URL')?.fits(url),
    ),
  ).toEqual([true, true, false, false]);
});

it('none of it where its own URLs have the path in them', () => {
  for (const lines of [[], ['path: /portal/']])
    for (const name of ['SESSION_COOKIE_PATH', 'CSRF_COOKIE_PATH', 'STATIC_URL'])
      expect(wanted(...lines).has(name)).toBe(false);
});
