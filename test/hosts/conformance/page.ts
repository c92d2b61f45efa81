/** The conformance table for people: docs/conformance.md, and the one that a run prints. */
import type { Outcome, Results, StackResults } from './results.ts';
import { nameOf } from './results.ts';
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
};

const SIGNS: Record<Outcome['state'], string> = {
  passes: '✓',
  fails: '✗',
  'not applicable': '–',
};
const NOT_ASKED = ' ';
const LEGEND = '✓ passes, ✗ fails, – not applicable, blank: not asked of this stack';

const outcomeOf = (stack: StackResults, id: string) => stack.rows.find((row) => row.id === id);

/** docs/conformance.md */
export function conformancePage(results: Results): string {
  const stacks = Object.values(results).flat();
  const groups = Object.entries(GROUPS).flatMap(([letter, title]) => section(title, letter, stacks));
  return `${['# Conformance', INTRODUCTION, overview(stacks), ...groups, figures(stacks)].join('\n\n')}\n`;
}

const INTRODUCTION = `What a deployed stack must do, each row proved on a real Debian host with systemd as its init: installed by the
generated installer, visited from outside. Written by \`npm run docs\` from what \`npm run test:hosts\` found; a run that finds
something else fails.

${LEGEND}. A number leads to the reason below the table.`;

function overview(stacks: readonly StackResults[]): string {
  const count = ({ rows }: StackResults, wanted: Outcome['state']) =>
    String(rows.filter(({ state }) => state === wanted).length);
  return table(
    ['stack', 'host', 'TLS', 'passes', 'fails', 'not applicable'],
    stacks.map((stack) => [
      stack.title,
      stack.target,
      stack.tls,
      ...(['passes', 'fails', 'not applicable'] as const).map((state) => count(stack, state)),
    ]),
  );
}

/** The rows of one kind: what they mean, who passes them, and why somebody need not. */
function section(title: string, letter: string, stacks: readonly StackResults[]): string[] {
  const rows = ROWS.filter(({ id }) => id.startsWith(letter));
  const asked = stacks.filter((stack) => rows.some(({ id }) => outcomeOf(stack, id) !== undefined));
  const reasons: string[] = [];
  const cell = (outcome: Outcome | undefined) => {
    if (outcome === undefined) return NOT_ASKED;
    if (outcome.reason === undefined) return SIGNS[outcome.state];
    const reason = outcome.reason.split('\n')[0] ?? '';
    if (!reasons.includes(reason)) reasons.push(reason);
    return `${SIGNS[outcome.state]} <sup>${reasons.indexOf(reason) + 1}</sup>`;
  };
  const lines = asked.map((stack) => [
    stack.title,
    stack.target,
    stack.tls,
    ...rows.map(({ id }) => cell(outcomeOf(stack, id))),
  ]);
  return [
    `## ${title}`,
    rows.map((row) => `- **${row.id}** ${row.title}`).join('\n'),
    table(['stack', 'host', 'TLS', ...rows.map(({ id }) => id)], lines),
    ...(reasons.length > 0 ? [reasons.map((reason, index) => `${index + 1}. ${reason}`).join('\n')] : []),
  ];
}

function figures(stacks: readonly StackResults[]): string {
  const noted = stacks.map((stack) => {
    const lines = inOrder(stack.rows).flatMap(({ id, notes }) => notes.map((note) => `${id}  ${note}`));
    const times = `booted in ${(stack.bootMilliseconds / 1000).toFixed(1)} s, installed in ${stack.installSeconds} s`;
    return `<details><summary>${nameOf(stack)}: ${times}</summary>\n\n\`\`\`\n${lines.join('\n')}\n\`\`\`\n\n</details>`;
  });
  return [
    '## Figures',
    "Measured in the run that the table is of, on a small shared machine. The stacks' numbers are there to be compared with each other, not with another machine's.",
    ...noted,
  ].join('\n\n');
}

function inOrder(outcomes: readonly Outcome[]): Outcome[] {
  return ROWS.flatMap(({ id }) => outcomes.filter((outcome) => outcome.id === id));
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

/** All rows and stacks at once, for a terminal. */
export function printedTable(stacks: readonly StackResults[]): string {
  const ids = ROWS.map(({ id }) => id);
  const names = stacks.map((stack) => `${nameOf(stack)}, tls ${stack.tls}`);
  const width = Math.max(...names.map((name) => name.length));
  const line = (name: string, cells: readonly string[]) =>
    [name.padEnd(width), ...cells.map((cell) => cell.padStart(2))].join(' ').trimEnd();
  return [
    line('', ids),
    ...stacks.map((stack, index) =>
      line(
        names[index] ?? '',
        ids.map((id) => {
          const outcome = outcomeOf(stack, id);
          return outcome === undefined ? NOT_ASKED : SIGNS[outcome.state];
        }),
      ),
    ),
    LEGEND,
  ].join('\n');
}
