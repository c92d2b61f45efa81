/** check, as a person or a script meets it. */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Log } from 'sarif';
import { beforeEach, describe, expect, it } from 'vitest';
import { isRoot, itNeeds } from '../support/tools.ts';
import { NOBODY, projectIn, run, stamps, temporaryFolder } from './cli.ts';

const work = temporaryFolder();
const pristine = projectIn(work, 'pristine');
// The versions that Debian 12 has: nginx judges a file only where the host's version is its own.
const written = run(['init', pristine, '--yes', '--no-check', '--domain', 'shop.example', '--name', 'contracts',
  '--target', 'debian-12']); // biome-ignore format: as one line
const onPath = (program: string) =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
const needsNginx = itNeeds({ nginx: onPath('nginx') });
const needsAll = itNeeds(
  Object.fromEntries(
    ['nginx', 'systemd-analyze', 'gunicorn', 'shellcheck'].map((tool) => [tool, onPath(tool)]),
  ),
);
const asNobody = itNeeds({ root: isRoot });

let project = '';
let count = 0;
const SITE = 'deploy/root/etc/nginx/sites-enabled/zz-contracts.conf';

beforeEach(() => {
  expect(written).toMatchObject({ status: 0, stderr: '' });
  project = join(work, `contracts-${++count}`);
  cpSync(pristine, project, { recursive: true });
});

const check = (...words: string[]) => run(['check', project, ...words]);
const findings = (
  stdout: string,
): { tool: string; level: string; file?: string; line?: number; message: string }[] =>
  JSON.parse(stdout).findings;

describe('check', () => {
  it('writes its findings for code scanners', () => {
    const report = join(work, 'report.sarif');
    rmSync(join(project, SITE));
    const { status } = check('--sarif', report);
    const [scan] = (JSON.parse(readFileSync(report, 'utf8')) as Log).runs;
    expect(status).toBe(1);
    expect(scan?.tool.driver).toMatchObject({
      name: 'deploy-scaffold',
      version: expect.stringMatching(/^\d+\./),
    });
    expect(scan?.results).toContainEqual(
      expect.objectContaining({
        ruleId: 'file-missing',
        level: 'error',
        message: { text: expect.stringContaining('missing') },
      }),
    );
    expect(check('--sarif', join(work, 'nowhere/x.sarif'))).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('nowhere/x.sarif cannot be written'),
    });
  });

  needsAll('passes on a fresh tree, and changes nothing', () => {
    const before = stamps(project);
    const { status, stdout } = check('--strict');
    expect(stdout).not.toContain('Findings:');
    expect(status).toBe(0);
    expect(stamps(project)).toEqual(before);
  });

  needsNginx('finds a directive misspelt by hand, at its file and line', () => {
    const path = join(project, SITE);
    const lines = readFileSync(path, 'utf8').split('\n');
    const at = lines.findIndex((line) => line.includes('proxy_pass'));
    lines[at] = (lines[at] ?? '').replace('proxy_pass', 'proxy_pas');
    writeFileSync(path, lines.join('\n'));
    const { status, stdout } = check();
    expect(status).toBe(1);
    expect(stdout).toContain(`${path}:${at + 1}: `);
    expect(stdout).toContain('proxy_pas');
  });

  it('finds a file that is missing', () => {
    rmSync(join(project, SITE));
    const { status, stdout } = check('--json');
    expect(status).toBe(1);
    expect(findings(stdout)).toContainEqual(
      expect.objectContaining({ level: 'error', file: join(project, SITE) }),
    );
  });

  it('names every tool that is missing, which is a failure with --strict alone', () => {
    const bare = { env: { PATH: '' } };
    const { status, stdout } = run(['check', project, '--json', '--strict'], bare);
    expect(status).toBe(1);
    const unchecked = findings(stdout).filter(({ level }) => level === 'unchecked');
    expect(new Set(unchecked.map(({ tool }) => tool))).toEqual(
      new Set(['nginx', 'gixy', 'systemd-analyze', 'gunicorn', 'sh', 'shellcheck']),
    );
    const lenient = run(['check', project], bare);
    expect(lenient.status).toBe(0);
    for (const { message } of unchecked) expect(lenient.stdout).toContain(message);
  });

  it('gives one JSON document on standard output, and people’s text on standard error', () => {
    const { status, stdout, stderr } = check('--json');
    expect(JSON.parse(stdout)).toMatchObject({
      status,
      out: join(project, 'deploy'),
      settings: expect.any(Array),
    });
    expect(stderr).toContain('ALLOWED_HOSTS');
  });

  it('says that there is no deployment', () => {
    rmSync(join(project, 'deploy'), { recursive: true });
    expect(check()).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('deploy-scaffold init'),
    });
    const { status, stdout } = check('--json');
    expect(status).toBe(2);
    expect(JSON.parse(stdout).problems[0].message).toContain('there is no deployment');
  });

  it('says what is wrong in the answers file, with its line', () => {
    const path = join(project, 'deploy/deploy-scaffold.yaml');
    writeFileSync(path, readFileSync(path, 'utf8').replace('tls: letsencrypt', 'tls: acme'));
    const { status, stderr } = check();
    expect(status).toBe(2);
    expect(stderr).toMatch(/tls: "acme" must be one of: .* \(from .*deploy-scaffold\.yaml:\d+\)/);
  });

  it('says where the answers file is not YAML, and nothing beside', () => {
    writeFileSync(join(project, 'deploy/deploy-scaffold.yaml'), 'tls: "none\n');
    const { status, stderr } = check();
    expect(status).toBe(2);
    expect(stderr).toContain('One thing is wrong');
    expect(stderr).toContain('is not valid YAML');
  });

  it('reads a deployment elsewhere', () => {
    cpSync(join(project, 'deploy'), join(project, 'elsewhere'), { recursive: true });
    rmSync(join(project, 'deploy'), { recursive: true });
    expect(check('--out', join(project, 'elsewhere')).status).toBe(0);
  });

  asNobody('works for a user who owns nothing', () => {
    const { status, stderr } = run(['check', project, '--json'], NOBODY);
    expect(stderr).not.toContain('Error');
    expect(status).toBe(0);
  });

  it('takes no answers', () => {
    expect(check('--tls', 'none')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('--tls: is not a flag'),
    });
  });

  it('takes a project that is no longer there for what it is', () => {
    mkdirSync(join(work, `empty-${count}`));
    expect(run(['check', join(work, `empty-${count}`)]).status).toBe(2);
    expect(run(['check', join(work, 'nowhere')])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('it does not exist'),
    });
  });
});
