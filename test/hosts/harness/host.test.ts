import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { ENVIRONMENTS } from '../../support/environments.ts';
import { isRoot, itNeeds } from '../../support/tools.ts';
import { boot, canBoot } from './host.ts';
import { controlGroups, RUNNING, sweep } from './leftovers.ts';
import { isAlive } from './processes.ts';
import { VISITOR_ADDRESS } from './visitor.ts';

/** Everything on this machine that carries a host's name. */
const traces = (name: string) =>
  ['/run/netns', RUNNING, ...controlGroups()]
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((entry) => join(folder, entry)))
    .filter((path) => path.includes(name));

describe('a disposable host', () => {
  const target = 'debian-13';
  const test = itNeeds({ root: isRoot, ...canBoot(target) });

  test('boots, is written to and visited, reboots, and leaves nothing', async () => {
    const host = await boot(target);
    try {
      expect(await host.shell('systemctl is-system-running; hostname')).toBe(`running\n${host.name}`);
      await host.put('/var/www/html/a.txt', 'of the host', { owner: 'www-data:www-data', mode: '0640' });
      expect(await host.shell("stat -c '%a %U:%G' /var/www/html/a.txt")).toBe('640 www-data:www-data');
      const { status, text } = await host.fetch('http://any.example/a.txt');
      expect([status, text]).toEqual([200, 'of the host']);
      expect(await host.shell('tail -n 1 /var/log/nginx/access.log')).toContain(VISITOR_ADDRESS[4]);
      expect(await host.run('sh', '-c', 'echo out; echo err >&2; exit 3')).toEqual({
        status: 3,
        stdout: 'out\n',
        stderr: 'err\n',
      });
      const before = await host.shell('cat /proc/sys/kernel/random/boot_id; systemctl show -P MainPID nginx');
      await host.reboot();
      const after = await host.shell('cat /proc/sys/kernel/random/boot_id; systemctl show -P MainPID nginx');
      expect(after).not.toBe(before);
      expect((await host.fetch('http://any.example/a.txt', { ipv6: false })).text).toBe('of the host');
      expect(await host.journal('nginx.service')).toContain('Started nginx.service');
    } finally {
      await host.destroy();
    }
    expect(traces(host.name)).toEqual([]);
  });

  test('reads environment files as our own reader does', async () => {
    const host = await boot(target);
    try {
      for (const [text, values] of ENVIRONMENTS) {
        await host.put('/root/environment', text, { owner: 'root:root', mode: '0600' });
        const given = await host.shell(
          'systemd-run --quiet --pipe --wait --collect --property=EnvironmentFile=/root/environment env --null',
        );
        const named = given.split('\0').filter((line) => /^[ABC]=/.test(line));
        expect(Object.fromEntries(named.map((line) => [line[0], line.slice(2)])), text).toEqual(values);
      }
    } finally {
      await host.destroy();
    }
  });

  test('shares nothing with another one', async () => {
    const [one, other] = await Promise.all([boot(target), boot(target)]);
    try {
      await one.shell('systemctl stop nginx.service && touch /root/of-one');
      expect((await other.fetch('http://any.example/')).status).toBe(200);
      expect((await other.run('test', '-e', '/root/of-one')).status).toBe(1);
      await expect(one.fetch('http://any.example/')).rejects.toThrow('ECONNREFUSED');
    } finally {
      await Promise.all([one.destroy(), other.destroy()]);
    }
  });

  test('has the processors before others while it is to go first', async ({ skip }) => {
    const host = await boot(target);
    const others = Array.from({ length: 3 * availableParallelism() }, () =>
      // Each in a session of its own: the kernel shares out the processors among sessions.
      spawn('setpriv', ['--pdeathsig', 'KILL', 'sh', '-c', 'while :; do :; done'], { detached: true }),
    );
    const milliseconds = async () => {
      const started = performance.now();
      await host.shell(`systemd-run --quiet --pipe --wait sh -c '${counting}'`);
      return performance.now() - started;
    };
    const counting = 'n=0; while [ "$n" -lt 300000 ]; do n=$((n + 1)); done';
    try {
      const before = await milliseconds();
      const goOn = host.goFirst();
      if (goOn === undefined) return skip('this machine cannot say who goes first');
      const first = await milliseconds();
      goOn();
      const after = await milliseconds();
      expect(first, `${before}, ${after} ms as one of many`).toBeLessThan(Math.min(before, after) / 1.5);
    } finally {
      for (const other of others) other.kill('SIGKILL');
      await host.destroy();
    }
  });

  test('is swept away when its test process is no more', () => {
    const { pid } = spawnSync('true');
    expect(isAlive(pid)).toBe(false);
    const name = `ds-${pid}-1`;
    spawnSync('ip', ['netns', 'add', name]);
    mkdirSync(join(RUNNING, name), { recursive: true });
    for (const group of controlGroups()) mkdirSync(join(group, name, 'payload'), { recursive: true });
    expect(traces(name).length).toBeGreaterThan(2);
    sweep();
    expect(traces(name)).toEqual([]);
  });
});
