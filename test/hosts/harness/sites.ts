/** What the suite has to know of a fixture project: where it does what every site of the suite can do. */
import type { Planned as Plan } from '../../support/plan.ts';
import type { Stack } from './stack.ts';
import type { Answer } from './visitor.ts';

export interface Site {
  /** Variables that a person adds to the environment file. */
  environment: Record<string, string>;
  /** The command that makes demo data, run as the app runs. */
  seed: readonly string[];
  /** Its members, who upload and download files, where it has any: without them there are no rows on these. */
  members?: Members;
  /** WebSockets and event streams, where it has them. */
  live?: {
    /** A WebSocket that says what it hears. */
    echo: string;
    /** Server-sent events: one at once, then one every so many seconds. */
    events(every: number): string;
    /** A page that hangs the whole process for so many seconds. */
    hang(seconds: number): string;
  };
  /** Words of each place of a site of several: of services by their names, "" for the site's own; of folders by their URLs. */
  says?: Readonly<Record<string, readonly string[]>>;
  /** The service that holds connections open, where another is the site's own. */
  liveService?: string;
  /** A module that one service alone loads, and not the site's own. */
  breakable?: string;
  /** A single-page app: a word of its index, a file with a hash in its name and one without, by their URLs below it. */
  singlePage?: { index: string; hashed: string; other: string };
  /** A site that can lie below a path: all paths are relative to it. */
  mounted?: {
    /** Its pages, and a word that all of them have. */
    pages: readonly string[];
    word: string;
    /** Below it, any path is answered with what the site sees of it. */
    seen: string;
    /** Signs in; all answers on the way, the last one's page says who is signed in. */
    signIn(stack: Stack, url: string): Promise<Answer[]>;
  };
  /** What the site does in the background, where it does. */
  background?: {
    /** The process that does the work, and the one that keeps the schedule. */
    worker: string;
    schedule: string;
    /** How many pieces of work are done at the same time. */
    atOnce: number;
    /** Orders work that takes so many seconds; its number. */
    order(stack: Stack, seconds: number): Promise<number>;
    /** How often each piece of work was begun and finished; and the schedule's. */
    done(
      stack: Stack,
    ): Promise<{ works: Record<number, { begun: number; finished: number }>; ticks: number }>;
    /** A line that the worker logs when it has done this. */
    finished(work: number): RegExp;
    /** The environment variable for the seconds between two ticks of the schedule, and what it logs at each. */
    period: string;
    tick: RegExp;
  };
  /** The app's own module, where the object that is loaded is not in the project. */
  module?: string;
  /** The release's version, as /echo tells it: a file in the project. */
  versionFile: string;
  /** The framework's own server, one request at a time, as a command in the release's folder. */
  developmentServer(
    plan: Plan,
    port: number,
  ): { command: readonly string[]; environment: Record<string, string> };
  /** A page that takes so many seconds more. */
  slow(seconds: number): string;
  /** An asset by its name without a hash. */
  asset: string;
  /** Files of the project that nobody may see, with a word that is in each. */
  secretFiles: readonly { path: string; word: string }[];
  /** A line that the app itself logs for a request of this page. */
  logged: { page: string; line: RegExp };
}

interface Members {
  /** Logs in; the cookies. */
  login(stack: Stack, user: string): Promise<string>;
  /** Uploads a file as that user; its path on the site. */
  upload(
    stack: Stack,
    cookies: string,
    file: { name: string; type: string; content: string },
  ): Promise<string>;
  /** The protected download: whose it is, who may not have it, its page, the internal path and the name it gets. */
  protected: {
    page: string;
    owner: string;
    stranger: string;
    internal: string;
    /** Below the protected folder. */
    file: string;
    downloadName: RegExp;
  };
}

/** An optional part of a site, for a row that the plan says applies: then the site must have it. */
export function part<Part>(what: string, given: Part | undefined): Part {
  if (given === undefined)
    throw new Error(`test/hosts/harness/sites.ts does not say where the site has ${what}`);
  return given;
}

