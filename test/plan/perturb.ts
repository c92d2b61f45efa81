/**
 * Answers changed one at a time, and what that does to a plan: whether what each part of it is recorded to follow from
 * is true. An origin is missed where an answer changes a part that it is not recorded for; it is idle where no change of
 * the answer ever changed the part.
 */
import * as fc from 'fast-check';
import { resolveAnswers } from '../../src/answers/resolve.ts';
import { FIELDS } from '../../src/answers/schema.ts';
import type { Form } from '../../src/contract/field.ts';
import { answersBehind, type Traced } from '../../src/plan/trace.ts';
import { COMBINATIONS } from '../fuzz/attacks.ts';
import type { Answers } from '../fuzz/kits.ts';

type MakePlan = (answers: Answers) => Traced<unknown>;

/** What has no default, for where it comes to apply. */
const NEEDED: Answers = { 'django-settings': 'shop.settings', 'trusted-proxies': ['10.0.0.0/8'] };

/** Of each form; of these, an answer takes those that are valid for it beside the others. */
const VALUES: Record<Form, readonly unknown[]> = {
  choice: [],
  'yes-no': [true, false],
  number: ['auto', 0, 1, 2, 7, 600, 4000, 31_536_000],
  text: [
    ...['blog', 'my-shop', '.', 'src', 'src/site', '/srv/media/db.sqlite3', '/var/lib/shop/x.sqlite3'],
    ...[
      'shop.app:app',
      'asgi:make()',
      'paste_app:application',
      'shop.settings.live',
      'settings',
      'dev.ini#admin',
    ],
    ...['requirements.txt', 'pyproject.toml', 'src/setup.py', 'uv.lock', 'src/poetry.lock', 'deploy.ini'],
    ...['1.22.1', '1.24', '1.26.3', '1.29.7', '2.0.31', '3.0', '3.0.3', '3.5', '20.1.0', '25.1', '28.0'],
    ...[
      '252',
      '257',
      '260',
      '0.18',
      '0.20',
      '/',
      '/healthz',
      '/login 302',
      '5m',
      '1k',
      '16k',
      'admin@shop.example',
      '/portal/',
      '/shop/',
    ],
    ...['X-Forwarded-For', 'X-Real-IP', 'CF-Connecting-IP', 'nginx', 'www-data', '/etc/ssl/own.pem'],
  ],
  list: [
    [],
    ['shop.example'],
    ['example.org', 'www.example.org', `${'long-name.'.repeat(5)}example.org`],
    ['10.1.0.0/16', '192.0.2.1'],
    ['libpq5', 'gettext'],
    ['SECRET_KEY'],
    ['SHOP_SECRET_KEY', 'BLOG_SECRET_KEY', 'ACCESS_KEY'],
    ['SECRET_KEY', 'ALLOWED_HOSTS', 'STATIC_ROOT', 'LOGGING'],
    ['SECRET_KEY', 'TRUSTED_HOSTS'],
    ['MEMFILE_MAX'],
    ['secure_cookies_by_default'],
    ['DJANGO_ALLOWED_HOSTS', 'SITE_CSRF_TRUSTED_ORIGINS', 'DATABASE_URL'],
  ],
  map: [
    {},
    { '/files/': 'files' },
    { '/files/': '/srv/files' },
    { '/files/': 'files', '/files/more/': 'more', '/other/': 'files/other' },
    { worker: 'celery -A shop worker' },
    { worker: 'python manage.py run_huey', beat: '/usr/bin/beat -s {state}/beat' },
    { '/live/': 'shop.asgi:app', '/docs/': 'docs/built' },
    { ProcSubset: 'all', PrivateTmp: 'no' },
    { MemoryMax: '1G', LimitNOFILE: 65_536 },
    { 'file-unknown': 'ours', 'setting-wrong.DEBUG': 'a demonstration' },
  ],
};

const valuesFor = (name: string): readonly unknown[] => {
  const field = FIELDS[name];
  if (field === undefined) throw new Error(`there is no answer ${name}`);
  // Without a value it is the default, or left out.
  return [undefined, ...(field.choices?.map(({ value }) => value) ?? VALUES[field.form])];
};

