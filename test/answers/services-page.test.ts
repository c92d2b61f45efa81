/** The answers on docs/services.md are ones that work. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readAnswersFile } from '../../src/answers/file.ts';
import { resolveAnswers } from '../../src/answers/resolve.ts';
import { makePlan } from '../../src/plan/plan.ts';

const page = readFileSync(new URL('../../docs/services.md', import.meta.url), 'utf8');
const SITE = 'name: shop\ndomains: [shop.example]\nframework: django\ndjango-settings: shop.settings\n';

/** Which service or folder each path of the plan leads to. */
function ways(example: string): string[] {
  const { answers, problems } = readAnswersFile(SITE + example, 'docs/services.md');
  const resolution = resolveAnswers([{ insistent: true, answers }]);
  expect([...problems, ...resolution.problems]).toEqual([]);
  const { services, pages } = makePlan(resolution.answers);
  return [
    ...services.map(
      ({ service, upstream }) => `${service.url} ${service.id} ${upstream.app} ${upstream.interface}`,
    ),
    ...pages.map(({ url, inProject }) => `${url} ${inProject}`),
  ];
}

describe('docs/services.md', () => {
  const examples = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, text = '']) => text);

  it('has examples that lead where it says', () => {
    expect(examples.map(ways)).toEqual([
      [
        '/ shop shop.wsgi:application wsgi',
        '/live/ shop-live shop.asgi:application asgi',
        '/tools/ shop-tools tools.wsgi:application wsgi',
        '/docs/ docs/built',
      ],
      ['/api/ shop shop.wsgi:application wsgi', '/ frontend/dist'],
    ]);
  });
});
