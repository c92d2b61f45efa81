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
const bundled = bundledPackages(metafile);
writeFileSync(join(root, 'dist/LICENSES.txt'), licenses(bundled));
writeFileSync(
  join(root, 'dist/sbom.cdx.json'),
  `${JSON.stringify(billOfMaterials(bundled), undefined, 2)}\n`,
);

/** All packages of which something was bundled, by name, each with its folder. */
function bundledPackages({ inputs }) {
  const folders = Object.keys(inputs).flatMap(
    (path) => path.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/) ?? [],
  );
  return [...new Set(folders)]
    .sort()
    .map((folder) => ({ folder, ...JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) }));
}

/** The licences of all that was bundled, as they ask for. */
function licenses(packages) {
  return packages
    .map(({ folder, name, version, license }) => {
      const file = readdirSync(join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry));
      const text = file === undefined ? '' : `\n\n${readFileSync(join(root, folder, file), 'utf8').trim()}`;
      return `${name} ${version} (${license})${text}\n`;
    })
    .join('\n---\n\n');
}

/**
 * What is in the package, for those who must know it: https://cyclonedx.org/docs/1.6/json/. Without a serial number and
 * a time, so that the same sources give the same bytes.
 */
function billOfMaterials(packages) {
  const { name, version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const component = (type, one) => {
    const purl = `pkg:npm/${one.name.replace('@', '%40')}@${one.version}`;
    const licences = [{ license: { id: one.license } }];
    return { type, 'bom-ref': purl, name: one.name, version: one.version, licenses: licences, purl };
  };
  const self = component('application', { name, version, license });
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: self },
    components: packages.map((one) => component('library', one)),
    dependencies: [{ ref: self.purl, dependsOn: packages.map((one) => component('library', one).purl) }],
  };
}
