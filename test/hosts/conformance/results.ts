/**
 * What the suite found, as data: by test file, so that a run of one file replaces what is known of its combinations,
 * and a file that is gone takes its own with it.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stack } from '../harness/stack.ts';

export interface Outcome {
  id: string;
  title: string;
  state: 'passes' | 'fails' | 'not applicable';
  /** Why it does not apply, is not proved yet, or fails. */
  reason?: string;
  /** Figures and facts, as a person reads them. */
  notes: string[];
  /** What was measured, by the name of the series. */
  figures: Record<string, Record<string, number>>;
  ms: number;
}

/** What was found on one stack. */
export interface StackResults {
  title: string;
  /** "django + nginx + gunicorn + systemd" */
  combination: string;
  target: string;
  tls: string;
  interface: string;
  flags: readonly string[];
  bootMilliseconds: number;
  installSeconds: number;
  rows: Outcome[];
}

/** By the name of the test file. */
export type Results = Record<string, StackResults[]>;

declare module 'vitest' {
  interface TaskMeta {
    /** Marks a stack's tests; with the results once they are complete. */
    conformance?: { results?: StackResults };
  }
}

const TESTS = 'test/hosts/conformance';

/** What the last runs on this machine found, a file a test file; git does not see it. */
const FOUND = 'build/host-results';

/** What the committed table says. */
const COMMITTED = 'docs/conformance.json';

/** The results of a stack on which every row was tried. */
export function resultsOf(title: string, stack: Stack, rows: Outcome[]): StackResults {
  const { deployment, combination, host, installTime, plan } = stack;
  return {
    title,
    combination,
    target: deployment.target,
    tls: plan.tls.mode,
    interface: plan.upstream.interface,
    flags: deployment.flags,
    bootMilliseconds: Math.round(host.bootTime),
    installSeconds: Number(installTime.toFixed(1)),
    rows,
  };
}

/** Keeps what a whole test file found. */
export function keep(root: string, found: Results): void {
  mkdirSync(join(root, FOUND), { recursive: true });
  for (const [file, results] of Object.entries(found))
    writeFileSync(join(root, FOUND, `${file}.json`), asText(results));
}

/** What the committed table was made from. */
export function committed(root: string): Results {
  return existsSync(join(root, COMMITTED)) ? (read(join(root, COMMITTED)) as Results) : {};
}

/** The newest results of every test file that there is: of a run on this machine, else those of the table. */
export function newest(root: string): Results {
  const known = committed(root);
  return Object.fromEntries(
    readdirSync(join(root, TESTS))
      .filter((file) => file.endsWith('.test.ts'))
      .sort()
      .flatMap((file) => {
        const path = join(root, FOUND, `${file}.json`);
        const results = existsSync(path) ? (read(path) as StackResults[]) : known[file];
        return results === undefined ? [] : [[file, results]];
      }),
  );
}

/** "Django, nginx, gunicorn, systemd, on debian-13" */
export const nameOf = ({ title, target }: StackResults) => `${title}, on ${target}`;

/** Where the table says something else than these files found; figures may differ, states may not. */
export function differences(table: Results, found: Results): string[] {
  return Object.entries(found).flatMap(([file, results]) => {
    const [said, seen] = [table[file] ?? [], results].map(
      (stacks) => new Map(stacks.map((stack) => [nameOf(stack), states(stack)])),
    ) as [Map<string, States>, Map<string, States>];
    return [...new Set([...said.keys(), ...seen.keys()])].flatMap((name) => {
      const [before, now] = [said.get(name), seen.get(name)];
      if (before === undefined) return [`${name}: not in the table`];
      if (now === undefined) return [`${name}: in the table, and no more among the tests`];
      return [...new Set([...Object.keys(before), ...Object.keys(now)])]
        .filter((id) => before[id] !== now[id])
        .map((id) => `${name}, ${id}: ${now[id] ?? 'not asked'}; the table says ${before[id] ?? 'nothing'}`);
    });
  });
}

/** By the row's id. */
type States = Record<string, string>;

function states({ rows }: StackResults): States {
  // How a row fails may differ from run to run; why it does not apply may not.
  const told = ({ state, reason }: Outcome) =>
    state === 'fails' || reason === undefined ? state : `${state} (${reason})`;
  return Object.fromEntries(rows.map((row) => [row.id, told(row)]));
}

export function asText(data: unknown): string {
  return `${JSON.stringify(data, undefined, 2)}\n`;
}

function read(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
