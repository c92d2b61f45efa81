/**
 * The versions of the answers file, and the way from each to the next. A file says its version under "version"; one that
 * says none is of version 1, the only one that 0.1.0 knows.
 */
import type { Given } from './resolve.ts';

/** The key of a file's version, which is no answer. */
export const VERSION_KEY = 'version';

type Answers = Readonly<Record<string, Given>>;

/** The way from a version to the next. */
export interface Migration {
  /** Answers that the next version brought. A file that has none of them is still written as one of the version before. */
  brings: readonly string[];
  /** The same of single values, by answer: choices that the version before refuses. */
  values?: Readonly<Record<string, readonly unknown[]>>;
  /** What a file of the version before says, in the next one's words; undefined where it says the same. */
  migrate?: (answers: Answers) => Answers;
}

/** From version 1 to 2, from 2 to 3, and so on. No entry is ever changed, since files of each version are about. */
export const MIGRATIONS: readonly Migration[] = [
  // A site has paths, and more than one service. A release brings what the app lacks, or is told not to.
  {
    brings: ['path', 'mounted', 'paths', 'settings', 'brings', 'accept', 'sandbox', 'limits', 'max-headers'],
    values: { target: ['ubuntu-24.04', 'ubuntu-26.04'] },
  },
];

/** The newest version that is known. */
export function newest(migrations: readonly Migration[] = MIGRATIONS): number {
  return migrations.length + 1;
}

/** A file's answers as the newest version says them. */
export function migrated(
  answers: Answers,
  version: number,
  migrations: readonly Migration[] = MIGRATIONS,
): Answers {
  return migrations
    .slice(version - 1)
    .reduce((said, { migrate }) => (migrate === undefined ? said : migrate(said)), answers);
}

/**
 * The oldest version in which the newest one's answers can be written so that they are read as they are meant. So a file
 * stays what it was until it has something to say that its own version cannot, and an older program reads it as long.
 */
export function versionOf(
  answers: Readonly<Record<string, unknown>>,
  migrations: readonly Migration[] = MIGRATIONS,
): number {
  const isBrought = ({ brings, values = {} }: Migration) =>
    brings.some((name) => Object.hasOwn(answers, name)) ||
    Object.entries(values).some(([name, some]) => some.includes(answers[name]));
  return migrations.findLastIndex((one) => one.migrate !== undefined || isBrought(one)) + 2;
}
