/** What the installer does with processes in the background: those that do not stay up, and those that are gone. */
import { describe, expect } from 'vitest';
import { worksAgain } from '../conformance/background.ts';
import { FAULT_TARGETS } from '../harness/mode.ts';
import type { Stack } from '../harness/stack.ts';
import { scene } from './scene.ts';

for (const target of FAULT_TARGETS) {
  describe(`work in the background, on ${target}`, () => {
    const flags = ['--tls', 'none', '--name', 'app'];
    const { it, stack } = scene({ project: 'django-contracts', target, flags }, { installed: true });

    const units = async () => {
      const list = await stack().host.shell("systemctl list-units --all --plain --no-legend 'app-*'");
      return list
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('app-recover.service'))
        .map((line) => line.split(/\s+/).slice(0, 3).join(' '));
    };
    const enabled = async () => {
      const names = await stack().host.shell('ls /etc/systemd/system/multi-user.target.wants');
      return names.split('\n').filter((name) => name.startsWith('app-'));
    };
    const live = () => stack().host.shell(`readlink ${stack().plan.paths.current}`);

    it('a process that does not stay up takes the release back, and is gone', async () => {
      const { worker = '', beat = '' } = commandsOf(stack());
      await stack().configure(
        ...['--background', `worker=${worker}`, '--background', `beat=${beat}`],
        ...['--background', 'broken=celery -A nowhere worker'],
      );
      const before = await live();
      await expect(stack().install()).rejects.toThrow(/app-broken\.service does not stay up/);
      expect(await live()).toBe(before);
      expect(await units()).toEqual(['app-beat.service loaded active', 'app-worker.service loaded active']);
      expect(await enabled()).toEqual(['app-beat.service', 'app-worker.service']);
      await worksAgain(stack());
    });

    it('a process that the answers no longer have is stopped and disabled', async () => {
      await stack().configure('--background', `worker=${commandsOf(stack()).worker}`);
      await stack().install();
      expect(await units()).toEqual(['app-worker.service loaded active']);
      expect(await enabled()).toEqual(['app-worker.service']);
      await worksAgain(stack());
    });
  });
}

/** As the answers have them. */
function commandsOf({ plan }: Stack): Record<string, string> {
  const bin = `${plan.paths.venv}/bin/`;
  return Object.fromEntries(
    plan.background.map(({ name, command }) => [name, command.join(' ').replace(bin, '')]),
  );
}
