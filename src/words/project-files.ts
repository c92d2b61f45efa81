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
}
