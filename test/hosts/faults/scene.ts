/** A stack that faults are tried on: what is the same in all of their tests. */
import { afterAll, beforeAll, vi } from 'vitest';
import { isRoot, itNeeds } from '../../support/tools.ts';
import { echo } from '../conformance/requests.ts';
import { canBoot } from '../harness/host.ts';
import type { Deployment } from '../harness/plan.ts';
import { until } from '../harness/processes.ts';
import { deploy, type Stack, stage } from '../harness/stack.ts';

/** The default stack, with certificate files; without background work, for which each switch would wait. */
export function onTarget(target: string): Deployment {
  return { project: 'django-contracts', target, flags: ['--tls', 'files'], answers: { background: {} } };
}

export interface Scene {
  /** `it`, where hosts can be booted. */
  it: ReturnType<typeof itNeeds>;
  stack(): Stack;
}

/** One stack for all tests of a describe block: installed, or only brought to a fresh host. */
export function scene(deployment: Deployment, { installed }: { installed: boolean }): Scene {
  const needs = { root: isRoot, ...canBoot(deployment.target) };
  let stack: Stack | undefined;
  // How long an installation takes beside four other hosts is not what is asked here.
  vi.setConfig({ testTimeout: 600_000 });
  beforeAll(async () => {
    if (Object.values(needs).includes(false)) return;
    stack = await (installed ? deploy : stage)(deployment);
  }, 600_000);
  afterAll(async () => {
    await stack?.destroy();
  }, 60_000);
  return {
    it: itNeeds(needs),
    stack: () => {
      if (stack === undefined) throw new Error('the stack was not brought up');
      return stack;
    },
  };
}

/** The version that the site serves; it must serve one. */
export async function served(stack: Stack): Promise<string> {
  return (await echo(stack)).version;
}

/** The same as soon as the site is back, after a reboot. */
export function servedAgain(stack: Stack): Promise<string> {
  return until('the site', 20, () => served(stack).catch(() => undefined));
}
