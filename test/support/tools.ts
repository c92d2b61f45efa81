/**
 * Tests that need a real tool. Under CI a missing one is a failure; elsewhere the test is skipped, and its name says
 * why, so that nobody takes the run for a whole one.
 */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { it } from 'vitest';

/** `it`, for a test that needs all of these to be true; the keys say what is missing. */
export function itNeeds(needs: Record<string, boolean>) {
  const missing = Object.keys(needs).filter((need) => !needs[need]);
  if (missing.length === 0) return it;
  const why = `needs ${missing.join(', ')}`;
  if (process.env.CI === 'true') {
    return (name: string, ..._rest: unknown[]) =>
      it(name, () => {
        throw new Error(`${why}, and under CI nothing is skipped: see scripts/provision.mjs`);
      });
  }
  return (name: string, ..._rest: unknown[]) => it.skip(`${name} (SKIPPED: ${why})`, () => {});
}

export const isRoot = process.getuid?.() === 0;

/** Are these programs on the PATH? For `itNeeds`. */
export function programs(...names: string[]): Record<string, boolean> {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return Object.fromEntries(
    names.map((name) => [name, folders.some((folder) => existsSync(join(folder, name)))]),
  );
}
