/**
 * npm run bench: what deploy-scaffold costs, as ratios to a bare node in the same run, so that a slow or busy machine
 * changes little. Commands take turns; the figure is the median. It is not a test: nothing fails here.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const work = mkdtempSync(join(tmpdir(), 'deploy-scaffold-bench-'));
const project = join(work, 'django-contracts');
cpSync(join(root, 'fixtures/projects/django-contracts'), project, {
  recursive: true,
  filter: (path) => !path.endsWith('/deploy'),
});

const cli = join(root, 'dist/cli.js');
const RUNS = 21;
const init = [cli, 'init', project, '--yes', '--no-check', '--domain', 'shop.example', '--dry-run'];
const COMMANDS = [
  { name: 'node -e 0', args: ['-e', '0'] },
  { name: 'deploy-scaffold --version', args: [cli, '--version'], goal: 1.25 },
  {
    name: 'deploy-scaffold init --yes --no-check',
    args: [...init.slice(0, -1), '--out', join(work, 'out')],
    goal: 2,
    memoryGoal: 2,
  },
  { name: 'deploy-scaffold init ... --dry-run', args: init, goal: 2, memoryGoal: 2 },
  { name: 'peer: vitest --version', args: [join(root, 'node_modules/vitest/vitest.mjs'), '--version'] },
  { name: 'peer: knip --version', args: [join(root, 'node_modules/knip/bin/knip.js'), '--version'] },
];

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

function seconds(args) {
  if (args.includes('--out')) rmSync(join(work, 'out'), { recursive: true, force: true });
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  if (status !== 0) throw new Error(`${args.join(' ')} failed: ${stderr}`);
  return Number(process.hrtime.bigint() - start) / 1e9;
}

/** Peak memory of one run in MB, as the process itself sees it at its end. */
function megabytes(args) {
  const hook = join(work, 'memory.cjs');
  writeFileSync(
    hook,
    "process.on('exit',()=>require('fs').writeSync(3,String(process.resourceUsage().maxRSS)))",
  );
  if (args.includes('--out')) rmSync(join(work, 'out'), { recursive: true, force: true });
  const { output } = spawnSync(process.execPath, ['--require', hook, ...args], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  return Number(output[3]) / 1024;
}

function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => String(row[column]).length)));
  for (const row of rows)
    console.log(
      row
        .map((cell, column) => String(cell)[column === 0 ? 'padEnd' : 'padStart'](widths[column]))
        .join('  '),
    );
}

async function commands() {
  const times = COMMANDS.map(() => []);
  for (let run = -1; run < RUNS; run++) {
    for (const [index, { args }] of COMMANDS.entries()) {
      const took = seconds(args);
      if (run >= 0) times[index].push(took);
    }
  }
  const memory = COMMANDS.map(({ args }) => median([1, 2, 3, 4, 5].map(() => megabytes(args))));
  // Pair by pair with the bare node of the same turn.
  const ratios = times.map((list) => median(list.map((took, run) => took / times[0][run])));
  table([
    ['command', 'median ms', 'x node', 'at most', 'peak MB', 'x node', 'at most'],
    ...COMMANDS.map(({ name, goal = '', memoryGoal = '' }, index) => [
      name,
      (median(times[index]) * 1000).toFixed(1),
      ratios[index].toFixed(2),
      goal,
      memory[index].toFixed(1),
      (memory[index] / memory[0]).toFixed(2),
      memoryGoal,
    ]),
  ]);
}

/** Many sites in one process: the time of one must not grow with their number. */
async function renders() {
  const outfile = join(work, 'renders.mjs');
  await build({
    absWorkingDir: root,
    entryPoints: ['scripts/bench-renders.ts'],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'error',
    alias: { yaml: join(root, 'node_modules/yaml/browser/index.js') },
  });
  console.log();
  console.log(execFileSync(process.execPath, [outfile], { encoding: 'utf8' }).trimEnd());
}

function tarball() {
  const [{ size, unpackedSize }] = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  );
  console.log(
    `\ntarball: ${(size / 1000).toFixed(0)} kB packed (at most 500), ${(unpackedSize / 1000).toFixed(0)} kB unpacked`,
  );
}

try {
  console.log(`Node.js ${process.version}, ${RUNS} turns`);
  await commands();
  await renders();
  tarball();
} finally {
  rmSync(work, { recursive: true, force: true });
}
