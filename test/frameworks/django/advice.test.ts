import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { resolveAnswers } from '../../../src/answers/resolve.ts';
import { adviseDjango } from '../../../src/frameworks/django/advice.ts';
import { detectDjango } from '../../../src/frameworks/django/detect.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { memoryProject } from '../../detect/memory-project.ts';
import { planned } from '../../support/plan.ts';

/** What `startproject` writes, with more at the settings' end. */
function advice(more: string) {
  const read = (file: string) => readFileSync(`test/detect/startproject/${file}`, 'utf8');
  const files = ['manage.py', 'mysite/__init__.py', 'mysite/urls.py', 'mysite/wsgi.py'];
  const project = memoryProject({
    ...Object.fromEntries(files.map((file) => [file, read(file)])),
    'mysite/settings.py': read('mysite/settings.py') + more,
  });
  const given = {
    name: 'shop',
    domains: ['shop.example'],
    framework: 'django',
    app: 'mysite.wsgi:application',
    'django-settings': 'mysite.settings',
  };
  const answers = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, { value, source: 'test' }]),
  );
  const resolution = resolveAnswers([{ insistent: true, answers }]);
  expect(resolution.problems).toEqual([]);
  return new Map(
    adviseDjango(planned(makePlan(resolution.answers)), detectDjango(project)).map((one) => [
      one.setting,
      one,
    ]),
  );
}

it('says that errors go nowhere, where nothing is said of logging', () => {
  expect(advice('').get('LOGGING')).toMatchObject({ state: 'unset', found: 'not set' });
});

it.each([
  'LOGGING = {"version": 1, "handlers": {"chat": {"url": "https://chat.example/s3cret"}}}\n',
  'LOGGING = made_elsewhere()\n',
])('takes logging that is there for good, and shows nothing of it: %s', (more) => {
  const found = advice(more).get('LOGGING');
  expect(found?.state).toBe('set');
  expect(JSON.stringify(found)).not.toContain('s3cret');
});
