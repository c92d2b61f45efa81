/** The reader of nginx's language against nginx: what the one takes for a directive, the other must. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: nginx's own notation
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect } from 'vitest';
import { check } from '../../../src/check/run.ts';
import { nginxDirectives } from '../../../src/formats/nginx/directives.ts';
import { nginxAccepts } from '../../../src/web-servers/nginx/check.ts';
import { sampleFiles, samplePlan, treeFile } from '../../check/samples.ts';
import { itWith, tools, versionHere } from '../../check/tools/real.ts';

const it = await itWith(nginxAccepts);
const plan = samplePlan({ nginx: await versionHere(nginxAccepts) });
const [nginx = ''] = (await tools.find('nginx', nginxAccepts)).programs;
const work = mkdtempSync(join(tmpdir(), 'nginx-words-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

/** What it says of a file without a directive, before it misses some. */
const NOTHING = 'syntax is ok';

/** What nginx says of a file, without where. */
async function said(text: string): Promise<string> {
  const path = join(work, 'nginx.conf');
  writeFileSync(path, text);
  const { stderr } = await tools.run([nginx, '-t', '-e', 'stderr', '-c', path], {});
  const emergency = /\[emerg\] (?:\d+#\d+: )?([\s\S]*?) in \S*nginx\.conf:\d+\n/.exec(stderr);
  return stderr.includes(NOTHING) ? NOTHING : (emergency?.[1] ?? stderr);
}

/** What it must say of "daemon", whose one argument it repeats where that is neither "on" nor "off". */
function expected(text: string): string {
  const [first] = nginxDirectives(text);
  if (first === undefined) return NOTHING;
  if (first.name !== 'daemon') return `unknown directive "${first.name}"`;
  if (first.opens) return 'directive "daemon" is not terminated by ";"';
  if (first.arguments.length !== 1) return 'invalid number of arguments in "daemon" directive';
  return `invalid value "${first.arguments[0]?.value}" in "daemon" directive, it must be "on" or "off"`;
}

/** nginx goes no further than a mark in an odd place, so what this reader makes of it harms nobody. */
const ODD = /^unexpected /;

describe('nginx and its reader', () => {
  it.each([
    'daemon \\${a b;}',
    'daemon \\\\${a};',
    'daemon ${{a;',
    'daemon $\\{a;',
    'daemon a\\;b\\{c;',
    'daemon "a\\"${" b;',
    'daemon a\u00a0#;',
    'daemon\fa;',
    'daemon \\t\\n\\ \\x;',
    '"dae\\mon" a;',
    '${daemon} a;',
  ])('agree on %j', async (text) => {
    expect(await said(text)).toBe(expected(text));
  });

  it('agree on any words', async () => {
    const piece = fc.constantFrom(...'\\\\\\$$${{{}"\';# \n\ta\u00a0tn)', 'daemon ', 'ab');
    const text = fc.array(piece, { minLength: 1, maxLength: 12 }).map((all) => all.join(''));
    const known = fc.tuple(fc.constantFrom('daemon ', 'daemon "', "daemon '", ''), text);
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(known, async ([before, rest]) => {
        const whole = `${before}${rest};`;
        const answer = await said(whole);
        if (ODD.test(answer)) return;
        compared += 1;
        expect({ whole, answer }).toEqual({ whole, answer: expected(whole) });
      }),
      { numRuns: 400, seed: 11 },
    );
    expect(compared).toBeGreaterThan(150);
  });

  it('leave all that is outside of the stage as it is', async () => {
    const created = join(work, 'created.log');
    const folder = join(mkdtempSync(join(work, 'mine-')), 'a$b');
    const body = [
      `location /a\\\${access_log ${created};}`,
      `location /b\\\${client_body_temp_path ${folder};}`,
      `location /c { error_log ${created}$x; }`,
    ].join('\n');
    const site = treeFile(
      '/etc/nginx/conf.d/zz.conf',
      `server {\nlisten 80;\nserver_name z.example;\n${body}\n}\n`,
    );
    const files = [...sampleFiles(), { ...site, edited: true }];
    const found = await check({ plan, files, validators: [nginxAccepts], runner: tools });
    expect(found.filter(({ message }) => !message.includes('deprecated'))).toEqual([]);
    expect([created, `${created}$x`, folder].filter((path) => existsSync(path))).toEqual([]);
  });
});
