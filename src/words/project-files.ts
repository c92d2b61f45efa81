/**
 * A project's files, as detection sees them. Nothing of a project is ever run or imported: it is only read.
 */
export interface ProjectFiles {
  /** The folder's own name, for a default of the app's name. */
  readonly name: string;
  /**
   * Paths of the regular files, relative with forward slashes, sorted; without version control folders, virtual
   * environments, node_modules, caches and the like.
   */
  list(): readonly string[];
  /** The text of one file (UTF-8; a byte that is none is replaced), or undefined where it cannot be read as text. */
  read(path: string): string | undefined;
  /** Had a file bytes that are not in its encoding? */
  isDamaged?(path: string): boolean;
  /**
   * What a folder of the project is, where the project lies on a disk: undefined for what is no folder. Its links, at
   * any depth, are those that lead out of it, and the folder itself where it is one (its `path` is the folder's then);
   * all that lies in it is looked at when they are asked for, and not before.
   */
  lookInto?(path: string): { linksOut(): readonly LinkOut[] } | undefined;
}

/** A symbolic link of the project, relative to it, and what it says. */
export interface LinkOut {
  path: string;
  target: string;
}
