import { describe, expect, it } from 'vitest';
import { simpleCommands } from '../../../src/formats/shell/commands.ts';

describe('a shell line', () => {
  it.each([
    ['a && b; c | d', [['a'], ['b'], ['c'], ['d']]],
    ['X=1 exec gunicorn "a b" \'c d\'', [['exec', 'gunicorn', 'a b', 'c d']]],
    [
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's
      'P=8000\nrun --port $P --bind ${HOST:-0.0.0.0}:${OTHER}',
      [['run', '--port', '8000', '--bind', '0.0.0.0:$OTHER']],
    ],
    ['one \\\n  two', [['one', 'two']]],
    ['a # b', [['a']]],
    ['a b > log 2>&1 && c <in', [['a', 'b'], ['c']]],
    ['run -w $(nproc) `date` x', [['run', '-w', '$SUBSTITUTED', '$SUBSTITUTED', 'x']]],
    ['if [ "x', [['if', '[', 'x']]],
  ])('%j', (text, words) => {
    expect(simpleCommands(text).map((command) => command.words)).toEqual(words);
  });
});
