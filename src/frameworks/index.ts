import type { Framework } from '../contract/unit.ts';
import { bottle } from './bottle.ts';
import { django } from './django.ts';
import { falcon } from './falcon.ts';
import { fastapi } from './fastapi.ts';
import { flask } from './flask.ts';
import { pyramid } from './pyramid.ts';
import { starlette } from './starlette.ts';
import { wsgi } from './wsgi.ts';

/** The recommended one first. */
export const frameworks: readonly Framework[] = [
  ...[django, flask, fastapi, pyramid, starlette, falcon, bottle],
  wsgi,
];
