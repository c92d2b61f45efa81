/**
 * After the conformance tests: prints the table of what was found, keeps it for `npm run docs`, and fails the run when
 * docs/conformance.md says otherwise. Silent in every other run.
 */
import type { Reporter, TestModule, TestSuite, Vitest } from 'vitest/node';
import { printedTable } from './page.ts';
import { committed, differences, keep, type Results, type StackResults } from './results.ts';

export default class ConformanceReporter implements Reporter {
  #root = '';

  onInit(vitest: Vitest): void {
    this.#root = vitest.config.root;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const all = modules.map((module) => ({ file: basename(module), ...stacksOf(module) }));
    const found = all.flatMap(({ results }) => results);
    if (found.length === 0) return;
    console.log(`\n${printedTable(found)}\n`);
    // A file of which only some tests ran says nothing of the others.
    const whole: Results = Object.fromEntries(
      all
        .filter(({ count, results }) => count > 0 && results.length === count)
        .map((one) => [one.file, one.results]),
    );
    keep(this.#root, whole);
    const wrong = differences(committed(this.#root), whole);
    if (wrong.length === 0) return;
    console.error(
      `docs/conformance.md is not what this run found; npm run docs writes it anew.\n${wrong.join('\n')}\n`,
    );
    process.exitCode = 1;
  }
}

const basename = ({ relativeModuleId }: TestModule) => relativeModuleId.replace(/^.*\//, '');

/** How many stacks a test file has, and the results of those that were tried in full. */
function stacksOf(module: TestModule): { count: number; results: StackResults[] } {
  const suites = [...module.children.suites()].flatMap((suite: TestSuite) => suite.meta().conformance ?? []);
  return { count: suites.length, results: suites.flatMap(({ results }) => results ?? []) };
}
