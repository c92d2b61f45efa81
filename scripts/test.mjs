/**
 * Runs the tests, what finds most in little time first, and prints where the time went.
 *
 *     node scripts/test.mjs             all; on the hosts, each row once for all that it depends on
 *     node scripts/test.mjs --all       all, with every row on every stack
 *     node scripts/test.mjs --hosts     the hosts alone
 *     node scripts/test.mjs --quick     what changed, without tools and hosts, within a minute
 */
import { execFileSync, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { HOSTS_AT_ONCE, MINUTES } from './budget.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const HOSTS = 'test/hosts';

/** Those for which scripts/provision.mjs has to have been there: what they import, or start, tells. */
const ASKS_FOR_TOOLS = /\/(tools|real)\.ts'|provision\.mjs|'python3'/;

/** The test files outside of the hosts' folder that need tools. */
function testsWithTools() {
  return readdirSync(join(root, 'test'), { recursive: true })
    .map((path) => `test/${path}`)
    .filter((path) => path.endsWith('.test.ts') && !path.startsWith(`${HOSTS}/`))
    .filter((path) => ASKS_FOR_TOOLS.test(readFileSync(join(root, path), 'utf8')))
    .sort();
}

const without = (paths) => paths.flatMap((path) => ['--exclude', path]);

/** What the work since the main branch is compared with. */
function beforeChanges() {
  try {
    const git = (...args) => execFileSync('git', ['-C', root, ...args], { encoding: 'utf8' }).trim();
    return git('merge-base', 'HEAD', 'main');
  } catch {
    return 'HEAD';
  }
}

const step = (name, ...command) => ({ name, command });
const build = step('build', 'node', 'scripts/build.mjs');
const lint = step('lint', 'biome', 'check', '.');
const types = step('types', 'tsc', '--noEmit');
const unused = step('unused code', 'knip');
const provision = step('provision', 'node', 'scripts/provision.mjs');
// Left to itself, vitest keeps a processor for others: of two, half. https://vitest.dev/config/#maxworkers
const vitest = (name, ...args) => step(name, 'vitest', 'run', '--maxWorkers', '100%', ...args);
const hosts = step('tests on hosts', 'vitest', 'run', HOSTS, '--maxWorkers', String(HOSTS_AT_ONCE));

/** Stages one after the other; the steps of a stage beside each other. */
export function stagesOf(mode) {
  const tools = testsWithTools();
  const pure = [...without([`${HOSTS}/**`]), ...without(tools)];
  if (mode === 'quick') {
    const changed = ['--changed', beforeChanges(), '--passWithNoTests'];
    return [[build], [lint, types, vitest('tests of what changed', ...changed, ...pure)]];
  }
  if (mode === 'hosts') return [[build, provision], [hosts]];
  // What is missing on this machine is fetched meanwhile.
  return [
    [build],
    [lint, types, unused, provision, vitest('tests without tools', ...pure)],
    [vitest('tests with tools', ...tools)],
    [hosts],
  ];
}

/** Runs a step; what it says is printed as it comes, with its name where others run beside it. */
function run({ name, command: [program, ...args] }, { alone, signal }) {
  const started = performance.now();
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: root,
      signal,
      stdio: alone ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, PATH: [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter) },
    });
    for (const stream of [child.stdout, child.stderr])
      if (stream) createInterface(stream).on('line', (line) => console.log(`${name}: ${line}`));
    const end = (passed) => resolve({ name, passed, seconds: (performance.now() - started) / 1000 });
    child.on('error', (error) => {
      console.error(`${name}: ${error.message}`);
      end(false);
    });
    child.on('close', (status) => end(status === 0));
  });
}

const told = (seconds) =>
  seconds < 60 ? `${seconds.toFixed(1)} s` : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;

function table(done, mode, total) {
  const width = Math.max(...done.map(({ name }) => name.length));
  const lines = done.map(
    ({ name, seconds, passed }) =>
      `  ${name.padEnd(width)}  ${told(seconds).padStart(12)}${passed ? '' : '  failed'}`,
  );
  const over = total > MINUTES[mode] * 60 ? '; more than that: see scripts/budget.mjs' : '';
  return [
    '\nWhere the time went (steps of a stage run beside each other):',
    ...lines,
    `  ${'all'.padEnd(width)}  ${told(total).padStart(12)}  of ${MINUTES[mode]} min on two quiet cores${over}`,
  ].join('\n');
}

async function main(flags) {
  const mode = (flags[0] ?? '--test').slice(2);
  if (flags.length > 1 || !['test', 'all', 'hosts', 'quick'].includes(mode)) {
    console.error('scripts/test.mjs takes one of --all, --hosts and --quick, or nothing');
    return 2;
  }
  if (mode === 'all') process.env.DEPLOY_SCAFFOLD_TEST_ALL = 'true';
  const started = performance.now();
  const limit = mode === 'quick' ? AbortSignal.timeout(MINUTES.quick * 60_000) : undefined;
  const done = [];
  const failed = () => done.some(({ passed }) => !passed);
  for (const stage of stagesOf(mode)) {
    const alone = stage.length === 1;
    done.push(...(await Promise.all(stage.map((one) => run(one, { alone, signal: limit })))));
    if (failed()) break;
  }
  console.log(table(done, mode, (performance.now() - started) / 1000));
  if (limit?.aborted) console.error(`Stopped after ${MINUTES.quick} min: run the rest with npm test.`);
  return failed() ? 1 : 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  process.exitCode = await main(process.argv.slice(2));
