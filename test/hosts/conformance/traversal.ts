/** A4: no path leads out of a folder, however it is written. */
import { expect } from 'vitest';
import type { Stack } from '../harness/stack.ts';
import { toVisit } from '../harness/visitor.ts';
import type { Row } from './suite.ts';

/** One step up, as somebody might write it in the hope that it is seen through too early or too late. */
const UP = [
  ...['../', '..%2f', '..%2F', '%2e%2e/', '%2E%2E/', '%2e%2e%2f', '.%2e/', '%2e./'],
  // Twice and three times encoded.
  ...['..%252f', '%252e%252e/', '%252e%252e%252f', '..%25252f', '%25252e%25252e%25252f'],
  // Overlong, halves and full width: UTF-8 as some decoders read it.
  ...['..%c0%af', '%c0%ae%c0%ae/', '%c0%ae%c0%ae%c0%af', '..%c1%9c', '..%e0%80%af', '%e0%80%ae%e0%80%ae/'],
  ...['..%f0%80%80%af', '%uff0e%uff0e%u2215', '..%u2215', '%ef%bc%8e%ef%bc%8e%ef%bc%8f', '..%ef%bc%8f'],
  // Other systems' separators.
  ...['..\\', '..%5c', '%2e%2e%5c', '%5c..%5c', '..%255c'],
  // Parameters, ends of strings and what is cut off somewhere.
  ...['..;/', ';/../', '..;x=1/', '..%3b/', '..%00/', '%00../', '..%0a/', '..%0d%0a/', '..%09/', '..%20/'],
  ...[
    '..%23/',
    '..%3f/',
    '..?/',
    '..#/',
    '...//',
    '....//',
    '..././',
    './/../',
    './../',
    '.%2f../',
    '//../',
    '/%2e%2e/',
  ],
  ...['x/../../', 'x%2f..%2f..%2f', '..//', '..%2f%2f', '..%2f/'],
];

/** What lies where a path could lead to: readable to everybody, so that only the way to it is in question. */
const NAME = 'trap.txt';
const WORD = 'a-trap-never-to-be-sent';

const parent = (path: string) => path.replace(/\/[^/]+$/, '');

/** In each folder above one that is served, and in those whose names begin with its name. */
function traps({ plan }: Stack): string[] {
  const folders = [...plan.static, ...plan.media, ...plan.protected].map(({ path }) => path);
  const files = folders.flatMap((folder) => {
    const above: string[] = [];
    for (let at = parent(folder); at !== ''; at = parent(at)) above.push(`${at}/${NAME}`);
    return [`${folder}.old/${NAME}`, `${folder}${NAME}`, ...above, `/${NAME}`];
  });
  return [...new Set(files)];
}

/** Paths that would lead out of a mount, if somebody followed them. */
function ways({ url, path }: { url: string; path: string }, files: readonly string[]): string[] {
  const bare = url.slice(0, -1);
  const sibling = `${path.slice(path.lastIndexOf('/') + 1)}.old/${NAME}`;
  const [first = ''] = files;
  return [
    ...UP.flatMap((step) => [
      ...[1, 2, 3, 5].map((depth) => url + step.repeat(depth) + NAME),
      ...[`${url}${step.repeat(8)}etc/passwd`, `${url}${step.repeat(8)}${first.slice(1)}`],
      ...[bare + step + NAME, url + step + sibling, bare + step + sibling],
    ]),
    ...[`${bare}.old/${NAME}`, `${bare}${NAME}`, `/x/..${url}../${NAME}`, `/%2e${url}../${NAME}`],
    ...files.flatMap((file) => [
      ...[`${url}${file}`, `/${url}${file}`, `${url}${file.replaceAll('/', '%2f')}`, `${bare}${file}`],
      ...[
        `${bare}//..//..//..//..//..//..${file}`,
        `${url}./${file}`,
        `${url}file:${file}`,
        `${url}%00${file}`,
      ],
    ]),
  ];
}

