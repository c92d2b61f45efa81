/** The linter is what keeps the core pure: here it is seen to do so. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = new URL('../', import.meta.url).pathname;

/** The rules that a text breaks as that file of a folder with our configuration. */
function broken(file: string, text: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'deploy-scaffold-lint-'));
  try {
    for (const name of ['biome.json', '.gitignore']) cpSync(join(ROOT, name), join(folder, name));
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
    const biome = join(ROOT, 'node_modules/.bin/biome');
    const { stdout, stderr } = spawnSync(biome, ['lint', '--reporter=json', file], {
      cwd: folder,
      encoding: 'utf8',
    });
    const { diagnostics } = JSON.parse(stdout || stderr) as { diagnostics: { category: string }[] };
    return [...new Set(diagnostics.map(({ category }) => category))];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('the linter', () => {
  it.each([
    [
      'reads a file',
      "import { readFileSync } from 'node:fs';\nexport const text = readFileSync('a');\n",
      'lint/style/noRestrictedImports',
    ],
    [
      'runs a program',
      "import { execa } from 'execa';\nexport const run = execa;\n",
      'lint/style/noRestrictedImports',
    ],
    [
      'calls src/system',
      "import { readProject } from '../system/project.ts';\nexport const read = readProject;\n",
      'lint/style/noRestrictedImports',
    ],
    ['asks the clock', 'export const now = () => Date.now();\n', 'lint/style/noRestrictedGlobals'],
    [
      'looks at the process',
      'export const folder = () => process.cwd();\n',
      'lint/style/noRestrictedGlobals',
    ],
    ['prints', "export const say = () => console.log('x');\n", 'lint/suspicious/noConsole'],
  ])('refuses a core that %s', (_, text, rule) => {
    expect(broken('src/plan/made-up.ts', text)).toContain(rule);
    expect(broken('src/web-servers/made-up.ts', text)).toContain(rule);
  });

  it('lets src/system do what it is for', () => {
    const text = "import { readFileSync } from 'node:fs';\n\nexport const text = readFileSync('a');\n";
    expect(broken('src/system/made-up.ts', text)).toEqual([]);
  });
});
