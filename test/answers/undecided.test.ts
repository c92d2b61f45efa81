import { describe, expect, it } from 'vitest';
import { DEFAULT, type Given } from '../../src/answers/resolve.ts';
import { partEarlier, readUndecided, undecidedOf } from '../../src/answers/undecided.ts';

const given = (values: Record<string, unknown>): Record<string, Given> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, { value, source: 'deploy-scaffold.yaml:1' }]),
  );

describe('what nobody decided', () => {
  it('is what was read in the project, and the defaults', () => {
    const answers = { app: 'shop.wsgi:application', threads: 1, domains: ['shop.example'] };
    const sources = { app: 'shop/settings.py:3', threads: DEFAULT, domains: '--domain' };
    expect(undecidedOf(answers, sources, new Set(['shop/settings.py:3']))).toEqual({
      project: { app: 'shop.wsgi:application' },
      default: { threads: 1 },
    });
  });

  it('is read anew, or gives way to the project, until a person changes it', () => {
    const undecided = { project: { env: ['A'], app: 'a:b' }, default: { media: {}, threads: 1 } };
    const earlier = given({ env: ['A'], app: 'changed:b', media: {}, threads: 4, domains: ['shop.example'] });
    const { decided, defaults } = partEarlier(earlier, undecided);
    expect(Object.keys(decided.answers)).toEqual(['app', 'threads', 'domains']);
    expect(decided.insistent).toBe(true);
    expect(defaults.answers).toEqual({ media: { value: {}, source: DEFAULT } });
  });

  it.each([undefined, '', 'no json', '{"project": {}}'])('is nothing where the record is %j', (text) => {
    expect(readUndecided(text)).toEqual({ project: {}, default: {} });
  });
});
