/**
 * Tests that need a real tool. Where it is missing they are skipped, and a line says so; under CI=true they run all the
 * same and fail, since a tool that is missing proves nothing.
 */
import { it, type TestAPI } from 'vitest';
import type { Validator } from '../../../src/contract/validator.ts';
import { systemTools } from '../../../src/system/processes.ts';

export const tools = systemTools();

/** As much of a validator as finds its tool. */
type Asked = Pick<Validator, 'tool' | 'package' | 'alsoIn' | 'oftenIn'> & {
  version?: Omit<NonNullable<Validator['version']>, 'wanted'>;
};

/** `it` for tests that really run this validator's tool. */
export async function itWith(validator: Asked): Promise<TestAPI> {
  const { tool, version } = validator;
  const here = version
    ? (await versionHere(validator)) !== '0'
    : (await tools.find(tool, validator)).programs.length > 0;
  if (here || process.env.CI === 'true') return it;
  it.skip(`needs ${tool}, which is not here: install the Debian package ${validator.package}`, () => {});
  return it.skip as TestAPI;
}

/** The version that is here, so that a test's plan can ask for it; "0" where there is none. */
export async function versionHere(validator: Asked): Promise<string> {
  const { tool, version } = validator;
  for (const path of (await tools.find(tool, validator)).programs) {
    const { stdout, stderr } = await tools.run([path, ...(version?.arguments ?? [])], {});
    const here = version?.pattern.exec(`${stdout}\n${stderr}`)?.[1];
    if (here !== undefined) return here;
  }
  return '0';
}
