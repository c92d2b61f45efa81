import type { Framework } from '../contract/unit.ts';
import { bottle } from './bottle/unit.ts';
import { django } from './django/unit.ts';
import { falcon } from './falcon/unit.ts';
import { fastapi } from './fastapi/unit.ts';
import { flask } from './flask/unit.ts';
import { pyramid } from './pyramid/unit.ts';
import { starlette } from './starlette/unit.ts';
import { wsgi } from './wsgi/unit.ts';

/** The recommended one first. */
export const frameworks: readonly Framework[] = [
  ...[django, flask, fastapi, pyramid, starlette, falcon, bottle],
  wsgi,
];
