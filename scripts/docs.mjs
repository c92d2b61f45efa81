/** Writes docs/answers.md from the answers' own table: it is never typed. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The text of docs/answers.md. */
export async function answersPage() {
  const work = mkdtempSync(join(tmpdir(), 'deploy-scaffold-docs-'));
  try {
    const outfile = join(work, 'help.mjs');
    await build({
      absWorkingDir: root,
      entryPoints: ['src/help.ts'],
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile,
      logLevel: 'error',
    });
    const { answersTable } = await import(pathToFileURL(outfile).href);
    return `# Answers

Each answer can be given as a flag, in \`deploy-scaffold.yaml\` or in the wizard. A flag whose answer is a list or a map is
given several times. Written by \`npm run docs\`.

${answersTable()}
`;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(join(root, 'docs/answers.md'), await answersPage());
  execFileSync('git', ['-C', root, 'status', '--short', 'docs'], { stdio: 'inherit' });
}
