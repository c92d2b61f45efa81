/** Django behind nginx, gunicorn and systemd. */
import { conformance } from './suite.ts';

/** What works in the background is proved once, and each release would wait for it. */
const alone = { background: {} };

for (const target of ['debian-12', 'debian-13']) {
  conformance('Django, nginx, gunicorn, systemd', {
    project: 'django-contracts',
    target,
    flags: ['--tls', 'files'],
  });
  // What differs where nobody ends TLS.
  conformance(
    'Django, nginx, gunicorn, systemd, plain http',
    { project: 'django-contracts', target, flags: ['--tls', 'none'], answers: alone },
    ['R1', 'R2', 'R3', 'R4', 'R5', 'F1', 'F2'],
  );
  // What differs where the host gets its certificate by itself.
  conformance(
    "Django, nginx, gunicorn, systemd, Let's Encrypt",
    { project: 'django-contracts', target, flags: ['--tls', 'letsencrypt'], answers: alone },
    ['R1', 'R2', 'R3', 'R4', 'T2', 'T3', 'O5'],
  );
  // What differs where only the newest clients are let in.
  conformance(
    'Django, nginx, gunicorn, systemd, modern TLS',
    {
      project: 'django-contracts',
      target,
      flags: ['--tls', 'files', '--tls-profile', 'modern'],
      answers: alone,
    },
    ['T1'],
  );
}
