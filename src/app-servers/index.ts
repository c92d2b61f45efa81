import type { AppServer } from '../contract/unit.ts';
import { gunicorn } from './gunicorn.ts';
import { modWsgi } from './mod-wsgi.ts';
import { uwsgi } from './uwsgi.ts';
import { waitress } from './waitress.ts';

/** The recommended one first. */
export const appServers: readonly AppServer[] = [gunicorn, uwsgi, waitress, modWsgi];