/** The answers with one of them changed; undefined where that cannot be had. Others change only as far as they come or go with it. */
function withAnswer(answers: Answers, name: string, value: unknown): Answers | undefined {
  const { [name]: _, ...others } = { ...NEEDED, ...answers };
  const all = value === undefined ? others : { ...others, [name]: value };
  const given = Object.entries(all).map(([one, said]) => [one, { value: said, source: one }]);
  const resolution = resolveAnswers([{ insistent: false, answers: Object.fromEntries(given) }]);
  const wrong = resolution.problems.filter(({ kind }) => kind !== 'unasked');
  return wrong.length > 0 ? undefined : resolution.answers;
}

const change = fc
  .constantFrom(...Object.keys(FIELDS))
  .chain((name) => fc.constantFrom(...valuesFor(name)).map((value) => ({ name, value })));

/** Valid answers: those of a combination of units, with some of them changed. */
export const someAnswers: fc.Arbitrary<Answers> = fc
  .tuple(fc.constantFrom(...COMBINATIONS), fc.array(change, { maxLength: 30 }))
  .map(([combination, changes]) =>
    changes.reduce(
      (answers, { name, value }) => withAnswer(answers, name, value) ?? answers,
      withAnswer(combination, 'name', 'shop') ?? combination,
    ),
  );

/** With all that a person need not say. */
function completed(answers: Answers): Answers {
  const all = withAnswer(
    { domains: ['shop.example'], app: 'shop.app:app', static: {}, ...answers },
    'name',
    'shop',
  );
  if (all === undefined) throw new Error(`these are no answers: ${JSON.stringify(answers)}`);
  return all;
}

/** Two sets of valid answers that differ in one of them. */
export const twoAnswers = fc
  .tuple(someAnswers, change)
  .map(([answers, { name, value }]) => [answers, withAnswer(answers, name, value) ?? answers] as const);

/** Answers that differ from these in one: each answer is changed to every so many of its values, other ones each turn. */
const neighbours = (answers: Answers, every: number, turn: number): Answers[] =>
  Object.keys(FIELDS).flatMap((name) =>
    valuesFor(name).flatMap((value, at) => {
      const near = (at + turn) % every === 0 ? withAnswer(answers, name, value) : undefined;
      return near === undefined ? [] : [near];
    }),
  );

const KEYS = ['SHOP_SECRET_KEY', 'BLOG_SECRET_KEY', 'ACCESS_KEY'];

/** Where an answer matters that seldom does: on what else is chosen, or on the values of others. */
const SELDOM: readonly Answers[] = [
  { framework: 'flask', env: ['SECRET_KEY'], 'env-keys': [], target: 'debian-12' },
  { framework: 'flask', env: KEYS, 'env-keys': KEYS },
  { framework: 'django', 'env-optional': ['DJANGO_ALLOWED_HOSTS', 'SITE_CSRF_TRUSTED_ORIGINS'] },
  {
    ...{ sandbox: { ProcSubset: 'all' }, background: { worker: 'celery -A shop worker' } },
    paths: { '/live/': { app: 'shop.live:app', sandbox: {} } },
  },
  {
    ...{ framework: 'django', 'env-optional': KEYS, 'env-keys': [], root: 'src' },
    ...{ static: { '/files/': 'files', '/files/more/': 'files/more' }, media: { '/media/': 'media' } },
  },
  {
    ...{ framework: 'django', root: 'src', tls: 'proxy', 'trusted-proxies': ['10.0.0.0/8'] },
    ...{ static: { '/files/': 'files' }, media: { '/media/': '/srv/media' } },
    brings: ['SECRET_KEY', 'ALLOWED_HOSTS', 'CSRF_TRUSTED_ORIGINS', 'STATIC_ROOT', 'MEDIA_ROOT'],
  },
  { framework: 'flask', app: 'shop:make()', brings: ['SECRET_KEY', 'TRUSTED_HOSTS', 'MAX_CONTENT_LENGTH'] },
  { framework: 'flask', settings: 'own', protected: { '/files/': 'files' } },
  { framework: 'falcon', interface: 'wsgi', settings: 'own', tls: 'none' },
  { framework: 'django', path: '/portal/', mounted: true },
  {
    ...{ framework: 'flask', 'web-server': 'apache', 'app-server': 'mod-wsgi' },
    ...{ tls: 'proxy', 'trusted-proxies': ['10.0.0.0/8'], media: { '/media/': 'media' } },
  },
  { framework: 'bottle', brings: ['MEMFILE_MAX'] },
  { framework: 'falcon', interface: 'asgi', brings: ['secure_cookies_by_default'] },
  { framework: 'pyramid', app: 'paste_app:application', 'paste-ini': 'dev.ini' },
  { framework: 'falcon', interface: 'wsgi', tls: 'none' },
  { framework: 'falcon', interface: 'asgi', tls: 'none' },
  { 'app-server': 'uwsgi', 'uwsgi-protocol': 'uwsgi' },
  { 'app-server': 'waitress', workers: 2, threads: 7 },
  {
    ...{ path: '/portal/', mounted: true, interface: 'asgi', static: { '/files/': 'files' } },
    paths: {
      '/': { folder: 'built', 'single-page': true },
      '/live/': { app: 'shop.live:app', 'max-body': '1m', timeout: 7, workers: 2 },
      '/other/': { app: 'shop.other:make()', 'app-server': 'uwsgi', mounted: true, service: 'two' },
    },
  },
  {
    ...{ 'web-server': 'apache', 'process-manager': 'circus', 'env-keys': [] },
    paths: { '/docs/': 'docs/built', '/live/': 'shop.asgi:app' },
  },
  { 'app-server': 'gunicorn', threads: 7, 'app-access-log': true },
  { 'web-server': 'apache', background: { worker: 'celery -A shop worker' } },
  { 'process-manager': 'supervisord', monitor: true, env: KEYS, 'env-keys': [] },
];

