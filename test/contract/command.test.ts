import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { commandWords } from '../../src/contract/command.ts';

const words = (text: string) => {
  const read = commandWords(text);
  if (read instanceof Error) throw read;
  return read;
};

/** What a real shell makes of it. */
const shellWords = (text: string) =>
  execFileSync('sh', ['-c', `printf '%s\\0' ${text}`], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1);

describe('a command', () => {
  it.each([
    'celery -A shop worker',
    '  celery -A   shop  ',
    "celery -n 'worker 1@%h' --logfile=''",
    `celery --x='it'"'"'s' "a b"c'd e'f ""`,
    "rq worker --url 'redis://localhost/0?a=$HOME&b=`x`;c'",
    'celery -Q a,b,c --max-tasks-per-child=100 -O fair @%+,./:^_-',
    'python -c \'print("$$ %n \\\\ \\$")\'',
    'python manage.py qcluster --name Zürich',
  ])('is taken apart as a shell does: %s', (text) => {
    expect(words(text)).toEqual(shellWords(text));
  });

  it('keeps the place of the state folder', () => {
    expect(words('celery beat -s {state}/beat')).toEqual(['celery', 'beat', '-s', '{state}/beat']);
  });

  it.each([
    ['', 'needs a program to run'],
    ['   ', 'needs a program to run'],
    ["''", 'begins with : that must be a program'],
    ['celery -A shop worker && celery -A shop beat', 'has & in it, and no shell reads the command'],
    ['celery worker | tee log', 'has | in it'],
    ['celery worker > log', 'has > in it'],
    ['celery worker; beat', 'has ; in it'],
    ['celery -b $BROKER worker', 'has $ in it'],
    ['celery -b "$BROKER" worker', 'has $ in it'],
    ['celery -n `hostname`', 'has ` in it'],
    ['celery -Q *', 'has * in it'],
    ['celery -s ~/beat', 'has ~ in it'],
    ['celery -s {home}/beat', 'has { in it'],
    ['celery worker # one', 'has # in it'],
    ['celery a\\ b', 'has \\ in it'],
    ["celery 'a b", "has a ' that is not closed"],
    ['celery "a b', 'has a " that is not closed'],
    ["celery it's", "has a ' that is not closed"],
    ['celery worker\nreboot', 'must be one line'],
    ['celery \u0000', 'must be one line'],
    [
      'C_FORCE_ROOT=1 celery worker',
      'begins with C_FORCE_ROOT=1: variables have their place in the environment',
    ],
    ['manage.py qcluster', 'write "python manage.py"'],
    ['./manage.py qcluster', 'write "python manage.py"'],
    ['bin/worker', 'begins with bin/worker: that must be a program of the virtual environment'],
    ['../worker', 'begins with ../worker'],
    ['/usr/../bin/worker', 'begins with /usr/../bin/worker'],
    ['-@/bin/sh', 'begins with -@/bin/sh'],
    ["'/opt/my programs/x'", 'begins with /opt/my programs/x'],
    ["'/opt/$x'", 'begins with /opt/$x'],
    ['celery -A shop worker --detach', 'has --detach in it: the command must stay in the foreground'],
    ['celery multi start w1', 'has multi in it'],
  ])('is refused, with the reason: %j', (text, message) => {
    expect(commandWords(text)).toEqual(
      expect.objectContaining({ message: expect.stringContaining(message) }),
    );
  });
});
