/** What the installer does with processes in the background: those that do not stay up, and those that are gone. */
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { isRoot, itNeeds } from '../../support/tools.ts';
import { worksAgain } from '../conformance/background.ts';
import { canBoot } from '../harness/host.ts';
import { deploy, type Stack } from '../harness/stack.ts';

for (const target of ['debian-12', 'debian-13']) {
  const needs = { root: isRoot, ...canBoot(target) };
  const test = itNeeds(needs);
  let stack: Stack;

  const units = async () => {
    const { stdout } = await stack.host.run(
      'systemctl',
      'list-units',
      '--all',
      '--plain',
      '--no-legend',
      'app-*',
    );
    return stdout
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('app-recover.service'))
      .map((line) => line.split(/\s+/).slice(0, 3).join(' '));
  };
  const enabled = async () => {
    const names = await stack.host.shell('ls /etc/systemd/system/multi-user.target.wants');
    return names.split('\n').filter((name) => name.startsWith('app-'));
  };
  const live = () => stack.host.shell(`readlink ${stack.plan.paths.current}`);

  describe(`work in the background, on ${target}`, () => {
    beforeAll(async () => {
      if (Object.values(needs).includes(false)) return;
      stack = await deploy({
        project: 'django-contracts',
        target,
        flags: ['--tls', 'none', '--name', 'app'],
      });
    }, 300_000);
    afterAll(() => stack?.destroy());

    test('a process that does not stay up takes the release back, and is gone', async () => {
      const { worker = '', beat = '' } = commandsOf(stack);
      await stack.configure(
        ...['--background', `worker=${worker}`, '--background', `beat=${beat}`],
        ...['--background', 'broken=celery -A nowhere worker'],
      );
      const before = await live();
      await expect(stack.install()).rejects.toThrow(/app-broken\.service does not stay up/);
      expect(await live()).toBe(before);
      expect(await units()).toEqual(['app-beat.service loaded active', 'app-worker.service loaded active']);
      expect(await enabled()).toEqual(['app-beat.service', 'app-worker.service']);
      await worksAgain(stack);
    }, 300_000);

    test('a process that the answers no longer have is stopped and disabled', async () => {
      await stack.configure('--background', `worker=${commandsOf(stack).worker}`);
      await stack.install();
      expect(await units()).toEqual(['app-worker.service loaded active']);
      expect(await enabled()).toEqual(['app-worker.service']);
      await worksAgain(stack);
    }, 300_000);
  });
}

/** As the answers have them. */
function commandsOf({ plan }: Stack): Record<string, string> {
  const bin = `${plan.paths.venv}/bin/`;
  return Object.fromEntries(
    plan.background.map(({ name, command }) => [name, command.join(' ').replace(bin, '')]),
  );
}
