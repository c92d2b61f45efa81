/** Apache in the place of nginx; what works in the background knows nothing of either. */
import { conformance } from './suite.ts';

const apache = (project: string, target: string, ...flags: string[]) => ({
  project,
  target,
  flags: ['--tls', 'files', '--web-server', 'apache', ...flags],
  answers: { background: {} },
});

for (const target of ['debian-12', 'debian-13'])
  conformance('Django, Apache, gunicorn, systemd', apache('django-contracts', target));

for (const [title, manager] of [
  ['supervisord', 'supervisord'],
  ['Circus', 'circus'],
] as const)
  conformance(
    `Django, Apache, gunicorn, ${title}`,
    apache('django-contracts', 'debian-13', '--process-manager', manager),
  );

conformance('Django, Apache, mod_wsgi', apache('django-contracts', 'debian-13', '--app-server', 'mod-wsgi'));

// What lasts.
conformance(
  'Django (ASGI), Apache, gunicorn, systemd',
  apache('django-live', 'debian-13', '--live-timeout', '15'),
  ['R1', 'L1', 'L2'],
);
