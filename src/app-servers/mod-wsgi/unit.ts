/** mod_wsgi: https://modwsgi.readthedocs.io/ */
import * as z from 'zod/mini';
import { appServerContract, unitPlan } from '../../contract/plan.ts';
import { defineAppServer } from '../../contract/unit.ts';

const DOCS = 'https://modwsgi.readthedocs.io/';
/** Processes where nobody says how many: Apache cannot count the cores. */
const PROCESSES = 4;

export const modWsgi = defineAppServer({
  kind: 'mod-wsgi',
  title: 'mod_wsgi',
  why: "Inside Apache, which starts the app's processes itself: for those who want no separate server, can do without a sandbox, and have few slow clients.",
  docs: DOCS,
  // Debian's own, which runs Debian's own Python. https://packages.debian.org/libapache2-mod-wsgi-py3
  packages: ['libapache2-mod-wsgi-py3'],
  inside: (plan) => ({
    include: () => `/etc/apache2/${plan.name}-app.conf`,
    service: 'apache2.service',
    restart: () => `touch ${plan.paths.current}/wsgi.py`,
    logs: () => `tail -F /var/log/apache2/${plan.name}.error.log`,
  }),
  refuses: [
    { answer: 'web-server', is: ['nginx'], because: 'mod_wsgi runs inside of Apache', instead: 'gunicorn' },
    { answer: 'interface', is: ['asgi'], because: 'mod_wsgi serves WSGI alone', instead: 'gunicorn' },
    {
      answer: 'process-manager',
      is: ['supervisord', 'circus'],
      because: "Apache itself starts mod_wsgi's processes",
      instead: 'gunicorn',
    },
  ],
  // https://modwsgi.readthedocs.io/en/master/user-guides/processes-and-threading.html
  lacks: () => ({
    A3: "Apache occupies one of the app's processes from the start of each request, so slow request bodies can keep all of them busy",
    R6: "Apache occupies one of the app's processes from the start of each request, so slow request bodies can keep all of them busy",
    R7: 'Apache passes a response on as it is produced, so a slow client keeps its process busy until it has received everything',
    R9: "the site cannot show its own error page while the app is down: the app's processes are Apache's, and without Apache nothing answers",
    T2: "a reload of Apache ends mod_wsgi's processes within three seconds, even if they are still handling requests",
    O3: "a reload of Apache ends mod_wsgi's processes within three seconds, even if they are still handling requests",
    O4: "the app has no main process of its own to replace: it shares Apache's with every other site",
    O7: "the journal has no messages from the app: they go to Apache's error log",
    S1: "the app's processes run as the app's user, but they are Apache's, and can reach the same folders as Apache",
    S4: 'Apache does not run in a sandbox, so neither does the app',
  }),
  fields: {},
  section: () =>
    z.object({
      ...unitPlan(),
      ...appServerContract(),
      processes: z.number(),
      /** The script that Apache loads, in the live release. */
      script: z.string(),
    }),

  distributions: () => [],

  plan: ({ paths, service, workers }) => ({
    kind: 'mod-wsgi',
    title: 'mod_wsgi',
    docs: DOCS,
    command: [],
    supervises: true,
    endsSlowRequests: () => workers.threads === 1,
    notifies: false,
    inRelease: () => [`${service.config}/wsgi.py`],
    reloadSignal: '',
    listsRequests: false,
    logsIds: false,
    processes: () => (workers.count === 0 ? PROCESSES : workers.count),
    script: () => `${paths.current}/wsgi.py`,
  }),

  files({ service, upstream }) {
    const text = { mode: 0o644, owner: 'root:root' };
    return [
      {
        ...text,
        template: 'app-servers/mod-wsgi/app.conf',
        path: () => upstream.inside?.include ?? '',
        purpose: 'How many processes serve the app, which user they run as, and how long a request may take.',
      },
      {
        ...text,
        template: 'app-servers/mod-wsgi/server.conf',
        path: '/etc/apache2/conf-enabled/zz-mod-wsgi.conf',
        shared: true,
        purpose: "Keeps apps from running in Apache's own processes.",
      },
      {
        ...text,
        template: 'app-servers/mod-wsgi/wsgi.py',
        path: () => `${service.config}/wsgi.py`,
        purpose: 'Loads the app for mod_wsgi; each release has a copy.',
      },
    ];
  },

  // Apache judges the file with its own.
  validators: async () => [],
});
