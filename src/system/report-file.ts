/** A report that a person asked for, at a place that they named. */
import { writeFileSync } from 'node:fs';
import { fileReason, UserError } from './error.ts';

/** Writes a value as JSON. @throws UserError where the file cannot be written. */
export function writeReport(path: string, value: unknown): void {
  try {
    writeFileSync(path, `${JSON.stringify(value, undefined, 2)}\n`);
  } catch (error) {
    const reason = fileReason(error);
    if (reason === undefined) throw error;
    throw new UserError('file-unusable', `${path} cannot be written: ${reason}.`, 'Name another file.', 1);
  }
}
