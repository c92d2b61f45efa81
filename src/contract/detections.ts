/**
 * What detection can find. It lies below the units and is told of them from outside, and no unit imports it: so whoever
 * wants a unit's answers or its files alone does not load what reads Python.
 */
import type { Detection } from '../words/detection.ts';
import type { EarlierFiles, Part } from './earlier.ts';
import type { Framework } from './unit.ts';

/** How the apps of a framework are found in a project. */
export interface Detector {
  /** The framework's kind. */
  framework: string;
  /** What the text of a module has that makes its app, or says which is started: it tells the parts of a repository that have apps. */
  mark?: RegExp;
  /** It is true of apps of other frameworks too: a project is read as of this one only where it is of no other. */
  general?: boolean;
  /** Reads a project; undefined where it is none of this framework's. */
  detect(project: Part): Detection | undefined;
}

export interface Detections {
  /** The recommended framework first. */
  detectors: readonly Detector[];
  /** The frameworks that they are of. */
  frameworks: readonly Pick<Framework, 'kind' | 'title' | 'distribution'>[];
  /** Files of earlier deployments; where several are as likely to run the live site, the first counts. */
  earlier: readonly EarlierFiles[];
}
