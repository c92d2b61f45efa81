import { readFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { check } from '../../src/check/run.ts';
import type { Validator } from '../../src/contract/validator.ts';
import { circusAccepts } from '../../src/process-managers/circus/check.ts';
import { supervisordAccepts } from '../../src/process-managers/supervisord/check.ts';
import { samplePlan, treeFile } from '../check/samples.ts';
import { itWith, tools } from '../check/tools/real.ts';

const rendered = (path: string) =>
  readFileSync(new URL(`../../fixtures/rendered/${path}`, import.meta.url), 'utf8');

/** What is found where one text of the configuration is another. */
function findings(validator: Validator, folder: string, name: string, from = '', to = '') {
  const text = rendered(`${folder}/root/etc/contracts/${name}`);
  expect(text).toContain(from);
  const files = [treeFile(`/etc/contracts/${name}`, text.replace(from, to))];
  return check({ plan: samplePlan(), files, validators: [validator], runner: tools });
}

const withSupervisord = await itWith(supervisordAccepts);

describe('real supervisord', () => {
  const of = (from?: string, to?: string) =>
    findings(supervisordAccepts, 'debian-13-supervisord', 'supervisord.conf', from, to);

  withSupervisord('accepts a good file', async () => {
    expect(await of()).toEqual([]);
  });

  withSupervisord.each([
    ['numprocs=2', 'numprocs=two', /invalid literal.*'two' in section 'fcgi-program:contracts'/],
    ['process_name=%(process_num)d\n', '', /process_name/],
    ['socket_mode=0660', 'socket_mode=none', /socket_mode/],
    ['autorestart=true', 'autorestart=maybe', /autorestart/],
    ['stopsignal=TERM', 'stopsignal=STOPNOW', /STOPNOW/],
    ['stopwaitsecs', 'stopwaitsec', /does not know the name 'stopwaitsec'/],
    ['[fcgi-program', '[fcgi-programme', /does not know the section 'fcgi-programme'/],
    ['directory=/srv', 'directory=/srv/100%', /directory/],
  ])('%s to %s', async (from, to, message) => {
    expect(await of(from, to)).toContainEqual(
      expect.objectContaining({
        level: 'error',
        file: 'root/etc/contracts/supervisord.conf',
        message: expect.stringMatching(message),
      }),
    );
  });
});

const withCircus = await itWith(circusAccepts);

describe('real Circus', () => {
  const of = (from?: string, to?: string) =>
    findings(circusAccepts, 'debian-13-circus', 'circus.ini', from, to);

  withCircus('accepts a good file', async () => {
    expect(await of()).toEqual([]);
  });

  withCircus.each([
    ['numprocesses = 1', 'numprocesses = one', /'one'/],
    ['stop_signal = SIGTERM', 'stop_signal = SIGSTOPNOW', /signal|SIGSTOPNOW/i],
    ['singleton = True', 'singleton = perhaps', /perhaps|bool/i],
    ['graceful_timeout', 'gracefull_timeout', /does not know the name 'gracefull_timeout'/],
    ['[watcher:contracts]', '[watch:contracts]', /does not know the section 'watch'/],
  ])('%s to %s', async (from, to, message) => {
    expect(await of(from, to)).toContainEqual(
      expect.objectContaining({
        level: 'error',
        file: 'root/etc/contracts/circus.ini',
        message: expect.stringMatching(message),
      }),
    );
  });
});
