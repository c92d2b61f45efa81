import { describe, expect, it } from 'vitest';
import {
  readShell,
  readShellcheck,
  shellcheckAccepts,
  shellReadsScripts,
} from '../../../src/check/tools/shell.ts';
import { reading, said, sampleFiles, samplePlan, treeFile } from '../samples.ts';

const context = { plan: samplePlan(), files: sampleFiles(), stage: '/stage', tool: '/bin/sh', root: false };

describe('the stage for scripts', () => {
  it('has them as they lie in the output folder', () => {
    for (const validator of [shellReadsScripts, shellcheckAccepts]) {
      expect(validator.prepare(context)?.files.map(({ path }) => path)).toEqual([
        'tree/install.sh',
        'tree/install.d/web-server.sh',
      ]);
    }
  });

  it('has scripts of the host by their first line', () => {
    const files = [
      treeFile('/usr/local/sbin/shop-manage', '#!/bin/sh\n'),
      treeFile('/etc/shop/environment.example', 'A=\n'),
    ];
    expect(shellReadsScripts.prepare({ ...context, files })?.files).toMatchObject([
      { path: 'tree/root/usr/local/sbin/shop-manage', shown: 'root/usr/local/sbin/shop-manage' },
    ]);
  });

  it('stays in the stage wherever the output folder lies', () => {
    const files = [{ ...treeFile('install.sh', '#!/bin/sh\n'), shown: '../../tmp/x/install.sh' }];
    expect(shellReadsScripts.prepare({ ...context, files })?.files[0]?.path).toBe(
      'tree/up/up/tmp/x/install.sh',
    );
  });

  it('is not needed without scripts', () => {
    expect(shellcheckAccepts.prepare({ ...context, files: [] })).toBeUndefined();
  });
});

describe("the shell's words", () => {
  it.each([
    ['dash', 'tree/install.sh: 6: Syntax error: "fi" unexpected (expecting "then")'],
    ['bash', "tree/install.sh: line 6: syntax error near unexpected token `fi'"],
    ['busybox', 'tree/install.sh: line 6: syntax error: unexpected "fi"'],
  ])('of %s become a finding with file and line', (_shell, line) => {
    expect(readShell(said(`${line}\n`), reading(sampleFiles()))).toMatchObject([
      {
        code: 'sh-complains',
        tool: 'sh',
        level: 'error',
        file: 'install.sh',
        line: 6,
        message: expect.stringMatching(/yntax error/),
      },
    ]);
  });

  it('are none when all is well', () => {
    expect(readShell(said('', 0), reading(sampleFiles()))).toEqual([]);
  });

  it('are kept where they name no file', () => {
    expect(readShell(said('out of memory'), reading(sampleFiles()))).toMatchObject([
      { message: 'out of memory' },
    ]);
  });
});

describe("shellcheck's words", () => {
  const comment = {
    file: 'tree/install.d/web-server.sh',
    line: 3,
    level: 'info',
    code: 2086,
    message: 'Double quote',
  };
  const read = (stdout: string) => readShellcheck(said('', 1, stdout), reading(sampleFiles()));

  it('become findings', () => {
    expect(read(JSON.stringify({ comments: [comment, { ...comment, level: 'error', line: 1 }] }))).toEqual([
      {
        code: 'shellcheck-warns',
        tool: 'shellcheck',
        level: 'warning',
        file: 'install.d/web-server.sh',
        line: 3,
        message: 'Double quote (SC2086)',
        remedy: 'See https://www.shellcheck.net/wiki/SC2086',
      },
      expect.objectContaining({ level: 'error', line: 1 }),
    ]);
  });

  it.each(['', 'not JSON', '{}', '[]'])('%j is no pass', (stdout) => {
    expect(read(stdout)).toMatchObject([{ level: 'unchecked' }]);
  });
});
