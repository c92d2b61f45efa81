import { expect, it } from 'vitest';
import { detect } from '../../src/detect/index.ts';
import { memoryProject } from './memory-project.ts';

const FLASK = 'from flask import Flask\napp = Flask(__name__)\n';
const MANAGE =
  'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "site1.settings")\nimport django\n';
const DJANGO = { 'site/manage.py': MANAGE, 'site/site1/settings.py': 'DEBUG = False\n' };

it.each([
  ['tests, documentation or examples', { 'app.py': FLASK, 'examples/manage.py': MANAGE }, 'flask'],
  ['named for servers', { 'tool.py': FLASK, ...DJANGO }, 'django'],
  [
    'among the requirements',
    { 'api/wsgi.py': FLASK, 'api/requirements.txt': 'flask>=3\n', ...DJANGO },
    'flask',
  ],
])('of several frameworks the one that is clearly meant is taken: %s', (sign, files, framework) => {
  const { detection, because, rivals } = detect(memoryProject(files));
  expect([detection?.framework, rivals]).toEqual([framework, []]);
  expect(because).toContain(sign);
  expect(because).toContain('--framework');
});

it('none is taken where two are as good as each other', () => {
  const { detection, rivals } = detect(memoryProject({ 'api/wsgi.py': FLASK, ...DJANGO }));
  expect(detection).toBeUndefined();
  expect(rivals.map(({ framework }) => framework)).toEqual(['django', 'flask']);
});
