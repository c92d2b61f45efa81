/** What nginx alone knows of, on a live host. */
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { isRoot, itNeeds } from '../../support/tools.ts';
import { canBoot } from '../harness/host.ts';
import { until } from '../harness/processes.ts';
import { part } from '../harness/sites.ts';
import { deploy, type Stack } from '../harness/stack.ts';

const SHUTDOWN = '/etc/nginx/modules-enabled/90-shutdown.conf';

for (const target of ['debian-12', 'debian-13']) {
  const needs = { root: isRoot, ...canBoot(target) };
  const test = itNeeds(needs);

  describe(`nginx on ${target}`, () => {
    let stack: Stack;

    beforeAll(async () => {
      if (!Object.values(needs).includes(false))
        stack = await deploy({ project: 'django-live', target, flags: ['--tls', 'none'] });
    }, 600_000);
    afterAll(() => stack?.destroy(), 60_000);

    /** Processes that a reload has left to finish what they have. */
    const old = () => stack.host.shell('pgrep -c -f "[w]orker process is shutting down" || true');

    const serving = async () =>
      (await stack.host.shell('pgrep -f "nginx: [w]orker process$" || true')).split('\n').filter(Boolean);

    /** Reloads, until others serve: the command itself only asks for it. */
    const reload = async () => {
      const before = await serving();
      await stack.host.shell(stack.plan.webServer.reload);
      await until('new processes', 5, async () => {
        const now = await serving();
        return now.length > 0 && !now.some((pid) => before.includes(pid)) ? true : undefined;
      });
    };

    test('ends old processes that a WebSocket keeps alive, after the time that the file gives', async () => {
      const { host, plan, site } = stack;
      const visit = stack.visit(part('WebSockets', site.live).echo, {
        headers: { origin: plan.site.origin },
      });
      const open = () => host.visitor.order('openSocket', visit);
      const isClosed = async (id: number) =>
        (await host.visitor.order('countSocket', id)).closed === undefined ? undefined : true;

      expect(await host.shell('nginx -T 2>/dev/null'), 'what nginx has read').toMatch(
        /^worker_shutdown_timeout 1h;$/m,
      );
      // Nobody waits an hour for a test: a process takes the time from the file that it was started with.
      await host.shell(`sed -i 's/1h/3s/' ${SHUTDOWN}`);
      await reload();
      await until('the first processes to end', 10, async () => ((await old()) === '0' ? true : undefined));
      const pinning = await open();
      await reload();
      expect(await old(), 'old processes').not.toBe('0');
      expect(await host.visitor.order('saySocket', { id: pinning, text: 'still here', seconds: 2 })).toBe(
        'still here',
      );
      const next = await open();
      await until('the end of the WebSocket', 6, () => isClosed(pinning));
      await until('the end of the old process', 5, async () => ((await old()) === '0' ? true : undefined));
      expect(await host.visitor.order('saySocket', { id: next, text: 'the next', seconds: 2 })).toBe(
        'the next',
      );
    });
  });
}
