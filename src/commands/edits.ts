/** Files that somebody edited since they were written: shown as differences, and asked about. */
import { createTwoFilesPatch } from 'diff';
import type { Change } from '../kit/changes.ts';
import type { Terminal } from '../system/terminal.ts';

/** What each edited file would lose and gain. */
export function showEdits(edited: readonly Change[], terminal: Terminal): void {
  for (const { path, before = '', after = '' } of edited) {
    terminal.say(
      createTwoFilesPatch(`${path} (as it is)`, `${path} (as it would be)`, before, after).trimEnd(),
    );
  }
}

/** Each edited file: kept, or overwritten after all. Cancelling at a question writes nothing. */
export async function askAboutEdits(changes: readonly Change[]): Promise<Change[]> {
  const { createPrompter } = await import('../system/prompter.ts');
  const prompter = createPrompter();
  const settled: Change[] = [];
  for (const change of changes) {
    const overwrite =
      change.kind === 'edited' &&
      (await prompter.confirm({
        message: `${change.path} was edited since it was written. Overwrite it?`,
        help: 'Your edits would be lost; keeping the file means that it may no longer agree with the others.',
        default: false,
      }));
    settled.push(overwrite ? { ...change, kind: change.after === undefined ? 'gone' : 'updated' } : change);
  }
  return settled;
}
