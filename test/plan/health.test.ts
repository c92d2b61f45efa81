/** The page that a release is judged by, and its right answer. */
import { describe, expect, it } from 'vitest';
import { templates } from '#templates';
import { resolveAnswers } from '../../src/answers/resolve.ts';
import { renderKit } from '../../src/kit/kit.ts';
import { makePlan } from '../../src/plan/plan.ts';

function planOf(health: string, more: Record<string, unknown> = {}) {
  const given = {
    ...{ name: 'shop', domains: ['shop.example'], app: 'shop.wsgi:application' },
    ...{ 'django-settings': 'shop.settings', tls: 'none', health, ...more },
  };
  const answers = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, { value, source: 'here' }]),
  );
  const resolution = resolveAnswers([{ insistent: true, answers }]);
  expect(resolution.problems).toEqual([]);
  return makePlan(resolution.answers);
}

/** The answers that the installer takes for right. */
function rightAnswers(plan: ReturnType<typeof planOf>): string[] {
  const installer = renderKit(plan, templates).find(({ path }) => path === 'install.sh')?.text ?? '';
  const body = installer.split('answers_well() {\n')[1]?.split('\n}\n')[0] ?? '';
  return [...body.matchAll(/^ {4}(.+)\) return 0 ;;$/gm)].map(([, pattern = '']) => pattern);
}

describe('the page that a release is judged by', () => {
  it.each([
    ['/', { path: '/', status: 0, url: 'http://shop.example/' }, ['2??*']],
    ['/healthz', { path: '/healthz', status: 0, url: 'http://shop.example/healthz' }, ['2??*']],
    ['/login 302', { path: '/login', status: 302, url: 'http://shop.example/login' }, ['302*']],
    ['/ 401', { path: '/', status: 401, url: 'http://shop.example/' }, ['401*']],
  ])('%s', (health, probe, right) => {
    const plan = planOf(health);
    expect(plan.services[0]?.probe).toMatchObject(probe);
    expect(rightAnswers(plan)).toEqual(right);
  });

  it("may lead to the site's own https behind a proxy, which this host is not asked through", () => {
    const proxy = {
      tls: 'proxy',
      'trusted-proxies': ['10.0.0.1'],
      'client-address-header': 'X-Forwarded-For',
    };
    expect(rightAnswers(planOf('/', proxy))).toEqual(['2??*', "'30'?' 'https://shop.example/*"]);
  });
});
