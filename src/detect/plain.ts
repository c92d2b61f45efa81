/** What can be said of an app whose framework has no settings of its own. */

import { joinFolder } from '../evaluate/modules.ts';
import { toValue } from '../evaluate/to-value.ts';
import type { Route, Warning } from '../words/detection.ts';
import { DEPLOYED_APP } from '../words/on-host.ts';
import type { ProjectFiles } from '../words/project-files.ts';
import type { Value } from '../words/value.ts';
import type { AppReading, FoundApp } from './apps.ts';
import { takenName } from './bringing.ts';
import { openedDatabase } from './databases.ts';
import { believedAround } from './forwarded.ts';
import { healthOf } from './health.ts';
import { liveFacts } from './live.ts';
import { type Packaging, readPackaging } from './packaging.ts';
import { type Served, servedMounts } from './served.ts';
import { knownValue, unique, variables } from './settings.ts';
import { accelPrefixes, accelWarnings } from './x-accel.ts';

interface Own {
  framework: string;
  interface?: 'wsgi' | 'asgi';
  /** Folders that it serves itself. */
  served: readonly Served[];
  routes: readonly Route[];
  answers?: Record<string, Value<unknown>>;
  settings?: Record<string, Value<unknown>>;
  facts?: Record<string, Value<unknown>>;
  warnings?: readonly Warning[];
}

/** The reading of such an app. */
export function readPlain(project: ProjectFiles, app: FoundApp, own: Own): AppReading {
  const { root, object, evaluate } = app;
  const options = { base: root };
  const packaging = readPackaging(project, root);
  const mounts = servedMounts(project, root, own.served);
  const database = openedDatabase(project, root);
  const accel = accelPrefixes(project);
  return {
    framework: own.framework,
    apps: [{ app: app.app, routes: own.routes, from: app.from }],
    answers: {
      root: knownValue(root || '.', app.from),
      app: knownValue(app.app, app.from),
      interface: knownValue(own.interface ?? 'wsgi', app.from),
      static: toValue(mounts.static, options),
      media: toValue(mounts.media, options),
      database: database.kind,
      'database-file': database.file,
      env: variables(evaluate.environment(), true),
      'env-optional': variables(evaluate.environment(), false),
      ...migrationsOf(project, root, packaging),
      health: healthOf(own.routes),
      requirements: packaging.requirements,
      'gunicorn-version': packaging.version('gunicorn'),
      ...own.answers,
    },
    facts: { ...packaging.facts, ...liveFacts(project, root), ...own.facts },
    settings: {
      'X-Forwarded-For': toValue(believedAround(app), options),
      'X-Accel-Redirect': accel,
      ...own.settings,
    },
    belongs: [object.at],
    unbringable: { all: takenName(project, root, DEPLOYED_APP) },
    warnings: unique([
      ...packaging.warnings,
      ...evaluate.warnings(),
      ...mounts.warnings,
      ...accelWarnings(accel),
      ...(own.warnings ?? []),
    ]),
  };
}

/** https://alembic.sqlalchemy.org/en/latest/tutorial.html#editing-the-ini-file */
function migrationsOf(
  project: ProjectFiles,
  root: string,
  packaging: Packaging,
): Record<string, Value<unknown>> {
  const file = joinFolder(root, 'alembic.ini');
  if (!packaging.lists('alembic') || !project.list().includes(file)) return {};
  const from = [{ file, line: 1 }];
  return { migrate: knownValue(true, from), 'alembic-config': knownValue('alembic.ini', from) };
}
