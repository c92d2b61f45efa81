/** Whether a release can lay a module of its own over a project's settings, and what would not follow it. */

import { linesLike, takenName } from '../../detect/bringing.ts';
import type { Obstacle } from '../../words/detection.ts';
import type { ProjectFiles } from '../../words/project-files.ts';
import type { Evidence, Value } from '../../words/value.ts';
import { BROUGHT, DEPLOYED } from './advice.ts';

/** An entry that names its settings whatever the environment says. `setdefault` leaves that the last word. */
const INSISTS = /^\s*os\.environ\[\s*["']DJANGO_SETTINGS_MODULE["']\s*\]\s*=[^=]/;

/** Celery's usual modules name the settings too. https://docs.celeryq.dev/en/stable/django/first-steps-with-django.html */
const ENTRY = /(?:^|\/)(?:manage|wsgi|asgi|celery|celery_app)\.py$/;

/** What the settings are made of, as far as it stands in the way. */
interface Made {
  /** The folder that the app runs in. */
  root: string;
  /** Where they are made into something else: an object of a library's, the attributes of a class. */
  by?: { what: string; from: Evidence[] } | undefined;
  /** Where they ask which settings the app was started with. */
  asksForModule: Evidence[];
}

/** Why none can be brought; undefined where they can. */
export function obstacleTo(project: ProjectFiles, { root, by, asksForModule }: Made): Obstacle | undefined {
  if (by !== undefined)
    return { because: `the settings are ${by.what}, not names of a module`, from: by.from };
  if (asksForModule.length > 0)
    return {
      because: 'the settings depend on DJANGO_SETTINGS_MODULE, which would name another module',
      from: asksForModule,
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
 * What may differ with DEBUG and do no harm: tools of a developer's, which ask for DEBUG themselves, and folders, which
 * can be brought.
 */
const HARMLESS = ['INSTALLED_APPS', 'MIDDLEWARE', 'static', 'media'];

/**
 * Settings that others follow from: those would keep what they were made of.
 *
 * @param file The settings module.
 * @param read Answers and settings that were read, by their names, but those that can be brought too.
 */
export function followed(
  project: ProjectFiles,
  file: string,
  read: Readonly<Record<string, Value<unknown>>>,
): Record<string, Obstacle> {
  const onDebug = Object.entries(read).find(
    ([name, value]) =>
      !HARMLESS.includes(name) && value.kind === 'default' && value.unless.includes('DEBUG is on'),
  );
  const [ofKey] = linesLike(
    project,
    file,
    /^(?!\s*#)(?!\s*SECRET_KEY\s*=).*(?<![\w."'])SECRET_KEY\b(?!\s*=[^=])/,
  );
  const live = onDebug === undefined ? settingsOfLive(project, file) : undefined;
  return {
    ...(onDebug !== undefined && {
      DEBUG: {
        because: `"${onDebug[0]}" follows from it in the source`,
        from: onDebug[1].kind === 'default' ? onDebug[1].from : [],
      },
    }),
    ...(live !== undefined && {
      DEBUG: {
        because: `${live.name} is set only without it (${live.at.file}:${live.at.line})`,
        from: [live.at],
      },
    }),
    ...(ofKey !== undefined && {
      SECRET_KEY: { because: `another setting follows from it (${ofKey.file}:${ofKey.line})`, from: [ofKey] },
    }),
  };
}

/** The first setting that a branch without DEBUG sets, and that cannot be brought; undefined where none does. */
function settingsOfLive(project: ProjectFiles, file: string): { name: string; at: Evidence } | undefined {
  const lines = (project.read(file) ?? '').split('\n');
  const indent = (text: string) => text.search(/\S/);
  let branch: { depth: number; live: boolean } | undefined;
  for (const [index, text] of lines.entries()) {
    if (text.trim() === '' || text.trim().startsWith('#')) continue;
    const depth = indent(text);
    if (branch !== undefined && depth <= branch.depth)
      branch =
        depth === branch.depth && /^\s*else\s*:/.test(text) ? { depth, live: !branch.live } : undefined;
    const condition = /^\s*if\s+(not\s+)?DEBUG\s*:/.exec(text);
    if (condition !== null) branch = { depth, live: condition[1] !== undefined };
    const name = branch?.live ? /^\s+([A-Z][A-Z0-9_]*)\s*(?:[+|]?=[^=]|\[|:)/.exec(text)?.[1] : undefined;
    if (name !== undefined && !BROUGHT.includes(name) && !HARMLESS.includes(name))
      return { name, at: { file, line: index + 1 } };
  }
  return undefined;
}
