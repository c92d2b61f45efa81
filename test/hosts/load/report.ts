/** What the load bench found, as lines for a person. */

export const TARGET = process.env.DEPLOY_SCAFFOLD_BENCH_TARGET ?? 'debian-13';
export const MODES = (process.env.DEPLOY_SCAFFOLD_BENCH_TLS ?? 'none files').split(' ');

interface Line {
  what: string;
  figure: string;
  goal: string;
  met: boolean;
}

const lines: Line[] = [];

/** The value in the middle. */
export function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Says a figure at once, and again at the end. */
export function report(what: string, figure: string, goal: string, met: boolean): void {
  lines.push({ what, figure, goal, met });
  console.log(shown({ what, figure, goal, met }));
}

/** All figures, for the end of the run. */
export function summary(): string {
  return lines.map(shown).join('\n');
}

const shown = ({ what, figure, goal, met }: Line) =>
  `${met ? 'met   ' : 'MISSED'}  ${what}: ${figure} (${goal})`;
