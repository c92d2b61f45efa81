import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Cell, plannedStacks } from './cells.ts';
import { conformancePage } from './page.ts';
import {
  committed,
  differences,
  type Found,
  NOTHING,
  type Outcome,
  over,
  put,
  type Results,
  undeclared,
} from './results.ts';

const ROOT = new URL('../../../', import.meta.url).pathname;

const outcome = (id: string, state: Outcome['state'], reason?: string): Outcome => ({
  ...{ id, state, notes: [], figures: {}, ms: 1 },
  ...(reason === undefined ? {} : { reason }),
});
const found = (name: string, ...outcomes: Outcome[]): Found => ({ name, outcomes });

const stack = (title: string, ...rows: Results['stacks'][number]['rows']) => ({
  ...{ name: `${title}, on debian-13`, title, target: 'debian-13', tls: 'files', flags: [] },
  rows,
});

/** R1 was proved on A for B. */
const TABLE: Results = {
  format: 2,
  rows: [{ id: 'R1', title: 'one', on: ['target'] }],
  stacks: [stack('A', outcome('R1', 'passes')), stack('B', { id: 'R1', by: 'A, on debian-13' })],
};

describe('a run', () => {
  const says = (...some: Found[]) => differences(TABLE, some);

  it('has to find what the table says, of the cells that it tried', () => {
    expect(says()).toEqual([]);
    expect(says(found('A, on debian-13'))).toEqual([]);
    expect(says(found('A, on debian-13', outcome('R1', 'passes')))).toEqual([]);
    expect(says(found('A, on debian-13', outcome('R1', 'fails', 'one way')))).toEqual([
      'A, on debian-13, R1: fails; the table says passes',
    ]);
    expect(says(found('A, on debian-13', outcome('R2', 'passes')))).toEqual([
      'A, on debian-13, R2: passes; the table says nothing',
    ]);
    expect(says(found('C, on debian-13', outcome('R1', 'passes')))).toEqual([
      'C, on debian-13: not in the table',
    ]);
  });

  it('has to find of a stack what the table says of the one that stands for it', () => {
    expect(says(found('B, on debian-13', outcome('R1', 'passes')))).toEqual([]);
    expect(says(found('B, on debian-13', outcome('R1', 'not applicable', 'no reason')))).toEqual([
      'B, on debian-13, R1: not applicable (no reason); the table says passes',
    ]);
  });

  it('fails where a cell differs from the one that stands for it', () => {
    const cells: Cell[] = ['A', 'B', 'C'].map((name) => ({ stack: name, row: 'R1', by: 'A', late: false }));
    const [a, b] = [found('A', outcome('R1', 'passes')), found('B', outcome('R1', 'fails', 'why'))];
    expect(undeclared([a], cells)).toEqual([]);
    expect(undeclared([b], cells), 'in another run').toEqual([]);
    expect(undeclared([a, b], cells)).toEqual([
      expect.stringMatching(/^B, R1: fails, and on A, which stands for it: passes; R1 is said to depend on /),
    ]);
  });
});

describe('the table', () => {
  it('takes what a run found of the cells that it tried, and leaves the others', () => {
    const [one, two] = plannedStacks(ROOT);
    if (one === undefined || two === undefined) throw new Error('there are no stacks');
    const stacks = [one, { ...two, rows: ['R1', 'R3'] }];
    const cells: Cell[] = [
      { stack: one.name, row: 'R1', by: one.name, late: false },
      { stack: two.name, row: 'R1', by: one.name, late: false },
      { stack: two.name, row: 'R3', by: two.name, late: false },
    ];
    const rowsOf = (some: readonly Found[], table: Results) =>
      Object.fromEntries(
        put(table, some, stacks, cells).stacks.flatMap(({ rows }, index) =>
          rows.flatMap((row) =>
            'state' in row && row.state === 'not applicable'
              ? []
              : [[`${index + 1} ${row.id}`, 'by' in row ? row.by : row.state]],
          ),
        ),
      );
    expect(rowsOf([], NOTHING)).toEqual({});
    const covering = put(NOTHING, [found(one.name, outcome('R1', 'passes'))], stacks, cells);
    expect(rowsOf([], covering)).toEqual({ '1 R1': 'passes', '2 R1': one.name });
    const later = [found(one.name, outcome('R1', 'fails')), found(two.name, outcome('R3', 'passes'))];
    expect(rowsOf(later, covering)).toEqual({ '1 R1': 'fails', '2 R1': one.name, '2 R3': 'passes' });
    const own = put(covering, [found(two.name, outcome('R1', 'fails'))], stacks, cells);
    expect(rowsOf([], own), 'what a stack itself was seen to do').toEqual({
      '1 R1': 'passes',
      '2 R1': 'fails',
    });
    const again = [found(one.name, outcome('R1', 'passes'))];
    expect(rowsOf(again, own), 'what another was seen to do for it since').toEqual({
      '1 R1': 'passes',
      '2 R1': one.name,
    });
    const all = [found(one.name, outcome('R1', 'passes')), found(two.name, outcome('R1', 'passes'))];
    expect(over(all, again, cells)).toEqual([again[0], { ...all[1], outcomes: [] }]);
    expect(over(again, all, cells)).toEqual(all);
  });

  it('shows for each cell the stack that it was proved on', () => {
    const page = conformancePage(TABLE);
    expect(page).toMatch(/\| 1 +\| A +\| debian-13 \| files \| ✓ +\|/);
    expect(page).toMatch(/\| 2 +\| B +\| debian-13 \| files \| ✓ \(1\) \|/);
  });

  describe('that is not as it was written', () => {
    const folder = mkdtempSync(join(tmpdir(), 'deploy-scaffold-results-'));
    afterAll(() => rmSync(folder, { recursive: true }));
    mkdirSync(join(folder, 'docs'));
    const message = (text?: string) => {
      if (text !== undefined) writeFileSync(join(folder, 'docs/conformance.json'), text);
      try {
        return committed(folder);
      } catch (error) {
        return (error as Error).message;
      }
    };
    const edited = (change: (table: Results) => void) => {
      const table = structuredClone(TABLE);
      change(table);
      return message(JSON.stringify(table));
    };

    it('is met with one sentence that says what to do', () => {
      expect(message()).toMatch(/^docs\/conformance\.json is not there; take .* npm run docs\.$/);
      expect(message('{')).toMatch(/^docs\/conformance\.json is not JSON \(.*\); take .*\.$/);
      expect(message('{"apache.test.ts": []}')).toMatch(/is of another version .* undefined, not 2; take/);
      expect(message('null')).toMatch(/is of another version/);
    });

    it('names the place of what nobody could have written', () => {
      expect(edited(() => {})).toEqual(TABLE);
      expect(edited(({ stacks }) => Object.assign(stacks[0] ?? {}, { tls: 1 }))).toMatch(
        /was edited by hand: stacks\.0\.tls: .*; take/,
      );
      expect(edited(({ stacks }) => stacks[0]?.rows.pop())).toMatch(
        /was edited by hand: R1 of B, on debian-13 is said to be proved by A, on debian-13, and is not; take/,
      );
    });
  });
});
