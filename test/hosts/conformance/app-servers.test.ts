/** The other app servers, in the stack that is otherwise the default one. */
import { conformance } from './suite.ts';

const django = { project: 'django-contracts', target: 'debian-13', answers: { background: {} } };

conformance('Django, nginx, gunicorn (gevent), systemd', {
  ...django,
  flags: ['--tls', 'files', '--gunicorn-worker', 'gevent'],
});
conformance('Django, nginx, uWSGI (uwsgi), systemd', {
  ...django,
  flags: ['--tls', 'files', '--app-server', 'uwsgi', '--uwsgi-protocol', 'uwsgi'],
});
// What differs where it speaks HTTP.
conformance(
  'Django, nginx, uWSGI, systemd',
  { ...django, flags: ['--tls', 'files', '--app-server', 'uwsgi'] },
  ['R1', 'R2', 'R5', 'R8', 'O2'],
);
conformance('Django, nginx, waitress, systemd', {
  ...django,
  flags: ['--tls', 'files', '--app-server', 'waitress'],
});
