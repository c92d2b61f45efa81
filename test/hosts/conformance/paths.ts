/** Paths as clients write them, where a site's list of paths leads each, and whether what came back agrees. Pure. */
import type { Stage } from '../harness/visits.ts';

/** A path of a site, with both slashes, and what it leads to. */
export interface Way {
  url: string;
  to: string;
}

/**
 * A path as it is read before anybody looks where it leads: without its query, with what is escaped in its plain form,
 * several slashes as one, and dots followed. https://www.rfc-editor.org/rfc/rfc3986#section-6.2.2
 *
 * @param slashes An escaped slash is a slash; otherwise it is a character like others.
 * @returns undefined for what is no path at all, or leads above the root.
 */
export function plainPath(path: string, slashes: boolean): string | undefined {
  const [escaped = ''] = path.split('?');
  const escapes = escaped.match(/%[^%]{0,2}/g) ?? [];
  if (escapes.some((one) => !/^%[0-9a-f]{2}$/i.test(one) || one === '%00')) return undefined;
  const kept = slashes ? escaped : escaped.replace(/%2f/gi, '\u0000');
  // A character a byte: what is no UTF-8 leads wherever its other bytes do.
  const plain = kept.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  const parts: string[] = [];
  const segments = plain.split(/\/+/).slice(1);
  for (const segment of segments) {
    if (segment === '..') {
      if (parts.pop() === undefined) return undefined;
    } else if (segment !== '.') parts.push(segment);
  }
  // What ends with dots is a folder.
  const isFolder = ['.', '..'].includes(segments.at(-1) ?? '') && parts.length > 0;
  return `/${parts.join('/')}${isFolder && parts.at(-1) !== '' ? '/' : ''}`;
}

/** Where a plain path leads: to the longest that it lies below. */
function leadsTo(ways: readonly Way[], path: string): string | undefined {
  return ways
    .filter(({ url }) => path.startsWith(url))
    .reduce<Way | undefined>(
      (best, way) => (way.url.length > (best?.url.length ?? 0) ? way : best),
      undefined,
    )?.to;
}

/**
 * Where a path may lead, as a client writes it: to one place, or to one of two where web servers differ in whether an
 * escaped slash divides; undefined among them stands for a refusal.
 */
export function mayLeadTo(ways: readonly Way[], path: string): (string | undefined)[] {
  const read = [true, false].map((slashes) => plainPath(path, slashes));
  return [...new Set(read.map((one) => (one === undefined ? undefined : leadsTo(ways, one))))];
}

/** What the web server sends from disk, and nobody answers. */
export const FILES = 'files';

/** Is a path one of the list without its slash? */
export function isBare(ways: readonly Way[], path: string): boolean {
  return ways.some(({ url }) => url !== '/' && `${plainPath(path, true)}/` === url);
}

/**
 * Is what came back what may come from one of these places?
 *
 * @param answer `by` is who answered, undefined for the web server itself; `bare`: the path lacks the slash of a prefix.
 */
export function agrees(
  places: readonly (string | undefined)[],
  { status, by, bare }: { status: number; by: string | undefined; bare: boolean },
): boolean {
  if (by !== undefined) return places.includes(by);
  // A prefix without its slash may be taken for one that lacks it.
  if (bare && [301, 302, 307, 308].includes(status)) return true;
  const isRefused = status >= 400 && status < 500;
  return isRefused && places.some((place) => place === undefined || place === FILES || place.startsWith('/'));
}

/**
 * Requests that were answered by old code though they were made after new code had answered: what the newer answer
 * leads to, the older code may not have.
 */
export function steppedBack(stages: readonly Stage[], older: string, newer: string): Stage[] {
  const first = Math.min(...stages.filter(({ words }) => words.includes(newer)).map(({ ended }) => ended));
  return stages.filter(({ words, began }) => words.includes(older) && began > first);
}

const SEGMENTS = [
  ...['a', 'reports', '2026', 'index.html', 'x.js', 'caf%C3%A9', 'a%20b', 'a%2Fb', '%2E', '..', '.', ''],
  ...['A', 'a;b', "a'b", 'a+b', '~', '%25', '-_-', 'a:b', '@', 'a=b', 'a,b', '(x)', '%2e%2e', '%7Ea', '%FF'],
];

/** The ways in which a prefix is nearly, or unexpectedly, met. */
function nearly(url: string): string[] {
  const bare = url.replace(/\/$/, '');
  const letter = bare.at(1) ?? '';
  const escaped = `%${letter.charCodeAt(0).toString(16).toUpperCase()}`;
  return [
    ...['a', 'a/', 'a/b', '?a=/../b', 'a?b=%2F..', '//a', './a', 'a/../b', 'a%2Fb', '%2Fa', 'a/%2E%2e/b'].map(
      (tail) => url + tail,
    ),
    ...[`/${url}`, `//${url}a`, `/.${url}a`, `/x/..${url}a`, `/x/%2e%2E${url}a`, `/x%2F..${url}a`],
    ...[`${url}../a`, `${url}%2e%2e/a`, `${url}..`, `${url}a/../../a`, `${url}../..${url}`],
    // Without its slash, it is no more than a name that begins so.
    ...(bare === ''
      ? []
      : [
          ...[`${bare}x`, `${bare}x/a`, `${bare}.html`, `${bare};a/b`, `${bare}%2Fa`, `${bare}%20/a`],
          ...[`${bare.toUpperCase()}/a`, `/${escaped}${bare.slice(2)}/a`, `${bare}%3F/a`, `${bare}/`, bare],
        ]),
  ];
}

/**
 * So many different paths for a list of ways: each way in all its odd forms as far as there is room, then whatever comes
 * of putting their parts together. The same ways give the same paths.
 */
export function pathsToTry(ways: readonly Way[], count: number): string[] {
  const urls = [...new Set(ways.map(({ url }) => url))].sort();
  const odd = urls.map(nearly);
  const paths = new Set<string>();
  for (let at = 0; paths.size < count && odd.some((forms) => at < forms.length); at++)
    for (const forms of odd) if (at < forms.length && paths.size < count) paths.add(forms[at] as string);
  const parts = [...SEGMENTS, ...urls.map((url) => url.slice(1, -1)).filter((name) => name !== '')];
  // Knuth's multiplicative generator: https://en.wikipedia.org/wiki/Linear_congruential_generator
  let state = 1n;
  const next = (most: number) => {
    state = (state * 6364136223846793005n + 1442695040888963407n) % 2n ** 64n;
    return Number((state >> 33n) % BigInt(most));
  };
  while (paths.size < count) {
    const url = urls[next(urls.length)] ?? '/';
    const tail = Array.from({ length: 1 + next(4) }, () => parts[next(parts.length)]);
    paths.add(url + tail.join('/'));
  }
  return [...paths];
}
