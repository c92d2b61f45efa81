/** An installer that refuses, and a host that is as it was. */
import { expect } from 'vitest';
import type { Stack } from './stack.ts';

/** Everything of the host that an installer could have changed: files with owner, mode and content, links, services. */
export function stateOf(stack: Stack): Promise<string> {
  const { releases, current } = stack.plan.paths;
  return stack.host.shell(`
    cd /
    find etc srv usr/local var/lib/deploy-scaffold run/*.sock -path .${releases} -prune -o ! -type d \
      ! -name '*.pyc' -printf '%p %m %U:%G %l\\n' 2>/dev/null | sort
    find etc usr/local var/lib/deploy-scaffold -type f -exec sha256sum {} + 2>/dev/null | sort
    readlink ${current} || true
    ls ${releases} 2>/dev/null || true
    systemctl list-unit-files --no-legend --plain | grep -v -e generated -e transient
    ${stack.manager.main}`);
}

/** The installer refuses, says why, and the host is as it was; what it printed. */
export async function expectRefusal(stack: Stack, why: RegExp, ...options: string[]): Promise<string> {
  await stack.bring();
  return expectUnchanged(stack, why, () => stack.installer(...options));
}

/** The same of any run of an installer. */
export async function expectUnchanged(
  stack: Stack,
  why: RegExp,
  run: () => Promise<{ status: number; output: string }>,
): Promise<string> {
  const before = await stateOf(stack);
  const { status, output } = await run();
  expect(output).toMatch(why);
  expect(status, output).toBe(1);
  expect(await stateOf(stack), 'the host is as it was').toBe(before);
  return output;
}
