/** Where systemd itself has a line go on. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { DIALECTS } from '../../../src/formats/ini/dialects.ts';
import { parseIni } from '../../../src/formats/ini/parse.ts';
import { inFolder, testWith, toolEnv } from '../../render/tools.ts';

/** What a unit's last Description= is; systemd-analyze prints it when it is to say all that it does. */
const described = (lines: string) =>
  inFolder((folder) => {
    writeFileSync(join(folder, 'app.service'), `[Unit]\n${lines}\n[Service]\nExecStart=/bin/true\n`);
    const env = { ...toolEnv, SYSTEMD_UNIT_PATH: `${folder}:`, SYSTEMD_LOG_LEVEL: 'debug' };
    const { stdout, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', 'app.service'], {
      env,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    const [, dump = ''] = `${stdout}${stderr}`.split('-> Unit app.service:');
    return /Description: (.*)/.exec(dump)?.[1];
  });

testWith('systemd-analyze', 'a line goes on where systemd has it go on', async () => {
  const texts = [
    'Description=a \\\nDescription=b',
    'Description=a \\ \nDescription=b',
    'Description=a \\\t\nDescription=b',
    'Description=a \\\\\nDescription=b',
    'Description=a \\\\\\\nDescription=b',
    'Description=a\\\n\nDescription=b',
    'Description=a\\\n # no\n ; no\n b \\\nc',
    'Description=a\\\n # no \\\n b',
    'Description=a \\ ',
  ];
  const spaced = (text: string | undefined) => text?.replaceAll(/\s+/g, ' ');
  for (const text of texts) {
    const { sections } = parseIni(`[Unit]\n${text}`, DIALECTS.systemd);
    expect(sections[0]?.entries.at(-1)?.value, text).toBe(spaced(await described(text)));
  }
});
