/** Lists of which there is exactly one: shellcheck takes a loop over one constant for a mistake (SC2043). */
import { expect } from 'vitest';
import { check } from '../../../src/check/run.ts';
import { shellcheckAccepts } from '../../../src/check/tools/shell.ts';
import { kit } from '../kit.ts';
import { itWith, tools } from './real.ts';

const test = await itWith(shellcheckAccepts);

for (const manager of ['systemd', 'supervisord', 'circus'])
  test(`${manager}: one background process, one package, one lock`, async () => {
    const { plan, files } = kit(
      `process-manager: ${manager}`,
      ...['background: { worker: celery -A shop worker }', 'packages: [libpq5]', 'requirements: pdm.lock'],
    );
    expect(await check({ plan, files, validators: [shellcheckAccepts], runner: tools })).toEqual([]);
  });
