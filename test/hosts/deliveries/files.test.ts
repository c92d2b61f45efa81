/**
 * The delivery of files alone on a live host: the commands of its run-book, in their order, with nothing but what its
 * sentences say in words added between them.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { isRoot, itNeeds, programs } from '../../support/tools.ts';
import { canBoot } from '../harness/host.ts';
import { succeed } from '../harness/processes.ts';
import { type Stack, stage } from '../harness/stack.ts';

const TARGET = 'debian-13';

/** The commands of a section, one a line: those in blocks of their own, and those that a step ends with. */
function commandsOf(readme: string, heading: string): string[] {
  const section = readme.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';
  const found = section.matchAll(/^ {3}```\n([\s\S]*?)^ {3}```$|`((?:RELEASE=|chown|install) ?[^`]+)`/gm);
  return [...found].flatMap(([, block, inline]) =>
    (block ?? inline ?? '').split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()])),
  );
}

/** What the run-book says in words: the project's copy, and the links in it. */
function copied({ plan, place }: Stack): string[] {
  const { paths, folders, database } = plan;
  const app = `${paths.releases}/1/app`;
  return [
    `install -d ${paths.releases}/1/public`,
    `cp -R ${place} ${app}`,
    `rm -rf ${app}/deploy`,
    ...folders.linked.flatMap(({ inProject, path, slug, assets }) => [
      `mkdir -p ${app}/${inProject}`,
      ...(assets ? [`cp -R ${app}/${inProject} ${paths.releases}/1/public/${slug}`] : []),
      `rm -rf ${app}/${inProject}`,
      `ln -s ${assets ? `${paths.releases}/1/public/${slug}` : path} ${app}/${inProject}`,
    ]),
    ...(database.file === null ? [] : [`ln -sf ${database.file.path} ${app}/${database.file.inProject}`]),
  ];
}

for (const [webServer, project, ...flags] of [
  ['nginx', 'django-contracts', '--process-manager', 'supervisord'],
  ['apache', 'flask-contracts', '--app-server', 'mod-wsgi'],
] as const) {
  const needs = { root: isRoot, ...canBoot(TARGET), ...programs('bsdtar') };
  const test = itNeeds(needs);

  describe(`${project} with ${webServer} and ${flags.at(-1)} on ${TARGET}, from files alone`, () => {
    let stack: Stack;
    const run = (commands: readonly string[]) =>
      stack.host.shell(
        ['set -e', ...commands.map((line) => line.replaceAll('/N/', '/1/'))]
          .join('\n')
          .replaceAll('/N ', '/1 ')
          .replaceAll('releases/N', 'releases/1'),
      );

    beforeAll(async () => {
      if (Object.values(needs).includes(false)) return;
      stack = await stage({
        project,
        target: TARGET,
        flags: ['--tls', 'none', '--web-server', webServer, '--delivery', 'files', ...flags],
        answers: { protected: { '/_protected/': 'protected' } },
      });
      const { host, plan, site } = stack;
      // The app has ten seconds for its first page, beside whatever else runs on this machine.
      host.goFirst();
      const { name, paths, project: app, processManager } = plan;
      const deployment = join(stack.project, 'deploy');
      const archive = join(stack.folder, `${name}.tar`);
      await succeed(['bsdtar', '-cf', archive, '@manifest.mtree'], { cwd: deployment });
      await stack.bring();
      await host.put(`/root/${name}.tar`, readFileSync(archive));
      const readme = readFileSync(join(deployment, 'README.md'), 'utf8');
      const first = commandsOf(readme, 'The first time');
      const start = first.indexOf(plan.webServer.enable);
      expect(start).toBeGreaterThan(3);
      await run([
        `apt-get install -q -y --no-install-recommends ${app.packages.join(' ')}`,
        'cd /root',
        ...first.slice(0, start),
      ]);
      const generated = plan.environment.generated.map(
        (one) => `${one}=made-for-a-test-and-long-enough-to-do\n`,
      );
      const given = Object.entries(site.environment).map(([variable, value]) => `${variable}=${value}\n`);
      await host.shell(`sed -i '/=$/d' ${paths.environment} && cat >>${paths.environment}`, {
        input: [...generated, ...given].join(''),
      });
      if (processManager.programs !== '')
        await run([
          `install -d -o ${name} ${processManager.programs}`,
          `runuser -u ${name} -- python3 -m venv --without-pip ${processManager.programs}`,
          `runuser -u ${name} -- pip3 --python ${processManager.programs}/bin/python install -q ${processManager.distributions.join(' ')}`,
        ]);
      await run([...copied(stack), ...commandsOf(readme, 'A release')]);
      await stack.runAsApp(...site.seed);
      await run(first.slice(start));
    }, 600_000);
    afterAll(() => stack?.destroy(), 60_000);

    test('serves the app, and its assets from disk', async () => {
      const page = await stack.fetch('/');
      const said =
        page.status === 200 ? '' : await stack.host.shell(`tail -n 30 ${stack.plan.webServer.errorLog}`);
      expect([page.status, said]).toEqual([200, '']);
      const asset = new RegExp(`"(${stack.plan.static[0]?.url}[^"]+)"`).exec(page.body.toString())?.[1];
      expect((await stack.fetch(asset ?? stack.site.asset)).status).toBe(200);
    });

    test('has every file with the owner and mode of the manifest', async () => {
      const wanted = stack.plan.files.map(
        ({ path, owner, mode }) => `${mode.replace(/^0/, '')} ${owner} ${path}`,
      );
      const paths = stack.plan.files.map(({ path }) => path).join(' ');
      const found = await stack.host.shell(`stat -c '%a %U:%G %n' ${paths}`);
      expect(found.trim().split('\n').sort()).toEqual(wanted.sort());
    });

    test('comes back after a reboot, and keeps its secrets to itself', async () => {
      const { host, plan } = stack;
      expect(await host.shell(`stat -c '%a %U:%G' ${plan.paths.environment}`)).toBe(`640 root:${plan.name}`);
      await host.reboot();
      expect((await stack.fetch('/')).status).toBe(200);
    });
  });
}
