import type { Refusal } from './field.ts';
import type { Plan } from './plan.ts';
import type { LazyFile, PlannedFile } from './unit.ts';

/** A way to bring a stack to where it runs: what surrounds the files of its units. */
export interface Delivery {
  /** The word for it in answers: "debian". */
  kind: string;
  /** Its name for people. */
  title: string;
  /** One sentence for the wizard: what it is and when to take it. */
  why: string;
  /** Answers that it cannot work with, why not, and the delivery that can. */
  refuses?: readonly Refusal[];
  /** The script of the output folder that installs all of it, where there is one. */
  installer?: string;
  /** Files of the host that belong to no unit. */
  hostFiles(plan: Plan): LazyFile[];
  /** Files of the kit itself, beside the tree for the host: `path` is relative to the output folder. */
  kitFiles(plan: Plan): PlannedFile[];
}
