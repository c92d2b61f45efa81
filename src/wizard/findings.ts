/** What was found in the project, and where, as text. */

import { places } from '../answers/detected.ts';
import { shown } from '../answers/notation.ts';
import { shownServices } from '../answers/proposed.ts';
import type { Detection } from '../words/detection.ts';
import { GROUPS } from '../words/not-taken.ts';
import { visibleInLine } from '../words/text.ts';
import type { Value } from '../words/value.ts';
import { table } from './table.ts';

/** What the wizard says first: one line a finding, with its value and its place; then the warnings. */
export function findings(project: string, detection: Detection | undefined): string {
  if (detection === undefined)
    return `No framework that deploy-scaffold knows was found in ${project}, so you are asked.`;
  const answers = Object.entries(detection.answers).filter(([name]) => name !== 'framework');
  const rows = [
    ['framework', detection.framework, 'sure', ''],
    ...answers.flatMap(([name, found]) => rowsOf(name, found)),
    ...(detection.services?.options ?? []).map(({ value, when, from }, index) => [
      index === 0 ? 'services' : '',
      shownServices(value),
      'or',
      joined([places(from), `if ${when}`], ', '),
    ]),
  ];
  const facts = Object.entries(detection.facts).flatMap(([name, found]) => rowsOf(name, found));
  const lines = [`Found in ${project}:`, '', ...indented(rows)];
  if (facts.length > 0) lines.push('', 'Beside the answers:', '', ...indented(facts));
  lines.push(...earlierLines(detection));
  for (const { message, from } of detection.warnings) {
    const where = places(from);
    lines.push('', `Note: ${message}${where === '' ? '' : ` (${where})`}`);
  }
  return lines.join('\n');
}

/** What an earlier deployment has and is not taken over, by what to do about it. */
function earlierLines({ notTaken = [], decided = [] }: Detection): string[] {
  const lines = notTaken.length > 0 ? ['', 'In the files of an earlier deployment, and not taken over:'] : [];
  for (const [group, { title, remedy }] of Object.entries(GROUPS)) {
    const some = notTaken.filter((one) => one.group === group);
    if (some.length > 0)
      lines.push('', `${title}. ${remedy}`, ...indented(some.map(({ text, from }) => [text, places(from)])));
  }
  if (decided.length > 0) {
    const files = [...new Set(decided.flatMap(({ from }) => from[0]?.file ?? []))];
    const rows = files.map((file) => [
      `${visibleInLine(file)}:`,
      decided
        .filter(({ from }) => from[0]?.file === file)
        .map(counted)
        .join(', '),
    ]);
    lines.push('', 'What the new deployment has its own of:', '', ...indented(rows));
  }
  return lines;
}

const counted = ({ name, from }: { name: string; from: readonly unknown[] }) =>
  from.length === 1 ? name : `${name} (${from.length} times)`;

function indented(rows: readonly (readonly string[])[]): string[] {
  return table(rows).map((line) => `  ${line}`);
}

/** Name, value, how sure it is, where it stands. */
function rowsOf(name: string, found: Value<unknown>): string[][] {
  switch (found.kind) {
    case 'known':
      return [[name, shown(name, found.value), 'sure', places(found.from)]];
    case 'default': {
      const why = joined([places(found.from), `unless ${found.unless}`], ', ');
      return [[name, shown(name, found.value), 'likely', why]];
    }
    case 'one-of':
      return found.options.map(({ value, when, from }, index) => [
        index === 0 ? name : '',
        shown(name, value),
        'or',
        joined([places(from), when], ', '),
      ]);
    case 'unknown':
      return [[name, 'not known', 'open', joined([places(found.from), found.because], ': ')]];
    case 'absent':
      return [];
  }
}

/** Those of the texts that say something, in one. */
function joined(texts: readonly string[], between: string): string {
  return texts.filter((text) => text !== '').join(between);
}
