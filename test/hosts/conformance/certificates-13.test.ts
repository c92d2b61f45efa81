/** Each other way to a certificate, on Debian 13. */
import { conformance } from './suite.ts';

conformance('certificates-13');
