/**
 * Each syntax by itself: a value in every place of a few lines is read back as it was, or refused. And for each, a
 * quoting that forgets one thing is seen: a gate that nothing can make fail proves nothing.
 */
import * as fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { compileTemplate } from '../../src/render/compile.ts';
import { RenderError } from '../../src/render/problem.ts';
import { renderTemplate } from '../../src/render/render.ts';
import { syntaxNamed, syntaxOfPath } from '../../src/render/syntaxes.ts';
import { hostileText } from './attacks.ts';
import { type BreakOut, comparedTexts } from './kits.ts';
import { RUNS, SEED } from './runs.ts';

/** A file of the syntax, with values where files have them; and a quoting that forgets something. */
const CASES: Record<string, { path: string; lines: string[]; forgets: (quoted: string) => string }> = {
  shell: {
    path: 'a.sh',
    lines: ['run {{v}}', 'run "b {{v}}"', "run 'c {{v}}'", 'run x/{{v}} y', 'a={{v}}'],
    forgets: (quoted) => quoted.replaceAll("'\\''", "'"),
  },
  nginx: {
    path: 'web-servers/nginx/a.conf',
    lines: ['root {{v}};', 'add_header X "a {{v}}";', 'alias /x/{{v}}/;'],
    forgets: (quoted) => quoted.replaceAll('\\"', '"'),
  },
  apache: {
    path: 'web-servers/apache/a.conf',
    lines: ['DocumentRoot {{v}}', 'Header set X "a {{v}}"', 'Alias /x/ "/y/{{v}}/"'],
    forgets: (quoted) => quoted.replaceAll('\\"', '"'),
  },
  systemd: {
    path: 'a.service',
    lines: [
      '[Service]',
      'ExecStart=/bin/run {{v}} "a {{v}}"',
      'Description=a {{v}} b',
      'Environment="A={{v}}"',
    ],
    forgets: (quoted) => quoted.replaceAll('%%', '%'),
  },
  environment: {
    path: 'host/environment',
    lines: ['A={{v}}', 'B="x {{v}}"', '# {{v}}'],
    forgets: (quoted) => quoted.replaceAll('\\"', '"').replaceAll('\\$', '$'),
  },
  tmpfiles: {
    path: 'host/tmpfiles.conf',
    lines: ['d {{v}} 0750 root root', 'd "/x/{{v}}" 0750 root root'],
    forgets: (quoted) => quoted.replaceAll('%%', '%'),
  },
  mtree: {
    path: 'deliveries/files/a.mtree',
    lines: ['./{{v}} type=file', '/x/{{v}} uname={{v}} mode=0644'],
    forgets: (quoted) => quoted.replaceAll('\\040', ' '),
  },
  uwsgi: {
    path: 'app-servers/uwsgi/a.ini',
    lines: ['[uwsgi]', 'chdir = {{v}}', 'env = A={{v}}'],
    forgets: (quoted) => quoted.replaceAll('%%', '%'),
  },
  supervisord: {
    path: 'process-managers/supervisord/a.conf',
    lines: ['[program:x]', 'command=/bin/run {{v}}', 'directory={{v}}'],
    forgets: (quoted) => quoted.replaceAll('%%', '%'),
  },
  circus: {
    path: 'process-managers/circus/a.ini',
    lines: ['[watcher:x]', 'cmd = /bin/run {{v}}', 'working_dir = {{v}}'],
    forgets: (quoted) => quoted.replaceAll(/^['"]|['"]$/g, ''),
  },
  python: {
    path: 'a.py',
    lines: ['a = {{v}}', 'b = "x {{v}}"', '# {{v}}'],
    forgets: (quoted) => quoted.replaceAll('\\"', '"'),
  },
  html: {
    path: 'a.html',
    lines: ['<p title="{{v}}">a {{v}}</p>'],
    forgets: (quoted) => quoted.replaceAll('&lt;', '<').replaceAll('&quot;', '"'),
  },
  markdown: {
    path: 'a.md',
    lines: ['Text {{v}} and `{{v}}`.', '', '| a | b |', '| - | - |', '| {{v}} | `x {{v}}` |'],
    forgets: (quoted) => quoted.replaceAll(/\\([|<`])/g, '$1'),
  },
};

/** Each line in a file of its own, so that a value that one place refuses is tried in the others; and what breaks out. */
function attacked(name: string, text: string): BreakOut[] {
  const { path, lines } = CASES[name] as (typeof CASES)[string];
  const whole =
    name === 'markdown'
      ? [lines.slice(0, 1), lines.slice(2)]
      : lines.map((line) => (/^\[/.test(line) ? [line] : [lines[0] as string, line]));
  return whole.flatMap((part) => {
    const template = compileTemplate(path, `${[...new Set(part)].join('\n')}\n`);
    const render = (v: string) => renderTemplate(template, { v }).text;
    try {
      return comparedTexts({ path, syntax: name }, render('qza'), render(text), { qza: text });
    } catch (error) {
      if (error instanceof RenderError) return [];
      throw error;
    }
  });
}

afterEach(() => {
  vi.restoreAllMocks();
});

test('every syntax has its case', () => {
  for (const [name, { path }] of Object.entries(CASES)) expect(syntaxOfPath(path)?.name).toBe(name);
});

describe.each(Object.keys(CASES))('%s', (name) => {
  test(`holds any text (${RUNS} texts, seed ${SEED})`, () => {
    fc.assert(
      fc.property(hostileText('qza'), (text) => {
        expect(attacked(name, text)).toEqual([]);
      }),
      { numRuns: RUNS, seed: SEED },
    );
  }, 3_600_000);

  test('a quoting that forgets something is seen', () => {
    const syntax = syntaxNamed(name);
    const quote = syntax.quote.bind(syntax);
    const { forgets } = CASES[name] as (typeof CASES)[string];
    vi.spyOn(syntax, 'quote').mockImplementation((context, value) => forgets(quote(context, value)));
    const texts = fc.sample(hostileText('qza'), { numRuns: 500, seed: SEED });
    expect(texts.flatMap((text) => attacked(name, text)).length).toBeGreaterThan(0);
  });
});
