/** Django as ASGI behind nginx, gunicorn and systemd. */
import { conformance } from './suite.ts';

for (const target of ['debian-12', 'debian-13']) {
  conformance('Django (ASGI), nginx, gunicorn, systemd', {
    project: 'django-live',
    target,
    // Longer than a request may take, and short enough for a test to see its end.
    flags: ['--tls', 'files', '--live-timeout', '15'],
  });
}
