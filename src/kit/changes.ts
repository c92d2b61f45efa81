/** What writing the kit would change on disk, and what it must not touch: a person's edits. Pure. */

export interface KitFile {
  /** Relative to the output folder. */
  path: string;
  text: string;
  mode: number;
}

/**
 * new: not there yet; same: nothing to do; updated: as we last wrote it, and now otherwise; edited: somebody changed
 * it since; gone: we wrote it once, and the answers no longer call for it.
 */
export type ChangeKind = 'new' | 'same' | 'updated' | 'edited' | 'gone';

export interface Change {
  path: string;
  kind: ChangeKind;
  /** The text on disk, where there is a file. */
  before?: string;
  /** The text to be; undefined for one that is to go. */
  after?: string;
}

/** Where the kit keeps the text that it last wrote, to tell an edit from an old version. */
export const BASE_FOLDER = '.deploy-scaffold';

/** The record of answers that nobody gave, for the next run. */
export const UNDECIDED = `${BASE_FOLDER}/undecided.json`;

/** Where the text of a file as last written is kept. */
export const baseOf = (path: string) => `${BASE_FOLDER}/${path}`;

/**
 * Places in which a kit of any answers, and of any version, can have files. What claims to be an earlier file of ours
 * and lies elsewhere is somebody else's.
 */
const PLACES =
  /^(?:README\.md|install\.sh|install\.d\/[\w-]+\.(?:py|sh)|manifest\.mtree|release\/[\w-]+\.py|root\/(?:etc|usr\/local)\/.+)$/;

/** Can a kit have this file? The answers file is none: it is a person's own to edit. */
export function isOfKit(path: string): boolean {
  return PLACES.test(path) && !path.includes('\0') && !path.split('/').includes('..');
}

/**
 * @param files The kit as it is to be.
 * @param disk Texts on disk by path.
 * @param base Texts as last written by path; a file that is there without a base counts as somebody's own.
 */
export function changesOf(
  files: readonly KitFile[],
  disk: ReadonlyMap<string, { text: string; mode: number }>,
  base: ReadonlyMap<string, { text: string }>,
): Change[] {
  const wanted = files.map((file): Change => {
    const before = disk.get(file.path);
    const after = file.text;
    if (before === undefined) return { path: file.path, kind: 'new', after };
    if (before.text === after) {
      const kind = before.mode === file.mode ? 'same' : 'updated';
      return { path: file.path, kind, before: before.text, after };
    }
    const ours = base.get(file.path)?.text === before.text;
    return { path: file.path, kind: ours ? 'updated' : 'edited', before: before.text, after };
  });
  const paths = new Set(files.map((file) => file.path));
  const left = [...base.keys()].filter((path) => !paths.has(path) && disk.has(path));
  const gone = left.map((path): Change => {
    const before = disk.get(path)?.text ?? '';
    return { path, kind: before === base.get(path)?.text ? 'gone' : 'edited', before };
  });
  return [...wanted, ...gone];
}
