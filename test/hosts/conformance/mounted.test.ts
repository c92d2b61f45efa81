/** A site below a path, beside a single-page app and an API. */
import { conformance } from './suite.ts';

conformance('mounted');
