/** gunicorn: https://docs.gunicorn.org/ */
import * as z from 'zod/mini';
import { field } from '../../contract/field.ts';
import { appServerContract, unitPlan } from '../../contract/plan.ts';
import { defineAppServer } from '../../contract/unit.ts';
import { atLeast, oneOf, versionFrom } from '../../contract/values.ts';
import { appAccessLog } from '../access-log.ts';

/** The newest that the generated files were tried with. */
const NEWEST = '27.0.1';
/** `wsgi_app` in the configuration file: https://docs.gunicorn.org/en/stable/settings.html#wsgi-app */
const OLDEST = '20.1.0';
/**
 * uvicorn closes WebSockets with 1012 the moment that it is told to stop, and pings them, so that it notices the dead
 * ones. gunicorn's own worker for ASGI (up to 27.0.1) does neither: at a stop it waits for them until graceful_timeout
 * is over, serving nobody meanwhile, and then breaks the connections off without a close frame.
 * https://github.com/Kludex/uvicorn-worker
 */
const UVICORN = 'uvicorn_worker.UvicornWorker';

/** Requests that a gevent process serves at once. https://docs.gunicorn.org/en/stable/settings.html#worker-connections */
const CONNECTIONS = 1000;

/** What the class of its workers follows from. */
interface Workers {
  interface: 'wsgi' | 'asgi';
  threads: number;
  'gunicorn-worker': 'sync' | 'gthread' | 'gevent' | undefined;
}

const isUvicorn = (answers: Workers) => answers.interface === 'asgi';
/** There is no such answer with ASGI. */
const isGevent = (answers: Workers) => answers['gunicorn-worker'] === 'gevent';

/** As gunicorn itself decides: threads make gthread of sync. https://docs.gunicorn.org/en/stable/settings.html#threads */
function workerClass(answers: Workers): string {
  if (isUvicorn(answers)) return UVICORN;
  if (isGevent(answers)) return 'gevent';
  return answers.threads > 1 ? 'gthread' : (answers['gunicorn-worker'] ?? 'sync');
}

const SHARES = 'each process serves several requests at once, so it is not killed when one of them hangs';

export const gunicorn = defineAppServer({
  kind: 'gunicorn',
  title: 'gunicorn',
  why: 'Plain processes that a master watches over: the sturdy choice for nearly every app.',
  docs: 'https://docs.gunicorn.org/',
  lacks: ({ appServer }) =>
    appServer.endsSlowRequests || appServer.workerClass === UVICORN ? {} : { R8: SHARES },
  fields: {
    'gunicorn-version': field({
      ofService: 'shared',
      schema: versionFrom(OLDEST),
      form: 'text',
      placeholder: 'VERSION',
      question: 'Which gunicorn runs the app?',
      help: "pip installs it into the app's virtual environment.",
      fallback: () => NEWEST,
    }),
    'gunicorn-worker': field({
      ofService: 'shared',
      schema: oneOf(['sync', 'gthread', 'gevent']),
      derived: true,
      form: 'choice',
      placeholder: 'KIND',
      question: 'How does a process serve requests?',
      help: 'One by one, which is the sturdy way, or several at once.',
      choices: [
        {
          value: 'sync',
          title: 'sync',
          why: 'One request at a time; one that hangs is ended with its process. With threads it is gthread.',
        },
        {
          value: 'gthread',
          title: 'gthread',
          why: 'As many at once as there are threads: for apps that wait for databases and other servers.',
        },
        {
          value: 'gevent',
          title: 'gevent',
          why: 'A thousand at once, by patching blocking calls: only if all that the app uses is known to tolerate it.',
        },
      ],
      when: [{ answer: 'interface', is: ['wsgi'] }],
      fallback: ({ threads }) => (Number(threads) > 1 ? 'gthread' : 'sync'),
    }),
    'app-access-log': appAccessLog,
  },
  section: () =>
    z.object({
      ...unitPlan(),
      ...appServerContract(),
      version: z.string(),
      workerClass: z.string(),
      /** Requests that a process of gevent serves at once; 0 for another class. */
      connections: z.number(),
      /** Threads count for gthread alone. */
      threaded: z.boolean(),
      /** uvicorn serves inside of gunicorn's processes, with a log and a trust of its own. */
      uvicorn: z.boolean(),
      /** It opens a control socket by default from 25.1, where the app's user has no place for it. */
      controlSocket: z.boolean(),
    }),

  distributions(answers) {
    const uvicorn = isUvicorn(answers) ? ['uvicorn-worker', 'uvicorn[standard]'] : [];
    // gunicorn's own module for it imports packaging, and does not ask for it:
    // https://github.com/benoitc/gunicorn/blob/master/gunicorn/workers/ggevent.py
    const gevent = isGevent(answers) ? ['gevent', 'packaging'] : [];
    return [`gunicorn==${answers['gunicorn-version']}`, ...uvicorn, ...gevent];
  },

  plan: ({ paths, service }, answers) => ({
    kind: 'gunicorn',
    title: 'gunicorn',
    docs: 'https://docs.gunicorn.org/',
    command: () => [`${paths.venv}/bin/gunicorn`, '--config', `${service.config}/gunicorn.conf.py`],
    supervises: true,
    endsSlowRequests: () => workerClass(answers) === 'sync',
    notifies: true,
    inRelease: [],
    reloadSignal: 'HUP',
    listsRequests: () => answers['app-access-log'],
    logsIds: () => answers['app-access-log'] && !isUvicorn(answers),
    version: () => answers['gunicorn-version'],
    workerClass: () => workerClass(answers),
    connections: () => (isGevent(answers) ? CONNECTIONS : 0),
    threaded: () => workerClass(answers) === 'gthread',
    uvicorn: () => isUvicorn(answers),
    controlSocket: () => atLeast(answers['gunicorn-version'], '25.1'),
  }),

  files({ service }) {
    return [
      {
        template: 'app-servers/gunicorn/gunicorn.conf.py',
        path: () => `${service.config}/gunicorn.conf.py`,
        mode: 0o644,
        owner: 'root:root',
        purpose: 'How many processes serve the app, how long a request may take, and what is logged.',
      },
    ];
  },

  validators: async () => [(await import('./check.ts')).gunicornAccepts],
});
