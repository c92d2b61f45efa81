import { visibleInLine } from '../words/text.ts';

/** Rows with their columns aligned. A cell longer than `widest` does not push the others aside. */
export function table(texts: readonly (readonly string[])[], widest = 40): string[] {
  const rows = texts.map((row) => row.map(visibleInLine));
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, cell.length > widest ? 0 : cell.length);
    }
  }
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
