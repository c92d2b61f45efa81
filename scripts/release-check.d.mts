interface Package {
  name: string;
  /** Texts by path, at the places of the npm package. */
  files: Record<string, string>;
  /** Of the archive, in bytes. */
  size: number;
  /** What --version prints. */
  says: string;
}
export interface Packages {
  npm: Package;
  wheel: Package & { metadata: string };
}
/** Both packages, made in an empty folder from what is in dist/. */
export function packages(work: string): Packages;
/** What is wrong with them that we can mend. */
export function faults(both: Packages): string[];
/** What only the owner can say. */
export function openForOwner(manifest: Record<string, unknown>, changelog: string): string[];
