/** Each other way to a certificate, on Debian 12. */
import { conformance } from './suite.ts';

conformance('certificates-12');
