/**
 * Has uWSGI read its configuration file. In strict mode it ends at an option or a route that it does not know; most
 * values it takes as they come, so nothing is said of them.
 * https://uwsgi-docs.readthedocs.io/en/latest/Options.html#strict
 */

import { words } from '../../check/run.ts';
import type { PlanOfService } from '../../contract/plan.ts';
import {
  fileNamed,
  type Reading,
  type ToolResult,
  type TreeFile,
  type Validator,
} from '../../contract/validator.ts';
import type { Finding } from '../../words/finding.ts';

const TOOL = 'uwsgi';
const STUB = 'deploy_scaffold_stub';

/**
 * `--no-server` reads everything and ends. An app that does nothing stands in the place of the user's, so that nothing
 * of the project is imported. Debian's uWSGI has Python in a plugin; where it is built in, the other word is passed over.
 */
export const uwsgiAccepts: Validator<PlanOfService> = {
  tool: TOOL,
  checks: 'whether uWSGI knows the options in its file',
  package: 'uwsgi-plugin-python3',
  oftenIn: ['.venv/bin', 'venv/bin'],
  version: {
    arguments: ['--version'],
    pattern: /^(\d+\.\d+(?:\.\d+)?)/m,
    wanted: (plan) => String(plan.appServer.version),
    older: 'run',
  },

  // A value may be a program's output, and an option a library, a command or a module; there are hundreds.
  // https://uwsgi-docs.readthedocs.io/en/latest/ParsingOrder.html and .../Hooks.html
  risk({ path }) {
    return /\/(?:uwsgi\.ini|workers\.py)$/.test(path)
      ? { because: 'uWSGI would run what it names' }
      : undefined;
  },

  prepare(context) {
    const file = fileNamed(context, 'uwsgi.ini');
    if (!file) return undefined;
    const beside = context.files.find(({ path }) => path.endsWith('/workers.py'));
    return {
      files: [
        {
          path: 'uwsgi.ini',
          text: file.text.replaceAll(/^(\s*module\s*=).*/gm, `$1 ${STUB}`),
          shown: file.shown,
        },
        { path: `${STUB}.py`, text: 'def application(*_):\n    raise NotImplementedError\n' },
        ...(beside === undefined ? [] : [{ path: 'workers.py', text: beside.text, shown: beside.shown }]),
      ],
      command: [context.tool, '--plugin', 'python3', '--ini', 'uwsgi.ini', '--no-server'],
      environment: { PYTHONDONTWRITEBYTECODE: '1' },
    };
  },

  read: readUwsgi,
};

const READ = /^no-server mode requested/m;

/** uWSGI's words as findings. It stops at the first fault, with a non-zero status, and its last line says which. */
export function readUwsgi(result: ToolResult, context: Reading<PlanOfService>): Finding[] {
  const file = fileNamed(context, 'uwsgi.ini') as TreeFile;
  const said = words(result);
  if (result.exitCode === 0 && READ.test(said)) return [];
  const lines = said.split('\n').filter((line) => line.trim() !== '');
  const message = context.clean(lines.at(-1)?.trim() ?? `exit status ${result.exitCode}, without a word`);
  const unknown = /unknown config directive: (\S+)/.exec(message)?.[1];
  const option =
    unknown ?? /unable to register route "([^"]+)"|option "([^"]+)"/.exec(message)?.slice(1).find(Boolean);
  if (option === undefined || unknown === 'module') {
    const remedy =
      'This machine lacks what the file needs, or uWSGI itself does not work here. Run it by hand.';
    return [{ code: 'tool-failed', tool: TOOL, level: 'unchecked', file: file.shown, message, remedy }];
  }
  const line = file.text.split('\n').findIndex((text) => !/^\s*[;#]/.test(text) && text.includes(option)) + 1;
  return [
    {
      code: 'uwsgi-complains',
      tool: TOOL,
      level: 'error',
      file: file.shown,
      ...(line > 0 && { line }),
      message,
      remedy: 'uWSGI does not start with it: https://uwsgi-docs.readthedocs.io/en/latest/Options.html',
    },
  ];
}
