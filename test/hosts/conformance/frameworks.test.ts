/** Each framework in a whole stack, but for those that last. */
import { conformance } from './suite.ts';

conformance('frameworks');
