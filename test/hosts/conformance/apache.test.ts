/** Apache in the place of nginx. */
import { conformance } from './suite.ts';

conformance('apache');
