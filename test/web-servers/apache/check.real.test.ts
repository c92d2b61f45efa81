import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { readAnswersFile } from '../../../src/answers/file.ts';
import { resolveAnswers } from '../../../src/answers/resolve.ts';
import { check } from '../../../src/check/run.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { apacheAccepts } from '../../../src/web-servers/apache/check.ts';
import { treeFile } from '../../check/samples.ts';
import { itWith, tools } from '../../check/tools/real.ts';

const it = await itWith(apacheAccepts);
const ROOT = new URL('../../../fixtures/rendered/debian-13-apache/root', import.meta.url).pathname;
const SITE = '/etc/apache2/sites-enabled/zz-contracts.conf';

const plan = (() => {
  const file = join(ROOT, '../deploy-scaffold.yaml');
  const { answers } = readAnswersFile(readFileSync(file, 'utf8'), file);
  return makePlan(resolveAnswers([{ insistent: true, answers }]).answers);
})();

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
}

/** What is found where one text of the site is another. */
function findings(from = '', to = '') {
  const files = filesBelow(join(ROOT, 'etc/apache2')).map((path) => {
    const text = readFileSync(path, 'utf8');
    const name = path.slice(ROOT.length);
    if (name === SITE) expect(text).toContain(from);
    return treeFile(name, name === SITE ? text.replace(from, to) : text);
  });
  return check({ plan, files, validators: [apacheAccepts], runner: tools });
}

describe('real Apache', () => {
  it('accepts a good site, whose certificate, folders and logs are not here', async () => {
    expect(await findings()).toEqual([]);
  });

  it.each([
    ['ProxyAddHeaders Off', 'ProxyAdHeaders Off', /Invalid command 'ProxyAdHeaders'/],
    ['SSLEngine on', 'SSLEngine perhaps', /must be On or Off/],
    ['</VirtualHost>', '', /was not closed/],
    ['AllowOverride None', 'AllowOverride Nothing', /Illegal override option/],
  ])('%s to %s', async (from, to, message) => {
    const found = await findings(from, to);
    expect(found).toContainEqual(
      expect.objectContaining({
        level: 'error',
        file: `root${SITE}`,
        line: expect.any(Number),
        message: expect.stringMatching(message),
      }),
    );
  });
});
