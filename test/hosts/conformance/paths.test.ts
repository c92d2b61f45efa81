import { describe, expect, it } from 'vitest';
import { agrees, FILES, isBare, mayLeadTo, pathsToTry, plainPath, steppedBack, type Way } from './paths.ts';

const WAYS: readonly Way[] = [
  { url: '/', to: 'pages' },
  { url: '/live/', to: 'live' },
  { url: '/live/tools/', to: 'tools' },
  { url: '/static/', to: 'files' },
];

describe('a path', () => {
  it.each([
    ['/', '/'],
    ['/a?b=/../c', '/a'],
    ['/a/', '/a/'],
    ['//a///b//', '/a/b/'],
    ['/./a/.', '/a/'],
    ['/a/../b', '/b'],
    ['/a/..', '/'],
    ['/a/b/..', '/a/'],
    ['/a/%2e%2E/b', '/b'],
    ['/%6Cive/x', '/live/x'],
    ['/a%20b', '/a b'],
    ['/a%2525', '/a%25'],
    ['/..', undefined],
    ['/a/../../b', undefined],
    ['/%2e%2e/a', undefined],
    ['/%zz', undefined],
    ['/%', undefined],
    ['/a%00b', undefined],
  ])('%s is read as %s', (path, plain) => {
    expect(plainPath(path, true)).toBe(plain);
    expect(plainPath(path, false)).toBe(plain);
  });

  it('has an escaped slash that divides, or does not', () => {
    expect(plainPath('/a%2F../b', true)).toBe('/b');
    expect(plainPath('/a%2F../b', false)).toBe('/a\u0000../b');
  });

  it.each([
    ['/', ['pages']],
    ['/live/', ['live']],
    ['/live', ['pages']],
    ['/livestock/', ['pages']],
    ['/LIVE/', ['pages']],
    ['//live//x', ['live']],
    ['/live/tools', ['live']],
    ['/live/tools/x', ['tools']],
    ['/live/../x', ['pages']],
    ['/live/..', ['pages']],
    ['/x/%2e%2e/live/tools/', ['tools']],
    ['/live/a%2Fb', ['live']],
    ['/live%2Fx', ['live', 'pages']],
    ['/live/%2F..', ['pages', 'live']],
    ['/static/../live/', ['live']],
    ['/..', [undefined]],
  ])('%s leads to %j', (path, places) => {
    expect(mayLeadTo(WAYS, path).sort()).toEqual([...places].sort());
  });

  it('leads nowhere that the list does not have', () => {
    const below = WAYS.filter(({ url }) => url !== '/');
    expect(mayLeadTo(below, '/a')).toEqual([undefined]);
  });
});

describe('the paths to try', () => {
  const paths = pathsToTry(WAYS, 200);

  it('are as many as wanted, each once, and always the same', () => {
    expect(new Set(paths).size).toBe(200);
    expect(pathsToTry([...WAYS].reverse(), 200)).toEqual(paths);
    expect(pathsToTry(WAYS, 500).slice(0, 200)).toEqual(paths);
    expect(paths.every((path) => /^\/[\x21-\x7e]*$/.test(path))).toBe(true);
  });

  it('lead to every place, often', () => {
    for (const { to } of WAYS) {
      const some = paths.filter((path) => mayLeadTo(WAYS, path).join() === to);
      expect(some.length, to).toBeGreaterThan(20);
    }
  });

  it.each([
    ['escaped slashes', /%2F/i],
    ['double slashes', /\/\//],
    ['dots', /\/\.\.?(\/|$)/],
    ['escaped dots', /%2e%2e/i],
    ['a prefix without its slash', /^\/live$/],
    ['names that begin as a prefix does', /^\/livex/],
    ['capitals', /^\/LIVE\//],
    ['escaped letters', /^\/%6Cive\//],
    ['queries that look like paths', /\?.*\.\./],
  ])('have %s among them', (_what, pattern) => {
    expect(paths.some((path) => pattern.test(path))).toBe(true);
  });

  it('are there for a site with one path', () => {
    expect(pathsToTry([{ url: '/', to: 'pages' }], 200)).toHaveLength(200);
  });
});

describe('an answer', () => {
  it.each([
    ['of the service that the path leads to', ['live'], 200, 'live', true],
    ['of that service, of whatever status', ['live'], 404, 'live', true],
    ['of another', ['live'], 200, 'pages', false],
    ['of one of two', ['live', 'pages'], 200, 'pages', true],
    ['of nobody, for a service', ['live'], 404, undefined, false],
    ['of nobody, for a file', [FILES], 404, undefined, true],
    ['of nobody, for a folder', ['/'], 404, undefined, true],
    ['of a service, for a file', [FILES], 404, 'pages', false],
    ['of nobody, for a path that there cannot be', [undefined], 400, undefined, true],
    ['of a service, for a path that there cannot be', [undefined], 200, 'pages', false],
    ['that is an error of the web server', [undefined], 500, undefined, false],
    ['that never came', ['live', undefined], 0, undefined, false],
  ])('%s', (_what, places, status, by, agreed) => {
    expect(agrees(places, { status, by, bare: false })).toBe(agreed);
  });

  it('may add the slash that a prefix lacks', () => {
    expect(isBare(WAYS, '/live')).toBe(true);
    expect(isBare(WAYS, '//x/../live?a=b')).toBe(true);
    expect([isBare(WAYS, '/live/'), isBare(WAYS, '/livex'), isBare(WAYS, '/')]).toEqual([
      false,
      false,
      false,
    ]);
    expect(agrees(['pages'], { status: 301, by: undefined, bare: true })).toBe(true);
    expect(agrees(['pages'], { status: 301, by: undefined, bare: false })).toBe(false);
  });
});

describe('a step back', () => {
  const stage = (began: number, ended: number, word: string) => ({
    ...{ path: '/', status: 200, words: [word] },
    ...{ began, ended },
  });

  it('is old code that answers what was asked after new code had answered', () => {
    const stages = [stage(0, 5, 'old'), stage(4, 12, 'old'), stage(3, 9, 'new'), stage(10, 11, 'old')];
    expect(steppedBack(stages, 'old', 'new')).toEqual([stages[3]]);
  });

  it('is none where both were asked before either had answered, or no new code answered', () => {
    expect(steppedBack([stage(0, 9, 'old'), stage(1, 5, 'new'), stage(4, 20, 'old')], 'old', 'new')).toEqual(
      [],
    );
    expect(steppedBack([stage(0, 9, 'old'), stage(10, 12, 'old')], 'old', 'new')).toEqual([]);
  });
});
