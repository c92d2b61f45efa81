import type { Detector } from '../contract/detections.ts';
import { bottleDetector } from './bottle/detect.ts';
import { djangoDetector } from './django/detect.ts';
import { falconDetector } from './falcon/detect.ts';
import { flaskDetector } from './flask/detect.ts';
import { pyramidDetector } from './pyramid/detect.ts';
import { fastapiDetector, starletteDetector } from './starlette/detect.ts';
import { wsgiDetector } from './wsgi/detect.ts';

/** How each framework's apps are found, in the order of the frameworks. */
export const detectors: readonly Detector[] = [
  ...[djangoDetector, flaskDetector, fastapiDetector, pyramidDetector, starletteDetector],
  ...[falconDetector, bottleDetector],
  wsgiDetector,
];
