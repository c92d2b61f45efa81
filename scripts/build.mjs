/** Builds dist/: one small package with everything in it, so that installing it downloads nothing else. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { generateTemplates } from './templates.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

mkdirSync(join(root, 'build'), { recursive: true });
writeFileSync(join(root, 'build/templates.js'), await generateTemplates(root));
rmSync(join(root, 'dist'), { recursive: true, force: true });

const options = {
  absWorkingDir: root,
  outdir: 'dist',
  bundle: true,
  // Node.js 20 can keep the compiled code of CommonJS only: src/system/compile-cache.ts.
  format: 'cjs',
  platform: 'node',
  target: 'node20.17',
  minify: true,
  legalComments: 'none',
  // yaml's ES modules: half the code is left out, and no require() is needed.
  alias: { yaml: join(root, 'node_modules/yaml/browser/index.js') },
};

const { metafile } = await build({ ...options, entryPoints: ['src/main.ts'], metafile: true });
const digest = createHash('sha256')
  .update(readFileSync(join(root, 'dist/main.js')))
  .digest('hex')
  .slice(0, 16);
await build({ ...options, entryPoints: ['src/cli.ts'], define: { MAIN_DIGEST: JSON.stringify(digest) } });
writeFileSync(join(root, 'dist/package.json'), '{"type":"commonjs"}\n');
writeFileSync(join(root, 'dist/LICENSES.txt'), licenses(metafile));

/** The licences of all that was bundled, as they ask for. */
function licenses({ inputs }) {
  const folders = Object.keys(inputs).flatMap(
    (path) => path.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/) ?? [],
  );
  return [...new Set(folders)]
    .sort()
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
      const file = readdirSync(join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry));
      const text = file === undefined ? '' : `\n\n${readFileSync(join(root, folder, file), 'utf8').trim()}`;
      return `${name} ${version} (${license})${text}\n`;
    })
    .join('\n---\n\n');
}
