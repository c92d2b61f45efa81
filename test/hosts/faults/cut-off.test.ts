/** An installer that is killed, at any step, and a host that goes down in the middle. */
import { describe, expect } from 'vitest';
import { FAULT_TARGETS } from '../harness/mode.ts';
import { onTarget, scene, served, servedAgain } from './scene.ts';

/** What the installer prints when it begins a step. */
const STEPS = [
  ...[
    'User and folders',
    'Building',
    'Checking the project',
    'Collecting assets',
    'Trying the configuration',
  ],
  ...['Migrating the database', 'Trying the release beside the live one', 'Going live with'],
];

for (const target of FAULT_TARGETS) {
  describe(`an installer that is cut off, on ${target}`, () => {
    const { it, stack } = scene(onTarget(target), { installed: true });

    /** Copies beside their places, of a switch that is over. */
    const strays = () => stack().host.shell("find / -xdev -name '.*~' 2>/dev/null || true");

    for (const step of STEPS) {
      it(`killed at "${step}": the old version goes on`, async () => {
        stack().setVersion('2.0.0');
        await stack().bring();
        await stack().host.shell(`rm -f /root/out && mkfifo /root/out
          sh ${stack().place}/deploy/install.sh >/root/out 2>&1 &
          installer=$!
          while read -r line; do
            case $line in *'${step}'*) kill -KILL $installer; echo killed ;; esac
          done </root/out`);
        expect(await served(stack())).toBe('1.0.0');
      });
    }

    it('then run to its end: the new version, and no trace of the others', async () => {
      expect(await stack().install()).toContain('is up');
      expect(await served(stack())).toBe('2.0.0');
      expect(await strays()).toBe('');
      expect(await releases()).toHaveLength(2);
    });

    /** Kills the installer when it starts its n-th program; whether it got that far. */
    async function killAt(count: number, ...options: string[]): Promise<boolean> {
      const inject = `inject=fork,vfork,clone,clone3:signal=KILL:when=${count}`;
      const { status } = await stack().host.run(
        ...['strace', '-qq', '-o', '/dev/null', '-e', 'trace=fork,vfork,clone,clone3', '-e', inject],
        ...['sh', `${stack().place}/deploy/install.sh`, ...options],
      );
      return status !== 0;
    }

    /** Their numbers, the oldest first. */
    const releases = async () =>
      (await stack().host.shell(`ls ${stack().plan.paths.releases} | sort -n`)).split('\n');

    /** The switch, between two releases with different files, killed at every so many programs that it starts. */
    const STRIDE = 6;
    it('killed anywhere in the switch: the old version or the new one, and the next run ends well', async () => {
      await stack().configure('--max-body', '7m', '--max-requests', '77');
      stack().setVersion('3.0.0');
      await stack().install();
      const [older = '', newer = ''] = (await releases()).slice(-2);
      const seen = new Set<string>();
      let kills = 0;
      for (let count = 4; await killAt(count, '--live', kills % 2 === 0 ? older : newer); count += STRIDE) {
        kills++;
        seen.add(await served(stack()));
      }
      expect(kills, 'places where it was killed').toBeGreaterThan(10);
      expect([...seen].sort()).toEqual(['2.0.0', '3.0.0']);
      expect((await stack().installer('--live', newer)).status).toBe(0);
      expect(await served(stack())).toBe('3.0.0');
      expect(await strays()).toBe('');
    });

    it('reboot in the middle of the switch: the old version comes back, whole', async () => {
      const { host, plan } = stack();
      const [older = ''] = (await releases()).slice(-2);
      // The moment when some files are new and some are old.
      let mixed = false;
      for (let count = 30; !mixed && (await killAt(count, '--live', older)); count += 2) {
        mixed = await host
          .shell(`cd ${plan.paths.records} && [ -d switch ] && find / -xdev -name '.*.new~' | grep -q . &&
          while read -r file; do [ -e "\${file%/*}/.\${file##*/}.new~" ] || echo renamed; done <switch/put`)
          .then(
            (text) => text.includes('renamed'),
            () => false,
          );
      }
      expect(mixed, 'a switch that is half done').toBe(true);
      await host.reboot();
      expect(await servedAgain(stack())).toBe('3.0.0');
      expect(await host.shell(`grep -o 'client_max_body_size [0-9].*' ${plan.files[0]?.path}`)).toBe(
        'client_max_body_size 7m;',
      );
      expect(await strays()).toBe('');
      expect(await host.shell(`journalctl -b -t ${plan.name}-install -o cat`)).toContain(
        'the host went down in the middle of a switch',
      );
      expect(await host.shell('systemctl list-units --failed --plain --no-legend')).toBe('');
    });

    it('terminated in the switch: it takes back what it did itself', async () => {
      await stack().configure('--max-body', '8m');
      stack().setVersion('4.0.0');
      await stack().bring();
      const output = await stack().host.shell(`rm -f /root/out && mkfifo /root/out
        sh ${stack().place}/deploy/install.sh >/root/out 2>&1 &
        installer=$!
        while read -r line; do
          printf '%s\\n' "$line"
          case $line in /etc/*) kill -TERM $installer ;; esac
        done </root/out
        wait $installer || echo "status $?"`);
      expect(output).toMatch(/going back to what was live before[\s\S]*status 130/);
      expect(await served(stack())).toBe('3.0.0');
    });
  });
}
