/**
 * npm run house: how the rooms of src/ lean on each other, in figures. A room may import those before it; what imports
 * one behind it is listed, with its file. And how true the plan is about what its parts follow from.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const SRC = join(dirname(dirname(fileURLToPath(import.meta.url))), 'src');

/** So many answers are tried, each with a few hundred others that differ in one. */
const ANSWERS = 4;

/** From the bottom up; a file that lies in none of the folders is a room by itself. */
const ROOMS = [
  ...['words', 'evaluate', 'formats', 'contract', 'detect', 'check'],
  ...['frameworks', 'app-servers', 'process-managers', 'web-servers', 'units.ts'],
  'detections.ts',
  'deliveries',
  ...[
    'answers',
    'plan',
    'render',
    'kit',
    'core.ts',
    'wizard',
    'system',
    'arguments.ts',
    'commands',
    'main.ts',
    'cli.ts',
  ],
];

/** The files of src/, relative to it. */
function files() {
  return readdirSync(SRC, { recursive: true })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .sort();
}

const textOf = (file) => readFileSync(join(SRC, file), 'utf8');

const IMPORT = /^(?:import|export)\b[^;]*?\bfrom '(\.[^']+)'|\bimport\('(\.[^']+)'\)/gms;

const importsOf = (file) =>
  [...textOf(file).matchAll(IMPORT)]
    .map(([, fixed, lazy]) => join(dirname(file), fixed ?? lazy))
    .filter((path) => !path.startsWith('..'));

const roomOf = (file) => ROOMS.indexOf(file.split('/')[0]);

/** "file > imported file" for each import of a room that is further up. */
export function upwards() {
  return files().flatMap((file) =>
    importsOf(file)
      .filter((imported) => roomOf(imported) > roomOf(file))
      .map((imported) => `${file} > ${imported}`),
  );
}

const isCommand = (file) => /^commands\/(?:init|check|detect|schema)\.ts$/.test(file);

/** "file > imported file" for each import of one command by another. */
export function betweenCommands() {
  return files()
    .filter(isCommand)
    .flatMap((file) =>
      importsOf(file)
        .filter(isCommand)
        .map((imported) => `${file} > ${imported}`),
    );
}

/** Files that are in no room. */
export const homeless = () => files().filter((file) => roomOf(file) === -1);

const linesOf = (file) => textOf(file).trimEnd().split('\n').length;

/** What reads a project: a unit's own is beside it, and the rest is rooms of their own. */
const isDetection = (file) =>
  /^src\/(?:detect|evaluate)\/|^src\/detections\.ts$|\/(?:detect|detections|reads)\.ts$/.test(file);

/** Files of detection that are loaded with the JSON Schema: what is imported only when it is asked for does not count. */
export async function detectionInSchema() {
  const { build } = await import('esbuild');
  const lazy = {
    name: 'lazy',
    setup: ({ onResolve }) =>
      onResolve({ filter: /./ }, ({ kind }) => (kind === 'dynamic-import' ? { external: true } : undefined)),
  };
  const { metafile } = await build({
    ...{ absWorkingDir: dirname(SRC), entryPoints: ['src/answers/json-schema.ts'], plugins: [lazy] },
    ...{ bundle: true, write: false, metafile: true, platform: 'node', format: 'esm', logLevel: 'error' },
  });
  return Object.keys(metafile.inputs).filter(isDetection);
}

/** How often init renders the kit: it is bundled with a counter, and writes the deployment of an example. */
export async function rendersOfInit() {
  const { build } = await import('esbuild');
  const root = dirname(SRC);
  const work = mkdtempSync(join(tmpdir(), 'deploy-scaffold-house-'));
  const outfile = join(work, 'main.cjs');
  const counter = {
    name: 'counter',
    setup: ({ onLoad }) =>
      onLoad({ filter: /\/src\/kit\/kit\.ts$/ }, ({ path }) => ({
        loader: 'ts',
        contents: readFileSync(path, 'utf8').replace(
          /(export function renderKit\([^{]*\{)/,
          "$1 process.stderr.write('rendered\\n');",
        ),
      })),
  };
  const entry =
    "import { main } from './src/main.ts'; main(process.argv.slice(2)).then((code) => process.exit(code));";
  try {
    await build({
      ...{ absWorkingDir: root, stdin: { contents: entry, resolveDir: root }, outfile, plugins: [counter] },
      ...{ bundle: true, platform: 'node', format: 'cjs', logLevel: 'error' },
      alias: { yaml: join(root, 'node_modules/yaml/browser/index.js') },
    });
    const project = join(root, 'fixtures/projects/django-contracts');
    const flags = ['--yes', '--no-check', '--domain', 'shop.example', '--out', join(work, 'out')];
    const { stderr } = spawnSync(process.execPath, [outfile, 'init', project, ...flags], {
      encoding: 'utf8',
    });
    return stderr.split('\n').filter((line) => line === 'rendered').length;
  } finally {
    rmSync(work, { recursive: true });
  }
}

/** Answers changed one at a time: test/plan/perturb.ts, which is written in TypeScript, with the plan as it is. */
async function judgedOrigins() {
  const { build } = await import('esbuild');
  const root = dirname(SRC);
  const work = mkdtempSync(join(tmpdir(), 'deploy-scaffold-house-'));
  const contents = `
    export { judgeOrigins } from './test/plan/perturb.ts';
    export { tracePlan } from './src/plan/plan.ts';`;
  const outfile = join(work, 'origins.mjs');
  const alias = { yaml: join(root, 'node_modules/yaml/browser/index.js') };
  try {
    await build({
      ...{ absWorkingDir: root, stdin: { contents, resolveDir: root }, outfile, alias },
      ...{ bundle: true, platform: 'node', format: 'esm', logLevel: 'error' },
    });
    const { judgeOrigins, tracePlan } = await import(pathToFileURL(outfile));
    return judgeOrigins(tracePlan, ANSWERS);
  } finally {
    rmSync(work, { recursive: true });
  }
}

async function main() {
  const up = upwards();
  const commands = files().filter(isCommand);
  console.log(`Imports that run up between rooms: ${up.length}`);
  for (const one of up) console.log(`  ${one}`);
  console.log(`Imports of one command by another: ${betweenCommands().length}`);
  console.log(`Lines of commands: ${commands.map((file) => `${file} ${linesOf(file)}`).join(', ')}`);
  const long = files().filter((file) => linesOf(file) > 400);
  console.log(`Files of more than 400 lines: ${long.map((file) => `${file} ${linesOf(file)}`).join(', ')}`);
  const read = await detectionInSchema();
  console.log(`Files of detection in the schema's bundle: ${read.length}`);
  for (const one of read) console.log(`  ${one}`);
  console.log(`Renders of a kit in a run of init: ${await rendersOfInit()}`);
  const { compared, missed, idle } = await judgedOrigins();
  const wrong = new Set(missed.map(({ path, changed }) => `${path}, changed by ${changed.join(', ')}`));
  console.log(
    `Parts of the plan with an answer missing among their origins: ${wrong.size} (${compared} pairs of plans)`,
  );
  for (const one of wrong) console.log(`  ${one}`);
  console.log(`Origins that no other answer ever changed: ${idle.length}`);
  for (const one of idle) console.log(`  ${one}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
