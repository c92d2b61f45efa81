/** The other ways to serve, in the stack that is otherwise the default one; more stand with the frameworks. */
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
