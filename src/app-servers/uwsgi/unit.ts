/** uWSGI: https://uwsgi-docs.readthedocs.io/ */
import * as z from 'zod/mini';
import { field } from '../../contract/field.ts';
import { appServerContract, unitPlan } from '../../contract/plan.ts';
import { defineAppServer } from '../../contract/unit.ts';
import { oneOf, versionFrom } from '../../contract/values.ts';
import { appAccessLog } from '../access-log.ts';

/** The version that the generated files were tried with. */
const TRIED = '2.0.30';

export const uwsgi = defineAppServer({
  kind: 'uwsgi',
  title: 'uWSGI',
  why: 'A switch for everything, for those who know it already; in maintenance mode since 2022.',
  docs: 'https://uwsgi-docs.readthedocs.io/',
  // https://uwsgi-docs.readthedocs.io/en/latest/#included-components-updated-to-latest-stable-release
  refuses: [{ answer: 'interface', is: ['asgi'], because: 'uWSGI serves WSGI alone', instead: 'gunicorn' }],
  // https://uwsgi-docs.readthedocs.io/en/latest/Options.html#harakiri
  lacks: ({ appServer }) =>
    appServer.endsSlowRequests
      ? {}
      : {
          R8: 'with threads, each process serves several requests at once, so it is not killed when one of them hangs',
        },
  fields: {
    'uwsgi-version': field({
      ofService: 'shared',
      schema: versionFrom(TRIED),
      form: 'text',
      placeholder: 'VERSION',
      question: 'Which uWSGI runs the app?',
      help: "pip installs it into the app's virtual environment, as pyuwsgi: the same source, built already.",
      fallback: () => TRIED,
    }),
    'uwsgi-protocol': field({
      ofService: 'shared',
      schema: oneOf(['http', 'uwsgi']),
      form: 'choice',
      placeholder: 'PROTOCOL',
      question: 'What does the web server speak with uWSGI?',
      help: 'Both come by the same socket.',
      choices: [
        { value: 'http', title: 'HTTP', why: 'As with every other app server: curl can ask it, too.' },
        {
          value: 'uwsgi',
          title: 'uwsgi',
          why: "uWSGI's own: a request arrives read already, which saves it a little work.",
          // https://github.com/apache/httpd/blob/2.4.x/modules/proxy/mod_proxy_uwsgi.c
          refuses: [
            {
              answer: 'web-server',
              is: ['apache'],
              because:
                'with this protocol, Apache passes a request on as it arrives, so slow clients would hold up the workers',
              instead: 'http',
            },
          ],
        },
      ],
      fallback: () => 'http',
    }),
    'app-access-log': appAccessLog,
  },
  section: () =>
    z.object({
      ...unitPlan(),
      ...appServerContract(),
      version: z.string(),
      /** A process serves several requests at once. */
      threaded: z.boolean(),
    }),

  // uWSGI's own distribution has no wheel: it would take a compiler and Python's headers to a host that serves.
  // https://github.com/unbit/uwsgi/blob/uwsgi-2.0/setup.pyuwsgi.py
  distributions: (answers) => [`pyuwsgi==${answers['uwsgi-version']}`],

  speaksUwsgi: (answers) => answers['uwsgi-protocol'] === 'uwsgi',

  plan: ({ paths, service, upstream, workers }, answers) => ({
    kind: 'uwsgi',
    title: 'uWSGI',
    docs: 'https://uwsgi-docs.readthedocs.io/',
    command: () => [
      `${paths.venv}/bin/uwsgi`,
      upstream.uwsgi ? '--uwsgi-socket' : '--http-socket',
      upstream.socket,
      '--ini',
      `${service.config}/uwsgi.ini`,
    ],
    supervises: true,
    // With threads, the next request that the process serves starts the time anew.
    endsSlowRequests: () => workers.threads === 1,
    notifies: true,
    inRelease: [],
    reloadSignal: 'HUP',
    listsRequests: () => answers['app-access-log'],
    logsIds: () => answers['app-access-log'],
    version: () => answers['uwsgi-version'],
    threaded: () => workers.threads > 1,
  }),

  files({ service, workers }) {
    return [
      {
        template: 'app-servers/uwsgi/uwsgi.ini',
        path: () => `${service.config}/uwsgi.ini`,
        mode: 0o644,
        owner: 'root:root',
        purpose: 'How many processes serve the app, how long a request may take, and what is logged.',
      },
      ...(workers.count === 0
        ? [
            {
              template: 'app-servers/uwsgi/workers.py',
              path: () => `${service.config}/workers.py`,
              mode: 0o644,
              owner: 'root:root',
              purpose: 'Works out, when uWSGI starts, how many processes suit the number of cores.',
            },
          ]
        : []),
    ];
  },

  validators: async () => [(await import('./check.ts')).uwsgiAccepts],
});
