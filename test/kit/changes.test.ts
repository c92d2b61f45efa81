import { describe, expect, it } from 'vitest';
import { changesOf } from '../../src/kit/changes.ts';

const file = (text: string, mode = 0o644) => ({ path: 'a', text, mode });
const map = <Value>(value?: Value) => new Map(value === undefined ? [] : [['a', value]]);

/** What becomes of the file "a", given its text as wanted, on disk and as last written. */
const kindOf = (wanted: string | undefined, disk?: string, base?: string, mode = 0o644) =>
  changesOf(
    wanted === undefined ? [] : [file(wanted)],
    map(disk === undefined ? undefined : { text: disk, mode }),
    map(base === undefined ? undefined : { text: base }),
  ).map(({ kind }) => kind);

describe('a file that is wanted', () => {
  it('is new where it is not there', () => {
    expect(kindOf('text')).toEqual(['new']);
  });

  it('is new again where somebody deleted it', () => {
    expect(kindOf('text', undefined, 'text')).toEqual(['new']);
  });

  it('is the same where nothing changes, whoever wrote it', () => {
    expect(kindOf('text', 'text', 'text')).toEqual(['same']);
    expect(kindOf('text', 'text')).toEqual(['same']);
    expect(kindOf('text', 'text', 'older')).toEqual(['same']);
  });

  it('is updated where it is as last written', () => {
    expect(kindOf('new', 'old', 'old')).toEqual(['updated']);
  });

  it('is updated where only its mode is another', () => {
    expect(kindOf('text', 'text', 'text', 0o600)).toEqual(['updated']);
  });

  it('is somebody’s edit where it is not as last written', () => {
    expect(kindOf('new', 'mine', 'old')).toEqual(['edited']);
  });

  it('is somebody’s own where it was never written', () => {
    expect(kindOf('new', 'mine')).toEqual(['edited']);
  });

  it('is an edit down to the last line end', () => {
    expect(kindOf('text\n', 'text\r\n', 'text\n')).toEqual(['edited']);
    expect(kindOf('text\n', 'text', 'text\n')).toEqual(['edited']);
  });
});

describe('a file that is no longer wanted', () => {
  it('goes where it is as last written', () => {
    expect(kindOf(undefined, 'old', 'old')).toEqual(['gone']);
  });

  it('stays where somebody edited it', () => {
    expect(kindOf(undefined, 'mine', 'old')).toEqual(['edited']);
  });

  it('needs nothing where it is not there', () => {
    expect(kindOf(undefined, undefined, 'old')).toEqual([]);
  });

  it('is not ours where it was never written', () => {
    expect(kindOf(undefined, 'theirs')).toEqual([]);
  });
});

it('a change has the texts before and after', () => {
  const [change] = changesOf([file('new')], map({ text: 'old', mode: 0o644 }), map({ text: 'old' }));
  expect(change).toEqual({ path: 'a', kind: 'updated', before: 'old', after: 'new' });
});
