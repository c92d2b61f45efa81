/** The part that reads the app's environment without systemd, in the way of systemd. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ENVIRONMENTS } from '../support/environments.ts';

const part = readFileSync('templates/host/environment.py.hbs', 'utf8').replace(/^\{\{!--.*--\}\}\n/, '');

function read(text: string): Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'environment-'));
  try {
    writeFileSync(join(folder, 'environment'), text);
    const script = `import json, pathlib, re, sys\n${part}\nprint(json.dumps(environment(sys.argv[1])))`;
    return JSON.parse(
      execFileSync('python3', ['-I', '-c', script, join(folder, 'environment')], { encoding: 'utf8' }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

it.each(ENVIRONMENTS)('%j', (text, values) => {
  expect(read(text)).toEqual(values);
});
