/** What is said of services that a project shows, where nobody was asked. */
import { expect, it } from 'vitest';
import { detectedLayer } from '../../src/answers/detected.ts';
import { serviceFindings } from '../../src/answers/proposed.ts';
import { type Layer, resolveAnswers } from '../../src/answers/resolve.ts';
import { detected, said } from '../wizard/script.ts';

const proposed = {
  app: 'shop.pages:application',
  paths: { '/ws/': { app: 'shop.asgi:application' }, '/docs/': { folder: 'docs/built' } },
};
const detection = {
  ...detected(),
  services: {
    kind: 'one-of' as const,
    options: [
      { value: proposed, when: 'all of it is one site', from: [{ file: 'Procfile', line: 2 }] },
      { value: { paths: {} }, when: 'it is not', from: [] },
    ],
  },
};
const given = said({ name: 'shop', domains: ['shop.example'], tls: 'none' });
const resolve = (...more: Layer[]) => resolveAnswers([given, ...more, detectedLayer(detection)]);

it('names the place, what leads where, and the answers that take it, which are right as they stand', () => {
  const [finding, ...more] = serviceFindings(detection, resolve());
  expect(more).toEqual([]);
  expect(finding).toMatchObject({ code: 'services-proposed', level: 'warning', file: 'Procfile', line: 2 });
  expect(finding?.message).toContain(
    '/ws/ to shop.asgi:application, /docs/ to the folder docs/built, the rest to shop.pages:application would be right if all of it is one site',
  );
  expect(finding?.remedy).toContain(
    `app: "shop.pages:application"; paths: ${JSON.stringify(proposed.paths)}.`,
  );
  expect(resolve().answers).toMatchObject({ app: 'shop.wsgi:application', path: '/', paths: {} });
  expect(resolve(said(proposed)).problems).toEqual([]);
});

it('says nothing once somebody has decided, whatever they decided, nor where nothing is proposed', () => {
  expect(serviceFindings(detection, resolve(said(proposed)))).toEqual([]);
  expect(serviceFindings(detection, resolve(said({ paths: {} })))).toEqual([]);
  expect(serviceFindings(detection, resolve(said({ path: '/shop/' })))).toEqual([]);
  expect(serviceFindings(detected(), resolve())).toEqual([]);
});
