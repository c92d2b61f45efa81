/** The other process managers, in the stack that is otherwise the default one. */
import { conformance } from './suite.ts';

for (const [title, manager] of [
  ['supervisord', 'supervisord'],
  ['Circus', 'circus'],
] as const) {
  for (const target of ['debian-12', 'debian-13']) {
    conformance(`Django, nginx, gunicorn, ${title}`, {
      project: 'django-contracts',
      target,
      flags: ['--tls', 'files', '--process-manager', manager, '--monitor'],
    });
  }
}
