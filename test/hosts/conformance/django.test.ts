/** Django behind nginx, gunicorn and systemd. */
import { conformance } from './suite.ts';

for (const target of ['debian-12', 'debian-13']) {
  conformance('Django, nginx, gunicorn, systemd', {
    project: 'django-contracts',
    target,
    flags: ['--tls', 'files'],
  });
  // What differs where nobody ends TLS.
  conformance(
    'Django, nginx, gunicorn, systemd, plain http',
    { project: 'django-contracts', target, flags: ['--tls', 'none'] },
    ['R1', 'R2', 'R3', 'R4', 'R5', 'F1', 'F2'],
  );
}
