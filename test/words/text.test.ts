import { describe, expect, it } from 'vitest';
import { screenJson, unseenIn, visible, visibleInLine } from '../../src/words/text.ts';

describe('what would act on a screen', () => {
  it.each([
    ['\u001B]0;owned\u0007', '\\u{001b}]0;owned\\u{0007}'],
    ['\u001B[2J', '\\u{001b}[2J'],
    ['cod\u202Egnp.exe', 'cod\\u{202e}gnp.exe'],
    ['a\u2066b\u2069', 'a\\u{2066}b\\u{2069}'],
    ['\u009B31m', '\\u{009b}31m'],
    ['a\rb', 'a\\u{000d}b'],
    ['a\uD800b', 'a\\u{d800}b'],
    ['\u{E0041}', '\\u{e0041}'],
    ['zwei Wörter, 日本 🙂\tx\ny', 'zwei Wörter, 日本 🙂\tx\ny'],
  ])('%j is spelt out', (text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  it('has no line break of its own within a line', () => {
    expect(visibleInLine('a\nb')).toBe('a\\u{000a}b');
  });

  it('is escaped in JSON, which says the same', () => {
    const value = { 'a\u202E': ['\u009B', '\u{E0041}', '\uD800', 'x\ny\t'] };
    const text = screenJson(value);
    expect(JSON.parse(text)).toEqual(value);
    expect(visible(text)).toBe(text);
  });

  it('is named, but for line breaks and the like', () => {
    expect(unseenIn('a\u202Eb')).toBe('U+202E');
    expect(unseenIn('a\uDC00')).toBe('U+DC00');
    expect(unseenIn('a\n\u001B🙂')).toBeUndefined();
  });
});
