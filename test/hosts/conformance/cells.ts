/** The cells of the conformance table, and which stack proves each. */
import type { Planned as Plan } from '../../support/plan.ts';
import { PROVES_ALL } from '../harness/mode.ts';
import { planOf } from '../harness/plan.ts';
import { cover } from './covering.ts';
import { FACTS, notApplicable, ROWS, type RowTitle } from './rows.ts';
import { nameOf, STACKS, type TestedStack } from './stacks.ts';

/** A row of a stack that can have it. */
export interface Cell {
  stack: string;
  row: string;
  /** The stack that proves it where each thing is proved once: this one, or one that has in common all that counts. */
  by: string;
  /** Only a run of every row on every stack proves it. */
  late: boolean;
}

export interface PlannedStack extends TestedStack {
  name: string;
  /** Its test file's name, without what all have. */
  file: string;
  plan: Plan;
}

/** All stacks with their plans. */
export function plannedStacks(root: string): PlannedStack[] {
  return Object.entries(STACKS).flatMap(([file, stacks]) =>
    stacks.map((stack) => ({
      ...stack,
      file,
      name: nameOf(stack),
      plan: planOf(root, stack.deployment),
    })),
  );
}

/** The rows that are asked of a stack. */
export function asked({ rows }: TestedStack): RowTitle[] {
  return ROWS.filter(({ id }) => rows === undefined || rows.includes(id));
}

/** "T1: nginx, files, intermediate, debian-13": the same for stacks that cannot differ in the row. */
function thingOf({ id, on }: RowTitle, plan: Plan): string {
  return `${id}: ${on.map((fact) => FACTS[fact](plan)).join(', ')}`;
}

/** Every cell that can be proved. Deterministic. */
export function cellsOf(stacks: readonly PlannedStack[]): Cell[] {
  const cells = stacks.flatMap((stack) =>
    asked(stack)
      .filter((row) => notApplicable(row, stack.plan) === undefined)
      .map((row) => ({
        ...{ stack: stack.name, row: row.id, thing: thingOf(row, stack.plan) },
        late: stack.onlyInAll === true || row.onlyInAll === true,
      })),
  );
  const coverOf = (late: boolean) =>
    cover(
      stacks.map(({ name }) => ({
        name,
        things: cells.filter((cell) => cell.stack === name && cell.late === late).map(({ thing }) => thing),
      })),
    );
  const by = new Map([...coverOf(true), ...coverOf(false)]);
  return cells.map(({ stack, row, thing, late }) => ({ stack, row, by: by.get(thing) ?? stack, late }));
}

/** The rows that are to be proved on a stack in this run, by their ids. */
export function rowsToProve(cells: readonly Cell[], stack: string): string[] {
  return cells
    .filter((cell) => cell.stack === stack && (PROVES_ALL || (cell.by === stack && !cell.late)))
    .map(({ row }) => row);
}

/** What a run is going to do, for people. */
export function toldCovering(stacks: readonly PlannedStack[], cells: readonly Cell[]): string {
  const plans = stacks.map(({ name }) => ({ name, rows: rowsToProve(cells, name) }));
  const booted = plans.filter(({ rows }) => rows.length > 0);
  const count = booted.flatMap(({ rows }) => rows).length;
  const width = Math.max(...booted.map(({ name }) => name.length));
  return [
    PROVES_ALL
      ? `Every row on every stack: ${count} proofs on ${booted.length} stacks.`
      : `Each row once for all that it depends on: ${count} proofs, which stand for ${cells.length}, on ${booted.length} of ${stacks.length} stacks.`,
    ...booted.map(({ name, rows }) => `  ${name.padEnd(width)}  ${rows.join(' ')}`),
  ].join('\n');
}
