/** Times, and what is said of them. */
import type { Stack } from '../harness/stack.ts';
import type { LoadSummary } from '../harness/visits.ts';

/** The value below which that part of the sorted values lies. */
export function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}

/** "p50 4.1 ms, p95 6.0 ms, max 9.3 ms (n=30)" */
export function figures(ms: readonly number[]): string {
  const { p50, p95, max, count } = quantiles(ms);
  const shown = (value: number) => `${value.toFixed(1)} ms`;
  return `p50 ${shown(p50)}, p95 ${shown(p95)}, max ${shown(max)} (n=${count})`;
}

/** The same as data. */
export function quantiles(ms: readonly number[]): Record<'p50' | 'p95' | 'max' | 'count', number> {
  const sorted = [...ms].sort((one, other) => one - other);
  const rounded = (part: number) => Number(quantile(sorted, part).toFixed(1));
  return { p50: rounded(0.5), p95: rounded(0.95), max: rounded(1), count: sorted.length };
}

/** Milliseconds of so many requests, one after the other; all have to be answered with 200. */
export async function times(
  stack: Stack,
  path: string,
  count: number,
  url = stack.url(path),
): Promise<number[]> {
  const ms: number[] = [];
  for (let number = 0; number < count; number++) {
    const answer = await stack.host.fetch(url);
    if (answer.status !== 200) throw new Error(`${url} was answered with ${answer.status}`);
    ms.push(answer.ms);
  }
  return ms.sort((one, other) => one - other);
}

/** "812 requests, all 200; p50 ..." */
export function told({ requests, statuses, failures, ms }: LoadSummary): string {
  const kinds = [...Object.entries(statuses), ...Object.entries(failures)];
  return `${requests} requests: ${kinds.map(([kind, count]) => `${count} × ${kind}`).join(', ')}; ${figures(ms)}`;
}

/** Every request of a load got 200. */
export function unharmed({ requests, statuses, failures }: LoadSummary): boolean {
  return requests > 0 && statuses[200] === requests && Object.keys(failures).length === 0;
}
