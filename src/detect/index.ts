/**
 * What a project is, read from its files. https://github.com/railwayapp/railpack has the habit: an ordered list.
 */

import type { Detections, Detector } from '../contract/detections.ts';
import type { Part } from '../contract/earlier.ts';
import { type Detection, rootOf } from '../words/detection.ts';
import { normalisePath } from '../words/paths.ts';
import type { ProjectFiles } from '../words/project-files.ts';
import type { Evidence } from '../words/value.ts';
import { withDeployment } from './deployment/answers.ts';
import { withEarlier } from './deployment/index.ts';
import { isAside } from './entry-files.ts';
import { readPackaging } from './packaging.ts';
import { partsOf } from './parts.ts';
import { withServices } from './services/index.ts';
import { withWaits } from './waits.ts';

/** What a person said that decides which app is read. */
export interface Wish {
  /** The framework's kind. */
  framework?: unknown;
  /** The folder that the app is started in, "." for the project's top. */
  root?: unknown;
}

/** What a project is meant to be. */
export interface Choice {
  /** The app's reading; undefined where there is none, or where `rivals` has several. */
  detection: Detection | undefined;
  /** Why this one of several, said to the person. */
  because: string | undefined;
  /** The apps of which none is clearly meant: they differ in their folder or in their framework. */
  rivals: readonly Detection[];
  /** All apps that were found. */
  found: readonly Detection[];
}

/**
 * Reads a project, and settles which of several apps is meant, where that is clear. It never throws over what is in it.
 *
 * @param known The frameworks that it may be an app of, and the units that may have files in it.
 */
export function detect(project: ProjectFiles, known: Detections, wish: Wish = {}): Choice {
  const { frameworks, detectors } = known;
  const parts = partsOf(
    project,
    detectors.flatMap(({ mark }) => mark ?? []),
  ).map((files) => withEarlier(files, known.earlier));
  const areOne = parts.length === 1;
  const all = parts.flatMap((part) =>
    readPart(part, detectors, wish.framework).map((detection) =>
      withWaits(part, withServices(part, withDeployment(part, detection), areOne)),
    ),
  );
  const wished = all.filter((one) => wish.root !== undefined && rootOf(one) === folderText(wish.root));
  // An app may be started in a folder that nothing in the project names.
  const detections = wished.length > 0 ? wished : all;
  // Of several, one in another folder than the one that was named is none that was meant.
  if (wish.root !== undefined && wished.length === 0 && all.length > 1)
    return { detection: undefined, because: undefined, rivals: all, found: all };
  const [first, second] = detections;
  if (second === undefined) {
    const isChosen =
      first === undefined || wished.length > 0 || wish.framework !== undefined || !isBeside(first);
    return isChosen
      ? { detection: first, because: undefined, rivals: [], found: all }
      : { detection: undefined, because: besideAlone(first, frameworks), rivals: [], found: all };
  }
  return { ...meant(project, detections, frameworks), found: all };
}

function readPart(part: Part, detectors: readonly Detector[], wished: unknown): Detection[] {
  if (wished !== undefined)
    return read(
      part,
      detectors.filter(({ framework }) => framework === wished),
    );
  const found = read(
    part,
    detectors.filter(({ general }) => general !== true),
  );
  // What is true of every app says nothing where it is known whose it is.
  return found.length > 0 ? found : read(part, detectors);
}

function read(part: Part, detectors: readonly Detector[]): Detection[] {
  return detectors.map(({ detect: one }) => one(part)).filter((one) => one !== undefined);
}

/** One spelling of a folder: "backend/" and "./backend" are "backend". */
export function folderText(value: unknown): string {
  return normalisePath(String(value)) || '.';
}

/** What tells the app that is served from one that is only there, the surest first. */
const SIGNS: readonly {
  says: string;
  holds(detection: Detection, project: ProjectFiles, frameworks: Detections['frameworks']): boolean;
}[] = [
  { says: 'what is left is only in tests, documentation or examples', holds: (one) => !isBeside(one) },
  { says: 'it alone is named for servers, or started by an earlier deployment', holds: ({ named }) => named },
  {
    says: 'it alone is among the requirements',
    holds: (one, project, frameworks) => {
      const distribution = frameworks.find(({ kind }) => kind === one.framework)?.distribution ?? '';
      const root = rootOf(one) ?? '.';
      return readPackaging(project, root === '.' ? '' : root).lists(distribution.toLowerCase());
    },
  },
];

/** A library's example is not a site. */
function besideAlone(only: Detection, frameworks: Detections['frameworks']): string {
  const root = rootOf(only);
  const flag = root === undefined ? `--framework ${only.framework}` : `--root ${root}`;
  return `${nameOf(only, [only], frameworks)} was found in tests, documentation or examples alone, so it was not taken. ${flag} takes it`;
}

function meant(
  project: ProjectFiles,
  detections: readonly Detection[],
  frameworks: Detections['frameworks'],
): Omit<Choice, 'found'> {
  const nameOfOne = (one: Detection) => nameOf(one, detections, frameworks);
  const names = detections.map(nameOfOne).join(', ');
  let left = detections;
  for (const { says, holds } of SIGNS) {
    const some = left.filter((one) => holds(one, project, frameworks));
    const [only] = some;
    if (only !== undefined && some.length === 1) {
      const flags = differing(detections)
        .map((name) => `--${name}`)
        .join(' or ');
      const [at] = placesOf(only);
      const where = at === undefined ? '' : ` (${at.file}:${at.line})`;
      const because = `${names} were found, and ${nameOfOne(only)} was taken: ${says}${where}. ${flags} takes another`;
      return { detection: only, because, rivals: [] };
    }
    if (some.length > 0) left = some;
  }
  return { detection: undefined, because: undefined, rivals: left };
}

/** The answers that tell several apps apart, their frameworks or their folders: the one to ask for first. */
export function differing(detections: readonly Detection[]): ('root' | 'framework')[] {
  const roots = new Set(detections.map(rootOf)).size;
  const kinds = new Set(detections.map(({ framework }) => framework)).size;
  const root = roots > 1 ? (['root'] as const) : [];
  const framework = kinds > 1 ? (['framework'] as const) : [];
  // The framework says more to a person, where it says all.
  return kinds === detections.length ? [...framework, ...root] : [...root, ...framework];
}

/** An app among others, for people: "Flask", "Flask in api". */
function nameOf(
  detection: Detection,
  all: readonly Detection[],
  frameworks: Detections['frameworks'],
): string {
  const title = frameworks.find(({ kind }) => kind === detection.framework)?.title ?? detection.framework;
  const root = rootOf(detection);
  const folder = root === '.' ? 'the top folder' : root;
  return root !== undefined && differing(all).includes('root') ? `${title} in ${folder}` : title;
}

/** Where the app stands. */
export function placesOf({ answers: { app } }: Detection): Evidence[] {
  if (app?.kind === 'one-of') return app.options.flatMap(({ from }) => from);
  return app !== undefined && 'from' in app ? app.from : [];
}

function isBeside(detection: Detection): boolean {
  const from = placesOf(detection);
  return from.length > 0 && from.every(({ file }) => isAside(file));
}
