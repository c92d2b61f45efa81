/** What the installer asks nginx of the other sites of its host, by the functions of a rendered kit and a real nginx. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect } from 'vitest';
import { inFolder } from '../render/tools.ts';
import { isRoot, itNeeds, programs } from '../support/tools.ts';

const KIT = new URL('../../fixtures/rendered/debian-13-plain', import.meta.url).pathname;
const it = itNeeds({ root: isRoot, ...programs('nginx', 'unshare', 'ss') });

/** The functions of install.sh itself that the others call; the rest of it would install. */
const CALLED = ['each_file', 'shared', 'is_domain', 'usable', 'listed', 'outdated', 'others_use'];

const OLD_DEFAULT = '/etc/nginx/conf.d/00-default-host.conf';
const NEW_DEFAULT = '/etc/nginx/conf.d/00-default-http.conf';
const REFUSING =
  'server { listen 80 default_server; listen [::]:80 default_server; server_name _; return 444; }\n';

/** Runs this on a host whose nginx is Debian's with these files beside; nothing outside of the folder changes. */
function onHost(folder: string, files: Record<string, string>, script: string): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const functions = CALLED.map(
    (name) => `sed -n '/^${name}() {$/,/^}$/p; /^${name}() {.*}$/p' ${KIT}/install.sh`,
  );
  const prepared = `set -eu
work=${folder}/work tree=${KIT}/root all_records=${folder}/records
records=$all_records/contracts
mkdir -p "$work" "$records" ${folder}/logs ${folder}/etc/nginx
cp -an /etc/nginx/. ${folder}/etc/nginx/
rm -f ${folder}/etc/nginx/sites-enabled/default ${folder}/etc/nginx/modules-enabled/*
mount --bind ${folder}/etc/nginx /etc/nginx
mount --bind ${folder}/logs /var/log/nginx
{ ${functions.join('; ')}; } >"$work/functions.sh"
. "$work/functions.sh"
. ${KIT}/install.d/switch.sh
. ${KIT}/install.d/web-server.sh
step() { printf '%s\\n' "$*"; }
problem() { printf '%s\\n' "$*"; }
wrong() { printf 'WRONG %s\\n' "$*"; }
chown() { :; }
dry_run=yes
${script}`;
  return execFileSync('unshare', ['--mount', 'sh', '-c', prepared], { encoding: 'utf8' });
}

describe("other sites, to the installer's functions", () => {
  const twoApps = {
    [OLD_DEFAULT]: REFUSING,
    'records/contracts/files': `${OLD_DEFAULT}\n`,
    'records/other/files': `${OLD_DEFAULT}\n`,
  };
  const upgrade =
    'stage; cat "$lists/gone"; grep default "$lists/put" || true; web_server_validate && echo accepted';

  it('an old default host that another app has too stays the default, and the new one waits', () =>
    inFolder((folder) => {
      expect(onHost(folder, twoApps, upgrade)).toBe('accepted\n');
      expect(onHost(folder, {}, 'tell_of_defaults 80')).toContain(
        `${OLD_DEFAULT}:1 remains the default of *:80, as it says; requests there for unknown names go to it`,
      );
    }));

  it('the last app to have it takes it away, and puts the new one there', () =>
    inFolder((folder) => {
      const next = { ...twoApps, 'records/other/files': `${NEW_DEFAULT}\n` };
      expect(onHost(folder, next, upgrade)).toBe(`${OLD_DEFAULT}\n${NEW_DEFAULT}\naccepted\n`);
    }));

  it('a rehearsal writes nothing to the file that a link in the place of a site leads to', () =>
    inFolder((folder) => {
      const kept = join(folder, 'kept.conf');
      writeFileSync(kept, '# an administrator keeps it here\n');
      mkdirSync(join(folder, 'etc/nginx/sites-enabled'), { recursive: true });
      symlinkSync(kept, join(folder, 'etc/nginx/sites-enabled/zz-contracts.conf'));
      expect(onHost(folder, {}, upgrade)).toContain('accepted');
      expect(readFileSync(kept, 'utf8')).toBe('# an administrator keeps it here\n');
    }));

  it('names of no word and of several are one word each', () =>
    inFolder((folder) => {
      const site = {
        '/etc/nginx/conf.d/old.conf': 'server {\n  listen 80;\n  server_name "" "~^a (b)" old.example;\n}\n',
      };
      const found = onHost(folder, site, 'look_around; cat "$work/claims"; names_are_free; tell_of_others');
      const file = '/etc/nginx/conf.d/old.conf';
      expect(found.split('\n').filter((line) => line.includes(file))).toEqual([
        `name "" - 3 ${file}`,
        `name ~^a_(b) - 3 ${file}`,
        `name old.example - 3 ${file}`,
        `site "",~^a_(b),old.example *:80 1 ${file}`,
        `default *:80 place 2 ${file}`,
        `${file}:1, another site of this host, keeps "",~^a_(b),old.example on *:80`,
        expect.stringMatching(`${file}:2 remains the default of \\*:80, as the first to be read`),
      ]);
    }));
});
