/** Flask behind nginx, gunicorn and systemd. */
import { conformance } from './suite.ts';

conformance('Flask, nginx, gunicorn, systemd', {
  project: 'flask-contracts',
  target: 'debian-13',
  // The source names the URL, and not the folder.
  flags: ['--tls', 'files', '--protected', '/_protected/=protected'],
});
