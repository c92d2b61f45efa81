/** How much is tried: in `npm test` always the same, in `npm run fuzz` something else each time. */

/** How many attacks of each kind. */
export const RUNS = Number(process.env.FUZZ_RUNS ?? 2000);

/** FUZZ_SEED repeats a run, whose seed stands in its tests' names. */
export const SEED = Number(
  process.env.FUZZ_SEED ?? (process.env.FUZZ_RUNS === undefined ? 20_261_127 : Date.now() % 2 ** 31),
);
