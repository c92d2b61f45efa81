/** O8 and O9: what the installer leaves alone, and what it leaves behind. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Planned as Plan } from '../../support/plan.ts';
import { expectRefusal, stateOf } from '../harness/refusal.ts';
import { freshHost, type Stack } from '../harness/stack.ts';
import type { Row } from './suite.ts';

/** The app's own module, in the project: "shop.wsgi:application" is in shop/wsgi.py, "shop:create_app()" in its package. */
export function moduleOf({ plan, project, site }: Stack): string {
  if (site.module !== undefined) return join(project, site.module);
  const module = (plan.upstream.app.split(':')[0] ?? '').replaceAll('.', '/');
  const path = join(project, plan.project.root, module);
  return existsSync(path) ? join(path, '__init__.py') : `${path}.py`;
}

/** Changes a file of the project, for as long as the action takes. */
export async function withEdit<Value>(
  path: string,
  edit: (text: string) => string,
  action: () => Promise<Value>,
): Promise<Value> {
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, edit(text));
  try {
    return await action();
  } finally {
    writeFileSync(path, text);
  }
}

export const installerRows: Row[] = [
  {
    id: 'O8',
    lines: /(?!)/,
    async prove({ stack, note }) {
      await stack.install();
      const before = await stateOf(stack);
      const output = await stack.install();
      expect(output).toContain('Nothing to do');
      expect(await stateOf(stack), 'the host is as it was').toBe(before);
      note('the same again: no release, no file, no restart');

      const broken = 'the app cannot be loaded';
      await withEdit(
        moduleOf(stack),
        (text) => `${text}\nraise RuntimeError("${broken}")\n`,
        async () => {
          await expectRefusal(stack, new RegExp(broken));
          note(`an app that cannot be loaded: refused, with "${broken}"`);
        },
      );
      const [site] = stack.plan.files;
      await withEdit(
        join(stack.project, 'deploy/root', site?.path ?? ''),
        (text) => `${text}\nno_such_directive on;\n`,
        async () => {
          await expectRefusal(stack, /no_such_directive/);
          note('a broken file of the web server: refused, with the directive');
        },
      );
      await answersWell(stack);
    },
  },
];

/** What a person may have put beside the app's own, under names like its own: files and folders, in every folder of it. */
function neighboursOf({ paths, webServer, folders }: Plan): string[] {
  return [
    ...[`${paths.state}.backup-2026/file`, `${paths.state}~`],
    ...[`${paths.environment}.mine`, `${paths.config}/notes`, `${paths.pages}/page.html`],
    ...[`${paths.home}/notes`, `${paths.releases}/2026-backup/file`],
    ...[`${webServer.accessLog}.mine`, `${webServer.errorLog}-of-march.gz`],
    ...folders.own.map((folder) => `${folder}.old/file`),
  ];
}

/** What logrotate makes of the site's logs, with a number or, where the host is set so, a day. */
function rotationsOf({ webServer: { accessLog, errorLog } }: Plan): string[] {
  return [accessLog, errorLog].flatMap((log) => [`${log}.1`, `${log}.2.gz`, `${log}-20260131.gz`]);
}

/** Takes the app away with its data while others have something beside it, which must stay and be named; how many. */
export async function purgedAmongOthers(
  { host, plan }: Stack,
  purge: () => Promise<string>,
): Promise<number> {
  const { home, releases } = plan.paths;
  const neighbours = neighboursOf(plan);
  for (const path of [...neighbours, ...rotationsOf(plan)])
    await host.shell(`install -D -m 0640 -o daemon /dev/null ${path} && echo ${path} >${path}`);
  const output = await purge();
  for (const path of neighbours) {
    expect(await host.shell(`stat -c %U:%a ${path} && cat ${path}`), path).toBe(`daemon:640\n${path}`);
    expect(output, 'is named').toContain(`    ${path.replace(/\/file$/, '')}\n`);
    await host.shell(`rm ${path} && find ${path.replace(/\/[^/]*$/, '')} -maxdepth 0 -empty -delete`);
  }
  for (const folder of [releases, `${home}/shared`, home])
    await host.shell(`! [ -d ${folder} ] || rmdir --ignore-fail-on-non-empty ${folder}`);
  return neighbours.length;
}

