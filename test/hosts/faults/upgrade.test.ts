/** A host that version 0.1.0 installed, by its own kit: what today's makes of it, and takes away. */
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { purgedAmongOthers } from '../conformance/installer.ts';
import { freshHost, type Stack } from '../harness/stack.ts';
import { onTarget, scene, served } from './scene.ts';

/** As version 0.1.0 wrote it for this project, with the answers of every stack here. */
const KIT = new URL('../../../fixtures/kits/0.1.0/django-contracts', import.meta.url).pathname;

describe('a host that version 0.1.0 installed', () => {
  const { it, stack } = scene(onTarget('debian-13'), { installed: false });
  const deploy = () => join(stack().project, 'deploy');
  const today = () => join(stack().folder, 'today');

  function bringKit(from: string): void {
    rmSync(deploy(), { recursive: true });
    cpSync(from, deploy(), { recursive: true });
  }

  /** By the kit that lies in the project, whatever is live; what it printed. */
  const purge = async () => {
    const { status, output } = await stack().installer('--uninstall', '--purge');
    expect(status, output).toBe(0);
    return output;
  };

  async function expectNothingLeft({ host, fresh, plan }: Stack): Promise<void> {
    const { paths, accounts } = await freshHost(host);
    expect(accounts).toBe(fresh.accounts);
    expect(paths.filter((path) => !fresh.paths.includes(path))).toEqual([]);
    expect(fresh.paths.filter((path) => !paths.includes(path))).toEqual([]);
    expect(await host.shell(`ls /var/log/nginx | grep ${plan.name} || true`)).toBe('');
  }

  const mode = () => stack().host.shell(`stat -c '%a %U:%G' ${stack().plan.webServer.accessLog}`);

  it('goes on to a release of today, back, and forward again', async () => {
    cpSync(deploy(), today(), { recursive: true });
    bringKit(KIT);
    await stack().prepare();
    expect(await served(stack())).toBe('1.0.0');
    bringKit(today());
    stack().setVersion('2.0.0');
    await stack().install();
    expect(await served(stack())).toBe('2.0.0');
    expect(await mode(), 'its log, now as logrotate makes the others').toBe('640 www-data:adm');
    expect((await stack().installer('--rollback')).output).toContain('with release 1');
    expect(await served(stack())).toBe('1.0.0');
    expect((await stack().installer('--live', '2')).output).toContain('with release 2');
    expect(await served(stack())).toBe('2.0.0');
  });

  it('is taken away with its data, and nothing else is', async () => {
    await purgedAmongOthers(stack(), purge);
    await expectNothingLeft(stack());
  });

  it('is so too while a release of version 0.1.0 is live, whose own kit would take more', async () => {
    bringKit(KIT);
    await stack().install();
    bringKit(today());
    await stack().bring();
    await purgedAmongOthers(stack(), purge);
    await expectNothingLeft(stack());
  });
});
