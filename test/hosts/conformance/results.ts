/**
 * What the suite found, as data: docs/conformance.json, and the same of the last runs on this machine. A run replaces
 * what is known of the cells that it proved, and says nothing of the others.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod/mini';
import { asked, type Cell, cellsOf, type PlannedStack, plannedStacks } from './cells.ts';
import { notApplicable, ROWS } from './rows.ts';

/** Another shape of the file gets another number. */
const FORMAT = 2;

const outcome = z.strictObject({
  id: z.string(),
  state: z.enum(['passes', 'fails', 'not applicable']),
  /** Why it does not apply, or fails. */
  reason: z.optional(z.string()),
  /** Figures and facts, as a person reads them. */
  notes: z.array(z.string()),
  /** What was measured, by the name of the series. */
  figures: z.record(z.string(), z.record(z.string(), z.number())),
  ms: z.number(),
});

/** The name of the stack that was seen to have the row, and cannot differ from this one in it. */
const standIn = z.strictObject({ id: z.string(), by: z.string() });

const stackResults = z.strictObject({
  /** "Django, nginx, gunicorn, systemd, on debian-13" */
  name: z.string(),
  title: z.string(),
  target: z.string(),
  tls: z.string(),
  flags: z.array(z.string()),
  /** Of the last time that it was booted and installed. */
  bootMilliseconds: z.optional(z.number()),
  installSeconds: z.optional(z.number()),
  rows: z.array(z.union([outcome, standIn])),
});

const results = z.strictObject({
  format: z.literal(FORMAT),
  rows: z.array(z.strictObject({ id: z.string(), title: z.string(), on: z.array(z.string()) })),
  stacks: z.array(stackResults),
});

export type Outcome = z.infer<typeof outcome>;
export type StackResults = z.infer<typeof stackResults>;
export type Results = z.infer<typeof results>;

/** What a run found on one stack; nothing of the rows that it did not try. */
export interface Found {
  name: string;
  bootMilliseconds?: number;
  installSeconds?: number;
  outcomes: Outcome[];
  /** What it took beside the rows, by what was done. */
  seconds?: Record<string, number>;
  /** For how much of all that the host had a processor, by what was done, rows among it. */
  processor?: Record<string, number>;
}

declare module 'vitest' {
  interface TaskMeta {
    /** What was found on a stack. */
    conformance?: Found;
  }
}

/** What the last runs on this machine found; git does not see it. */
const FOUND = 'build/host-results.json';

/** What the committed table says. */
const COMMITTED = 'docs/conformance.json';

/** A row that a stack cannot have. */
export function without(id: string, reason: string): Outcome {
  return { id, state: 'not applicable', reason, notes: [], figures: {}, ms: 0 };
}

/** Keeps what a run found, over what earlier ones did. */
export function keep(root: string, found: readonly Found[], cells: readonly Cell[]): void {
  const path = join(root, FOUND);
  const earlier = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Found[]) : [];
  mkdirSync(dirname(path), { recursive: true });
  // Two runs may end at once, and one may be killed: the file is always a whole one.
  writeFileSync(`${path}.${process.pid}`, asText(over(earlier, found, cells)));
  renameSync(`${path}.${process.pid}`, path);
}

/** What is newest: what a stack was seen to do earlier is older than what another was now seen to do for it. */
export function over(earlier: readonly Found[], later: readonly Found[], cells: readonly Cell[]): Found[] {
  const names = new Set([...earlier, ...later].map(({ name }) => name));
  const isOlder = (name: string, id: string) => {
    const by = cells.find(({ stack, row }) => stack === name && row === id)?.by;
    return (
      outcomeIn(later, name, id) !== undefined || (by !== undefined && outcomeIn(later, by, id) !== undefined)
    );
  };
  return [...names].map((name) => {
    const [before, now] = [earlier, later].map((some) => some.find((one) => one.name === name));
    const left = (before?.outcomes ?? []).filter(({ id }) => !isOlder(name, id));
    return { ...before, ...now, name, outcomes: [...left, ...(now?.outcomes ?? [])] };
  });
}

const outcomeIn = (found: readonly Found[], stack: string, id: string) =>
  found.find(({ name }) => name === stack)?.outcomes.find((one) => one.id === id);

/**
 * What the committed table was made from.
 *
 * @throws Error in one sentence where the file is not there, or not as `npm run docs` writes it.
 */
export function committed(root: string): Results {
  const path = join(root, COMMITTED);
  if (!isThere(root)) throw bad('is not there');
  let data: unknown;
  try {
    data = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw bad(`is not JSON (${(error as Error).message})`);
  }
  const { format } = (data ?? {}) as { format?: unknown };
  if (format !== FORMAT)
    throw bad(`is of another version of the suite: its format is ${JSON.stringify(format)}, not ${FORMAT}`);
  const parsed = results.safeParse(data);
  const [issue] = parsed.error?.issues ?? [];
  if (!parsed.success) throw bad(`was edited by hand: ${issue?.path.join('.')}: ${issue?.message}`);
  const wrong = parsed.data.stacks
    .flatMap(({ name, rows }) => rows.map((row) => ({ name, row })))
    .find(({ row }) => 'by' in row && outcomeOf(parsed.data, row.by, row.id) === undefined);
  if (wrong !== undefined && 'by' in wrong.row)
    throw bad(
      `was edited by hand: ${wrong.row.id} of ${wrong.name} is said to be proved by ${wrong.row.by}, and is not`,
    );
  return parsed.data;
}

