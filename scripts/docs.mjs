/** Writes what is in docs/ from where it comes from (the answers' own table, the results on live hosts): it is never typed. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** What a TypeScript file exports. */
async function imported(entry) {
  const work = mkdtempSync(join(tmpdir(), 'deploy-scaffold-docs-'));
  try {
    const outfile = join(work, 'entry.mjs');
    await build({
      absWorkingDir: root,
      entryPoints: [entry],
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile,
      logLevel: 'error',
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** The text of docs/answers.md. */
export async function answersPage() {
  const { answersTable } = await imported('src/help.ts');
  return `# Answers

Each answer can be given as a flag, in \`deploy-scaffold.yaml\` or in the wizard. A flag whose answer is a list or a map is
given several times. Written by \`npm run docs\`.

${answersTable()}
`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { documents, newest } = await imported('test/hosts/conformance/documents.ts');
  const texts = { 'docs/answers.md': await answersPage(), ...documents(newest(root)) };
  for (const [path, text] of Object.entries(texts)) writeFileSync(join(root, path), text);
  execFileSync('git', ['-C', root, 'status', '--short', 'docs'], { stdio: 'inherit' });
}
