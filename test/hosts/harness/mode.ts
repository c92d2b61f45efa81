/** What a run on hosts proves. */

/** Every row on every stack, instead of each once for all that it depends on: `npm run test:all`. */
export const PROVES_ALL = process.env.DEPLOY_SCAFFOLD_TEST_ALL === 'true';

/** Where a fault of the installer is tried, which is one program for all targets. */
export const FAULT_TARGETS = PROVES_ALL ? ['debian-13', 'debian-12'] : ['debian-13'];