function bad(what: string): Error {
  return new Error(
    `${COMMITTED} ${what}; take the committed one (git checkout -- docs), or delete it and have it written anew: npm run test:all, then npm run docs.`,
  );
}

/** What a stack itself was seen to do; undefined where nothing is known, or another stands for it. */
function outcomeOf({ stacks }: Results, stack: string, id: string): Outcome | undefined {
  const row = stacks.find(({ name }) => name === stack)?.rows.find((one) => one.id === id);
  return row === undefined || 'by' in row ? undefined : row;
}

/** The same, or what the one that stands for it was seen to do. */
export function settled(all: Results, stack: string, id: string): Outcome | undefined {
  const row = all.stacks.find(({ name }) => name === stack)?.rows.find((one) => one.id === id);
  return row !== undefined && 'by' in row ? outcomeOf(all, row.by, id) : row;
}

/**
 * The newest of every cell that there is: of a run on this machine, else what the table says.
 *
 * @throws Error in one sentence where the table is there, and not as it was written.
 */
export function newest(root: string): Results {
  const path = join(root, FOUND);
  const found = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Found[]) : [];
  const stacks = plannedStacks(root);
  return put(isThere(root) ? committed(root) : NOTHING, found, stacks, cellsOf(stacks));
}

/** The table before anything was found. */
export const NOTHING: Results = { format: FORMAT, rows: [], stacks: [] };
const isThere = (root: string) => existsSync(join(root, COMMITTED));

/** The table with what was found, of the stacks and rows that there are; in their order. */
export function put(
  table: Results,
  found: readonly Found[],
  stacks: readonly PlannedStack[],
  cells: readonly Cell[],
): Results {
  // What the table says is older than what was found.
  const sources = [outcomeIn.bind(undefined, found), outcomeOf.bind(undefined, table)];
  const cellOf = (stack: string, id: string): StackResults['rows'] => {
    const by = cells.find((cell) => cell.stack === stack && cell.row === id)?.by;
    if (by === undefined) return [];
    for (const seen of sources) {
      const [own, other] = [seen(stack, id), seen(by, id)];
      if (own !== undefined && own.state !== 'not applicable') return [own];
      if (other !== undefined && other.state !== 'not applicable') return [{ id, by }];
    }
    return [];
  };
  return {
    format: FORMAT,
    rows: ROWS.map(({ id, title, on }) => ({ id, title, on: [...on] })),
    stacks: stacks.map((stack) => {
      const { name, title, deployment, plan } = stack;
      const times = [found, table.stacks].map((some) => some.find((one) => one.name === name));
      const { bootMilliseconds, installSeconds } =
        times.find((one) => one?.installSeconds !== undefined) ?? {};
      return {
        ...{ name, title, target: deployment.target, tls: plan.tls.mode, flags: [...deployment.flags] },
        ...(bootMilliseconds === undefined ? {} : { bootMilliseconds }),
        ...(installSeconds === undefined ? {} : { installSeconds }),
        rows: asked(stack).flatMap((row) => {
          const lacks = notApplicable(row, plan);
          return lacks === undefined ? cellOf(name, row.id) : [without(row.id, lacks)];
        }),
      };
    }),
  };
}

/** Where the table says something else than a run found; figures may differ, states may not. */
export function differences(table: Results, found: readonly Found[]): string[] {
  return found.flatMap(({ name, outcomes }) => {
    if (outcomes.length > 0 && !table.stacks.some((stack) => stack.name === name))
      return [`${name}: not in the table`];
    return outcomes.flatMap((outcome) => {
      const [now, said] = [told(outcome), told(settled(table, name, outcome.id))];
      return now === said ? [] : [`${name}, ${outcome.id}: ${now}; the table says ${said}`];
    });
  });
}

function told(outcome: Outcome | undefined): string {
  if (outcome === undefined) return 'nothing';
  // How a row fails may differ from run to run; why it does not apply may not.
  const { state, reason } = outcome;
  return state === 'fails' || reason === undefined ? state : `${state} (${reason})`;
}

/** Cells of which a run found something else than of those that stand for them: they depend on more than is said. */
export function undeclared(found: readonly Found[], cells: readonly Cell[]): string[] {
  return cells.flatMap(({ stack, row, by }) => {
    const [here, there] = [stack, by].map((name) => outcomeIn(found, name, row)?.state);
    if (here === undefined || there === undefined || here === there) return [];
    const on = ROWS.find(({ id }) => id === row)?.on.join(', ');
    return [
      `${stack}, ${row}: ${here}, and on ${by}, which stands for it: ${there}; ${row} is said to depend on ${on} alone`,
    ];
  });
}

export function asText(data: unknown): string {
  return `${JSON.stringify(data, undefined, 2)}\n`;
}
