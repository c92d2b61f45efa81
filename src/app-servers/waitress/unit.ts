/** waitress: https://docs.pylonsproject.org/projects/waitress/ */
import * as z from 'zod/mini';
import { field } from '../../contract/field.ts';
import { appServerContract, unitPlan } from '../../contract/plan.ts';
import { defineAppServer } from '../../contract/unit.ts';
import { versionFrom } from '../../contract/values.ts';

/** The version that the generated files were tried with. */
const TRIED = '3.0.2';

export const waitress = defineAppServer({
  kind: 'waitress',
  title: 'waitress',
  why: 'One process with threads, pure Python, small: for an app that waits more than it works, and is thread-safe.',
  docs: 'https://docs.pylonsproject.org/projects/waitress/',
  // https://docs.pylonsproject.org/projects/waitress/en/stable/
  refuses: [
    { answer: 'interface', is: ['asgi'], because: 'waitress serves WSGI alone', instead: 'gunicorn' },
  ],
  // https://docs.pylonsproject.org/projects/waitress/en/stable/design.html
  lacks: () => ({
    R8: 'a request that hangs is never ended: waitress only has threads, and a thread cannot be killed',
  }),
  fields: {
    'waitress-version': field({
      ofService: 'shared',
      schema: versionFrom(TRIED),
      form: 'text',
      placeholder: 'VERSION',
      question: 'Which waitress runs the app?',
      help: "pip installs it into the app's virtual environment.",
      fallback: () => TRIED,
    }),
  },
  section: () =>
    z.object({
      ...unitPlan(),
      ...appServerContract(),
      version: z.string(),
      /** Requests that are served at once, all in one process; 0: by the cores that the host gives. */
      threads: z.number(),
      /** It refuses a body that reaches this: the web server refuses before. */
      bodyLimit: z.number(),
    }),

  distributions: (answers) => [`waitress==${answers['waitress-version']}`],

  plan: ({ paths, service, workers, body }, answers) => ({
    kind: 'waitress',
    title: 'waitress',
    docs: 'https://docs.pylonsproject.org/projects/waitress/',
    command: () => [`${paths.venv}/bin/python`, `${service.config}/serve.py`],
    supervises: false,
    endsSlowRequests: false,
    notifies: true,
    inRelease: [],
    reloadSignal: '',
    listsRequests: false,
    logsIds: false,
    version: () => answers['waitress-version'],
    threads: () => workers.count * workers.threads,
    bodyLimit: () => body.bytes + 1,
  }),

  files({ service }) {
    return [
      {
        template: 'app-servers/waitress/serve.py',
        path: () => `${service.config}/serve.py`,
        mode: 0o644,
        owner: 'root:root',
        purpose:
          'Starts waitress on the socket that it is handed: how many threads it has, whom it trusts, and how it stops.',
      },
    ];
  },

  // It is a program, and no tool knows what it means without running it: the installer tries it beside the live release.
  validators: async () => [],
});
