/** The other ways to serve Django. */
import { conformance } from './suite.ts';

conformance('app-servers');
