/**
 * Work in the background, where it is certain: Celery as its own guide sets it up.
 * https://docs.celeryq.dev/en/stable/django/first-steps-with-django.html
 */

import type { Packaging } from '../../detect/packaging.ts';
import type { SettingReader } from '../../detect/settings.ts';
import { joinFolder } from '../../evaluate/modules.ts';
import { only } from '../../evaluate/run.ts';
import type { ProjectFiles } from '../../words/project-files.ts';
import type { Evidence, Value } from '../../words/value.ts';
import { has } from './settings.ts';

/** `app = Celery("shop")` as a statement of the module itself. */
const APP = /^\w+\s*(?::\s*[\w.]+\s*)?=\s*(?:celery\.)?Celery\(/;
const MODULES = ['celery', 'celery_app'];
const DATABASE_SCHEDULER = 'django_celery_beat.schedulers:DatabaseScheduler';

/** Commands by name; absent where the project has no Celery app beside its settings, or does not install Celery. */
export function backgroundCommands(
  project: ProjectFiles,
  root: string,
  settings: string | undefined,
  read: SettingReader,
  packaging: Packaging,
): Value<Record<string, string>> {
  const app = settings === undefined ? undefined : celeryApp(project, root, settings);
  if (app === undefined || !packaging.lists('celery')) return { kind: 'absent' };
  const celery = `celery -A ${app.name}`;
  const value = { worker: `${celery} worker --loglevel INFO`, ...beat(celery, read) };
  return { kind: 'known', value, from: [app.from] };
}

/** The module that `celery -A` takes: a package, where it is the package's celery.py; the nearest to the settings. */
function celeryApp(
  project: ProjectFiles,
  root: string,
  settings: string,
): { name: string; from: Evidence } | undefined {
  const parents = settings.split('.').slice(0, -1);
  const packages = parents.map((_, index) => parents.slice(0, parents.length - index).join('.'));
  for (const dotted of packages.flatMap((name) => MODULES.map((module) => `${name}.${module}`))) {
    const file = joinFolder(root, `${dotted.replaceAll('.', '/')}.py`);
    // A folder that may not be read has no files, and is told elsewhere.
    const lines = project.list().includes(file) ? project.read(file)?.split('\n') : undefined;
    const line = lines?.findIndex((text) => APP.test(text)) ?? -1;
    if (line !== -1) return { name: dotted.replace(/\.celery$/, ''), from: { file, line: line + 1 } };
  }
  return undefined;
}

/** A schedule in the settings or in the database; its file is to be where the app may write. */
function beat(celery: string, read: SettingReader): Record<string, string> {
  const command = `${celery} beat --loglevel INFO`;
  if (only(has(read('INSTALLED_APPS'), 'django_celery_beat'), 'bool')?.v === true)
    return { beat: `${command} --scheduler ${DATABASE_SCHEDULER}` };
  const schedule = only(read('CELERY_BEAT_SCHEDULE'), 'dict');
  const some = schedule !== undefined && schedule.entries.size > 0;
  return some ? { beat: `${command} --schedule {state}/celerybeat-schedule` } : {};
}
