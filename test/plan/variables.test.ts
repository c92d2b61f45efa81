/** Whatever the run-book has a person write, nothing in it may read a variable that the host does not set. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { detectedLayer } from '../../src/answers/detected.ts';
import { readAnswersFile } from '../../src/answers/file.ts';
import { type Given, resolveAnswers } from '../../src/answers/resolve.ts';
import type { Plan } from '../../src/contract/plan.ts';
import { detect } from '../../src/detect/index.ts';
import { DETECTIONS } from '../../src/detections.ts';
import { frameworks } from '../../src/frameworks/index.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { readProject } from '../../src/system/project.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures');
const folders = (kind: string) =>
  readdirSync(join(FIXTURES, kind), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

/** Those that are read, and that the environment's file would not have. */
function unset({ framework, environment }: Plan): string[] {
  const lines = [...(framework.snippet?.lines ?? []), ...framework.wanted.map(({ write }) => write)];
  const read = lines.flatMap((line) => [...line.matchAll(/os\.environ\["(\w+)"\]/g)].map(([, name]) => name));
  const set = [...environment.open, ...environment.suggested.map(({ name }) => name)];
  return read.filter((name) => name !== undefined && !set.includes(name)) as string[];
}

const given = (values: Record<string, unknown>): Record<string, Given> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value, source: 'test' }]));

describe('every variable that the module reads is in the environment', () => {
  it.each(folders('rendered'))('of fixtures/rendered/%s', (name) => {
    const file = join(FIXTURES, 'rendered', name, 'deploy-scaffold.yaml');
    const { answers } = readAnswersFile(readFileSync(file, 'utf8'), file);
    expect(unset(makePlan(resolveAnswers([{ insistent: true, answers }]).answers))).toEqual([]);
  });

  it.each(folders('projects'))('of fixtures/projects/%s', (name) => {
    const { detection, rivals } = detect(readProject(join(FIXTURES, 'projects', name)), DETECTIONS);
    for (const one of detection === undefined ? rivals : [detection]) {
      const mine = given({ name: 'shop', domains: ['shop.example'] });
      const { answers, problems } = resolveAnswers([{ insistent: true, answers: mine }, detectedLayer(one)]);
      if (problems.length === 0) expect(unset(makePlan(answers))).toEqual([]);
    }
  });

  const keys = [
    {},
    { 'env-keys': [] },
    { 'env-keys': ['LEDGER_KEY'] },
    { env: ['SECRET_KEY'] },
    { 'env-optional': ['SHOP_SECRET_KEY'] },
  ];
  it.each(
    frameworks.flatMap(({ kind, interface: own }) =>
      keys.map((more) => [kind, own ?? 'wsgi', more] as const),
    ),
  )('with %s, %s and %j', (framework, kind, more) => {
    const settings = framework === 'django' ? { 'django-settings': 'shop.settings' } : {};
    const common = { name: 'shop', domains: ['shop.example'], framework, interface: kind };
    const mine = given({ ...common, app: 'shop.app:app', ...settings, ...more });
    const servers = given({ 'app-server': 'gunicorn' });
    const { answers, problems } = resolveAnswers([{ insistent: true, answers: { ...servers, ...mine } }]);
    expect(problems).toEqual([]);
    const plan = makePlan(answers);
    expect(unset(plan)).toEqual([]);
    expect(plan.environment.open).toEqual(expect.arrayContaining(plan.environment.generated));
  });
});
