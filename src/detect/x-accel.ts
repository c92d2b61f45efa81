/** Protected files, as an app names them to nginx. https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_ignore_headers */

import { type Warning, warningOf } from '../words/detection.ts';
import type { ProjectFiles } from '../words/project-files.ts';
import type { Value } from '../words/value.ts';
import { isAside } from './entry-files.ts';
import { knownValue } from './settings.ts';

/** The source says under which URL the web server sends them, and not from which folder. */
export function accelWarnings(accel: Value<string[]>): Warning[] {
  if (accel.kind !== 'known') return [];
  const flags = accel.value.map((url) => `--protected ${url}=DIR`).join(' ');
  return [
    warningOf(
      `the app names files below ${accel.value.join(', ')} to the web server in X-Accel-Redirect: say from which folder with ${flags}`,
      accel.from,
    ),
  ];
}

const ACCEL = /["']X-Accel-Redirect["'][^"'\n]*(["'])(\/[A-Za-z0-9._~/-]*\/)/;

/** The internal URLs that the source names in X-Accel-Redirect, as far as they are literals. */
export function accelPrefixes(project: ProjectFiles): Value<string[]> {
  const files = project.list().filter((file) => file.endsWith('.py') && !isAside(file));
  const found = files.flatMap((file) =>
    (project.read(file)?.includes('X-Accel-Redirect') ? (project.read(file)?.split('\n') ?? []) : []).flatMap(
      (line, index) => {
        const url = ACCEL.exec(line)?.[2];
        return url === undefined ? [] : [{ url, file, line: index + 1 }];
      },
    ),
  );
  if (found.length === 0) return { kind: 'absent' };
  return knownValue(
    [...new Set(found.map(({ url }) => url))],
    found.map(({ file, line }) => ({ file, line })),
  );
}
