/** The conformance table for people: docs/conformance.md, and the one that a run prints. */
import type { Found, Outcome, Results, StackResults } from './results.ts';
import { settled } from './results.ts';
import { ROWS } from './rows.ts';

/** By the first letter of a row's id. */
const GROUPS: Record<string, string> = {
  P: 'The two problems of a development server',
  R: 'Requests',
  F: 'Files',
  T: 'TLS',
  L: 'Live protocols',
  O: 'Operations',
  S: 'Least privilege',
  A: 'Under attack',
  V: 'Several services of one site',
};

const SIGNS: Record<Outcome['state'], string> = {
  passes: '✓',
  fails: '✗',
  'not applicable': '–',
};
const NOT_ASKED = ' ';
const SHORT = '✓ passes, ✗ fails, – not applicable';

/** docs/conformance.md */
export function conformancePage(results: Results): string {
  const groups = Object.entries(GROUPS).flatMap(([letter, title]) => section(title, letter, results));
  return `${['# Conformance', INTRODUCTION, overview(results), ...groups, figures(results)].join('\n\n')}\n`;
}

const INTRODUCTION = `What a deployed stack must do, each row proved on a real Debian host with systemd as its init: installed by the
generated installer, visited from outside. Written by \`npm run docs\` from what the tests found; a run that finds something
else fails.

A row depends on some parts of a stack alone. It is proved once for all stacks that have those in common by \`npm test\`, and
on each stack by \`npm run test:all\`, which fails where two of them differ. ${SHORT}, blank: not asked
of this stack. A number in parentheses is that of the stack on which it was proved for this one; a small number leads to the
reason below the table.`;

const numberOf = ({ stacks }: Results, stack: string) => stacks.findIndex(({ name }) => name === stack) + 1;

function overview(results: Results): string {
  const lines = results.stacks.map((stack, index) => {
    const states = stack.rows.map(({ id }) => settled(results, stack.name, id)?.state);
    const count = (wanted: Outcome['state']) => String(states.filter((state) => state === wanted).length);
    const elsewhere = stack.rows.filter((row) => 'by' in row).length;
    return [
      ...[String(index + 1), stack.title, stack.target, stack.tls],
      ...[count('passes'), String(elsewhere), count('fails'), count('not applicable')],
    ];
  });
  return table(['', 'stack', 'host', 'TLS', 'passes', 'elsewhere', 'fails', 'not applicable'], lines);
}

/** The rows of one kind: what they mean, who passes them, and why somebody need not. */
function section(title: string, letter: string, results: Results): string[] {
  const known = (id: string) => results.stacks.some((stack) => stack.rows.some((row) => row.id === id));
  const rows = results.rows.filter(({ id }) => id.startsWith(letter) && known(id));
  if (rows.length === 0) return [];
  // A stack that can have none of them would be a line of dashes; its count in the overview tells of them.
  const asked = results.stacks.filter((stack) =>
    rows.some(({ id }) => (settled(results, stack.name, id)?.state ?? 'not applicable') !== 'not applicable'),
  );
  const reasons: string[] = [];
  const cell = (stack: StackResults, id: string) => {
    const outcome = settled(results, stack.name, id);
    if (outcome === undefined) return NOT_ASKED;
    const row = stack.rows.find((one) => one.id === id);
    if (row !== undefined && 'by' in row) return `${SIGNS[outcome.state]} (${numberOf(results, row.by)})`;
    if (outcome.reason === undefined) return SIGNS[outcome.state];
    const reason = outcome.reason.split('\n')[0] ?? '';
    if (!reasons.includes(reason)) reasons.push(reason);
    return `${SIGNS[outcome.state]} <sup>${reasons.indexOf(reason) + 1}</sup>`;
  };
  const lines = asked.map((stack) => [
    ...[String(numberOf(results, stack.name)), stack.title, stack.target, stack.tls],
    ...rows.map(({ id }) => cell(stack, id)),
  ]);
  return [
    `## ${title}`,
    rows.map((row) => `- **${row.id}** ${row.title} (${row.on.join(', ')})`).join('\n'),
    table(['', 'stack', 'host', 'TLS', ...rows.map(({ id }) => id)], lines),
    ...(reasons.length > 0 ? [reasons.map((reason, index) => `${index + 1}. ${reason}`).join('\n')] : []),
  ];
}

function figures(results: Results): string {
  const noted = results.stacks.flatMap((stack) => {
    const { bootMilliseconds, installSeconds } = stack;
    if (bootMilliseconds === undefined || installSeconds === undefined) return [];
    const lines = results.rows.flatMap(({ id }) => {
      const row = stack.rows.find((one) => one.id === id);
      return row === undefined || 'by' in row ? [] : row.notes.map((note) => `${id}  ${note}`);
    });
    const times = `booted in ${(bootMilliseconds / 1000).toFixed(1)} s, installed in ${installSeconds} s`;
    return [
      `<details><summary>${stack.name}: ${times}</summary>\n\n\`\`\`\n${lines.join('\n')}\n\`\`\`\n\n</details>`,
    ];
  });
  return [
    '## Figures',
    "Measured in the run that the table is of, on a small shared machine. The stacks' numbers are there to be compared with each other, not with another machine's.",
    ...noted,
  ].join('\n\n');
}

/** In the formatter's own style. */
function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) =>
    Math.max(3, ...[head, ...lines].map((line) => line[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...lines.map(line)].join('\n');
}

/** What a run found, rows and stacks at once, for a terminal. */
export function printedTable(found: readonly Found[]): string {
  const ids = ROWS.map(({ id }) => id);
  const width = Math.max(...found.map(({ name }) => name.length));
  const line = (name: string, cells: readonly string[]) =>
    [name.padEnd(width), ...cells.map((cell) => cell.padStart(2))].join(' ').trimEnd();
  return [
    line('', ids),
    ...found.map(({ name, outcomes }) =>
      line(
        name,
        ids.map((id) => {
          const outcome = outcomes.find((one) => one.id === id);
          return outcome === undefined ? NOT_ASKED : SIGNS[outcome.state];
        }),
      ),
    ),
    `${SHORT}, blank: not proved on this stack in this run`,
  ].join('\n');
}
