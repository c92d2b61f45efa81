/** Links that lead out, wherever somebody could put one: nothing outside is read, given away, changed or removed. */
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { withEdit } from '../conformance/installer.ts';
import { BELOW } from '../conformance/stacks.ts';
import { expectRefusal } from '../harness/refusal.ts';
import { onTarget, scene, served } from './scene.ts';

/** Files of root and of another user: of names that a release compresses, and none that the app may read. */
const OUTSIDE = '/home/outside';

describe('links that lead out', () => {
  const { it, stack } = scene(onTarget('debian-13'), { installed: true });
  const shell = (script: string) => stack().host.shell(script);

  /** Owner, mode and content of what must stay as it is; accounts come and go with the app. */
  const outside = () =>
    shell(`stat -c '%n %F %a %U:%G' / /etc /etc/shadow /etc/passwd
      find ${OUTSIDE} -printf '%p %y %m %U:%G %s %n\\n' | sort
      find ${OUTSIDE} -type f -exec sha256sum {} + | sort`);

  /** As the app itself could: in its state folder, and in the folders of uploads. */
  const plant = () => {
    const { users, paths, folders } = stack().plan;
    const links = [paths.state, ...folders.own].flatMap((folder) => [
      `ln -sfn ${OUTSIDE} ${folder}/folder && ln -sfn ${OUTSIDE}/style.css ${folder}/style.css`,
      `ln -sfn /etc/shadow ${folder}/shadow && ln -sfn / ${folder}/root`,
    ]);
    return shell(`runuser -u ${users.app} -- sh -euc '${links.join('\n')}'`);
  };

  let before = '';
  it('in the project: refused by name before anything changes; those within it are kept', async () => {
    await shell(`install -d -m 0700 -o daemon ${OUTSIDE} ${OUTSIDE}/deep
      for file in style.css deep/style.css secret; do echo "$file" >${OUTSIDE}/$file; done
      chmod 0600 ${OUTSIDE}/secret && chown daemon ${OUTSIDE}/secret`);
    before = await outside();
    const { project } = stack();
    const links = {
      'a/shadow.txt': '/etc/shadow',
      'a/out': '../../..',
      'a/by way of another': 'out/etc',
      'deploy/root/etc/shadow': '/etc/shadow',
    };
    mkdirSync(join(project, 'a'));
    for (const [path, target] of Object.entries(links)) symlinkSync(target, join(project, path));
    const output = await expectRefusal(stack(), /leads out of the project/);
    for (const [path, target] of Object.entries(links)) expect(output).toContain(`${path} -> ${target}`);
    for (const path of Object.keys(links)) rmSync(join(project, path));

    symlinkSync('../manage.py', join(project, 'a/within.py'));
    stack().setVersion('2.0.0');
    await stack().install();
    expect(await shell(`readlink ${stack().plan.paths.current}/app/a/within.py`)).toBe('../manage.py');
    expect(await outside()).toBe(before);
  });

  it('among what the release makes: refused, and the live one goes on', async () => {
    const code = `
import atexit as atexit, os as os, sys as sys
if 'collectstatic' in sys.argv:
    atexit.register(os.symlink, '/etc/shadow', STATIC_ROOT / 'shadow.txt')
    atexit.register(os.symlink, '${OUTSIDE}/style.css', STATIC_ROOT / 'planted.css')
`;
    const settings = join(stack().project, 'contracts_site/settings.py');
    await withEdit(
      settings,
      (text) => text + code,
      async () => {
        const { status, output } = await stack().tryInstall();
        expect(output).toMatch(/shadow\.txt -> \/etc\/shadow/);
        expect(status).toBe(1);
      },
    );
    expect(await served(stack())).toBe('2.0.0');
    expect(await outside()).toBe(before);
  });

  it('in the folders of the app: a release, a way back, an uninstallation and another pass them by', async () => {
    await plant();
    stack().setVersion('3.0.0');
    await stack().install();
    expect((await stack().installer('--rollback')).status).toBe(0);
    expect(await outside(), 'a release and a rollback').toBe(before);
    expect((await stack().installer('--uninstall')).status).toBe(0);
    expect(await outside(), 'uninstalled').toBe(before);
    await stack().install();
    await plant();
    expect(await outside(), 'installed on the kept data').toBe(before);
    const { status, output } = await stack().installer('--uninstall', '--purge');
    expect(status, output).toBe(0);
    expect(await outside(), 'purged').toBe(before);
    expect(await shell(`ls -d ${stack().plan.paths.state} 2>/dev/null || echo gone`)).toBe('gone');
  });

  it('what is mounted in a folder of the app is refused by name, and stays', async () => {
    await stack().install();
    const { state } = stack().plan.paths;
    await shell(`install -d ${state}/mounted && mount --bind ${OUTSIDE} ${state}/mounted`);
    for (const options of [['--uninstall'], ['--uninstall', '--purge']]) {
      const { status, output } = await stack().installer(...options);
      expect(output).toContain(`${state}/mounted is mounted below ${state}`);
      expect(status).toBe(1);
    }
    expect((await stack().installer('--rebuild')).status).toBe(0);
    expect(await outside()).toBe(before);
  });
});

describe('links in a folder that a path leads to', () => {
  const { it, stack } = scene(
    { project: 'django-portal', target: 'debian-13', flags: ['--tls', 'files'], answers: BELOW },
    { installed: true },
  );

  it('refused by name where they lead out of it, though not out of the project; the live release goes on', async () => {
    const { project } = stack();
    const { text: before } = await stack().fetch('/');
    const pages = join(project, 'frontend/dist');
    writeFileSync(join(project, 'frontend/secret.txt'), 'for nobody');
    const links = {
      'secret.txt': '../secret.txt',
      'assets/settings.js': '../../../portal/settings.py',
      all: '../..',
    };
    for (const [path, target] of Object.entries(links)) symlinkSync(target, join(pages, path));
    const output = await expectRefusal(stack(), /leads out of a folder that anybody may fetch, at \//);
    for (const [path, target] of Object.entries(links))
      expect(output).toContain(`frontend/dist/${path} -> ${target}`);
    expect((await stack().fetch('/')).text).toBe(before);
    for (const path of Object.keys(links)) rmSync(join(pages, path));

    renameSync(pages, join(project, 'frontend/real'));
    symlinkSync('real', pages);
    await expectRefusal(stack(), /frontend\/dist -> real: this folder is a link/);
    rmSync(pages);
    renameSync(join(project, 'frontend/real'), pages);

    symlinkSync('app.3f2a9c1b.js', join(pages, 'assets/newest.js'));
    await stack().install();
    const [newest, named] = await Promise.all(
      ['newest.js', 'app.3f2a9c1b.js'].map((name) => stack().fetch(`/assets/${name}`)),
    );
    expect([newest?.status, newest?.text]).toEqual([200, named?.text]);
  });
});
