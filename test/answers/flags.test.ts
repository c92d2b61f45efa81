import { describe, expect, it } from 'vitest';
import { answersFlagOptions, answersFromFlags } from '../../src/answers/flags.ts';
import { describeProblem } from '../../src/answers/problem.ts';
import { parseArguments } from '../../src/arguments.ts';

/** From the words of a command line to answers. */
const flags = (...argv: string[]) => {
  const { values, problems } = parseArguments(argv, answersFlagOptions());
  expect(problems).toEqual([]);
  const { answers, problems: wrong } = answersFromFlags(values);
  const plain = Object.fromEntries(Object.entries(answers).map(([name, { value }]) => [name, value]));
  return { answers: plain, given: answers, problems: wrong.map(describeProblem) };
};

describe('flags', () => {
  it('give nothing where none is there', () => {
    expect(flags()).toEqual({ answers: {}, given: {}, problems: [] });
  });

  it('are the source of their answers', () => {
    const { given } = flags('--domain', 'a.example', '--no-http2', '--hashed');
    expect(given).toEqual({
      domains: { value: ['a.example'], source: '--domain' },
      http2: { value: false, source: '--no-http2' },
      hashed: { value: true, source: '--hashed' },
    });
  });

  it('of a list are given several times, or with commas', () => {
    expect(flags('--domain', 'a.example', '--domain', 'b.example, c.example').answers.domains).toEqual([
      'a.example',
      'b.example',
      'c.example',
    ]);
    expect(flags('--env', '').answers.env).toEqual([]);
  });

  it('of a map are URL=DIR, the first "=" dividing them', () => {
    expect(flags('--media', '/a/=x=y', '--media', '/b/=z').answers.media).toEqual({
      '/a/': 'x=y',
      '/b/': 'z',
    });
    expect(flags('--static', '').answers.static).toEqual({});
    expect(flags('--background', 'worker=celery -A shop worker --pool=solo').answers.background).toEqual({
      worker: 'celery -A shop worker --pool=solo',
    });
  });

  it('of a number give one; what is not a whole number is left for the answer to refuse', () => {
    expect(flags('--threads', '4').answers.threads).toBe(4);
    expect(flags('--workers', 'auto').answers.workers).toBe('auto');
    for (const text of ['4.5', '-1', '1e3', '0x10', ' 4', '']) {
      expect(flags(`--threads=${text}`).answers.threads).toBe(text);
    }
  });

  it('keep a version’s last zero', () => {
    expect(flags('--gunicorn-version', '20.10').answers['gunicorn-version']).toBe('20.10');
  });

  it.each([
    [['--background', 'celery'], 'background: "celery" must be NAME=COMMAND, for instance "worker=celery -A shop worker" (from --background)'],
    [['--static', 'staticfiles'], 'static: "staticfiles" must be URL=DIR, for instance /static/=staticfiles (from --static)'],
    [['--media', '/m/=a', '--media', '/m/=b'], 'media: "/m/=a /m/=b" names /m/ twice (from --media)'],
    [['--tls', 'none', '--tls', 'files'], 'tls: is given 2 times with different values: none, files (from --tls)'],
    [['--http2', '--no-http2'], 'http2: both --http2 and --no-http2 are given (from --http2)'],
  ])('%j contradict themselves, and say so', (argv, words) => {
    expect(flags(...argv).problems).toEqual([words]);
  }); // biome-ignore format: one case a line

  it('may say the same twice', () => {
    expect(flags('--tls', 'none', '--tls', 'none', '--http2', '--http2').problems).toEqual([]);
  });
});
