/** A command of `npm test`. */
export interface Step {
  name: string;
  command: string[];
}
/** Stages one after the other; the steps of a stage beside each other. */
export function stagesOf(mode: 'test' | 'all' | 'hosts' | 'quick'): Step[][];
