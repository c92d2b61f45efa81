/** The sandbox and the limits as answers loosen them: what the real systemd of each target takes. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { systemFolder } from '../../scripts/provision.mjs';
import { resolveAnswers } from '../../src/answers/resolve.ts';
import { LIMITS, limits, SANDBOX, sandbox } from '../../src/contract/confinement.ts';
import { kit } from '../check/kit.ts';
import { isRoot, itNeeds } from '../support/tools.ts';

/** A value of each kind that a property takes. */
const VALUES = [
  ...['no', 'yes', 'full', 'read-only', 'tmpfs', 'noaccess', 'ptraceable', 'default', 'all', 'AF_NETLINK'],
  ...['@resources', '@chown', '0', '1G', '512M', '16', '150%', '65536', '100', '10000', 'infinity'],
];

/** Every property with every of these values that the table allows. */
const LINES = [...Object.entries(SANDBOX), ...Object.entries(LIMITS)].flatMap(([property, { takes }]) =>
  VALUES.filter((value) => takes.test(value)).map((value) => `${property}=${value}`),
);

const unit = (...lines: string[]) => ['[Service]', 'ExecStart=/bin/true', ...lines, ''].join('\n');

for (const target of ['debian-12', 'debian-13']) {
  const system = systemFolder(target);
  const itIn = itNeeds({ root: isRoot, [`a ${target} system`]: system !== undefined });
  const work = system === undefined || !isRoot ? '' : mkdtempSync(join(system, 'tmp/deploy-scaffold-test-'));
  afterAll(() => work === '' || rmSync(work, { recursive: true, force: true }));

  /** What systemd says of units by their names. */
  const verify = (units: Record<string, string>): string => {
    for (const [name, text] of Object.entries(units)) {
      mkdirSync(dirname(join(work, name)), { recursive: true });
      writeFileSync(join(work, name), text);
    }
    const files = Object.keys(units).map((name) => join(work, name).slice(system?.length));
    const command = [
      system ?? '',
      'systemd-analyze',
      'verify',
      '--man=no',
      '--recursive-errors=no',
      ...files,
    ];
    const { stdout, stderr } = spawnSync('chroot', command, { encoding: 'utf8' });
    return stdout + stderr;
  };

  describe(`systemd of ${target}`, () => {
    itIn('takes every property with what the tables allow', () => {
      const units = Object.fromEntries(LINES.map((line, index) => [`one-${index}.service`, unit(line)]));
      expect(LINES.length).toBeGreaterThan(40);
      const said = verify(units)
        .split('\n')
        .filter((line) => /one-\d+\.service/.test(line) && /pars|nknown|nvalid|gnor/.test(line));
      expect(said).toEqual([]);
    });

    itIn('complains of another value, and of another property', () => {
      const wrong = ['ProcSubset=some', 'MemoryMax=1X', 'LimitNOFILE=many', 'ProcSubsets=all'];
      const said = verify(
        Object.fromEntries(wrong.map((line, index) => [`wrong-${index}.service`, unit(line)])),
      );
      for (const index of wrong.keys()) expect(said, wrong[index]).toContain(`wrong-${index}.service`);
    });
  });
}

