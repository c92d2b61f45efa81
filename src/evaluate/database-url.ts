/**
 * Database URLs as dj-database-url and django-environ read them.
 * https://github.com/jazzband/dj-database-url#url-schema
 * https://django-environ.readthedocs.io/en/latest/types.html#environ-env-db-url
 */
import { PROJECT } from '../words/paths.ts';

const ENGINES: Record<string, string> = {
  postgres: 'django.db.backends.postgresql',
  postgresql: 'django.db.backends.postgresql',
  psql: 'django.db.backends.postgresql',
  pgsql: 'django.db.backends.postgresql',
  postgis: 'django.contrib.gis.db.backends.postgis',
  pgbouncer: 'django.db.backends.postgresql',
  timescale: 'timescale.db.backends.postgresql',
  timescalegis: 'timescale.db.backends.postgis',
  cockroach: 'django_cockroachdb',
  mysql: 'django.db.backends.mysql',
  mysql2: 'django.db.backends.mysql',
  mysqlgis: 'django.contrib.gis.db.backends.mysql',
  'mysql-connector': 'mysql.connector.django',
  sqlite: 'django.db.backends.sqlite3',
  spatialite: 'django.contrib.gis.db.backends.spatialite',
  oracle: 'django.db.backends.oracle',
  oraclegis: 'django.contrib.gis.db.backends.oracle',
  mssql: 'mssql',
  mssqlms: 'mssql',
  redshift: 'django_redshift_backend',
};

/** The engine of a database URL, and for SQLite its file. The user and the password are never taken out of it. */
export function databaseFromUrl(url: string): { engine: string; name: string | undefined } | undefined {
  const end = url.indexOf(':');
  const scheme = end === -1 ? '' : url.slice(0, end).toLowerCase();
  const engine = Object.hasOwn(ENGINES, scheme) ? ENGINES[scheme] : undefined;
  if (engine === undefined) return undefined;
  return {
    engine,
    name: scheme === 'sqlite' || scheme === 'spatialite' ? sqliteName(url.slice(end + 1)) : undefined,
  };
}

/** sqlite:///db.sqlite3 is relative, sqlite:////var/db.sqlite3 absolute: the path without its first slash. */
function sqliteName(rest: string): string | undefined {
  if (rest === '//:memory:' || rest === '') return ':memory:';
  if (!rest.startsWith('///')) return undefined;
  const name = rest.slice(3).split('?')[0] ?? '';
  // A path object already begins with a slash: f"sqlite:///{BASE_DIR}" has four, and is absolute as it should be.
  return name.startsWith(PROJECT) || name !== '' ? name : ':memory:';
}
