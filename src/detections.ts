/**
 * What detection can find: the apps of the frameworks, and the files in which an earlier deployment configured a unit.
 * No unit imports it, and src/units.ts does not: so that units are known without what reads Python.
 */
import { earlierGunicorn } from './app-servers/gunicorn/reads.ts';
import { earlierUwsgi } from './app-servers/uwsgi/reads.ts';
import type { Detections } from './contract/detections.ts';
import { detectors } from './frameworks/detections.ts';
import { frameworks } from './frameworks/index.ts';
import { earlierSupervisord } from './process-managers/supervisord/reads.ts';
import { earlierSystemd } from './process-managers/systemd/reads.ts';
import { earlierApache } from './web-servers/apache/reads.ts';
import { earlierNginx } from './web-servers/nginx/reads.ts';

export const DETECTIONS: Detections = {
  detectors,
  frameworks,
  earlier: [earlierSystemd, earlierSupervisord, earlierGunicorn, earlierUwsgi, earlierNginx, earlierApache],
};