/** What may be recorded and never seen to matter, and why. */
const EXCUSED: { path: RegExp; answers: readonly string[]; because: string }[] = [
  ...Object.entries({
    framework: 'framework',
    webServer: 'web-server',
    appServer: 'app-server',
    processManager: 'process-manager',
  }).map(([section, answer]) => ({
    path: new RegExp(`^${section}\\b`),
    answers: [answer],
    because: 'the units of a kind happen to say the same there; the next need not',
  })),
  {
    path: /^limits\b/,
    answers: ['framework', 'process-manager'],
    because: 'no unit of these kinds lacks anything so far',
  },
  { path: /^files\b/, answers: ['framework'], because: 'no framework has files of its own so far' },
  {
    path: /^files\.\*\.(?:mode|owner|user|group|needsCertificate|shared) /,
    answers: ['name'],
    because: 'whether there is a page of processes, and so a file, is told by the path of its program',
  },
  {
    path: /^framework\.(?:wanted\.\*\.write|snippet\.lines)\b/,
    answers: ['root'],
    because: "Django's settings name their folders from the root, which is taken off again",
  },
  {
    path: /^framework\.brought(?:Needs)?\b/,
    answers: [
      ...['domains', 'tls', 'static', 'media', 'protected', 'root', 'name', 'interface', 'max-body'],
      ...['env', 'env-optional', 'env-keys', 'path', 'mounted'],
    ],
    because: 'what of the answer `brings` an app wants shows only when all is known that it has to set',
  },
  {
    path: /^framework\.snippet\b/,
    answers: ['protected', 'tls', 'env', 'env-optional'],
    because: 'whether there is a snippet shows only when all is known that the app has to set',
  },
];

/** Where the list of services is looked at for something that few of them have. */
EXCUSED.push(
  {
    path: /^(?:site\.(?:bodies|timeouts)|webServer\.pages)\b/,
    answers: ['name'],
    because: 'an item of these lists is made whole, and the name is in another part of it',
  },
  {
    path: /^target\.wants\b/,
    answers: ['http2', 'openssl-version', 'target', 'tls', 'protected'],
    because: 'an item of the list is made whole: a package with the version that its words in the files need',
  },
  {
    path: /^site\.loosened\b/,
    answers: ['name', 'background', 'sandbox', 'limits'],
    because: 'an item of the list is made whole: the line with its cost, and the units that have it',
  },
  {
    path: /^webServer\.pages\.\*\.inner/,
    answers: ['app-server'],
    because: 'it takes mod_wsgi, whose app lies within a folder: seldom drawn together',
  },
  {
    path: /^framework\.wanted\.\*\.(?:name|why)/,
    answers: ['path'],
    because: 'a wanted setting is made whole, and the path stands in what is to be written',
  },
  {
    path: /^folders\.linked\b/,
    answers: ['root'],
    because:
      'of folders within each other the inner one is first, which is told from where they lie in the project',
  },
  {
    path: /^(?:services|webServer|processManager|project|site|limits|files|framework)\b/,
    answers: ['paths'],
    because:
      'the services are one list, which follows from the paths; what is there once is seldom another with another list',
  },
  {
    path: /^(?:services|webServer|processManager|project|site|limits|files)\b/,
    answers: ['app', 'framework', 'threads', 'interface', 'max-requests', 'live-timeout', 'max-body', 'path'],
    because:
      'what a service does not say is what the site decides, which is told from what would follow by itself',
  },
);

