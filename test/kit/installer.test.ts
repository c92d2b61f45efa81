/** What no generated installer may do, whatever the stack: it runs as root, in folders that others can write to. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listFiles } from '../../src/system/tree.ts';

const FIXTURES = new URL('../../fixtures/rendered', import.meta.url).pathname;

/** Each command of each installer, with its place; lines that go on are one. */
const commands = readdirSync(FIXTURES).flatMap((kit) =>
  listFiles(join(FIXTURES, kit))
    .filter((path) => path === 'install.sh' || path.startsWith('install.d/'))
    .flatMap((path) =>
      readFileSync(join(FIXTURES, kit, path), 'utf8')
        .replaceAll(/\\\n\s*/g, '')
        .split('\n')
        .map((text) => ({ place: `${kit}/${path}`, text: text.trim() }))
        .filter(({ text }) => !text.startsWith('#')),
    ),
);

const unlike = (pattern: RegExp, right: RegExp) =>
  commands.filter(({ text }) => pattern.test(text) && !right.test(text));

describe('an installer', () => {
  it('is looked at', () => {
    expect(commands.length).toBeGreaterThan(10_000);
  });

  it('removes folders by the one way that crosses no mount, but for those that root alone can write to', () => {
    const own =
      /--one-file-system|rm -rf -- "\$(?:lists|lists\.rest|records|work|path|all_records|trial_unit)\b/;
    expect(unlike(/rm -[a-z]*r/, own)).toEqual([]);
  });

  it("runs no program that pip brought, and none in what the app's user made, as root", () => {
    const asApp =
      /\b(?:as_app|as_service(?:_\w+)?|in_release|trial(?:_\w+)?|as_user|runuser -u|runuser --pty -u)\b|^\[ (?:! )?-|\[ ! -x|^programs=|^remember |^as_app/;
    expect(unlike(/(?:\/venv|\$box\/\.venv|circus-[0-9.]+|\$programs)\/bin\//, asApp)).toEqual([]);
    expect(
      unlike(/\b(?:gzip|collectstatic|pip3)\b/, /\b(?:as_app|as_app_reading|as_service|in_release)\b/),
    ).toEqual([]);
  });

  it.each(readdirSync(FIXTURES))(
    'explains itself to anybody, and what was wrong with its words: %s',
    (kit) => {
      const told = (word: string) =>
        spawnSync('sh', [join(FIXTURES, kit, 'install.sh'), word], { encoding: 'utf8' });
      expect(told('--help')).toMatchObject({
        status: 0,
        stderr: '',
        stdout: expect.stringMatching(/^usage:/),
      });
      expect(told('--bogus').status).toBe(2);
      expect(told('--bogus').stderr).not.toContain('not found');
    },
  );

  it("gives nobody root's terminal: what has it could type there", () => {
    expect(
      unlike(/\brunuser\b/, /\bsetsid --wait runuser\b|\brunuser --pty\b|\brunuser:util-linux\b/),
    ).toEqual([]);
  });

  it('changes owners without following links, and modes only of what root alone can write to', () => {
    expect(unlike(/\bchown -R\b/, /chown -R -h\b/)).toEqual([]);
    expect(unlike(/\bchmod -R\b/, /"\$release\/app"$/)).toEqual([]);
  });

  it('lets apt-get remove no package', () => {
    expect(unlike(/apt-get install/, /--no-remove/)).toEqual([]);
    expect(commands.some(({ text }) => text.includes('apt-get install'))).toBe(true);
  });
});
