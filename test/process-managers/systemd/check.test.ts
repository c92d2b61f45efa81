import { describe, expect, it } from 'vitest';
import {
  readSecurity,
  readVerify,
  systemdAcceptsUnits,
  systemdSandboxIsTight,
} from '../../../src/process-managers/systemd/check.ts';
import { editedFiles, reading, said, sampleFiles, samplePlan, treeFile } from '../../check/samples.ts';

const UNIT = '/stage/etc/systemd/system/shop.service';

function verify(output: string, versions = { here: '252', wanted: '252' }) {
  return readVerify(said(output, 0), reading(sampleFiles(), { versions }));
}

describe('the stage for systemd', () => {
  const context = {
    plan: samplePlan(),
    files: sampleFiles(),
    stage: '/stage',
    tool: '/usr/bin/systemd-analyze',
    root: true,
  };

  it('has the units, and a stub for each program', () => {
    const paths = systemdAcceptsUnits.prepare(context)?.files.map(({ path }) => path);
    expect(paths).toContain('etc/systemd/system/shop.service');
    expect(paths).toContain('srv/shop/current/venv/bin/gunicorn');
    expect(paths).toContain('bin/kill');
    expect(paths).toContain('usr/lib/systemd/system/sysinit.target');
  });

  it('finds programs behind prefixes and in quotes', () => {
    const exec =
      '[Service]\nExecStart=-/a/b c\nExecStartPre = @"/d e/f" x\nExecStop=+:/g;\nExecReload=relative\nExecStartPost=/h/../i\n';
    const files = [treeFile('/etc/systemd/system/x.service', exec)];
    const stubs = systemdAcceptsUnits
      .prepare({ ...context, files })
      ?.files.filter(({ mode }) => mode === 0o755);
    expect(stubs?.map(({ path }) => path)).toEqual(['a/b', 'd e/f', 'g']);
  });

  it('asks for services alone how exposed they are', () => {
    expect(systemdSandboxIsTight.prepare(context)?.command).toContain('shop.service');
    expect(systemdSandboxIsTight.prepare(context)?.command).not.toContain('shop.socket');
  });

  it('has nothing to do without units', () => {
    expect(systemdAcceptsUnits.prepare({ ...context, files: [] })).toBeUndefined();
    expect(systemdSandboxIsTight.prepare({ ...context, files: [] })).toBeUndefined();
  });
});

describe('the words of systemd-analyze verify', () => {
  it('are none when all is well', () => {
    expect(verify('')).toEqual([]);
  });

  it('become a finding with file and line, once', () => {
    const line = `${UNIT}:9: Unknown key 'Bogus' in section [Service], ignoring.\n`;
    expect(verify(line + line)).toEqual([
      {
        code: 'systemd-complains',
        tool: 'systemd-analyze',
        level: 'error',
        file: 'root/etc/systemd/system/shop.service',
        line: 9,
        message: "Unknown key 'Bogus' in section [Service], ignoring.",
        remedy: expect.stringContaining('spelt'),
      },
    ]);
  });

  it('prove nothing where systemd is older than the host', () => {
    const line = `${UNIT}:9: Unknown key 'Newer' in section [Service], ignoring.\n`;
    expect(verify(line, { here: '252', wanted: '257' })).toMatchObject([
      { level: 'unchecked', remedy: expect.stringContaining('257') },
    ]);
  });

  it.each([
    [`${UNIT}:15: Failed to parse service restart specifier, ignoring: alwyas`, 'error', 15],
    [`${UNIT}:15: Failed to parse Restart=alwyas, ignoring: Invalid argument`, 'error', 15],
    [`${UNIT}:46: Unknown section 'Instal'. Ignoring.`, 'error', 46],
    [`${UNIT}:13: Missing '=', ignoring line.`, 'error', 13],
    [`${UNIT}:42: Unknown system call group, ignoring: @system-servic`, 'error', 42],
    ['shop.service: Service has no ExecStart=, ExecStop=, or SuccessAction=. Refusing.', 'error', undefined],
  ])('%s', (line, level, number) => {
    const [finding] = verify(line);
    expect(finding).toMatchObject({ level, file: 'root/etc/systemd/system/shop.service' });
    expect(finding?.line).toBe(number);
  });

  it('leave out what only follows from something else', () => {
    const output = [
      `${UNIT}:11: WorkingDirectory= path is not absolute: rel/x`,
      'shop.service: Unit configuration has fatal error, unit will not be started.',
      'Unit shop.service has a bad unit file setting.',
      'shop.socket: service shop.service not loaded, socket cannot be started.',
    ].join('\n');
    expect(verify(output)).toHaveLength(1);
    expect(verify('Unit shop.service has a bad unit file setting.')).toHaveLength(1);
  });

  it('give the line of a command without a path, which cannot be judged', () => {
    const files = editedFiles(
      '/etc/systemd/system/shop.service',
      'ExecStart=/srv/shop/current/venv/bin/',
      'ExecStart=',
    );
    const result = said('shop.service: Command gunicorn is not executable: No such file or directory');
    expect(readVerify(result, reading(files))).toMatchObject([{ level: 'unchecked', line: 9 }]);
  });

  it('warn of a doubtful user name', () => {
    const words = "Accepting user/group name 'sh op!', which does not match strict user/group name rules.";
    expect(verify(words)).toMatchObject([{ level: 'warning' }]);
  });

  it('say when the tool itself fails', () => {
    expect(verify('Failed to initialize manager: Permission denied')).toMatchObject([{ level: 'unchecked' }]);
  });
});

describe('the words of systemd-analyze security', () => {
  const table = (exposure: string) =>
    [
      '  NAME                           DESCRIPTION                                  EXPOSURE',
      '+ SystemCallFilter=~@swap        System call allow list defined for service   ',
      "- PrivateNetwork=                Service has access to the host's network      0.5",
      '- ProtectSystem=                 Service has full access to the OS file hierarchy 0.2',
      '✗ NoNewPrivileges=               Service processes may acquire new privileges 0.3',
      '',
      `-> Overall exposure level for shop.service: ${exposure} OK :-)`,
    ].join('\n');
  const security = (stdout: string, stderr = '') =>
    readSecurity(said(stderr, 0, stdout), reading(sampleFiles()));

  it.each(['1.3', '1.4', '1.5'])('%s is tight', (exposure) => {
    expect(security(table(exposure))).toEqual([]);
  });

  it.each(['1.6', '9.2'])('%s is not, and the finding says what would help most', (exposure) => {
    expect(security(table(exposure))).toEqual([
      {
        code: 'sandbox-open',
        tool: 'systemd-analyze',
        level: 'warning',
        file: 'root/etc/systemd/system/shop.service',
        message: `shop.service is exposed by ${exposure} of 10; at most 1.5 is wanted`,
        remedy: expect.stringContaining('NoNewPrivileges=, ProtectSystem=.'),
      },
    ]);
  });

  it('rates each of several services', () => {
    const both = `${table('1.4')}\n${table('4.0').replace('shop.service', 'beat.service')}`;
    expect(security(both)).toMatchObject([{ message: expect.stringContaining('beat.service') }]);
  });

  it('are no pass without a rating', () => {
    expect(security('', "systemd-analyze: unrecognized option '--offline=yes'")).toMatchObject([
      { level: 'unchecked', message: expect.stringContaining('unrecognized option') },
    ]);
  });
});
