/** The other process managers, in the stack that is otherwise the default one. */
import { conformance } from './suite.ts';

for (const [title, manager] of [
  ['supervisord', 'supervisord'],
  ['Circus', 'circus'],
] as const) {
  conformance(`Django, nginx, gunicorn, ${title}`, {
    project: 'django-contracts',
    target: 'debian-13',
    flags: ['--tls', 'files', '--process-manager', manager, '--monitor'],
  });
  // With what works in the background left to the other Debian.
  conformance(`Django, nginx, gunicorn, ${title}`, {
    project: 'django-contracts',
    target: 'debian-12',
    flags: ['--tls', 'files', '--process-manager', manager],
    answers: { background: {} },
  });
}
