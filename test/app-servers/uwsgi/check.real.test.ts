import { readFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { uwsgiAccepts } from '../../../src/app-servers/uwsgi/check.ts';
import { check } from '../../../src/check/run.ts';
import { samplePlan, treeFile } from '../../check/samples.ts';
import { itWith, tools, versionHere } from '../../check/tools/real.ts';
import type { Planned } from '../../support/plan.ts';

const it = await itWith(uwsgiAccepts);
const version = await versionHere(uwsgiAccepts);
const plan = {
  ...samplePlan(),
  appServer: { kind: 'uwsgi', title: 'uWSGI', docs: '', version },
} as unknown as Planned;

const rendered = new URL('../../../fixtures/rendered/debian-13-uwsgi/root/etc/contracts/', import.meta.url);
const text = (name: string) => readFileSync(new URL(name, rendered), 'utf8');

/** What is found where one text of the configuration is another. */
function findings(from = '', to = '') {
  const ini = text('uwsgi.ini');
  expect(ini).toContain(from);
  const files = [
    treeFile('/etc/contracts/uwsgi.ini', ini.replace(from, to)),
    treeFile('/etc/contracts/workers.py', text('workers.py')),
  ];
  return check({ plan, files, validators: [uwsgiAccepts], runner: tools });
}

describe('real uWSGI', () => {
  it('accepts a good file without importing the app', async () => {
    expect(await findings()).toEqual([]);
  });

  it.each([
    ['harakiri =', 'harakirri =', 'error', 'unknown config directive: harakirri'],
    ['setremoteaddr:', 'setremoteadr:', 'error', 'unable to register route'],
    ['max-requests = 1000', 'threads = -1', 'error', 'invalid value for option "threads"'],
    ['max-requests = 1000', 'chdir = /nowhere', 'unchecked', 'chdir()'],
  ])('%s to %s', async (from, to, level, message) => {
    expect(await findings(from, to)).toMatchObject([
      {
        level,
        file: 'root/etc/contracts/uwsgi.ini',
        message: expect.stringContaining(message),
        ...(level === 'error' && { line: expect.any(Number) }),
      },
    ]);
  });
});
