/** Builds dist/: one small package with everything in it, so that installing it downloads nothing else. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { generateTemplates } from './templates.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

mkdirSync(join(root, 'build'), { recursive: true });
writeFileSync(join(root, 'build/templates.js'), await generateTemplates(root));
rmSync(join(root, 'dist'), { recursive: true, force: true });

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: { cli: 'src/cli.ts' },
  outdir: 'dist',
  bundle: true,
  // A command loads only its own part: this is most of the start-up time.
  splitting: true,
  chunkNames: 'parts/[name]-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node20.17',
  minify: true,
  // A bug report names functions, not single letters.
  keepNames: false,
  metafile: true,
  legalComments: 'none',
  // yaml's ES modules: half the code is left out, and no require() is needed.
  alias: { yaml: join(root, 'node_modules/yaml/browser/index.js') },
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
});

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
