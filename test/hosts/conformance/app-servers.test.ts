/** The other app servers, in the stack that is otherwise the default one. */
import { conformance } from './suite.ts';

for (const [title, appServer] of [
  ['uWSGI', 'uwsgi'],
  ['waitress', 'waitress'],
] as const) {
  conformance(`Django, nginx, ${title}, systemd`, {
    project: 'django-contracts',
    target: 'debian-13',
    flags: ['--tls', 'files', '--app-server', appServer],
  });
  // What differs with an older Python and an older systemd.
  conformance(
    `Django, nginx, ${title}, systemd, plain http`,
    {
      project: 'django-contracts',
      target: 'debian-12',
      flags: ['--tls', 'none', '--app-server', appServer],
    },
    ['R1', 'R2', 'R8', 'O2', 'O8'],
  );
}
