/** The kit on disk: what a run would change there, edits settled with the person, and the writing. */
import { join } from 'node:path';
import { writeAnswersFile } from '../answers/file.ts';
import type { Resolution } from '../answers/resolve.ts';
import {
  BASE_FOLDER,
  baseOf,
  type Change,
  changesOf,
  isOfKit,
  type KitFile,
  UNDECIDED,
} from '../kit/changes.ts';
import { UserError } from '../system/error.ts';
import type { Terminal } from '../system/terminal.ts';
import { type FileOnDisk, listFiles, readFiles, readTextFile } from '../system/tree.ts';
import { writeFiles } from '../system/write.ts';
import { ANSWERS_FILE } from '../words/answers-file.ts';
import { asks } from './answers.ts';
import type { Invocation } from './command.ts';
import type { Places } from './places.ts';

/** What the answers become in the output folder, beside the kit. */
export function answersFile({ answers, sources }: Resolution, out: string): KitFile {
  const text = writeAnswersFile(answers, sources, readTextFile(out, ANSWERS_FILE));
  return { path: ANSWERS_FILE, text, mode: 0o644 };
}

/** Texts as last written, by the path of the file itself. */
function readBase(out: string, paths: readonly string[]): Map<string, FileOnDisk> {
  const found = readFiles(out, paths.map(baseOf));
  return new Map([...found].map(([path, file]) => [path.slice(BASE_FOLDER.length + 1), file]));
}

/** The files as last written. What else somebody has put there, to have it taken for a file of ours, is none of them. */
function baseFiles(out: string): string[] {
  return listFiles(out, BASE_FOLDER).filter((path) => isOfKit(path));
}

export function sayStrays({ out, shownOut }: Places, terminal: Terminal): void {
  const strays = listFiles(out, BASE_FOLDER).filter((path) => baseOf(path) !== UNDECIDED && !isOfKit(path));
  if (strays.length === 0) return;
  const where = join(shownOut, BASE_FOLDER);
  terminal.say(`Passed over in ${where}, since deploy-scaffold writes no such files: ${strays.join(', ')}\n`);
}

export function changesOnDisk(files: readonly KitFile[], out: string): Change[] {
  const known = baseFiles(out);
  const base = readBase(out, known);
  const disk = readFiles(out, [...new Set([...files.map((file) => file.path), ...known])]);
  // The answers file is a person's own to edit; what it says has been taken over already.
  const answers = disk.get(ANSWERS_FILE);
  if (answers !== undefined) base.set(ANSWERS_FILE, answers);
  return changesOf(files, disk, base);
}

/** Edited files are shown and asked about; where nobody can be asked, they stop everything. */
export async function settled(changes: Change[], invocation: Invocation): Promise<Change[]> {
  const { values, terminal } = invocation;
  const edited = changes.filter((change) => change.kind === 'edited');
  if (edited.length === 0 || values['dry-run'] === true) return changes;
  const { showEdits, askAboutEdits } = await import('./edits.ts');
  showEdits(edited, terminal);
  if (!asks(invocation)) {
    const names = edited.map((change) => change.path).join(', ');
    throw new UserError(
      'edit-in-the-way',
      `these files were edited since deploy-scaffold wrote them, and would be overwritten: ${names}`,
      'Nothing was written. Move your edits elsewhere or delete the files, then run this again; or write to another folder with --out.',
      1,
    );
  }
  return askAboutEdits(changes);
}

export async function write(
  out: string,
  files: readonly KitFile[],
  changes: readonly Change[],
  undecided: KitFile,
): Promise<void> {
  const isSame = readTextFile(out, undecided.path) === undecided.text;
  const kept = new Set(changes.filter((change) => change.kind === 'edited').map((change) => change.path));
  const changed = new Set(
    changes.filter(({ kind }) => kind === 'new' || kind === 'updated').map((change) => change.path),
  );
  const gone = changes.filter((change) => change.kind === 'gone').map((change) => change.path);
  const generated = files.filter((file) => file.path !== ANSWERS_FILE);
  const onDisk = readBase(
    out,
    generated.map((file) => file.path),
  );
  // A kept edit keeps the base that it was made on: that is what it must one day be merged with.
  const wanted = new Set(files.map((file) => file.path));
  const staleBases = baseFiles(out).filter((path) => !wanted.has(path) && !kept.has(path));
  const base = generated.filter((file) => !kept.has(file.path) && onDisk.get(file.path)?.text !== file.text);
  await writeFiles(
    out,
    [
      ...files.filter((file) => changed.has(file.path) && !kept.has(file.path)),
      ...base.map((file) => ({ ...file, path: baseOf(file.path), mode: 0o644 })),
      ...(isSame ? [] : [undecided]),
    ],
    [...gone, ...staleBases.map(baseOf)],
  );
}
