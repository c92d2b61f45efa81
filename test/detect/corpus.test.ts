/**
 * The corpus: each folder of fixtures/projects reproduces a pattern that real projects have, and its expected reading
 * lies beside it. With UPDATE_CORPUS=1 the readings are written instead of compared, to be read before they are kept.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Choice, detect } from '../../src/detect/index.ts';
import { DETECTIONS } from '../../src/detections.ts';
import { readProject } from '../../src/system/project.ts';
import type { Detection } from '../../src/words/detection.ts';
import type { Value } from '../../src/words/value.ts';

const FOLDER = join(import.meta.dirname, '../../fixtures/projects');
const names = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

it('each folder has its expected reading beside it, and each reading its folder', () => {
  const readings = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
  expect(readings).toEqual(names.map((name) => `${name}.json`));
  expect(names.length).toBeGreaterThanOrEqual(50);
});

it.each(names)('%s is read as it is meant', (name) => {
  const file = join(FOLDER, `${name}.json`);
  const said = readings(detect(readProject(join(FOLDER, name)), DETECTIONS));
  if (process.env.UPDATE_CORPUS === '1') writeFileSync(file, `${JSON.stringify(said, null, 2)}\n`);
  expect(said).toEqual(JSON.parse(readFileSync(file, 'utf8')));
});

/** Every value without its places: sure, likely, one of several, or open with the reason. */
function readings({ detection, because, rivals }: Choice): object {
  if (detection === undefined) return { asks: rivals.map(reading) };
  return { ...(because !== undefined && { because }), ...reading(detection) };
}

function reading({ framework, answers, facts, services, notTaken = [], warnings }: Detection): object {
  const values = Object.entries({ ...answers, ...facts });
  const of = <T>(shown: (value: Value<unknown>) => T | undefined): Record<string, T> =>
    Object.fromEntries(
      values.flatMap(([name, value]) => {
        const one = shown(value);
        return one === undefined ? [] : [[name, one]];
      }),
    );
  const parts = {
    sure: of((value) => (value.kind === 'known' ? value.value : undefined)),
    likely: of((value) =>
      value.kind === 'default' ? { value: value.value, unless: value.unless } : undefined,
    ),
    either: of((value) => (value.kind === 'one-of' ? value.options.map((one) => one.value) : undefined)),
    open: of((value) => (value.kind === 'unknown' ? value.because : undefined)),
  };
  const some = Object.entries(parts).filter(([, inner]) => Object.keys(inner).length > 0);
  return {
    framework,
    ...Object.fromEntries(some),
    ...(services && { services: services.options.map(({ value }) => value) }),
    ...(notTaken.length > 0 && { notTaken: notTaken.map(({ text }) => text) }),
    ...(warnings.length > 0 && { warnings: warnings.map(({ message }) => message) }),
  };
}
