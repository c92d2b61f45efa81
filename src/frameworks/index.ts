import type { Framework } from '../unit.ts';
import { django } from './django.ts';
import { flask } from './flask.ts';

/** The recommended one first. */
export const frameworks: readonly Framework[] = [django, flask];
