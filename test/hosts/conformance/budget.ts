/** Where the time on hosts goes: what a run may be expected to take, and what it took. */
import { HOSTS_AT_ONCE, MINUTES } from '../../../scripts/budget.mjs';
import { type Cell, rowsToProve } from './cells.ts';
import type { Found, Results } from './results.ts';

/** Minutes of proofs, by the times in the table: one after the other, and as they run. */
export interface Expected {
  alone: number;
  together: number;
}

/** What is not in the table yet counts nothing. */
export function expected({ stacks }: Results, cells: readonly Cell[]): Expected {
  const seconds = stacks.map(({ name, rows, bootMilliseconds = 0, installSeconds = 0 }) => {
    const wanted = rowsToProve(cells, name);
    const ms = rows.map((row) => ('ms' in row && wanted.includes(row.id) ? row.ms : 0));
    return wanted.length === 0 ? 0 : installSeconds + (sum(ms) + bootMilliseconds) / 1000;
  });
  const alone = sum(seconds) / 60;
  return { alone, together: alone / HOSTS_AT_ONCE };
}

export function toldExpected({ alone, together }: Expected): string {
  const [all, most] = [alone, together].map((minutes) => minutes.toFixed(1));
  return `By the times in docs/conformance.json ${all} min of boots, installations and proofs: ${most} min with ${HOSTS_AT_ONCE} stacks at once. For npm test, scripts/budget.mjs allows ${MINUTES.hostsAtMost}.`;
}

/** The sums over all stacks, the longest first: by what was done beside the rows, and by row. */
export function toldTimes(found: readonly Found[]): string {
  const times = new Map<string, number>();
  const work = new Map<string, number>();
  const add = (to: Map<string, number>, what: string, seconds: number) =>
    to.set(what, (to.get(what) ?? 0) + seconds);
  for (const { seconds = {}, processor = {}, outcomes } of found) {
    for (const [what, some] of Object.entries(seconds)) add(times, what, some);
    for (const { id, ms } of outcomes) add(times, id, ms / 1000);
    for (const [what, some] of Object.entries(processor)) add(work, what, some);
  }
  const shown = [...times]
    .filter(([, seconds]) => seconds >= 1)
    .sort(([, one], [, other]) => other - one)
    .map(([what, seconds]) => {
      const had = work.get(what);
      return `${what} ${seconds.toFixed(0)}${had === undefined ? '' : ` (${had.toFixed(0)})`}`;
    });
  const [all, busy] = [times, work].map((each) => sum([...each.values()]).toFixed(0));
  return `Where the time on hosts went, in seconds; in parentheses those for which a processor worked on the host:
${shown.join(', ')}; in sum ${all} (${busy}).`;
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
