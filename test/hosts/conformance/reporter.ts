/**
 * Around the conformance tests: prints what is proved where, and the table of what was found; keeps it for `npm run
 * docs`, and fails the run when docs/conformance.md says otherwise, or when a stack differs from the one that stands for
 * it. Silent in every other run.
 */
import type { Reporter, TestModule, TestSpecification, Vitest } from 'vitest/node';
import { expected, toldExpected, toldTimes } from './budget.ts';
import { type Cell, cellsOf, plannedStacks, toldCovering } from './cells.ts';
import { printedTable } from './page.ts';
import { committed, differences, type Found, keep, undeclared } from './results.ts';
import { STACKS } from './stacks.ts';

export default class ConformanceReporter implements Reporter {
  #root = '';

  onInit(vitest: Vitest): void {
    this.#root = vitest.config.root;
  }

  onTestRunStart(specifications: readonly TestSpecification[]): void {
    const files = Object.keys(STACKS).map((group) => `/conformance/${group}.test.ts`);
    if (!specifications.some(({ moduleId }) => files.some((file) => moduleId.endsWith(file)))) return;
    const stacks = plannedStacks(this.#root);
    const cells = cellsOf(stacks);
    console.log(`\n${toldCovering(stacks, cells)}\n${this.#expected(cells)}\n`);
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const found = modules
      .flatMap((module) => [...module.children.suites()])
      .flatMap((suite) => suite.meta().conformance ?? [])
      .filter(({ outcomes }) => outcomes.length > 0);
    if (found.length === 0) return;
    console.log(`\n${printedTable(found)}\n\n${toldTimes(found)}\n`);
    const cells = cellsOf(plannedStacks(this.#root));
    keep(this.#root, found, cells);
    const wrong = this.#wrong(found, cells);
    if (wrong.length === 0) return;
    console.error(`${wrong.join('\n')}\n`);
    process.exitCode = 1;
  }

  #expected(cells: readonly Cell[]): string {
    try {
      return toldExpected(expected(committed(this.#root), cells));
    } catch (error) {
      return (error as Error).message;
    }
  }

  #wrong(found: readonly Found[], cells: readonly Cell[]): string[] {
    const narrow = undeclared(found, cells);
    try {
      const other = differences(committed(this.#root), found);
      const title = 'docs/conformance.md is not what this run found; npm run docs writes it anew.';
      return [...narrow, ...(other.length > 0 ? [title, ...other] : [])];
    } catch (error) {
      return [...narrow, (error as Error).message];
    }
  }
}
