import { describe, expect, it } from 'vitest';
import { parseRequirement, pinnedVersion, readRequirements } from '../../src/detect/requirements.ts';
import { memoryProject } from './memory-project.ts';

describe('parseRequirement', () => {
  it.each<[string, string, string | undefined]>([
    ['gunicorn==23.0.0', 'gunicorn', '23.0.0'],
    ['Gunicorn[gevent] == 23.0.0 ; python_version >= "3.8"', 'gunicorn', '23.0.0'],
    ['gunicorn (==23.0.0)', 'gunicorn', '23.0.0'],
    ['gunicorn==23.0.0 --hash=sha256:abc', 'gunicorn', '23.0.0'],
    ['gunicorn>=20,<24', 'gunicorn', undefined],
    ['gunicorn==23.*', 'gunicorn', undefined],
    ['Flask_SQLAlchemy===3.0', 'flask-sqlalchemy', '3.0'],
    ['zope.interface', 'zope-interface', undefined],
    ['gunicorn @ https://example.org/g.zip', 'gunicorn', undefined],
  ])('%s', (text, name, version) => {
    const found = parseRequirement(text);
    expect(found?.name).toBe(name);
    expect(found && pinnedVersion(found)).toBe(version);
  });

  it.each(['-e .', '--hash=sha256:a', './local', 'https://example.org/x.zip', ''])(
    'takes %j for none',
    (text) => {
      expect(parseRequirement(text)).toBeUndefined();
    },
  );
});

describe('readRequirements', () => {
  it('follows -r, joins lines, drops comments, and survives cycles', () => {
    const project = memoryProject({
      'requirements/prod.txt':
        '# all\n-r base.txt\n--requirement=../more.txt\ngunicorn==23.0.0 \\\n    --hash=sha256:1 # pinned\r\n',
      'requirements/base.txt': '-r prod.txt\nDjango==6.1 # web\n-rmissing.txt\n',
      'more.txt': 'celery\n',
    });
    const found = readRequirements(project, 'requirements/prod.txt');
    expect(found.map((one) => [one.name, one.from.file, one.from.line])).toEqual([
      ['django', 'requirements/base.txt', 2],
      ['celery', 'more.txt', 1],
      ['gunicorn', 'requirements/prod.txt', 4],
    ]);
  });
});
