import type { Framework } from '../unit.ts';
import { bottle } from './bottle.ts';
import { django } from './django.ts';
import { falcon } from './falcon.ts';
import { flask } from './flask.ts';
import { pyramid } from './pyramid.ts';
import { wsgi } from './wsgi.ts';

/** The recommended one first. */
export const frameworks: readonly Framework[] = [django, flask, pyramid, falcon, bottle, wsgi];
