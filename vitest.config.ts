import { delimiter, join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { PYTHON_TOOLS } from './scripts/provision.mjs';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['default', './test/hosts/conformance/reporter.ts'],
    // Tests that run real tools wait for these, not for a computer.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Daemons lie in /usr/sbin, which is not on everybody's path.
    env: { PATH: [join(PYTHON_TOOLS, 'bin'), process.env.PATH, '/usr/sbin', '/sbin'].join(delimiter) },
  },
});
