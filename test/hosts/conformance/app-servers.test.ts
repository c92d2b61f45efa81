/** The other app servers, in the stack that is otherwise the default one; waitress stands with Pyramid. */
import { conformance } from './suite.ts';

conformance('Django, nginx, uWSGI, systemd', {
  project: 'django-contracts',
  target: 'debian-13',
  flags: ['--tls', 'files', '--app-server', 'uwsgi'],
});
