import { describe, expect } from 'vitest';
import { check } from '../../../src/check/run.ts';
import { shellcheckAccepts, shellReadsScripts } from '../../../src/check/tools/shell.ts';
import type { TreeFile, Validator } from '../../../src/contract/validator.ts';
import { editedFiles, sampleFiles, samplePlan } from '../samples.ts';
import { itWith, tools } from './real.ts';

const withShell = await itWith(shellReadsScripts);
const withShellcheck = await itWith(shellcheckAccepts);

function findings(validator: Validator, files: TreeFile[]) {
  return check({ plan: samplePlan(), files, validators: [validator], runner: tools });
}

describe('a real shell', () => {
  withShell('reads good scripts', async () => {
    expect(await findings(shellReadsScripts, sampleFiles())).toEqual([]);
  });

  withShell('finds an "if" without its end', async () => {
    const files = editedFiles('install.d/web-server.sh', '    fi\n', '');
    expect(await findings(shellReadsScripts, files)).toMatchObject([
      { level: 'error', file: 'install.d/web-server.sh', line: 5 },
    ]);
  });

  withShell('goes on to the next script', async () => {
    const broken = editedFiles('install.d/web-server.sh', '    fi\n', '');
    const files = broken.map((file) =>
      file.path === 'install.sh' ? { ...file, text: `${file.text}done\n` } : file,
    );
    expect((await findings(shellReadsScripts, files)).map(({ file }) => file)).toEqual([
      'install.d/web-server.sh',
      'install.sh',
    ]);
  });
});

describe('real shellcheck', () => {
  withShellcheck('accepts good scripts, and follows what they source', async () => {
    expect(await findings(shellcheckAccepts, sampleFiles())).toEqual([]);
  });

  withShellcheck('finds a missing quote once, although the script is sourced too', async () => {
    const files = editedFiles('install.d/web-server.sh', '[ -d "$1" ]', '[ -d $1 ]');
    expect(await findings(shellcheckAccepts, files)).toMatchObject([
      {
        level: 'warning',
        file: 'install.d/web-server.sh',
        line: 3,
        message: expect.stringContaining('SC2086'),
      },
    ]);
  });

  withShellcheck('finds what is not POSIX shell', async () => {
    const files = editedFiles('install.sh', 'web_server_apply "$here"', '[[ -d $here ]]');
    expect(await findings(shellcheckAccepts, files)).toMatchObject([{ file: 'install.sh', line: 6 }]);
  });
});
