import type { AppServer } from '../contract/unit.ts';
import { gunicorn } from './gunicorn/unit.ts';
import { modWsgi } from './mod-wsgi/unit.ts';
import { uwsgi } from './uwsgi/unit.ts';
import { waitress } from './waitress/unit.ts';

/** The recommended one first. */
export const appServers: readonly AppServer[] = [gunicorn, uwsgi, waitress, modWsgi];
