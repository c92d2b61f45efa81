/** Whether a release can lay a module of its own over a project's settings, and what would not follow it. */

import { linesLike, takenName } from '../../detect/bringing.ts';
import type { Evaluator } from '../../evaluate/index.ts';
import type { Obstacle } from '../../words/detection.ts';
import type { ProjectFiles } from '../../words/project-files.ts';
import type { Evidence, Value } from '../../words/value.ts';
import { BROUGHT, DEPLOYED } from './advice.ts';
import { madeOfDebug, namesSet } from './follows.ts';

/** An entry that names its settings whatever the environment says. `setdefault` leaves that the last word. */
const INSISTS = /^\s*os\.environ\[\s*["']DJANGO_SETTINGS_MODULE["']\s*\]\s*=[^=]/;

/** Celery's usual modules name the settings too. https://docs.celeryq.dev/en/stable/django/first-steps-with-django.html */
const ENTRY = /(?:^|\/)(?:manage|wsgi|asgi|celery|celery_app)\.py$/;

/** What the settings are made of, as far as it stands in the way. */
interface Made {
  /** The folder that the app runs in. */
  root: string;
  /** The settings module, where it was found. */
  file: string | undefined;
  /** Where they are made into something else: an object of a library's, the attributes of a class. */
  by?: { what: string; from: Evidence[] } | undefined;
  /** Where they ask which settings the app was started with. */
  asksForModule: Evidence[];
}

/** Why none can be brought; undefined where they can. */
export function obstacleTo(
  project: ProjectFiles,
  { root, file, by, asksForModule }: Made,
): Obstacle | undefined {
  if (by !== undefined)
    return { because: `the settings are ${by.what}, not names of a module`, from: by.from };
  if (asksForModule.length > 0)
    return {
      because: 'the settings depend on DJANGO_SETTINGS_MODULE, which would name another module',
      from: asksForModule,
    };
  // Django takes every name in capitals: https://docs.djangoproject.com/en/stable/topics/settings/#the-basics
  const listed =
    file === undefined ? undefined : namesSet(project, file).find(({ name }) => name === '__all__');
  if (listed !== undefined)
    return {
      because: 'the settings have __all__, which Django ignores and an import of everything obeys',
      from: [listed.at],
    };
  const taken = takenName(project, root, DEPLOYED);
  if (taken !== undefined) return taken;
  const insisting = project
    .list()
    .filter((file) => ENTRY.test(file) && (root === '' || file.startsWith(`${root}/`)))
    .flatMap((file) => linesLike(project, file, INSISTS))[0];
  return insisting === undefined
    ? undefined
    : { because: 'it names its settings there, whatever the environment says', from: [insisting] };
}

/**
 * What may differ with DEBUG and do no harm: tools of a developer's and who may see them, which ask for DEBUG themselves,
 * and folders, which can be brought.
 */
const HARMLESS = ['INSTALLED_APPS', 'MIDDLEWARE', 'INTERNAL_IPS', 'static', 'media'];

/**
 * Settings that others follow from: those would keep what they were made of. The module that is brought runs the
 * project's settings as they are, and only then sets its own.
 *
 * @param file The settings module.
 * @param read Answers and settings that were read, by their names.
 */
export function followed(
  project: ProjectFiles,
  evaluate: Evaluator,
  file: string,
  read: Readonly<Record<string, Value<unknown>>>,
): Record<string, Obstacle> {
  const [ofKey] = linesLike(
    project,
    file,
    /^(?!\s*#)(?!\s*SECRET_KEY\s*=).*(?<![\w."'])SECRET_KEY\b(?!\s*=[^=])/,
  );
  const ofDebug = followsDebug(project, evaluate, file, read);
  return {
    ...(ofDebug !== undefined && { DEBUG: ofDebug }),
    ...(ofKey !== undefined && {
      SECRET_KEY: { because: `another setting follows from it (${ofKey.file}:${ofKey.line})`, from: [ofKey] },
    }),
  };
}

/** What the project makes of DEBUG, and a release does not make again. */
function followsDebug(
  project: ProjectFiles,
  evaluate: Evaluator,
  file: string,
  read: Readonly<Record<string, Value<unknown>>>,
): Obstacle | undefined {
  const set = madeOfDebug(project, evaluate, file).find(
    ({ name }) => !BROUGHT.includes(name) && !HARMLESS.includes(name),
  );
  if (set !== undefined)
    return { because: `${set.name} follows from it (${set.at.file}:${set.at.line})`, from: [set.at] };
  // Taken as it is without DEBUG, so that it may seem right and not be brought.
  for (const [name, value] of Object.entries(read))
    if (!HARMLESS.includes(name) && value.kind === 'default' && value.unless.includes('DEBUG is on'))
      return { because: `"${name}" follows from it in the source`, from: value.from };
  return undefined;
}
