/** npm run bench:hosts; see test/hosts/load. */
import { defineConfig } from 'vitest/config';
import tests from './vitest.config.ts';

export default defineConfig({
  test: {
    ...tests.test,
    include: ['test/hosts/load/*.load.ts'],
    // One measures, and nothing else runs.
    fileParallelism: false,
    reporters: ['default'],
    testTimeout: 900_000,
    hookTimeout: 600_000,
  },
});
