import { describe, expect } from 'vitest';
import { gunicornAccepts } from '../../../src/app-servers/gunicorn/check.ts';
import { check } from '../../../src/check/run.ts';
import type { TreeFile } from '../../../src/contract/validator.ts';
import { editedFiles as edit, sampleFiles, samplePlan } from '../../check/samples.ts';
import { itWith, tools, versionHere } from '../../check/tools/real.ts';

const it = await itWith(gunicornAccepts);
const plan = samplePlan({ gunicorn: await versionHere(gunicornAccepts) });
const CONF = '/etc/shop/gunicorn.conf.py';

/** As if it had been generated so: an edited file is never given to gunicorn. */
function editedFiles(path: string, from: string, to: string): TreeFile[] {
  return edit(path, from, to).map((file) => ({ ...file, edited: false }));
}

function findings(files: TreeFile[]) {
  return check({ plan, files, validators: [gunicornAccepts], runner: tools });
}

describe('real gunicorn', () => {
  it('accepts a good file without importing the app', async () => {
    expect(await findings(sampleFiles())).toEqual([]);
  });

  it.each([
    ['timeout = 35', 'timeout = "soon"', 'error', 'invalid value for timeout'],
    ['timeout = 35', 'timeout = ((', 'error', 'SyntaxError'],
    ['timeout = 35', 'timeout = nowhere', 'error', 'NameError'],
    ['timeout = 35', 'post_fork = 3', 'error', 'invalid value for post_fork'],
    ['timeout = 35', 'chdir = "/srv/nowhere"', 'unchecked', 'invalid value for chdir'],
    ['timeout = 35', 'import no_such_module_here', 'unchecked', 'ModuleNotFoundError'],
  ])('%s to %s', async (from, to, level, message) => {
    expect(await findings(editedFiles(CONF, from, to))).toMatchObject([
      { level, file: `root${CONF}`, line: 12, message: expect.stringContaining(message) },
    ]);
  });

  it('is not asked about a file that somebody edited, which is read', async () => {
    const found = await findings(edit(CONF, 'timeout = 35', 'worker = ((\nraise SystemExit'));
    expect(found).toMatchObject([
      { level: 'unchecked', message: expect.stringContaining('gunicorn would run it') },
    ]);
  });

  it('ignores a misspelt setting, which is found nevertheless', async () => {
    expect(await findings(editedFiles(CONF, 'workers =', 'worker ='))).toMatchObject([
      { level: 'error', line: 10, message: "unknown setting 'worker'; did you mean 'workers'?" },
    ]);
  });
});
