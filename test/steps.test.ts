import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type Step, stagesOf } from '../scripts/test.mjs';

const FILES = readdirSync(import.meta.dirname, { recursive: true })
  .map((path) => `test/${String(path)}`)
  .filter((path) => path.endsWith('.test.ts'));

/** The test files that a step runs. */
function filesOf({ command: [program, ...args] }: Step): string[] {
  if (program !== 'vitest') return [];
  const excluded = args.filter((_, index) => args[index - 1] === '--exclude');
  const named = args.filter((arg) => arg.startsWith('test/') && !excluded.includes(arg));
  const within = (path: string, places: readonly string[]) =>
    places.some((place) => path.startsWith(place.replace(/\*\*$/, '')));
  return FILES.filter((path) => (named.length === 0 || within(path, named)) && !within(path, excluded));
}

it('npm test runs each test file once', () => {
  const run = stagesOf('test').flat().flatMap(filesOf);
  expect(run.sort()).toEqual(FILES.sort());
  expect(run.length).toBeGreaterThan(50);
});

it('test:all runs the same, and test:hosts those on hosts', () => {
  expect(stagesOf('all')).toEqual(stagesOf('test'));
  expect(stagesOf('hosts').flat().flatMap(filesOf).sort()).toEqual(
    FILES.filter((path) => path.startsWith('test/hosts/')).sort(),
  );
});

it('test:quick needs no tool, and fetches none', () => {
  const steps = stagesOf('quick').flat();
  expect(steps.map(({ name }) => name)).toEqual(['build', 'lint', 'types', 'tests of what changed']);
  expect(steps.flatMap(filesOf).filter((path) => /hosts\/|\.real\.test/.test(path))).toEqual([]);
});
