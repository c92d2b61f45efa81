/** gunicorn: https://docs.gunicorn.org/ */
import * as z from 'zod/mini';
import { field } from '../answers/field.ts';
import { atLeast, versionFrom } from '../answers/values.ts';
import { appServerContract, from, unitPlan } from '../plan/schema.ts';
import type { AppServer, GivenAnswers } from '../unit.ts';

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

/**
 * sync: one request, one process, killed when it takes too long. Threads change the class to gthread, ASGI to uvicorn's.
 * https://docs.gunicorn.org/en/stable/design.html
 */
function workerClass(answers: GivenAnswers): string {
  if (answers.interface === 'asgi') return UVICORN;
  return answers.threads > 1 ? 'gthread' : 'sync';
}

export const gunicorn: AppServer = {
  kind: 'gunicorn',
  title: 'gunicorn',
  why: 'Plain processes that a master watches over: the sturdy choice for nearly every app.',
  docs: 'https://docs.gunicorn.org/',
  fields: {
    'gunicorn-version': field({
      schema: versionFrom(OLDEST),
      form: 'text',
      placeholder: 'VERSION',
      question: 'Which gunicorn runs the app?',
      help: "pip installs it into the app's virtual environment.",
      fallback: () => NEWEST,
    }),
  },
  section: () =>
    z.object({
      ...unitPlan(),
      ...appServerContract(),
      version: from(z.string(), 'gunicorn-version'),
      workerClass: from(z.string(), 'interface', 'threads'),
      /** Threads count for gthread alone. */
      threaded: from(z.boolean(), 'threads', 'interface'),
      /** uvicorn serves inside of gunicorn's processes, with a log and a trust of its own. */
      uvicorn: from(z.boolean(), 'interface'),
      /** It opens a control socket by default from 25.1, where the app's user has no place for it. */
      controlSocket: from(z.boolean(), 'gunicorn-version'),
    }),

  distributions(answers) {
    const uvicorn = workerClass(answers) === UVICORN ? ['uvicorn-worker', 'uvicorn[standard]'] : [];
    return [`gunicorn==${answers['gunicorn-version']}`, ...uvicorn];
  },

  plan({ paths }, answers) {
    const chosen = workerClass(answers);
    return {
      kind: 'gunicorn',
      title: 'gunicorn',
      docs: 'https://docs.gunicorn.org/',
      command: [`${paths.venv}/bin/gunicorn`, '--config', `${paths.config}/gunicorn.conf.py`],
      supervises: true,
      endsSlowRequests: chosen === 'sync',
      notifies: true,
      reloadSignal: 'HUP',
      logsIds: chosen !== UVICORN,
      version: answers['gunicorn-version'],
      workerClass: chosen,
      threaded: chosen === 'gthread',
      uvicorn: chosen === UVICORN,
      controlSocket: atLeast(answers['gunicorn-version'], '25.1'),
    };
  },

  files({ paths }) {
    return [
      {
        template: 'app-servers/gunicorn/gunicorn.conf.py',
        path: `${paths.config}/gunicorn.conf.py`,
        mode: 0o644,
        owner: 'root:root',
        purpose: 'How many processes serve the app, how long a request may take, what is logged.',
      },
    ];
  },

  validators: async () => [(await import('../check/tools/gunicorn.ts')).gunicornAccepts],
};