/** Other spellings of a path that nobody outside may use. */
function spellings(path: string): string[] {
  const encoded = [...path].map(
    (letter, at) => `${path.slice(0, at)}%${letter.charCodeAt(0).toString(16)}${path.slice(at + 1)}`,
  );
  const inner = path.slice(1);
  return [
    ...[path, `/${path}`, `//${path}`, `/.${path}`, `/x/..${path}`, `/%2e${path}`, `/x/%2e%2e${path}`],
    ...encoded,
    ...[`/%2f${inner}`, `/${inner.replace('/', '%2f')}`, `/${inner.replace('/', '//')}`, `/;${path}`],
    ...[`/${inner.toUpperCase()}`, `/${inner.replace('/', '/./')}`, `/${inner.replace('/', '/x/../')}`],
    ...[`${path}?x`, `${path}#x`, `${path}%00`, `${path}/`, `${path};x`, `${path}%20`, `${path}.`],
    ...[`/\\${inner}`, `/${inner.replace('/', '\\')}`, `/${inner.replace('/', '%5c')}`, `/%252f${inner}`],
  ];
}

export const traversalRows: Row[] = [
  {
    id: 'A4',
    lines: /alias|Alias|location|Location|internal|root /,
    async prove({ stack, note, measured }) {
      const { host, plan, site } = stack;
      const served = [...plan.static, ...plan.media];
      const mounts = [...served, ...plan.protected];
      const hidden = served.flatMap(({ path }) => [`${path}/.env`, `${path}/.git/config`]);
      const secrets = plan.protected.map(({ path }) => `${path}/${NAME}`);
      const laid = [...traps(stack), ...hidden, ...secrets];
      // What was not there before goes again.
      const made = [...mounts.map(({ path }) => `${path}.old`), ...served.map(({ path }) => `${path}/.git`)];
      const quoted = (paths: readonly string[]) => paths.map((path) => `'${path}'`).join(' ');
      await host.shell(
        `for file in ${quoted(laid)}; do echo ${WORD} | install -D -m 644 /dev/stdin "$file"; done`,
      );
      const files = [
        ...site.secretFiles.map(({ path }) => `${plan.paths.code}/${path}`),
        ...['/etc/passwd', `${plan.paths.venv}/pyvenv.cfg`],
        ...(plan.database.file === null ? [] : [plan.database.file.path]),
      ];
      const words = [
        ...[WORD, 'root:x:0:0', 'include-system-site-packages', 'SQLite format', '"paths": {', '%PDF-'],
        ...site.secretFiles.map(({ word }) => word),
      ];
      const inner = [
        ...served.flatMap(({ url }) => [`${url}.env`, `${url}.git/config`]),
        ...plan.protected.map(({ url }) => url + NAME),
        ...(plan.protected.length > 0 && site.members ? [site.members.protected.internal] : []),
      ];
      const paths = [...mounts.flatMap((mount) => ways(mount, files)), ...inner.flatMap(spellings)];
      const challenges = plan.tls.letsencrypt
        ? ways({ url: '/.well-known/acme-challenge/', path: plan.tls.challenges }, files)
        : [];
      const wrong: string[] = [];
      const kinds: Record<string, number> = {};
      try {
        for (const [origin, asked] of [
          [plan.site.origin, [...new Set(paths)]],
          [`http://${plan.site.canonical}`, [...new Set(challenges)]],
        ] as const) {
          const visit = toVisit(`${origin}/`);
          const swept = await host.visitor.order('sweep', { visit, paths: asked, words, clients: 8 });
          swept.forEach(({ status, words: found }, index) => {
            kinds[status] = (kinds[status] ?? 0) + 1;
            if (found.length > 0) wrong.push(`${origin}${asked[index]}: ${status} with ${found}`);
          });
        }
      } finally {
        await host.shell(`rm -f ${quoted(laid)}; rm -rf ${quoted(made)}`);
      }
      expect(wrong).toEqual([]);
      expect(kinds[0] ?? 0, 'paths that got no answer').toBe(0);
      note(`${paths.length} paths: ${JSON.stringify(kinds)}`);
      measured('answers', kinds);
    },
  },
];
