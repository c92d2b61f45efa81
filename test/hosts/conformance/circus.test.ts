/** Circus in the place of systemd. */
import { conformance } from './suite.ts';

conformance('circus');
