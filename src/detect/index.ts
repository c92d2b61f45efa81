/**
 * What a project is, read from its files. https://github.com/railwayapp/railpack has the habit: an ordered list.
 */
import type { Detection } from './detection.ts';
import { detectDjango } from './django.ts';
import { detectFlask } from './flask.ts';
import type { ProjectFiles } from './project.ts';

/** Reads a project as one framework; undefined where it is none. */
type Detector = (project: ProjectFiles) => Detection | undefined;

/** Every framework's detector; those whose signs are surest come first. */
const DETECTORS: readonly { framework: string; detect: Detector }[] = [
  { framework: 'django', detect: detectDjango },
  { framework: 'flask', detect: detectFlask },
];

/** What was found in a project. */
export interface Findings {
  /** The frameworks that the project uses, the surest first; empty if it is of none that is known. */
  detections: Detection[];
  /** What is to be said about the project as a whole. */
  notes: string[];
}

/** Reads a project. It never throws over what the project has in it. */
export function detect(project: ProjectFiles): Findings {
  const detections = DETECTORS.map(({ detect: one }) => one(project)).filter((one) => one !== undefined);
  return { detections, notes: notesOf(project, detections) };
}

function notesOf(project: ProjectFiles, detections: readonly Detection[]): string[] {
  if (detections.length > 1) {
    return [`Several frameworks were found: ${detections.map((one) => one.framework).join(', ')}.`];
  }
  if (detections.length === 1) return [];
  return project.list().some((file) => file.endsWith('.py'))
    ? ['No framework that is known was found in the Python here.']
    : ['There is no Python here.'];
}