const isExcused = (pair: string) =>
  EXCUSED.some(({ path, answers }) => path.test(pair) && answers.some((name) => pair.endsWith(` < ${name}`)));

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

const changedAnswers = (one: Answers, other: Answers) =>
  [...new Set([...Object.keys(one), ...Object.keys(other)])].filter(
    (name) => !isSame(one[name], other[name]),
  );

/** Where two plans differ: single values, and what is only in one of them. */
function differing(one: unknown, other: unknown, path = ''): string[] {
  const areBoth = [one, other].every((value) => typeof value === 'object' && value !== null);
  if (!areBoth || Array.isArray(one) !== Array.isArray(other)) return isSame(one, other) ? [] : [path];
  const [left, right] = [one, other] as [Answers, Answers];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].flatMap((name) => {
    const inside = path === '' ? name : `${path}.${name}`;
    return Object.hasOwn(left, name) && Object.hasOwn(right, name)
      ? differing(left[name], right[name], inside)
      : [inside];
  });
}

/** A part of a plan that changed with answers that it is not recorded to follow from. */
export interface Missed {
  path: string;
  /** The answers that were changed. */
  changed: string[];
}

/** Parts of either plan that differ, though neither plan has them follow from an answer that differs. */
export function missed(one: Answers, other: Answers, makePlan: MakePlan): Missed[] {
  return missedIn({ answers: one, ...makePlan(one) }, { answers: other, ...makePlan(other) });
}

type Planned = Traced<unknown> & { answers: Answers };

function missedIn(one: Planned, other: Planned): Missed[] {
  const changed = changedAnswers(one.answers, other.answers);
  return differing(one.value, other.value)
    .filter((path) => {
      const recorded = [one, other].flatMap(({ origins }) => answersBehind(path, origins));
      return !recorded.some((name) => changed.includes(name));
    })
    .map((path) => ({ path, changed }));
}

/** The path with any index: "static.*.url". */
const pattern = (path: string) => path.replaceAll(/(?<=\.)\d+(?=\.|$)/g, '*');

export interface Verdict {
  /** How many pairs of plans were compared. */
  compared: number;
  missed: Missed[];
  /** "path < answer" for each that was recorded, and never seen to matter, without a reason. */
  idle: string[];
}

/**
 * Compares the plans of many answers with those that one other answer makes of them.
 *
 * @param count How many answers, each with a few hundred others beside.
 */
export function judgeOrigins(makePlan: MakePlan, count: number): Verdict {
  const recorded = new Set<string>();
  const mattered = new Set<string>();
  const verdict: Verdict = { compared: 0, missed: [], idle: [] };
  const planned = (answers: Answers): Planned => ({ answers, ...makePlan(answers) });
  const pairs = ({ origins }: Planned, wanted: (path: string, name: string) => boolean) =>
    [...origins].flatMap(([path, names]) =>
      [...names].filter((name) => wanted(path, name)).map((name) => `${pattern(path)} < ${name}`),
    );
  const random = fc.sample(someAnswers, { numRuns: count, seed: 1 });
  const all = [
    ...SELDOM.map((answers) => ({ answers: completed(answers), every: 1 })),
    ...random.map((answers) => ({ answers, every: 4 })),
  ];
  for (const [turn, { answers, every }] of all.entries()) {
    const one = planned(answers);
    for (const pair of pairs(one, () => true)) recorded.add(pair);
    for (const near of neighbours(answers, every, turn)) {
      const other = planned(near);
      verdict.compared++;
      verdict.missed.push(...missedIn(one, other));
      const changed = changedAnswers(answers, near);
      const places = differing(one.value, other.value);
      const touched = (path: string) => places.some((place) => isWithin(path, place));
      for (const side of [one, other])
        for (const pair of pairs(side, (path, name) => changed.includes(name) && touched(path)))
          mattered.add(pair);
    }
  }
  verdict.idle = [...recorded].filter((pair) => !mattered.has(pair) && !isExcused(pair)).sort();
  return verdict;
}

/** Is one of these places in the other, or the same? */
const isWithin = (one: string, other: string) =>
  `${one}.`.startsWith(`${other}.`) || `${other}.`.startsWith(`${one}.`);
