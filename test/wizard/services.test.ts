/** The one question about services that a project shows. */
import { expect, it } from 'vitest';
import { detectedLayer } from '../../src/answers/detected.ts';
import type { Layer } from '../../src/answers/resolve.ts';
import { runWizard } from '../../src/wizard/wizard.ts';
import type { Detection } from '../../src/words/detection.ts';
import {
  detected,
  ENTER,
  folderName,
  known,
  lastSummary,
  questions,
  said,
  script,
  titled,
  WRITE,
} from './script.ts';

const PAGES = {
  path: '/api/',
  paths: { '/': { folder: 'ui/dist', 'single-page': true } },
  health: '/api/ 404',
};
const detection: Detection = {
  ...detected({ health: known('/ 404') }),
  services: {
    kind: 'one-of',
    options: [
      { value: PAGES, when: 'it is a part of the site', from: [{ file: 'ui/package.json', line: 3 }] },
      { value: { paths: {} }, when: 'it is served elsewhere', from: [] },
    ],
  },
};
const all = said({
  ...{ domains: ['shop.example'], target: 'debian-13', 'web-server': 'nginx', 'app-server': 'gunicorn' },
  ...{ 'process-manager': 'systemd', tls: 'letsencrypt' },
});
const QUESTION =
  'This project shows several services: / to the folder ui/dist, /api/ to the app. Deploy them so?';

const wizard = (prompter: ReturnType<typeof script>, ...given: Layer[]) =>
  runWizard({
    layers: [all, ...given, detectedLayer(detection), folderName],
    ...{ detection, prompter, complete: (resolution) => resolution, project: 'shop' },
  });

it('is asked once, says where it was seen, and Enter takes all answers that are recommended', async () => {
  const prompter = script(ENTER, WRITE);
  const { answers, sources, problems } = await wizard(prompter);
  expect(questions(prompter)).toEqual([QUESTION]);
  expect(prompter.asked[0]).toMatchObject({
    help: expect.stringContaining('ui/package.json:3'),
    recommended: 'as proposed',
    choices: [{ why: 'Right if it is a part of the site.' }, { why: 'Right if it is served elsewhere.' }],
  });
  expect(answers).toMatchObject(PAGES);
  expect(sources).toMatchObject({ path: 'your reply', paths: 'your reply' });
  expect(problems).toEqual([]);
  expect(lastSummary(prompter).find((line) => line.startsWith('paths '))).toContain('ui/dist');
});

it('leaves the app alone where that is the reply, which is a decision as well', async () => {
  const { answers, sources } = await wizard(script(titled(/^The app alone$/), WRITE));
  expect(answers).toMatchObject({ path: '/', paths: {}, health: '/ 404' });
  expect(sources).toMatchObject({ path: 'default', paths: 'your reply' });
});

it.each([
  ['paths', {}],
  ['path', '/shop/'],
])('is not asked where %s is given', async (name, value) => {
  const prompter = script(WRITE);
  const { answers } = await wizard(prompter, said({ [name]: value }));
  expect(questions(prompter)).toEqual([]);
  expect(answers[name]).toEqual(value);
});
