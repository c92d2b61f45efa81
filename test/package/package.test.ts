/** The package as it would be published: packed, installed in an empty folder without a network, and used. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { NODES, nodeBinary } from '../../scripts/provision.mjs';
import { CLI, projectIn, ROOT, run, temporaryFolder, texts } from '../commands/cli.ts';
import { itNeeds } from '../support/tools.ts';

const work = temporaryFolder();
const site = join(work, 'empty');
const unpacked = join(work, 'package');
const installed = join(site, 'node_modules/deploy-scaffold');
const bin = join(site, 'node_modules/.bin/deploy-scaffold');
const words = (project: string) => ['init', project, '--yes', '--no-check', '--domain', 'shop.example'];
let tarball = '';
let expected: Record<string, string> = {};

/** npm, without a network and with nothing of this user's own settings. */
const npm = (cwd: string, ...argv: string[]) =>
  execFileSync('npm', argv, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      HOME: work,
      npm_config_cache: join(work, 'cache'),
      npm_config_offline: 'true',
    },
  });

/** What the installed program writes for the example project. */
function written(folder: string, options: Parameters<typeof run>[1]) {
  const project = projectIn(join(work, folder));
  expect(run(words(project), options)).toMatchObject({ status: 0, stderr: '' });
  return texts(join(project, 'deploy'));
}

beforeAll(() => {
  mkdirSync(site);
  // Not built anew: other tests are running what is there.
  npm(ROOT, 'pack', '--ignore-scripts', '--pack-destination', work);
  tarball = join(work, readdirSync(work).find((name) => name.endsWith('.tgz')) ?? 'none');
  execFileSync('tar', ['-xzf', tarball, '-C', work]);
  writeFileSync(join(site, 'package.json'), '{"private":true}\n');
  npm(site, 'install', '--offline', '--no-audit', '--no-fund', tarball);
  expected = written('dist', { script: CLI });
});

describe('the tarball', () => {
  it('has at most 600 kB', () => {
    expect(statSync(tarball).size).toBeLessThanOrEqual(600_000);
  });

  it('has the program, what it says of itself, and no sources or tests', () => {
    const files = Object.keys(texts(unpacked));
    expect(files).toEqual(
      expect.arrayContaining([
        'package.json',
        'README.md',
        'LICENSE',
        'CHANGELOG.md',
        'dist/cli.js',
        'SECURITY.md',
        'dist/LICENSES.txt',
        'dist/sbom.cdx.json',
      ]),
    );
    expect(
      files.filter((path) => /^(src|test|scripts|fixtures|templates|node_modules)\/|\.ts$|\.map$/.test(path)),
    ).toEqual([]);
  });

  it('lists every package whose licence it brings, and the same each time', () => {
    const bill = JSON.parse(readFileSync(join(unpacked, 'dist/sbom.cdx.json'), 'utf8'));
    const listed = bill.components.map(({ name, version }: Record<string, string>) => `${name} ${version}`);
    const licences = readFileSync(join(unpacked, 'dist/LICENSES.txt'), 'utf8');
    expect(listed.length).toBeGreaterThan(5);
    for (const one of listed) expect(licences).toContain(`${one} (`);
    expect(bill).not.toHaveProperty('serialNumber');
    expect(bill.metadata).not.toHaveProperty('timestamp');
  });

  it('needs no other package, and runs nothing when it is installed', () => {
    const manifest = JSON.parse(readFileSync(join(unpacked, 'package.json'), 'utf8'));
    for (const kind of ['dependencies', 'optionalDependencies', 'peerDependencies', 'bundleDependencies'])
      expect(manifest).not.toHaveProperty(kind);
    for (const script of ['preinstall', 'install', 'postinstall'])
      expect(manifest.scripts ?? {}).not.toHaveProperty(script);
  });

  it('has nothing of the machine that it was built on', () => {
    const places = [ROOT.replace(/\/$/, ''), process.env.HOME ?? '/root', '/root', '/work'].filter(
      (place) => place !== '/',
    );
    // "deploy/root/" is a place of the deployment, "/root/" is one of a machine.
    const absolute = new RegExp(`(?<![\\w})*.])(${places.join('|')})/`);
    for (const [path, text] of Object.entries(texts(unpacked)))
      expect(absolute.exec(text)?.[0], path).toBeUndefined();
  });
});

describe('installed in an empty folder', () => {
  it('brings no other package', () => {
    const there = readdirSync(join(site, 'node_modules')).filter((name) => !name.startsWith('.'));
    expect(there).toEqual(['deploy-scaffold']);
    expect(existsSync(join(installed, 'node_modules'))).toBe(false);
  });

  it('does the main job by its name, and gives the same bytes as the built one', () => {
    const project = projectIn(join(work, 'by-name'));
    const { status, stderr } = spawnSync(bin, words(project), { encoding: 'utf8', cwd: site });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(texts(join(project, 'deploy'))).toEqual(expected);
    expect(Object.keys(expected)).toContain('install.sh');
  });

  describe.each([...NODES])('Node.js %s', (version) => {
    const node = nodeBinary(version);
    const test = itNeeds({ [`Node.js ${version}`]: node !== undefined });
    const options = { node: node ?? '', script: join(installed, 'dist/cli.js') };

    test('does the main job, with the same bytes', () => {
      expect(written(`node-${version}`, options)).toEqual(expected);
    });

    test('does it again from what an earlier run may have kept', () => {
      expect(written(`node-${version}-again`, options)).toEqual(expected);
    });

    test('says the version and prints the schema', () => {
      const manifest = JSON.parse(readFileSync(join(unpacked, 'package.json'), 'utf8'));
      expect(run(['--version'], options)).toEqual({ status: 0, stdout: `${manifest.version}\n`, stderr: '' });
      const { status, stdout, stderr } = run(['schema'], options);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(JSON.parse(stdout)).toHaveProperty('properties.domains');
    });
  });
});
