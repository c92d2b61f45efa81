/** What the suite found, as data: docs/conformance.md is made from it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE } from '../../../scripts/provision.mjs';
import type { Stack } from '../harness/stack.ts';

export interface Outcome {
  id: string;
  title: string;
  state: 'passes' | 'fails' | 'not applicable' | 'later';
  /** Why it does not apply, is not proved yet, or fails. */
  reason?: string;
  /** Figures and facts. */
  notes: string[];
  ms: number;
}

/** One file a stack and target. */
const RESULTS = join(CACHE, 'host-results');

export function writeResults(title: string, stack: Stack, outcomes: readonly Outcome[]): void {
  mkdirSync(RESULTS, { recursive: true });
  const { deployment, combination, host, installTime, plan } = stack;
  const name = `${title} ${deployment.target}`.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  const results = {
    title,
    combination,
    target: deployment.target,
    tls: plan.tls.mode,
    interface: plan.upstream.interface,
    flags: deployment.flags,
    bootMilliseconds: Math.round(host.bootTime),
    installSeconds: Number(installTime.toFixed(1)),
    rows: outcomes,
  };
  writeFileSync(join(RESULTS, `${name}.json`), `${JSON.stringify(results, undefined, 2)}\n`);
}
