/** What an app that holds connections open gets, and no other. */
import { describe, expect, it } from 'vitest';
import { templates } from '#templates';
import { resolveAnswers } from '../../src/answers/resolve.ts';
import { renderKit } from '../../src/kit/kit.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { planned } from '../support/plan.ts';

function planOf(values: Record<string, unknown>) {
  const given = {
    name: 'shop',
    domains: ['shop.example'],
    app: 'shop.asgi:application',
    'django-settings': 'shop.settings',
    tls: 'none',
    ...values,
  };
  const answers = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, { value, source: 'here' }]),
  );
  const resolution = resolveAnswers([{ insistent: true, answers }]);
  expect(resolution.problems).toEqual([]);
  return planned(makePlan(resolution.answers));
}

const textOf = (plan: ReturnType<typeof planOf>, end: string) =>
  renderKit(plan, templates).find(({ path }) => path.endsWith(end))?.text ?? '';

/** The block that begins with this line, without what lies in it deeper. */
const block = (text: string, head: string) => text.split(`${head} {\n`)[1]?.split('\n    }\n')[0] ?? '';

const wsgi = planOf({ app: 'shop.wsgi:application' });
const asgi = planOf({ timeout: 20, 'live-timeout': 600 });

describe('an ASGI app', () => {
  it('has a time of its own for what lasts, an hour unless given', () => {
    expect(asgi.timeouts).toMatchObject({ request: 20, live: 600 });
    expect(planOf({}).timeouts).toMatchObject({ request: 30, live: 3600 });
  });

  it('keeps its processes: one that is replaced would close its WebSockets', () => {
    expect(planOf({}).workers.maxRequests).toBe(0);
    expect(planOf({ 'max-requests': 500 }).workers.maxRequests).toBe(500);
  });

  it.each(['20.1.0', '23.0.0', '25.1.0', '27.0.1'])(
    "is served by uvicorn's worker in gunicorn %s",
    (version) => {
      const plan = planOf({ 'gunicorn-version': version, 'app-access-log': true });
      expect(plan.appServer).toMatchObject({
        workerClass: 'uvicorn_worker.UvicornWorker',
        listsRequests: true,
      });
      expect(plan.appServer.logsIds, "uvicorn's list has no ids").toBe(false);
      expect(plan.project.distributions).toEqual(
        expect.arrayContaining([`gunicorn==${version}`, 'uvicorn-worker', 'uvicorn[standard]']),
      );
    },
  );

  it('has two ways to it in nginx: the patient one is for what lasts alone', () => {
    const site = textOf(asgi, '/sites-enabled/zz-shop.conf');
    const ordinary = block(site, 'location /');
    expect(ordinary).toContain('proxy_read_timeout 20s;');
    expect(ordinary).toContain('if ($shop_live) {');
    expect(ordinary).not.toContain('proxy_buffering');
    const live = block(site, 'location @live');
    expect(live).toContain('proxy_read_timeout 600s;');
    expect(live).toContain('proxy_buffering off;');
    for (const way of [ordinary, live]) expect(way).toContain('include snippets/shop-proxy.conf;');
  });

  it('bounds the life of old processes of nginx, with a file that all apps share', () => {
    expect(asgi.files).toContainEqual(
      expect.objectContaining({ path: '/etc/nginx/modules-enabled/90-shutdown.conf', shared: true }),
    );
  });
});

describe('a WSGI app', () => {
  it('has nothing of this', () => {
    expect(wsgi.timeouts.live).toBe(wsgi.timeouts.request);
    expect(wsgi.workers.maxRequests).toBe(10_000);
    expect(wsgi.appServer).toMatchObject({ workerClass: 'sync', logsIds: false });
    expect(wsgi.files.map(({ path }) => path).filter((path) => path.includes('modules-enabled'))).toEqual([]);
    for (const { path, text } of renderKit(wsgi, templates)) {
      expect(text, path).not.toMatch(/@live|shop_live|shop_upgrade|proxy_buffering|uvicorn|418/);
    }
  });
});
