import type { Diagnostic } from './diagnostic.ts';

/** What a validator says about the generated files, or what was seen in the project. */
export interface Finding extends Diagnostic {
  tool: string;
}