describe('the answers', () => {
  const SAID = 'sandbox: { ProcSubset: all, PrivateTmp: false }';
  const textOf = (path: string, ...answers: string[]) =>
    kit(...answers).files.find((file) => file.path === path)?.text ?? '';
  const UNIT = '/etc/systemd/system/shop.service';

  it('stand in the unit, each with what it costs, and in the run-book', () => {
    const unitText = textOf(UNIT, SAID, 'limits: { LimitNOFILE: 65536, CPUQuota: 150% }');
    expect(unitText.split('\n').filter((line) => /^(?:ProcSubset|PrivateTmp|Limit|CPU)/.test(line))).toEqual([
      'PrivateTmp=yes',
      'ProcSubset=pid',
      'PrivateTmp=no',
      'ProcSubset=all',
      'CPUQuota=150%',
      'LimitNOFILE=65536',
    ]);
    expect(unitText).toContain('# A broken-in app can read how the host is doing');
    expect(textOf('README.md', SAID)).toContain('| `ProcSubset=all` | A broken-in app can read');
    expect(textOf('/usr/local/sbin/shop-run', SAID)).toContain("--property='PrivateTmp=no' \\\n");
    expect(textOf('/usr/local/sbin/shop-run', SAID)).not.toContain('ProcSubset');
  });

  it('are for what works in the background too, and a service may have its own', () => {
    const answers = [
      SAID,
      'background: { worker: celery -A shop worker }',
      'paths: { /live/: { app: "shop:live", sandbox: {} } }',
    ];
    expect(textOf('/etc/systemd/system/shop-worker.service', ...answers)).toContain('\nProcSubset=all');
    expect(textOf('/etc/systemd/system/shop-live.service', ...answers)).not.toContain('ProcSubset=all');
    expect(textOf('README.md', ...answers)).toContain('| `ProcSubset=all` (of shop, shop-worker) |');
    expect(textOf('/etc/systemd/system/shop-live.service', SAID, 'paths: { /live/: shop:live }')).toContain(
      '\nProcSubset=all',
    );
  });

  it.each(['supervisord', 'circus'])("are those of %s's own unit", (manager) => {
    expect(textOf(UNIT, SAID, `process-manager: ${manager}`)).toContain('\nPrivateTmp=no\n');
  });

  const problems = (answers: Record<string, unknown>) =>
    resolveAnswers([
      {
        insistent: true,
        answers: Object.fromEntries(
          Object.entries({
            name: 'shop',
            domains: ['shop.example'],
            framework: 'wsgi',
            app: 'shop:app',
            ...answers,
          }).map(([name, value]) => [name, { value, source: 'here' }]),
        ),
      },
    ]).problems.map(({ path, message }) => `${path}: ${message}`);

  it('are refused where nothing has them, with the reason', () => {
    const paths = { '/live/': { app: 'shop:live', limits: { MemoryMax: '1G' } } };
    expect(problems({ paths, 'process-manager': 'circus' })).toEqual([
      "paths./live/.limits: cannot be another than the site's with process-manager circus, which starts all services within one unit",
    ]);
    const inside = { 'web-server': 'apache', 'app-server': 'mod-wsgi', limits: { MemoryMax: '1G' } };
    expect(problems(inside)).toEqual([
      expect.stringMatching(/^limits: is of no effect with app-server mod-wsgi/),
    ]);
    expect(problems({ ...inside, background: { worker: 'celery -A shop worker' } })).toEqual([]);
  });

  it('are closed tables', () => {
    expect(
      problems({ sandbox: { ProcSubsets: 'all', ProtectHome: 'maybe' }, limits: { MemoryMax: 'much' } }),
    ).toEqual([
      expect.stringMatching(
        /^sandbox\.ProcSubsets: is for "ProcSubsets", which is none .*did you mean "ProcSubset"\?$/,
      ),
      'sandbox.ProtectHome: must be read-only or tmpfs or no',
      'limits.MemoryMax: must be a size from 16M such as 512M or 1G',
    ]);
    expect(sandbox.safeParse({ ProcSubset: 'all\nUser=root' }).success).toBe(false);
    for (const size of ['16M', '1G', '20000K', '16777216'])
      expect(limits.safeParse({ MemoryMax: size }).success, size).toBe(true);
    for (const size of ['1', '15M', '0G', '9999K'])
      expect(limits.safeParse({ MemoryMax: size }).success, size).toBe(false);
    expect(limits.safeParse({ LimitNOFILE: 1_048_577 }).success).toBe(false);
    expect(limits.safeParse({ LimitNOFILE: 1_048_576 }).success).toBe(true);
  });
});
