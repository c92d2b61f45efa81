/** An installer that is killed before each single thing that it does to the host, one after the other. */
import { describe, expect } from 'vitest';
import { PROVES_ALL } from '../harness/mode.ts';
import { freshHost } from '../harness/stack.ts';
import { onTarget, scene, served } from './scene.ts';

/** Programs by which an installer changes a host; the rest only look. */
const CHANGING = 'mv ln rm cp install chmod chown rmdir sync systemctl userdel groupdel'.split(' ');

/** Kills the installer, and the part of it that has come so far, before it starts the KILL_AT-th of these programs. */
const GATE = `
gate() {
    [ -n "\${KILL_AT:-}" ] || return 0
    printf . >>/root/steps
    if [ "$(wc -c </root/steps)" -ge "$KILL_AT" ]; then
        kill -KILL $$
        sh -c 'kill -KILL $PPID'
    fi
}
${CHANGING.map((program) => `${program}() { gate; command ${program} "$@"; }`).join('\n')}
`;

/** More steps than any run has: a test that gets there does not end by itself. */
const TOO_MANY = 400;

describe('an installer that is killed at every step', () => {
  const { it, stack } = scene(onTarget('debian-13'), { installed: true });

  /** Whether it got as far as that step. */
  async function killed(step: number, ...options: string[]): Promise<boolean> {
    const { place, host } = stack();
    const command = `KILL_AT=${step} sh ${place}/deploy/install.sh ${options.join(' ')} >/root/output 2>&1`;
    await host.shell('rm -f /root/steps');
    const { status, stdout } = await host.run(
      'sh',
      '-c',
      `${command}; status=$?; cat /root/output; exit $status`,
    );
    // Once the records are gone, an uninstallation has nothing more to do than to say so.
    if (status !== 0 && status !== 137) expect(stdout).toContain('is not on this host');
    return status === 137;
  }

  async function finished(...options: string[]): Promise<void> {
    const { status, output } = await stack().installer(...options);
    expect(status, output).toBe(0);
  }

  const strays = () =>
    stack().host.shell(`find /etc /usr/local /srv /var/lib -xdev -name '.*~'
      ls -d ${stack().plan.paths.records}/switch* 2>/dev/null || true`);

  /** Has each kit of the host, and that of the project, count its steps. */
  async function count(): Promise<void> {
    const { host, plan, place } = stack();
    await host.put('/root/gate.sh', GATE);
    await host.shell(`for kit in ${plan.paths.releases}/*/kit ${place}/deploy; do
      sed -i '/^\\. .*process-manager.sh"$/a . /root/gate.sh' $kit/install.sh
      grep -qx '. /root/gate.sh' $kit/install.sh
    done`);
  }

  it('of a switch: one of both releases answers, and the next run goes on from there', {
    timeout: 1_200_000,
  }, async () => {
    await stack().configure('--max-body', '7m', '--max-requests', '77');
    stack().setVersion('2.0.0');
    await stack().install();
    await count();
    const seen = ['2.0.0'];
    const other = () => (seen.at(-1) === '1.0.0' ? '2' : '1');
    let step = 1;
    // Each run takes back first what the one before it left; now and then, and in the end, one is let through.
    for (; step < TOO_MANY && (await killed(step, '--live', other())); step++) {
      seen.push(await served(stack()));
      if (!PROVES_ALL && step % 10 > 0) continue;
      const goal = other();
      await finished('--live', goal);
      expect(await served(stack()), `the run after step ${step}`).toBe(`${goal}.0.0`);
      expect(await strays(), `left by the run after step ${step}`).toBe('');
      seen.push(`${goal}.0.0`);
    }
    expect(step).toBeLessThan(TOO_MANY);
    expect(step, 'steps').toBeGreaterThan(30);
    expect([...new Set(seen)].sort()).toEqual(['1.0.0', '2.0.0']);
    expect(await strays()).toBe('');
    console.log(`killed at ${step - 1} steps of a switch`);
  });

  it('of an uninstallation, each run one step further: the last leaves nothing', {
    timeout: 600_000,
  }, async () => {
    await count();
    let step = 1;
    while (step < TOO_MANY && (await killed(step, '--uninstall', '--purge'))) step++;
    expect(step).toBeLessThan(TOO_MANY);
    expect(step, 'steps').toBeGreaterThan(10);
    const { paths, accounts } = await freshHost(stack().host);
    expect(accounts).toBe(stack().fresh.accounts);
    expect(paths.filter((path) => !stack().fresh.paths.includes(path))).toEqual([]);
    expect(await stack().host.shell('systemctl list-units --failed --plain --no-legend')).toBe('');
    console.log(`killed at ${step - 1} steps of an uninstallation`);
  });
});
