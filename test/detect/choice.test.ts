import { describe, expect, it } from 'vitest';
import { detect } from '../../src/detect/index.ts';
import { DETECTIONS } from '../../src/detections.ts';
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
  const { detection, because, rivals } = detect(memoryProject(files), DETECTIONS);
  expect([detection?.framework, rivals]).toEqual([framework, []]);
  expect(because).toContain(sign);
  expect(because).toContain('--framework');
});

it('none is taken where two are as good as each other', () => {
  const { detection, rivals } = detect(memoryProject({ 'api/wsgi.py': FLASK, ...DJANGO }), DETECTIONS);
  expect(detection).toBeUndefined();
  expect(rivals.map(({ framework }) => framework)).toEqual(['django', 'flask']);
});

describe('several apps in folders of their own', () => {
  const APPS = {
    'api/app.py': FLASK,
    'api/requirements.txt': 'flask\ngunicorn==22.0.0\n',
    'admin/app.py': FLASK,
    'admin/requirements.txt': 'flask\n',
    'shared/tools.py': 'X = 1\n',
  };

  it('are all found, each with what is its own, and none is taken', () => {
    const { detection, rivals } = detect(memoryProject(APPS), DETECTIONS);
    expect(detection).toBeUndefined();
    expect(
      rivals.map(({ answers }) => [answers.root, answers.requirements, answers['gunicorn-version']]),
    ).toMatchObject([
      [{ value: 'admin' }, { value: 'admin/requirements.txt' }, { kind: 'absent' }],
      [{ value: 'api' }, { value: 'api/requirements.txt' }, { value: '22.0.0' }],
    ]);
  });

  it.each(['api', './api', 'api/'])('are told apart by the folder: %s', (root) => {
    const { detection, found } = detect(memoryProject(APPS), DETECTIONS, { root });
    expect(detection?.answers.root).toMatchObject({ value: 'api' });
    expect(found).toHaveLength(2);
  });

  it('are one where the other is an example', () => {
    const { detection, because } = detect(memoryProject({ ...APPS, 'admin/app.py': '' }), DETECTIONS);
    expect([detection?.answers.root, because]).toMatchObject([{ value: 'api' }, undefined]);
  });

  it('with one at the top: neither sees the other’s code', () => {
    const { rivals } = detect(
      memoryProject({ ...APPS, 'app.py': FLASK, 'requirements.txt': 'flask\n' }),
      DETECTIONS,
    );
    expect(rivals.map(({ answers }) => (answers.root?.kind === 'known' ? answers.root.value : ''))).toEqual([
      '.',
      'admin',
      'api',
    ]);
    for (const { answers } of rivals) expect(answers.app).toMatchObject({ value: 'app:app' });
  });
});
