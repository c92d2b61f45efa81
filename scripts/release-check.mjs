/**
 * npm run release:check: are both packages complete? What we can mend fails; what only the owner can fill in is listed.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const AT_MOST = 600_000;
const BESIDE = ['package.json', 'CHANGELOG.md', 'SECURITY.md'];

/** What is wrong with the two packages that we can mend; nothing where all is well. */
export function faults({ npm, wheel }) {
  const wheelVersion = /^Version: (.*)$/m.exec(wheel.metadata)?.[1];
  const { version } = JSON.parse(npm.files['package.json'] ?? '{}');
  return [
    ...[npm, wheel].flatMap((one) => faultsOf(one, version)),
    ...(version === wheelVersion ? [] : [`versions: ${version} on npm, ${wheelVersion} on PyPI`]),
    ...different(npm.files, wheel.files).map((path) => `${path} is not the same in both packages`),
    ...readmeFaults(npm.files['README.md'] ?? ''),
  ];
}

function faultsOf({ name, files, size, says }, version) {
  const needed = [...BESIDE, 'LICENSE', 'README.md', 'dist/cli.js', 'dist/main.js', 'dist/LICENSES.txt'];
  const bill = JSON.parse(files['dist/sbom.cdx.json'] ?? '{"components":[]}').components;
  const licences = files['dist/LICENSES.txt'] ?? '';
  const unlicensed = bill.filter((one) => !licences.includes(`${one.name} ${one.version} (`));
  return [
    ...needed.filter((path) => !files[path]?.trim()).map((path) => `there is no ${path}, or it is empty`),
    ...(bill.length > 0 ? [] : ['dist/sbom.cdx.json lists nothing']),
    ...unlicensed.map((one) => `dist/LICENSES.txt has no licence of ${one.name} ${one.version}`),
    ...(size <= AT_MOST ? [] : [`has ${size} bytes, and may have ${AT_MOST}`]),
    ...(says === `${version}\n` ? [] : [`--version says ${JSON.stringify(says)} instead of ${version}`]),
    ...(files['CHANGELOG.md']?.includes(`\n## ${version}`)
      ? []
      : [`CHANGELOG.md says nothing of ${version}`]),
  ].map((fault) => `${name}: ${fault}`);
}

/** The files of both that are not the same. The wheel has its README in METADATA, with links of its own. */
function different(one, other) {
  const paths = new Set([...Object.keys(one), ...Object.keys(other)].filter((path) => path !== 'README.md'));
  return [...paths].filter((path) => one[path] !== other[path]).sort();
}

/** What README.md has that the registries' pages do not show: https://docs.pypi.org/project_metadata/#description */
function readmeFaults(readme) {
  const missing = relativeLinks(readme).filter((path) => !readdirSync(root).includes(path.split('/')[0]));
  return [
    ...(readme.includes('```mermaid') ? ['README.md: neither npm nor PyPI draws Mermaid'] : []),
    ...missing.map((path) => `README.md: ${path} is not there`),
  ];
}

const relativeLinks = (readme) => [...readme.matchAll(/\]\((?!\w+:|#)([^)#]+)/g)].map(([, path]) => path);

/** What only the owner can say, each with why it matters. */
export function openForOwner(manifest, changelog) {
  const open = {
    'package.json has no "repository": pictures and links of README.md lead nowhere on npm and PyPI without it':
      !manifest.repository,
    'package.json has no "bugs": nobody who meets a bug is told where to report it': !manifest.bugs,
    [`CHANGELOG.md calls ${manifest.version} unreleased: the day is for who publishes it`]:
      changelog.includes(`## ${manifest.version} (unreleased)`),
  };
  return Object.keys(open).filter((line) => open[line]);
}

/** Every file below a folder with its text, by its path. */
function textsOf(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(files.map((file) => [file.slice(folder.length + 1), readFileSync(file, 'utf8')]));
}

const says = (program, args, env) =>
  spawnSync(program, args, { encoding: 'utf8', env: { ...process.env, ...env } }).stdout;

/** Both packages, built from what is in dist/, unpacked and asked for their version. */
export function packages(work) {
  const run = (program, ...args) => execFileSync(program, args, { cwd: root, stdio: 'pipe' });
  run('npm', 'pack', '--ignore-scripts', '--pack-destination', work);
  run('python3', join(root, 'scripts/wheel.py'), work);
  const [tarball, archive] = ['.tgz', '.whl'].map((end) =>
    join(work, readdirSync(work).find((name) => name.endsWith(end)) ?? 'none'),
  );
  run('tar', '-xzf', tarball, '-C', work);
  run('python3', '-m', 'zipfile', '-e', archive, join(work, 'wheel'));
  const info = join(work, 'wheel', `${basename(archive).split('-').slice(0, 2).join('-')}.dist-info`);
  const metadata = readFileSync(join(info, 'METADATA'), 'utf8');
  const inWheel = textsOf(join(work, 'wheel/deploy_scaffold'));
  const shared = Object.entries(inWheel).filter(([path]) => !path.endsWith('.py'));
  const beside = { LICENSE: readFileSync(join(info, 'licenses/LICENSE'), 'utf8') };
  return {
    npm: {
      name: 'npm package',
      files: textsOf(join(work, 'package')),
      size: statSync(tarball).size,
      says: says(process.execPath, [join(work, 'package/dist/cli.js'), '--version']),
    },
    wheel: {
      name: 'wheel',
      files: {
        ...Object.fromEntries(shared),
        ...beside,
        'README.md': metadata.slice(metadata.indexOf('\n\n')),
      },
      metadata,
      size: statSync(archive).size,
      says: says('python3', ['-m', 'deploy_scaffold', '--version'], { PYTHONPATH: join(work, 'wheel') }),
    },
  };
}

function main() {
  const work = mkdtempSync(join(tmpdir(), 'deploy-scaffold-release-'));
  try {
    const both = packages(work);
    const wrong = faults(both);
    for (const { name, size, files } of Object.values(both))
      console.log(`${name}: ${Object.keys(files).length} files, ${Math.round(size / 1000)} kB`);
    for (const line of wrong) console.log(`wrong: ${line}`);
    const manifest = JSON.parse(both.npm.files['package.json']);
    for (const line of openForOwner(manifest, both.npm.files['CHANGELOG.md']))
      console.log(`for the owner: ${line}`);
    console.log(wrong.length === 0 ? 'Both packages are complete.' : 'Mend what is wrong.');
    return wrong.length === 0 ? 0 : 1;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.exitCode = main();
