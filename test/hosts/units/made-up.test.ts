/** An app server as npm run new-unit makes it goes live on a host, is taken away again, and leaves nothing. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, vi } from 'vitest';
import { isRoot, itNeeds } from '../../support/tools.ts';
import { type Tree, treeWith } from '../../units/tree.ts';
import { canBoot } from '../harness/host.ts';
import type { Stack } from '../harness/stack.ts';

const TARGET = 'debian-13';
const needs = { root: isRoot, ...canBoot(TARGET) };
const test = itNeeds(needs);

describe('a made-up app server on a host', () => {
  vi.setConfig({ testTimeout: 600_000 });
  let tree: Tree;
  let stack: Stack;

  beforeAll(async () => {
    if (Object.values(needs).includes(false)) return;
    tree = treeWith('app-server ox-cart');
    const built = tree.run('node', 'scripts/build.mjs');
    expect(built.status, built.said).toBe(0);
    const { deploy }: typeof import('../harness/stack.ts') = await import(
      join(tree.folder, 'test/hosts/harness/stack.ts')
    );
    stack = await deploy({
      project: 'flask-contracts',
      target: TARGET,
      flags: ['--tls', 'none', '--app-server', 'ox-cart'],
      answers: { protected: { '/_protected/': 'protected' } },
    });
  }, 600_000);
  afterAll(async () => {
    await stack?.destroy();
    tree?.remove();
  }, 60_000);

  test('serves the site', async () => {
    expect(stack.plan.appServer.kind).toBe('ox-cart');
    expect(await stack.fetch('/')).toMatchObject({ status: 200 });
    expect(await stack.host.shell(`cat /proc/${await stack.main()}/cmdline | tr '\\0' ' '`)).toContain(
      '/etc/flask-contracts/serve.py',
    );
  });

  test('is replaced by a new release, and back', async () => {
    stack.setVersion('made-up');
    await stack.install();
    expect(await stack.fetch('/')).toMatchObject({ status: 200 });
    expect((await stack.installer('--rollback')).status).toBe(0);
    expect(await stack.fetch('/')).toMatchObject({ status: 200 });
  });

  test('goes away, and leaves nothing of its own', async () => {
    const { host, plan } = stack;
    await host.shell(`sh ${plan.paths.current}/kit/install.sh --uninstall --purge 2>&1`);
    expect(await host.shell(`ls -d ${plan.paths.config} ${plan.paths.home} 2>/dev/null || true`)).toBe('');
    expect(await host.shell('systemctl list-units --all --plain --no-legend "flask-contracts*"')).toBe('');
  });
});
