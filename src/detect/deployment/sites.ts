/** What configurations of web servers have in common: names of sites, and services that requests go to. */
import { hostName } from '../../contract/values.ts';

/** Names that are nobody's. https://www.rfc-editor.org/rfc/rfc2606 */
const PLACEHOLDER =
  /(?:^|\.)(?:example(?:\.(?:com|org|net))?|localhost|invalid|test|local|domain\.(?:com|tld)|yourdomain\.\w+|your_domain\.\w+|mydomain\.\w+)$/i;

/** Is it the name of a site, and not a placeholder or an address? */
export function isSite(name: string): boolean {
  return (
    name.includes('.') &&
    !/^[\d.]+$/.test(name) &&
    hostName.safeParse(name).success &&
    !PLACEHOLDER.test(name)
  );
}

/** Names of services that are likely to be an app of Python's, or not. */
const PYTHON =
  /django|flask|fastapi|gunicorn|uwsgi|wsgi|asgi|uvicorn|daphne|python|backend|app|api|:(?:8000|8001|5000)\b/i;
const OTHER =
  /front|node|react|next|vue|angular|vite|flower|grafana|minio|adminer|pgadmin|php|:(?:3000|3001|5173|5555|9000|2368|4200)\b/i;

/**
 * The service that is the app, of all that requests go to: the one that most of them go to, and of several that with the
 * likelier name.
 */
export function likeliestTarget(
  passes: readonly { target: string; hint: string; isSure: boolean; isTop?: boolean }[],
): string | undefined {
  const scores = new Map<string, number>();
  for (const { target, hint, isSure, isTop = false } of passes) {
    const before =
      scores.get(target) ?? (isSure ? 5 : 0) + (PYTHON.test(hint) ? 2 : 0) - (OTHER.test(hint) ? 3 : 0);
    // Of several that are as likely, the one at / is the site.
    scores.set(target, before + (isTop ? 1.5 : 1));
  }
  return [...scores].sort(([, a], [, b]) => b - a)[0]?.[0];
}
