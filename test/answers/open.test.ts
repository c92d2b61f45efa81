/** What is said of answers that a project leaves open. */
import { expect, it } from 'vitest';
import { openFindings } from '../../src/answers/open.ts';
import { detected } from '../wizard/script.ts';

it('shows maps as a person types them', () => {
  const option = (dir: string, line: number) => ({
    value: { '/static/': dir },
    when: 'if HERE',
    from: [{ file: 'shop/settings.py', line }],
  });
  const detection = detected({ static: { kind: 'one-of', options: [option('a', 1), option('b', 3)] } });
  const resolution = {
    answers: { static: { '/static/': 'staticfiles' } },
    sources: { static: 'default' },
    problems: [],
  };
  expect(openFindings(detection, resolution)).toMatchObject([
    {
      code: 'project-leaves-open',
      file: 'shop/settings.py',
      line: 1,
      message:
        'the project leaves "static" open (there are /static/=a and /static/=b), so the default was taken: /static/=staticfiles',
    },
  ]);
});
