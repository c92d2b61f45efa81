/**
 * From source to a tree that the real tools accept, in the versions that each target has: the built package runs
 * inside a small Debian system (see scripts/provision.mjs), with Node.js at the oldest supported version.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { nodeBinary, systemFolder } from '../../scripts/provision.mjs';
import { frameworks } from '../../src/frameworks/index.ts';
import { isRoot, itNeeds } from '../support/tools.ts';

const ROOT = new URL('../../', import.meta.url).pathname;
const RENDERED = join(ROOT, 'fixtures/rendered');
/** Those that are deployed on live hosts as well; the others are there to be read. */
const PROJECTS = readdirSync(join(ROOT, 'fixtures/projects')).filter((name) =>
  /-(?:contracts|live)$/.test(name),
);

interface Report {
  status: number;
  findings: { tool: string; level: string; file?: string; line?: number; message: string }[];
}

for (const target of ['debian-12', 'debian-13']) {
  const system = systemFolder(target);
  const node = nodeBinary('20.17.0');
  const test = itNeeds({
    root: isRoot,
    [`a ${target} system`]: system !== undefined,
    'Node.js 20.17': node !== undefined,
  });
  let work = '';

  /** Runs a program inside the system. */
  const inside = (command: string[]) =>
    spawnSync('chroot', [system ?? '', ...command], {
      encoding: 'utf8',
      env: { PATH: '/opt/venv/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', LC_ALL: 'C.UTF-8' },
    });

  /** The folder as seen inside. */
  const shown = (path: string) => path.slice(system?.length);

  const deployScaffold = (...args: string[]): Report => {
    const { stdout, stderr } = inside([
      shown(join(work, 'node')),
      shown(join(work, 'dist/cli.js')),
      ...args,
      '--json',
      '--strict',
    ]);
    try {
      return JSON.parse(stdout) as Report;
    } catch {
      throw new Error(`no JSON from deploy-scaffold ${args.join(' ')}:\n${stdout}\n${stderr}`);
    }
  };

  /** Everything that a tool found, or could not judge: with a made-up project's settings left aside. */
  const fromTools = ({ findings }: Report) =>
    findings.filter(({ tool }) => ![...frameworks.map(({ title }) => title), 'project'].includes(tool));

  describe(`${target}, with its own tools`, () => {
    beforeAll(() => {
      if (system === undefined || node === undefined || !isRoot) return;
      work = mkdtempSync(join(system, 'tmp/deploy-scaffold-test-'));
      cpSync(node, join(work, 'node'));
      cpSync(join(ROOT, 'dist'), join(work, 'dist'), { recursive: true });
      cpSync(join(ROOT, 'package.json'), join(work, 'package.json'));
      for (const project of PROJECTS)
        cpSync(join(ROOT, 'fixtures/projects', project), join(work, project), {
          recursive: true,
          // README's first command leaves a deployment there.
          filter: (path) => basename(path) !== 'deploy',
        });
      mkdirSync(join(work, 'site'));
      execFileSync('chroot', [
        system,
        '/opt/venv/bin/django-admin',
        'startproject',
        'mysite',
        shown(join(work, 'site')),
      ]);
    });
    afterAll(() => {
      if (work !== '') rmSync(work, { recursive: true, force: true });
    });

    for (const project of ['site', ...PROJECTS]) {
      // TLS is the web server's affair: for other frameworks, one mode is as good as all.
      const modes = ['site', 'django-contracts'].includes(project)
        ? [['none'], ['letsencrypt'], ['files'], ['proxy', '--trusted-proxy', '10.0.0.0/8']]
        : [['files']];
      for (const tls of modes) {
        test(`takes ${project} with --tls ${tls[0]} from source to files that every tool accepts`, () => {
          const dir = shown(join(work, project));
          const out = shown(join(work, `${project}-${tls[0]}`));
          const report = deployScaffold(
            'init',
            dir,
            '--yes',
            '--domain',
            'shop.example',
            '--target',
            target,
            '--out',
            out,
            '--tls',
            ...tls,
          );
          expect(fromTools(report)).toEqual([]);
        });
      }
    }

    test('finds nothing in what it wrote, and asks the same of an edited file', () => {
      const [dir, out] = [shown(join(work, 'site')), shown(join(work, 'site-files'))];
      expect(fromTools(deployScaffold('check', dir, '--out', out))).toEqual([]);
      appendFileSync(join(work, 'site-files/install.sh'), 'echo $unquoted\n');
      expect(fromTools(deployScaffold('check', dir, '--out', out))).toContainEqual(
        expect.objectContaining({ tool: 'shellcheck' }),
      );
    });

    const cases = readdirSync(RENDERED).filter((name) => {
      const answers = readFileSync(join(RENDERED, name, 'deploy-scaffold.yaml'), 'utf8');
      return answers.includes(`target: ${target}\n`) && !answers.includes('nginx-version');
    });
    for (const name of cases) {
      test(`accepts fixtures/rendered/${name}`, () => {
        cpSync(join(RENDERED, name), join(work, name), { recursive: true });
        const report = deployScaffold(
          'check',
          shown(join(work, 'django-contracts')),
          '--out',
          shown(join(work, name)),
        );
        expect(fromTools(report)).toEqual([]);
      });
    }
  });
}
