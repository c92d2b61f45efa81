import { describe, expect } from 'vitest';
import { check } from '../../../src/check/run.ts';
import type { TreeFile } from '../../../src/contract/validator.ts';
import { systemdAcceptsUnits, systemdSandboxIsTight } from '../../../src/process-managers/systemd/check.ts';
import { editedFiles, lineOfText, sampleFiles, samplePlan } from '../../check/samples.ts';
import { itWith, tools, versionHere } from '../../check/tools/real.ts';

const it = await itWith(systemdAcceptsUnits);
const plan = samplePlan({ systemd: await versionHere(systemdAcceptsUnits) });
const SERVICE = '/etc/systemd/system/shop.service';
const SOCKET = '/etc/systemd/system/shop.socket';

function findings(files: TreeFile[]) {
  return check({ plan, files, validators: [systemdAcceptsUnits, systemdSandboxIsTight], runner: tools });
}

describe('real systemd-analyze', () => {
  it('accepts good units, whose program, user and database are not here', async () => {
    expect(await findings(sampleFiles())).toEqual([]);
  });

  it.each([
    [SERVICE, 'KillMode=mixed', 'KilMode=mixed', "Unknown key 'KilMode'"],
    [SERVICE, 'Restart=always', 'Restart=alwyas', 'alwyas'],
    [SERVICE, 'TimeoutStopSec=45', 'TimeoutStopSec=45x', '45x'],
    [SERVICE, '[Install]', '[Instal]', 'Instal'],
    [SERVICE, 'KillMode=mixed', 'KillMode mixed', "Missing '='"],
    [SOCKET, 'SocketMode=0660', 'SocketMode=rw', 'rw'],
  ])('%s: %s to %s', async (path, from, to, message) => {
    const files = editedFiles(path, from, to);
    expect(await findings(files)).toMatchObject([
      {
        level: 'error',
        file: `root${path}`,
        line: lineOfText(files, path, to),
        message: expect.stringContaining(message),
      },
    ]);
  });

  it('finds a service without a command', async () => {
    const found = await findings(editedFiles(SERVICE, 'ExecStart=', '# ExecStart='));
    expect(found).toContainEqual(expect.objectContaining({ level: 'error', file: `root${SERVICE}` }));
  });

  it('finds a sandbox that is too weak', async () => {
    const weak = editedFiles(SERVICE, 'NoNewPrivileges=yes\nCapabilityBoundingSet=\n', '');
    expect(await findings(weak)).toMatchObject([
      { level: 'warning', file: `root${SERVICE}`, remedy: expect.stringContaining('CapabilityBoundingSet') },
    ]);
  });
});
