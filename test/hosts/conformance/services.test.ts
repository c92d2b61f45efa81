/** Pages, live paths and tools: several services of one site. */
import { conformance } from './suite.ts';

conformance('services');
