/** Findings that a person lets pass: nowhere hidden, and no failure. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from 'sarif';
import { expect, it } from 'vitest';
import type { Finding } from '../../src/words/finding.ts';
import { projectIn, run, temporaryFolder } from './cli.ts';

const work = temporaryFolder();
const REASON = 'the staging host | behind a "VPN"';

/** A project whose settings are wrong for sure: DEBUG is on, and nothing is brought. */
function wrongProject(name: string): string {
  const project = projectIn(work, name);
  const settings = join(project, 'contracts_site/settings.py');
  writeFileSync(settings, `${readFileSync(settings, 'utf8')}\nDEBUG = True\n`);
  return project;
}

const init = (project: string, ...words: string[]) =>
  run(['init', project, '--yes', '--domain', 'shop.example', '--settings', 'own', ...words]);
const findings = (stdout: string): Finding[] => JSON.parse(stdout).findings;

it('shows what is accepted with its reason, everywhere, and passes', () => {
  const project = wrongProject('accepted');
  const refused = init(project, '--no-check', '--json');
  expect(refused.status).toBe(1);
  const errors = findings(refused.stdout).filter(({ level }) => level === 'error');
  expect(errors).toContainEqual(expect.objectContaining({ code: 'setting-wrong', setting: 'DEBUG' }));
  const flags = errors.flatMap(({ setting }) => ['--accept', `setting-wrong.${setting}=${REASON}`]);

  const written = init(project, '--no-check', '--json', ...flags);
  expect(written.status).toBe(0);
  expect(findings(written.stdout)).toContainEqual(
    expect.objectContaining({ setting: 'DEBUG', level: 'error', accepted: REASON }),
  );
  expect(written.stderr).toContain('accepted DEBUG: true');
  expect(written.stderr).not.toContain('above: correct');
  expect(readFileSync(join(project, 'deploy/README.md'), 'utf8')).toContain(
    '| `setting-wrong.DEBUG` | the staging host \\| behind a "VPN" |',
  );

  const report = join(work, 'accepted.sarif');
  const checked = run(['check', project, '--sarif', report]);
  expect(checked.stdout).toContain(`accepted in the answers: ${REASON}`);
  expect(checked.stdout).not.toContain('acceptance');
  const [scan] = (JSON.parse(readFileSync(report, 'utf8')) as Log).runs;
  expect(scan?.results?.filter(({ suppressions }) => suppressions !== undefined)).toHaveLength(errors.length);
  expect(scan?.results).toContainEqual(
    expect.objectContaining({
      suppressions: [{ kind: 'external', status: 'accepted', justification: REASON }],
    }),
  );
});

it('lets all settings pass by the code alone, and names what nothing says', () => {
  const project = wrongProject('idle');
  const written = init(project, '--accept', 'setting-wrong=tried out', '--accept', 'uploads-in-project=mine');
  expect(written.stdout).toContain(
    'uploads-in-project is accepted, and nothing here says it [files: acceptance-idle]',
  );
  expect(written.stdout).not.toContain('setting-wrong is accepted');
  expect(run(['check', project]).stdout).toContain('deploy-scaffold.yaml: uploads-in-project is accepted');
});

it('refuses what is no code, and what is no reason', () => {
  const project = wrongProject('refused');
  const { status, stderr } = init(project, '--accept', 'seting-wrong=x', '--accept', 'bug=');
  expect(status).toBe(2);
  expect(stderr).toContain('must be a code of docs/diagnostics.md; did you mean "setting-wrong"?');
  expect(stderr).toContain('must say in one line');
});
