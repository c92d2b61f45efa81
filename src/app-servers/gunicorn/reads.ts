/** gunicorn's own configuration file, which is Python. https://docs.gunicorn.org/en/stable/settings.html */

import {
  type EarlierFiles,
  NOTHING,
  type Remark,
  type Said,
  type Statement,
} from '../../contract/earlier.ts';
import { answersOf } from '../../detect/deployment/servers.ts';
import { evaluator } from '../../evaluate/index.ts';
import { parentFolder } from '../../evaluate/modules.ts';
import { toValue } from '../../evaluate/to-value.ts';
import { definedNames } from '../../formats/gunicorn/names.ts';
import { GUNICORN_SETTINGS } from '../../formats/gunicorn/settings.ts';
import type { ProjectFiles } from '../../words/project-files.ts';

/** What the deployment's own file decides, and what says nothing of the app. */
const OURS = new Set(
  `access_log_format accesslog backlog bind capture_output chdir check_config daemon errorlog forwarded_allow_ips
  graceful_timeout group keepalive loglevel max_requests_jitter pidfile proc_name reload spew tmp_upload_dir umask
  user worker_connections worker_tmp_dir wsgi_app`.split(/\s+/),
);

/** The formula of gunicorn's own documentation, as "auto" has it. https://docs.gunicorn.org/en/stable/design.html#how-many-workers */
const CORES = /=\s*\(?(?:2\s*\*\s*)?(?:\w+\.)*cpu_count\(\)\s*\)?\s*(?:\*\s*2\s*)?(?:\+\s*1)?\s*(?:#.*)?$/;

export const earlierGunicorn: EarlierFiles = {
  unit: 'gunicorn',
  start: false,
  is: (name) => /gunicorn[\w.-]*\.py$/.test(name),
  // It may have any name, where a command line gives it.
  named: (file) => file.endsWith('.py'),
  read: readGunicorn,
};

function readGunicorn(project: ProjectFiles, file: string): Said {
  const text = project.read(file) ?? '';
  const lines = text.split('\n');
  const module = evaluator(project, { roots: [parentFolder(file), ''], follow: () => false }).module(file);
  const answers: Statement[] = [];
  const leftOver: Remark[] = [];
  for (const { name, line, kind } of definedNames(file, text)) {
    const at = { file, line };
    if (!GUNICORN_SETTINGS.has(name) || OURS.has(name)) continue;
    const value = toValue<unknown>(module?.get(name) ?? [], { base: '' });
    const known = value.kind === 'known' ? value.value : undefined;
    const given = CORES.test(lines[line - 1] ?? '') ? 'auto' : known;
    const meant = kind === 'value' ? answersOf('gunicorn', name.replaceAll('_', '-'), given) : undefined;
    if (meant) answers.push(...meant.map((one) => ({ ...one, at })));
    else
      leftOver.push({ text: kind === 'function' ? `the hook ${name}()` : `gunicorn's setting ${name}`, at });
  }
  return { ...NOTHING, answers, leftOver };
}
