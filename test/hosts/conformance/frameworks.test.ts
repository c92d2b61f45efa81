/** Each framework in a whole stack, and with them each way in which an app server of the default stack can serve. */
import { conformance } from './suite.ts';

// The source names the URL of protected files, and not the folder.
const PROTECTED = ['--tls', 'files', '--protected', '/_protected/=protected'];

conformance('Flask, nginx, gunicorn with threads, systemd', {
  project: 'flask-contracts',
  target: 'debian-13',
  flags: [...PROTECTED, '--threads', '4'],
});

conformance('Pyramid, nginx, waitress, systemd', {
  project: 'pyramid-contracts',
  target: 'debian-13',
  flags: [...PROTECTED, '--app-server', 'waitress'],
});

conformance('Bottle, nginx, uWSGI, systemd', {
  project: 'bottle-contracts',
  target: 'debian-13',
  flags: [...PROTECTED, '--app-server', 'uwsgi'],
});

// Its packages come from Poetry's lock.
conformance('FastAPI, nginx, gunicorn, systemd', {
  project: 'fastapi-contracts',
  target: 'debian-13',
  // Longer than a request may take, and short enough for a test to see its end.
  flags: [...PROTECTED, '--live-timeout', '15'],
});

conformance('Falcon, nginx, gunicorn, systemd', {
  project: 'falcon-contracts',
  target: 'debian-13',
  flags: PROTECTED,
});

// Of an app without a framework, the source says nothing of its files.
conformance('WSGI, nginx, gunicorn, systemd', {
  project: 'wsgi-contracts',
  target: 'debian-13',
  flags: [
    ...PROTECTED,
    ...['--framework', 'wsgi', '--app', 'wsgi:application', '--health', '/healthz'],
    ...['--static', '/static/=contracts/static', '--media', '/media/=media'],
  ],
});
