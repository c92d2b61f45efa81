/** The delivery of files alone: the steps of its run-book, taken by hand on a live host, with tar in an installer's place. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { isRoot, itNeeds, programs } from '../../support/tools.ts';
import { canBoot } from '../harness/host.ts';
import { succeed } from '../harness/processes.ts';
import { type Stack, stage } from '../harness/stack.ts';

const TARGET = 'debian-13';

/** A release as the run-book describes it, made and gone live with. */
function release({ plan, place, site }: Stack): string {
  const { paths, project, framework, users, folders, database } = plan;
  const folder = `${paths.releases}/1`;
  const inRelease = (words: readonly string[]) => `RELEASE=${folder} ${paths.run} ${words.join(' ')}`;
  return [
    `install -d -m 0755 ${folder} ${folder}/public`,
    `cp -R ${place} ${folder}/app && rm -rf ${folder}/app/deploy`,
    ...folders.linked.flatMap(({ inProject, path, slug, assets }) => [
      `mkdir -p ${folder}/app/${inProject}`,
      ...(assets
        ? [
            `cp -R ${folder}/app/${inProject} ${folder}/public/${slug}`,
            `chown -R ${users.app} ${folder}/public/${slug}`,
          ]
        : []),
      `rm -rf ${folder}/app/${inProject}`,
      `ln -s ${assets ? `${folder}/public/${slug}` : path} ${folder}/app/${inProject}`,
    ]),
    ...(database.file === null
      ? []
      : [`ln -sf ${database.file.path} ${folder}/app/${database.file.inProject}`]),
    `chown -R -h root:${users.app} ${folder}/app`,
    `python3 -m venv ${folder}/venv`,
    `${folder}/venv/bin/pip install -q -r ${folder}/app/${project.requirements} ${project.distributions.join(' ')}`,
    ...framework.prepare.map(({ words }) => inRelease(words)),
    `chown -R root: ${folder}/public && chmod -R u=rwX,go=rX ${folder}/public`,
    ...framework.migrate.map(({ words }) => inRelease(words)),
    `ln -sfn releases/1 ${paths.current}.new && mv -T ${paths.current}.new ${paths.current}`,
    inRelease(site.seed.map((word) => `'${word.replaceAll("'", "'\\''")}'`)),
  ].join('\n');
}

for (const [webServer, project] of [
  ['nginx', 'django-contracts'],
  ['apache', 'flask-contracts'],
] as const) {
  const needs = { root: isRoot, ...canBoot(TARGET), ...programs('bsdtar') };
  const test = itNeeds(needs);

  describe(`${project} with ${webServer} on ${TARGET}, from files alone`, () => {
    let stack: Stack;

    beforeAll(async () => {
      if (Object.values(needs).includes(false)) return;
      const flags = ['--tls', 'none', '--web-server', webServer, '--delivery', 'files'];
      const answers = { protected: { '/_protected/': 'protected' } };
      stack = await stage({ project, target: TARGET, flags, answers });
      const { host, plan, site } = stack;
      const { name, paths, webServer: front, processManager } = plan;
      const deployment = join(stack.project, 'deploy');
      const archive = join(stack.folder, `${name}.tar`);
      await succeed(['bsdtar', '-cf', archive, '@manifest.mtree'], { cwd: deployment });
      await stack.bring();
      await host.put(`/root/${name}.tar`, readFileSync(archive));
      const variables = Object.entries(site.environment).map(([variable, value]) => `${variable}=${value}\n`);
      const environment = [
        ...plan.environment.generated.map(
          (variable) => `${variable}=made-for-a-test-and-long-enough-to-do\n`,
        ),
        ...variables,
      ];
      await host.shell(
        [
          'set -e',
          `apt-get install -q -y --no-install-recommends ${plan.project.packages.join(' ')}`,
          `tar -xpf /root/${name}.tar -C / ./etc/sysusers.d/${name}.conf`,
          `systemd-sysusers ${name}.conf`,
          `tar -xpf /root/${name}.tar -C /`,
          `systemd-tmpfiles --create ${name}.conf`,
          `install -m 0640 -g ${name} ${paths.environment}.example ${paths.environment}`,
          `sed -i '/=$/d' ${paths.environment}`,
          `cat >>${paths.environment}`,
        ].join('\n'),
        { input: environment.join('') },
      );
      await host.shell(`set -e\n${release(stack)}`);
      await host.shell(
        [
          'set -e',
          front.enable,
          'systemctl daemon-reload',
          processManager.startAll,
          front.check,
          front.reload,
        ].join('\n'),
      );
    }, 600_000);
    afterAll(() => stack?.destroy(), 60_000);

    test('serves the app, and its assets from disk', async () => {
      const page = await stack.fetch('/');
      expect(page.status).toBe(200);
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
  });
}
