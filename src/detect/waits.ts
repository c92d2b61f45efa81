/** How long a request may have to wait for something else, where the code says so. */

import { isWithin } from '../evaluate/modules.ts';
import { type Detection, rootOf, warningOf } from '../words/detection.ts';
import type { ProjectFiles } from '../words/project-files.ts';
import { type Evidence, likelyValue } from '../words/value.ts';
import { isAside } from './entry-files.ts';

/** The seconds that a request has where nobody says otherwise: src/answers/fields.ts. */
const ORDINARY = 30;
const LONGEST = 3600;

/** `requests.get(url, timeout=90)`, `subprocess.run(command, timeout=120)`. */
const WAIT =
  /\b(?:requests|httpx|session|client|subprocess|aiohttp|urlopen)\b[^#]{0,200}?\btimeout[ \t]*=[ \t]*(\d{1,4})(?:\.0)?\b/i;

/** What does not happen within a request. */
const ELSEWHERE =
  /(?:^|\/)(?:tasks?|celery\w*|workers?|jobs?|cron\w*|scripts?|bin|tools?|commands|migrations|alembic|bots?|crawlers?|scrapers?)(?:\/|\.py$|_\w*\.py$)|gunicorn|(?:^|\/)manage\.py$/;

/** A detection, with a word on it where the code waits for longer than a request has. */
export function withWaits(project: ProjectFiles, detection: Detection): Detection {
  const longest = longestWait(project, rootOf(detection) ?? '.');
  if (longest === undefined) return detection;
  const { seconds, at } = longest;
  const has = Number(likelyValue(detection.answers.timeout) ?? ORDINARY);
  const facts = {
    ...detection.facts,
    'longest-wait': { kind: 'known' as const, value: seconds, from: [at] },
  };
  if (seconds < has) return { ...detection, facts };
  const message = `the code waits for up to ${seconds} seconds here, and a request has ${has}: if this is within a request, give --timeout ${Math.min(seconds + 10, LONGEST)}`;
  return { ...detection, facts, warnings: [...detection.warnings, warningOf(message, [at])] };
}

function longestWait(project: ProjectFiles, root: string): { seconds: number; at: Evidence } | undefined {
  const folder = root === '.' ? '' : root;
  let longest: { seconds: number; at: Evidence } | undefined;
  for (const file of project.list()) {
    if (!file.endsWith('.py') || !isWithin(file, folder) || isAside(file) || ELSEWHERE.test(file)) continue;
    const text = project.read(file) ?? '';
    if (!text.includes('timeout')) continue;
    for (const [index, line] of text.split('\n').entries()) {
      if (line.length > 500 || line.trimStart().startsWith('#')) continue;
      const seconds = Number(WAIT.exec(line)?.[1]);
      if (seconds >= ORDINARY && seconds <= LONGEST && seconds > (longest?.seconds ?? 0))
        longest = { seconds, at: { file, line: index + 1 } };
    }
  }
  return longest;
}
