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
    A3: 'Apache has a process of the app from the beginning of a request, so slow bodies hold them all',
    R6: 'Apache has a process of the app from the beginning of a request, so slow bodies hold them all',
    R7: 'Apache passes an answer on as it comes, so what a slow client has not taken yet holds its process',
    R9: "no page of the site's own says that the app is down: its processes are Apache's, and without Apache nothing answers",
    T2: "a reload of Apache ends mod_wsgi's processes within three seconds, whatever they have in hand",
    O3: "a reload of Apache ends mod_wsgi's processes within three seconds, whatever they have in hand",
    O4: 'the app has no main process that could be replaced alone: it is that of Apache, and of all its sites',
    O7: "the journal has nothing of the app: what it writes goes to Apache's error log",
    S1: "the app's processes are Apache's, and have its rights to folders, though not its user",
    S4: 'Apache has no sandbox that an app would be locked into',
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

  plan: ({ paths, workers }) => ({
    kind: 'mod-wsgi',
    title: 'mod_wsgi',
    docs: DOCS,
    command: [],
    supervises: true,
    endsSlowRequests: () => workers.threads === 1,
    notifies: false,
    inRelease: () => [`${paths.config}/wsgi.py`],
    reloadSignal: '',
    listsRequests: false,
    logsIds: false,
    processes: () => (workers.count === 0 ? PROCESSES : workers.count),
    script: () => `${paths.current}/wsgi.py`,
  }),

  files({ paths, upstream }) {
    const text = { mode: 0o644, owner: 'root:root' };
    return [
      {
        ...text,
        template: 'app-servers/mod-wsgi/app.conf',
        path: () => upstream.inside?.include ?? '',
        purpose: 'How many processes serve the app, as whom, and how long a request may take.',
      },
      {
        ...text,
        template: 'app-servers/mod-wsgi/server.conf',
        path: '/etc/apache2/conf-enabled/zz-mod-wsgi.conf',
        shared: true,
        purpose: "Keeps every app out of Apache's own processes.",
      },
      {
        ...text,
        template: 'app-servers/mod-wsgi/wsgi.py',
        path: () => `${paths.config}/wsgi.py`,
        purpose: "Loads the app in Apache's processes; each release has a copy.",
      },
    ];
  },

  // Apache judges the file with its own.
  validators: async () => [],
});
