/**
 * What a project is, read from its files. https://github.com/railwayapp/railpack has the habit: an ordered list.
 */
import { frameworks } from '../frameworks/index.ts';
import type { Framework } from '../unit.ts';
import type { Detection } from './detection.ts';
import { isAside } from './entry-files.ts';
import { readPackaging } from './packaging.ts';
import type { ProjectFiles } from './project.ts';

/** Reads a project as one framework; it never throws over what the project has in it. */
export function detectAs(project: ProjectFiles, framework: unknown): Detection | undefined {
  return frameworks.find(({ kind }) => kind === framework)?.detect(project);
}

/** What a project is meant to be. */
export interface Choice {
  /** The framework's reading; undefined where there is none, or where `rivals` has several. */
  detection: Detection | undefined;
  /** Why this one of several, said to the person. */
  because: string | undefined;
  /** The frameworks of which none is clearly meant. */
  rivals: readonly Detection[];
}

/** Reads a project, and settles which of several frameworks is meant, where that is clear. */
export function detect(project: ProjectFiles): Choice {
  const own = frameworks.filter(({ general }) => general !== true);
  const found = read(project, own);
  // What is true of every app says nothing where it is known whose it is.
  const detections = found.length > 0 ? found : read(project, frameworks);
  const [first, second] = detections;
  if (second === undefined) return { detection: first, because: undefined, rivals: [] };
  return meant(project, detections);
}

function read(project: ProjectFiles, units: readonly Framework[]): Detection[] {
  return units.map(({ detect: one }) => one(project)).filter((one) => one !== undefined);
}

/** What tells the framework that is served from one that is only there, the surest first. */
const SIGNS: readonly { says: string; holds(detection: Detection, project: ProjectFiles): boolean }[] = [
  { says: 'what is left is only in tests, documentation or examples', holds: (one) => !isBeside(one) },
  { says: 'it alone is named for servers', holds: ({ named }) => named },
  {
    says: 'it alone is among the requirements',
    holds: ({ framework, answers: { root } }, project) => {
      const folder = root?.kind === 'known' && root.value !== '.' ? String(root.value) : '';
      const distribution = frameworks.find(({ kind }) => kind === framework)?.distribution ?? '';
      return readPackaging(project, folder).lists(distribution.toLowerCase());
    },
  },
];

function meant(project: ProjectFiles, detections: readonly Detection[]): Choice {
  const names = detections.map(({ framework }) => titleOf(framework)).join(', ');
  let left = detections;
  for (const { says, holds } of SIGNS) {
    const some = left.filter((one) => holds(one, project));
    const [only] = some;
    if (only !== undefined && some.length === 1) {
      const because = `${names} were found, and ${titleOf(only.framework)} was taken: ${says}. --framework takes another`;
      return { detection: only, because, rivals: [] };
    }
    if (some.length > 0) left = some;
  }
  return { detection: undefined, because: undefined, rivals: left };
}

function titleOf(framework: string): string {
  return frameworks.find(({ kind }) => kind === framework)?.title ?? framework;
}

function isBeside({ answers: { app } }: Detection): boolean {
  const from =
    app?.kind === 'one-of'
      ? app.options.flatMap((option) => option.from)
      : app && 'from' in app
        ? app.from
        : [];
  return from.length > 0 && from.every(({ file }) => isAside(file));
}
