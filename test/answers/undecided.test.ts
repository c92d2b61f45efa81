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
    expect(undecidedOf(answers, sources, ['shop/settings.py:3'])).toEqual({
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

  it('is read anew, but for the name, which the first run settles', () => {
    const undecided = { project: { name: 'shop', app: 'a:b' }, default: {} };
    const parts = (name: string) => partEarlier(given({ name, app: 'a:b' }), undecided);
    expect(parts('shop').settled).toEqual({ name: 'shop' });
    expect(parts('other')).toMatchObject({ settled: {}, decided: { answers: { name: { value: 'other' } } } });
  });

  it.each([
    ...[undefined, '', 'no json', 'null', '[]', '{"project": {}}', '{"project": null}'],
    ...['{"default": null}', '{"default": [1], "project": "x"}'],
  ])('is nothing where the record is %j', (text) => {
    expect(readUndecided(text)).toEqual({ project: {}, default: {} });
  });
});