export const removalRows: Row[] = [
  {
    id: 'O9',
    lines: /(?!)/,
    async prove({ stack, note }) {
      const { host, plan } = stack;
      const data = [
        ...[plan.paths.environment, plan.paths.state, plan.webServer.accessLog, plan.webServer.errorLog],
        ...plan.folders.own,
      ];
      const kept = (path: string) =>
        data.some((one) => path === one || path.startsWith(`${one}/`) || one.startsWith(`${path}/`));
      const uninstall = (...options: string[]) =>
        host.shell(`sh ${plan.paths.current}/kit/install.sh --uninstall ${options.join(' ')} 2>&1`);
      const before = new Set(stack.fresh.paths);
      const added = async () => {
        const { paths, accounts } = await freshHost(host);
        expect(accounts, 'users and groups').toBe(stack.fresh.accounts);
        expect(
          stack.fresh.paths.filter((path) => !paths.includes(path)),
          'what went with it',
        ).toEqual([]);
        return paths.filter((path) => !before.has(path));
      };

      const mark = `${plan.paths.state}/kept`;
      await host.shell(`install -o ${plan.users.app} -m 0600 /dev/null ${mark}`);
      const uploads = plan.folders.own.map((folder) => `${folder}/deep/file`);
      for (const upload of uploads) {
        const folder = upload.replace(/\/file$/, '');
        await host.shell(`install -d -o ${plan.users.app} -g ${plan.users.web} -m 2750 ${folder}
          install -o ${plan.users.app} -g ${plan.users.web} -m 0640 /dev/null ${upload}`);
      }
      const output = await uninstall();
      const left = await added();
      expect(left.filter((path) => !kept(path))).toEqual([]);
      expect(left, 'data stays').toContain(plan.paths.environment);
      expect(output).toContain(plan.paths.environment);
      const units = await host.shell('systemctl list-units --all --plain --no-legend; ss -Hlnx; ss -Hltn');
      expect(units).not.toMatch(new RegExp(`\\b${plan.name}\\b`));
      for (const path of data.filter((one) => left.includes(one) && !one.startsWith('/var/log/')))
        expect(await host.shell(`stat -c %U:%a ${path}`), path).toMatch(/^root:(700|600)$/);
      note(`kept: ${data.filter((one) => left.includes(one)).join(', ')}`);

      await stack.install();
      expect(await host.shell(`stat -c %U ${mark}`), 'the app owns its data again').toBe(plan.users.app);
      for (const upload of uploads)
        await host.shell(`runuser -u ${plan.users.web} -- test -r ${upload}
          runuser -u ${plan.users.app} -- test -w ${upload}`);
      await answersWell(stack);

      const neighbours = await purgedAmongOthers(stack, () => uninstall('--purge'));
      expect(await added()).toEqual([]);
      const logs = await host.shell(
        `ls ${plan.webServer.accessLog}* ${plan.webServer.errorLog}* 2>/dev/null || true`,
      );
      expect(logs, 'logs, and their older parts').toBe('');
      note('installed again on the kept data; purged: no path more than before the first install');
      note(`beside it, of other hands: ${neighbours} files, untouched and named`);
    },
  },
];

/** Every service answers as its health check says that it does. */
async function answersWell(stack: Stack): Promise<void> {
  for (const { probe } of stack.plan.services) {
    const { status } = await stack.fetch(probe.path);
    if (probe.status === 0) expect(Math.floor(status / 100), probe.path).toBe(2);
    else expect(status, probe.path).toBe(probe.status);
  }
}
