/**
 * Each folder of fixtures/rendered is a test: its deploy-scaffold.yaml is the input, and the files beside it are the
 * whole output, byte for byte. Run with UPDATE_RENDERED=1 to write them anew; then read the difference, and let the
 * real tools judge it (test/targets).
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { templates } from '#templates';
import { readAnswersFile } from '../../src/answers/file.ts';
import { resolveAnswers } from '../../src/answers/resolve.ts';
import { renderKit } from '../../src/kit/kit.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { listFiles } from '../../src/system/tree.ts';

const FOLDER = new URL('../../fixtures/rendered/', import.meta.url).pathname;
const ANSWERS = 'deploy-scaffold.yaml';

function renderCase(name: string) {
  const { answers, problems } = readAnswersFile(readFileSync(join(FOLDER, name, ANSWERS), 'utf8'), ANSWERS);
  const resolution = resolveAnswers([{ insistent: true, answers }]);
  expect([...problems, ...resolution.problems]).toEqual([]);
  return renderKit(makePlan(resolution.answers), templates);
}

function update(name: string, files: { path: string; text: string; mode: number }[]): void {
  for (const path of listFiles(join(FOLDER, name))) if (path !== ANSWERS) rmSync(join(FOLDER, name, path));
  for (const { path, text, mode } of files) {
    mkdirSync(dirname(join(FOLDER, name, path)), { recursive: true });
    writeFileSync(join(FOLDER, name, path), text, { mode });
  }
}

describe('the files rendered from answers', () => {
  for (const name of readdirSync(FOLDER)) {
    it(`are those of fixtures/rendered/${name}`, () => {
      const files = renderCase(name);
      if (process.env.UPDATE_RENDERED === '1') update(name, files);
      const expected = listFiles(join(FOLDER, name)).filter((path) => path !== ANSWERS);
      expect(files.map((file) => file.path).sort()).toEqual(expected);
      for (const { path, text, mode } of files) {
        expect(text, path).toBe(readFileSync(join(FOLDER, name, path), 'utf8'));
        expect(statSync(join(FOLDER, name, path)).mode & 0o111, `${path}: executable`).toBe(mode & 0o111);
      }
    });
  }

  it('are the same bytes each time', () => {
    const [first] = readdirSync(FOLDER);
    expect(renderCase(first ?? '')).toEqual(renderCase(first ?? ''));
  });
});
