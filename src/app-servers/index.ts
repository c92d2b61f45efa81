import type { AppServer } from '../unit.ts';
import { gunicorn } from './gunicorn.ts';

/** The recommended one first. */
export const appServers: readonly AppServer[] = [gunicorn];
