/** What a person reads of a project before anything is asked. */
import { expect, it } from 'vitest';
import { findings } from '../../src/wizard/findings.ts';

const at = (line: number) => ({ file: 'site.conf', line });

it('lists what is not taken over by what to do about it, each once, and what is decided anew by its names', () => {
  const text = findings('shop', {
    ...{ framework: 'flask', named: true, answers: {}, settings: {}, facts: {}, warnings: [] },
    notTaken: [
      { group: 'web', text: 'deny all', at: at(3), from: [at(3), at(7), at(9)] },
      { group: 'unknown', text: 'frobnicate on', at: at(5), from: [at(5)] },
    ],
    decided: [
      { name: 'listen', from: [at(1), at(2)] },
      { name: 'gzip', from: [at(4)] },
    ],
  });
  expect(text).toContain(
    "Rules of the web server. Add those that are still needed to the site's file in the output folder: a file that you edited is never overwritten.\n  deny all  site.conf:3, site.conf:7 and 1 more\n",
  );
  expect(text).toContain('whether the new site needs it.\n  frobnicate on  site.conf:5\n');
  expect(text).toContain('  site.conf:  listen (2 times), gzip');
  expect(text).not.toContain('Commands at times');
});

it('lists services that the project shows, with where that is seen', () => {
  const text = findings('shop', {
    ...{ framework: 'flask', named: true, answers: {}, settings: {}, facts: {}, warnings: [] },
    services: {
      kind: 'one-of',
      options: [
        { value: { path: '/api/', paths: { '/': { folder: 'ui/dist' } } }, when: 'it is so', from: [at(2)] },
        { value: { paths: {} }, when: 'not', from: [] },
      ],
    },
  });
  expect(text.replace(/ {2,}/g, ' | ')).toContain(
    'services | / to the folder ui/dist, /api/ to the app | or | site.conf:2, if it is so\n | the app alone | or | if not',
  );
});