/** Cookies that an answer sets, for the next request. */
function cookiesOf(pairs: readonly [string, string][]): Record<string, string> {
  const cookies: Record<string, string> = {};
  for (const [name, value] of pairs) {
    const match = name === 'set-cookie' ? /^([^=]+)=([^;]*)/.exec(value) : null;
    if (match?.[1] !== undefined) cookies[match[1]] = match[2] ?? '';
  }
  return cookies;
}

const cookieHeader = (cookies: Record<string, string>) =>
  Object.entries(cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ');

/** The token of the last form on a page. */
function token(html: string): string {
  return [...html.matchAll(/csrfmiddlewaretoken" value="([^"]+)/g)].at(-1)?.[1] ?? '';
}

const PASSWORD = 'demo-Password-4711';

/** One request at a time, as WSGI: without another package it has no WebSockets. */
const runserver: Site['developmentServer'] = ({ paths }, port) => ({
  command: [`${paths.venv}/bin/python`, 'manage.py', 'runserver', '--nothreading', '--noreload'].concat(
    `0.0.0.0:${port}`,
  ),
  environment: { DJANGO_DEBUG: '1' },
});

const ATTACH = '/contract/1/upload';
const BORDER = 'x-border-of-the-parts';

const formPart = (disposition: string, text: string) =>
  `--${BORDER}\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n${text}\r\n`;

/** Sends the upload form of the first contract; the link to the attachment that its page then has. */
async function uploadAttachment(
  stack: Stack,
  headers: Record<string, string>,
  fields: string,
  { name, type, content }: { name: string; type: string; content: string },
): Promise<string> {
  const answer = await stack.fetch(ATTACH, {
    method: 'POST',
    headers: { ...headers, 'content-type': `multipart/form-data; boundary=${BORDER}` },
    body: `${fields}--${BORDER}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: ${type}\r\n\r\n${content}\r\n--${BORDER}--\r\n`,
  });
  if (answer.status !== 302) throw new Error(`the upload of ${name} was answered with ${answer.status}`);
  const { text } = await stack.fetch('/contract/1/');
  const links = [...text.matchAll(/href="([^"]*\/media\/[^"]+|\/media\/[^"]+)"/g)];
  const link = links
    .map(([, href = '']) => href)
    .findLast((href) => href.endsWith(name.replace(/^.*\./, '.')));
  if (link === undefined) throw new Error(`no link to ${name} on the page`);
  return link;
}

const contractsMembers: Members = {
  async login(stack, user) {
    const form = await stack.fetch('/accounts/login/');
    const cookies = cookiesOf(form.headerPairs);
    const answer = await stack.fetch('/accounts/login/', {
      method: 'POST',
      headers: {
        cookie: cookieHeader(cookies),
        referer: stack.url('/accounts/login/'),
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams({
        csrfmiddlewaretoken: token(form.text),
        username: user,
        password: PASSWORD,
      }).toString(),
    });
    const session = cookiesOf(answer.headerPairs);
    if (answer.status !== 302 || session.sessionid === undefined) throw new Error(`${user} cannot log in`);
    return cookieHeader({ ...cookies, ...session });
  },
  async upload(stack, cookies, file) {
    const form = await stack.fetch(ATTACH, { headers: { cookie: cookies } });
    const fields = formPart('name="csrfmiddlewaretoken"', token(form.text));
    return uploadAttachment(stack, { cookie: cookies, referer: stack.url(ATTACH) }, fields, file);
  },
  protected: {
    page: '/contract/2/file',
    owner: 'alice',
    stranger: 'bob',
    internal: '/_protected/contracts/2026-002_B%C3%BCro_K%C3%B6ln.pdf',
    file: 'contracts/2026-002_Büro_Köln.pdf',
    downloadName: /filename\*=utf-8''2026-002%20Mietvertrag%20B%C3%BCro%20K%C3%B6ln/i,
  },
};

const djangoContracts: Site = {
  environment: { DJANGO_DEMO_PASSWORD: PASSWORD },
  seed: ['python', 'manage.py', 'seed'],
  versionFile: 'VERSION',
  developmentServer: runserver,
  slow: (seconds) => `/contract/1/download?slow=${seconds}`,
  asset: '/static/contracts/css/contracts.css',
  secretFiles: [
    { path: 'manage.py', word: 'execute_from_command_line' },
    { path: 'contracts_site/settings.py', word: 'INSTALLED_APPS' },
  ],
  members: contractsMembers,
  logged: { page: '/contract/3/download', line: /rendered contract 2026-003, \d+ bytes/ },
  background: {
    worker: 'worker',
    schedule: 'beat',
    atOnce: 2,
    async order(stack, seconds) {
      const answer = await stack.fetch(`/report?seconds=${seconds}`, { method: 'POST' });
      if (answer.status !== 202) throw new Error(`an order was answered with ${answer.status}`);
      return JSON.parse(answer.text).report;
    },
    async done(stack) {
      const { reports, stock_takings } = JSON.parse((await stack.fetch('/background')).text);
      const works = (reports as { id: number; begun: number; finished: number }[]).map(
        ({ id, ...counts }) => [id, counts] as const,
      );
      return { works: Object.fromEntries(works), ticks: stock_takings };
    },
    finished: (work) => new RegExp(`report ${work} finished, \\d+ bytes`),
    period: 'DJANGO_STOCK_SECONDS',
    tick: /Sending due task take-stock/,
  },
};

const flaskMembers: Members = {
  async login(stack, user) {
    const answer = await stack.fetch('/accounts/login/', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ username: user, password: PASSWORD }).toString(),
    });
    const cookies = cookiesOf(answer.headerPairs);
    if (answer.status !== 302 || cookies.session === undefined) throw new Error(`${user} cannot log in`);
    return cookieHeader(cookies);
  },
  upload: (stack, cookies, file) => uploadAttachment(stack, { cookie: cookies }, '', file),
  protected: contractsMembers.protected,
};

const flaskContracts: Site = {
  environment: { CONTRACTS_DEMO_PASSWORD: PASSWORD },
  seed: ['flask', 'seed'],
  versionFile: 'VERSION',
  developmentServer: ({ paths, upstream }, port) => ({
    command: [
      `${paths.venv}/bin/flask`,
      'run',
      '--without-threads',
      '--no-reload',
      '--host',
      '0.0.0.0',
    ].concat('--port', String(port)),
    environment: { FLASK_APP: `'${upstream.app}'` },
  }),
  slow: (seconds) => `/contract/1/download?slow=${seconds}`,
  asset: '/static/css/contracts.css',
  secretFiles: [
    { path: 'contracts/settings.py', word: 'SQLALCHEMY_DATABASE_URI' },
    { path: 'contracts/site.py', word: 'render_template' },
  ],
  members: flaskMembers,
  logged: { page: '/contract/3/download', line: /rendered contract 2026-003, \d+ bytes/ },
};

/** The same site in a framework without commands of its own. */
const plainContracts: Site = {
  ...flaskContracts,
  seed: ['python', '-m', 'contracts.seed'],
  developmentServer: ({ paths }, port) => ({
    command: [`${paths.venv}/bin/python`, 'serve.py', String(port)],
    environment: {},
  }),
  secretFiles: [
    { path: 'contracts/store.py', word: 'CREATE TABLE' },
    { path: 'contracts/pages.py', word: 'SimpleDocTemplate' },
  ],
};

const djangoLive: Site = {
  environment: {},
  seed: ['python', 'manage.py', 'post', 'The doors open at nine.'],
  versionFile: 'VERSION',
  developmentServer: runserver,
  slow: (seconds) => `/report?slow=${seconds}`,
  asset: '/static/board/css/board.css',
  secretFiles: [
    { path: 'manage.py', word: 'execute_from_command_line' },
    { path: 'live_site/settings.py', word: 'INSTALLED_APPS' },
  ],
  logged: { page: '/report', line: /wrote a report of 1 notices/ },
  live: {
    echo: '/ws/echo',
    events: (every) => `/events?every=${every}`,
    hang: (seconds) => `/hang?seconds=${seconds}`,
  },
};

/** Pages, live paths and tools: a service each. */
const djangoServices: Site = {
  environment: {},
  seed: ['true'],
  versionFile: 'VERSION',
  developmentServer: runserver,
  slow: (seconds) => `/x?slow=${seconds}`,
  asset: '/static/shop/shop.css',
  secretFiles: [
    { path: 'manage.py', word: 'execute_from_command_line' },
    { path: 'shop/settings.py', word: 'INSTALLED_APPS' },
  ],
  logged: { page: '/x', line: /./ },
  live: {
    echo: '/live/echo',
    events: (every) => `/live/events?every=${every}`,
    hang: (seconds) => `/live/x?slow=${seconds}`,
  },
  says: {
    '': ['"service": "pages"', '<h1>Shop</h1>'],
    live: ['"service": "live"'],
    tools: ['"service": "tools"'],
  },
  liveService: 'live',
  breakable: 'tools/wsgi.py',
};

const { live: _live, liveService: _service, ...withoutLive } = djangoServices;

/** A site below a path, with a single-page app and an API beside it. */
const djangoPortal: Site = {
  ...withoutLive,
  slow: (seconds) => `/portal/seen/x?slow=${seconds}`,
  asset: '/portal/static/portal/portal.css',
  secretFiles: [
    { path: 'manage.py', word: 'execute_from_command_line' },
    { path: 'portal/settings.py', word: 'INSTALLED_APPS' },
  ],
  says: {
    '': ['"service": "portal"', '<title>Portal</title>'],
    api: ['"service": "api"'],
    live: ['"service": "live-portal"', '<title>Live portal</title>'],
    '/': ['<title>Shelf</title>'],
  },
  breakable: 'api/wsgi.py',
  singlePage: { index: '<title>Shelf</title>', hashed: 'assets/app.3f2a9c1b.js', other: 'shelf.svg' },
  mounted: {
    pages: ['sign-in/', 'account/', 'account', 'sign-in'],
    word: '<title>Portal</title>',
    seen: 'seen/',
    async signIn(stack, url) {
      const form = await stack.fetch(`${url}sign-in/`);
      const cookies = cookiesOf(form.headerPairs);
      const answer = await stack.fetch(`${url}sign-in/`, {
        method: 'POST',
        headers: {
          cookie: cookieHeader(cookies),
          referer: stack.url(`${url}sign-in/`),
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: new URLSearchParams({ csrfmiddlewaretoken: token(form.text), name: 'Ann' }).toString(),
      });
      const cookie = cookieHeader({ ...cookies, ...cookiesOf(answer.headerPairs) });
      return [form, answer, await stack.fetch(`${url}account/`, { headers: { cookie } })];
    },
  },
};

/** By the folder's name in fixtures/projects. */
export const SITES: Record<string, Site> = {
  'django-contracts': djangoContracts,
  'bottle-contracts': plainContracts,
  'django-live': djangoLive,
  'django-portal': djangoPortal,
  'django-services': djangoServices,
  'falcon-contracts': plainContracts,
  'fastapi-contracts': {
    ...plainContracts,
    live: {
      echo: '/ws/echo',
      events: (every) => `/events?every=${every}`,
      hang: (seconds) => `/hang?seconds=${seconds}`,
    },
  },
  'flask-contracts': flaskContracts,
  'pyramid-contracts': { ...plainContracts, module: 'contracts/__init__.py' },
  'wsgi-contracts': plainContracts,
};
