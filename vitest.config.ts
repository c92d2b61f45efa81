import { delimiter, join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { PYTHON_TOOLS } from './scripts/provision.mjs';

/** What takes longest, on hosts and elsewhere: it begins first, so that nothing waits for it in the end. */
const LONGEST = ['django', 'cut-off', 'apache', 'apache-managers', 'frameworks', 'supervisord', 'circus']
  .concat(
    'services',
    'live',
    'every-step',
    'mounted',
    'certificates-13',
    'certificates-12',
    'app-servers',
    'django-live',
    'faults',
  )
  .map((name) => new RegExp(`/test/hosts/.*/${name}\\.test\\.ts$`))
  .concat(/\/(?:targets|hostile|traps|combinations|fuzz)\.test\.ts$/);

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) =>
      LONGEST.findIndex((pattern) => pattern.test(moduleId)) + 1 || LONGEST.length + 1;
    return (await super.sort(files)).sort((one, other) => place(one) - place(other));
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    include: ['test/**/*.test.ts'],
    reporters: ['default', './test/hosts/conformance/reporter.ts', './test/support/failures.ts'],
    // A test that hangs; a busy machine is no reason to fail, and the slowest takes a tenth of it on a quiet one.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // Daemons lie in /usr/sbin, which is not on everybody's path.
    env: { PATH: [join(PYTHON_TOOLS, 'bin'), process.env.PATH, '/usr/sbin', '/sbin'].join(delimiter) },
  },
});
