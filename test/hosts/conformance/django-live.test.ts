/** Django as ASGI behind nginx, gunicorn and systemd. */
import { conformance } from './suite.ts';

conformance('django-live');
