/** Apache with others to keep the app, itself among them. */
import { conformance } from './suite.ts';

conformance('apache-managers');
