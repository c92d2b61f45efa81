/** V1 to V6: a site of several services. */
import { expect } from 'vitest';
import type { Plan } from '../../../src/contract/plan.ts';
import { pause, until } from '../harness/processes.ts';
import { part } from '../harness/sites.ts';
import type { Stack } from '../harness/stack.ts';
import type { Answer } from '../harness/visitor.ts';
import type { Stage } from '../harness/visits.ts';
import { told, unharmed } from './measure.ts';
import { underLoad } from './operations.ts';
import { agrees, FILES, isBare, mayLeadTo, pathsToTry, steppedBack, type Way } from './paths.ts';
import type { Row } from './suite.ts';

/** What every EventSource asks for. */
const EVENT_STREAM = { accept: 'text/event-stream' };

type Service = Plan['services'][number];

/** How many paths V1 tries. */
const PATHS = 200;

/** Where each path of the site leads: to a service by its name, "" for the site's own; to a folder by its URL; or to files. */
function waysOf({ services, pages, static: assets, media }: Plan): Way[] {
  return [
    ...services.map(({ service }) => ({ url: service.url, to: service.name })),
    ...pages.map(({ url }) => ({ url, to: url })),
    ...[...assets, ...media].map(({ url }) => ({ url, to: FILES })),
  ];
}

const said = (stack: Stack) => part('a word of each of its services', stack.site.says);

/** Whose words an answer has; undefined for nobody's. */
function speaker(stack: Stack, words: readonly string[]): string | undefined {
  const found = Object.entries(said(stack)).find(([, own]) => own.some((word) => words.includes(word)));
  return found?.[0];
}

const named = (name: string | undefined) => (name === '' ? "the site's own" : (name ?? 'nobody'));

const serviceOf = ({ plan }: Stack, name: string): Service => {
  const found = plan.services.find(({ service }) => service.name === name);
  if (found === undefined) throw new Error(`there is no service "${name}"`);
  return found;
};

/** A path of a service that it answers with what it sees. */
const page = ({ service }: Service, query = '') => `${service.url}x${query}`;

/** The same path in other words, for web servers that read them. */
function otherwise(path: string): string[] {
  const letter = path.charCodeAt(1).toString(16).toUpperCase();
  return [`/x/..${path}`, `/${path}`, `/%${letter}${path.slice(2)}`];
}

const unitOf = ({ service }: Service) => `${service.id}.service`;

/** The processes of a service: the main one, then those that it watches over. */
async function processes({ host }: Stack, service: Service): Promise<{ main: number; workers: number[] }> {
  const unit = unitOf(service);
  const main = Number(await host.shell(`systemctl show --property MainPID --value ${unit}`));
  const all = await host.shell(`cat /sys/fs/cgroup/system.slice/${unit}/cgroup.procs`);
  return {
    main,
    workers: all
      .split('\n')
      .map(Number)
      .filter((pid) => pid !== main)
      .sort(),
  };
}

/**
 * What visitors of all services met while something was done. Each keeps to one service: one that waits for another
 * service would see nothing of what this one does meanwhile.
 */
async function onTour(
  stack: Stack,
  words: readonly string[],
  action: () => Promise<unknown>,
): Promise<Stage[]> {
  const { visitor } = stack.host;
  const goOn = stack.host.goFirst(8);
  const ids = await Promise.all(
    stack.plan.services.map((service) =>
      visitor.order('startTour', {
        ...{ visit: stack.visit('/', { seconds: 20 }), paths: [page(service)], words },
        ...{ clients: 2, pause: 20, most: 40_000, seconds: 300 },
      }),
    ),
  );
  const stop = () => Promise.all(ids.map((id) => visitor.order('stopTour', id)));
  try {
    await pause(700);
    await action();
    await pause(1500);
  } catch (error) {
    await stop();
    throw error;
  } finally {
    goOn?.();
  }
  const tours = await stop();
  const ended = tours.some(({ bounded }) => bounded);
  expect(ended, 'a tour ended before what was to happen under it').toBe(false);
  return tours.flatMap(({ stages }) => stages);
}

/** Nobody on a tour was refused, and nobody who had met new code met old code after it. */
function wentWell(stages: readonly Stage[], older: string, newer: string): string {
  const failed = stages.filter(({ status }) => status !== 200);
  expect(failed.slice(0, 5), `${failed.length} of ${stages.length} requests failed`).toEqual([]);
  const neither = stages.filter(({ words }) => words.length !== 1);
  expect(neither.slice(0, 5), 'answers of no version, or of two').toEqual([]);
  const back = steppedBack(stages, older, newer);
  expect(back.slice(0, 5), `${back.length} of ${stages.length} requests met old code after new`).toEqual([]);
  const [before, after] = [older, newer].map((word) => stages.filter(({ words }) => words.includes(word)));
  expect(after?.length, 'answers of the new code').toBeGreaterThan(0);
  return `${stages.length} requests, ${before?.length} of them answered by ${older} and then ${after?.length} by ${newer}`;
}

/** The versions that the services answer with. */
async function versions(stack: Stack): Promise<string[]> {
  const answers = await Promise.all(
    stack.plan.services.map(async (service) => {
      const { status, text } = await stack.fetch(page(service));
      return status === 200 ? String(JSON.parse(text).version) : `status ${status}`;
    }),
  );
  return [...new Set(answers)];
}

/** Addresses that a page names, without those of its own parts. */
function linksOf(html: string): string[] {
  return [...html.matchAll(/\b(?:href|src|action)="([^"#]+)"/g)].map(([, link = '']) => link);
}

/** The paths of cookies that an answer sets. */
function cookiePaths({ headerPairs }: Answer): string[] {
  return headerPairs
    .filter(([name]) => name === 'set-cookie')
    .map(([, value]) => /;\s*path=([^;]*)/i.exec(value)?.[1] ?? 'none');
}

export const serviceRows: Row[] = [
  {
    id: 'V1',
    lines: /location|upstream|ProxyPass|SetHandler|LocationMatch|merge_slashes/,
    async prove({ stack, note }) {
      const ways = waysOf(stack.plan);
      const paths = pathsToTry(ways, PATHS);
      const words = Object.values(said(stack)).flat();
      const answers: { by: string | undefined }[] = [];
      // What lasts has ways of its own to a service that has it.
      for (const [asking, headers] of Object.entries({ 'a page': {}, 'a stream': EVENT_STREAM })) {
        const visit = stack.visit('/', { seconds: 30, headers });
        const swept = await stack.host.visitor.order('sweep', { visit, paths, words, clients: 4 });
        const some = paths.map((path, at) => ({
          ...{ path, status: swept[at]?.status ?? 0, by: speaker(stack, swept[at]?.words ?? []) },
          ...{ bare: isBare(ways, path), places: mayLeadTo(ways, path) },
        }));
        const wrong = some.filter((answer) => !agrees(answer.places, answer));
        expect(
          wrong.map(
            ({ path, status, by, places }) =>
              `${path}: ${status} of ${named(by)}, and the plan has ${places.map(named).join(' or ')}`,
          ),
          `asked for ${asking}`,
        ).toEqual([]);
        answers.push(...some);
      }
      const count = new Map<string, number>();
      for (const { by } of answers) count.set(named(by), (count.get(named(by)) ?? 0) + 1);
      note([...count].map(([name, times]) => `${times} by ${name}`).join(', '));
      for (const { to: name } of ways.filter(({ to }) => to !== FILES))
        expect(count.get(named(name)), `paths that ${named(name)} answered`).toBeGreaterThan(10);
    },
  },
  {
    id: 'V2',
    lines: /try_files|FallbackResource|Cache-Control|alias|RewriteRule/,
    async prove({ stack, note }) {
      const { plan, site } = stack;
      const { index, hashed, other } = part('a single-page app', site.singlePage);
      const folder = plan.pages.find(({ singlePage }) => singlePage);
      const at = (path: string) => `${folder?.url ?? '/'}${path}`;
      const first = await stack.fetch(at(''));
      expect(first.status).toBe(200);
      expect(first.text).toContain(index);
      expect(first.headers['content-type']).toMatch(/^text\/html/);
      const isNeverKept = ({ headers }: Answer) =>
        /\bno-(?:store|cache)\b/.test(headers['cache-control'] ?? '');
      for (const path of ['', 'index.html', 'shelf/42', 'a/b/c/', 'a%20b', 'caf%C3%A9?x=1', 'apis', 'x.js']) {
        for (const method of ['GET', 'HEAD']) {
          const answer = await stack.fetch(at(path), { method });
          expect(answer.status, `${method} ${path}`).toBe(200);
          expect(answer.text, `${method} ${path}`).toBe(method === 'GET' ? first.text : '');
          expect(isNeverKept(answer), `${path} may be kept: ${answer.headers['cache-control']}`).toBe(true);
        }
      }
      const etag = first.headers.etag ?? '';
      const again = await stack.fetch(at(''), { headers: { 'if-none-match': etag } });
      if (etag !== '') expect(again.status, 'the index asked for again').toBe(304);
      const asset = await stack.fetch(at(hashed));
      expect(asset.status).toBe(200);
      expect(asset.headers['content-type']).toMatch(/^(?:text|application)\/javascript/);
      expect(asset.headers['cache-control']).toMatch(/max-age=31536000/);
      // A file that is gone is no page: its index would be run as a script, and kept.
      const gone = hashed.replace(/[0-9a-f]{8}/, '0123abcd');
      for (const method of ['GET', 'HEAD']) {
        const answer = await stack.fetch(at(gone), { method });
        expect(answer.status, `${method} ${gone}`).toBe(404);
        expect(answer.text, gone).not.toContain(index);
        expect(answer.headers['cache-control'] ?? '', gone).not.toMatch(/max-age=[1-9]/);
      }
      note(`${hashed}: ${asset.headers['cache-control']}; index: ${first.headers['cache-control']}`);
      const plain = await stack.fetch(at(other));
      expect(plain.status).toBe(200);
      const age = Number(/max-age=(\d+)/.exec(plain.headers['cache-control'] ?? '')?.[1] ?? 0);
      expect(age, `seconds that ${other} is kept`).toBeLessThanOrEqual(3600);
      for (const { service } of plan.services) {
        const bare = await stack.fetch(service.url.slice(0, -1));
        expect(bare.text, `${service.url} without its slash`).not.toContain(index);
        for (const path of ['', 'none', 'none.html', 'index.html', 'a/b/', '%2E/none']) {
          const answer = await stack.fetch(service.url + path);
          expect(answer.text, service.url + path).not.toContain(index);
        }
      }
      for (const { path, word } of site.secretFiles)
        for (const way of ['../', '%2e%2e/', '..%2F', 'assets/../../', 'assets/..%2f..%2f', '../../', '.'])
          expect((await stack.fetch(at(way + path))).text, way + path).not.toContain(word);
    },
  },
  {
    id: 'V3',
    lines: /PartOf|BindsTo|Requires|After|ListenStream/,
    hurries: true,
    async prove({ stack, note }) {
      const { host, plan, site } = stack;
      const { visitor } = host;
      const { echo, events } = part('WebSockets and event streams', site.live);
      const [live, own] = [serviceOf(stack, part('a live service', site.liveService)), serviceOf(stack, '')];
      const others = (one: Service) => plan.services.filter((service) => service !== one);
      const states = (some: readonly Service[]) =>
        Promise.all(some.map((service) => processes(stack, service)));
      const say = (id: number, text: string) => visitor.order('saySocket', { id, text, seconds: 5 });
      const socket = () =>
        visitor.order(
          'openSocket',
          stack.visit(echo, { headers: { origin: plan.site.origin }, seconds: 10 }),
        );
      const stream = () => visitor.order('openStream', stack.visit(events(1), { headers: EVENT_STREAM }));

      const [one, another] = [await socket(), await socket()];
      const listening = await stream();
      for (const { service } of others(live)) {
        const before = await states(plan.services.filter((some) => some.service !== service));
        const load = await underLoad(stack, `${service.url}x`, () =>
          host.shell(`systemctl restart ${service.id}.service`),
        );
        note(`restart of ${service.id}: ${told(load)}`);
        expect(unharmed(load), told(load)).toBe(true);
        const after = await states(plan.services.filter((some) => some.service !== service));
        expect(after, `the processes of the others, after a restart of ${service.id}`).toEqual(before);
        for (const id of [one, another]) expect(await say(id, service.id)).toBe(service.id);
      }
      await host.shell(`systemctl reload ${unitOf(own)}`);
      await host.kill((await processes(stack, own)).main);
      await until('the pages again', 5, async () => {
        const answer = await stack.fetch(page(own), { seconds: 2 }).catch(() => undefined);
        return answer?.status === 200 || undefined;
      });
      for (const id of [one, another]) expect(await say(id, 'still here')).toBe('still here');
      const before = (await visitor.order('countStream', listening)).pieces.length;
      await pause(2500);
      const { ended, pieces } = await visitor.order('countStream', listening);
      expect(ended, 'the end of the stream').toBeUndefined();
      expect(pieces.length, 'events since').toBeGreaterThan(before);

      const slow = [1, 2].map(() => stack.fetch(page(own, '?slow=3')));
      await pause(500);
      const running = await states(others(live));
      await host.shell(`systemctl restart ${unitOf(live)}`);
      expect(await states(others(live)), 'the processes of the others').toEqual(running);
      expect(
        (await Promise.all(slow)).map(({ status }) => status),
        'slow pages',
      ).toEqual([200, 200]);
      for (const id of [one, another])
        await until('the end of a WebSocket of the service that was restarted', 5, async () => {
          const { closed } = await visitor.order('countSocket', id);
          return closed;
        });
      expect(await say(await socket(), 'again')).toBe('again');

      // One that is down takes nothing of the others along.
      for (const down of plan.services) {
        const units = `${down.service.id}.socket ${down.service.id}.service`;
        await host.shell(`systemctl stop ${units}`);
        try {
          for (const service of plan.services) {
            const { status, text } = await stack.fetch(page(service), { seconds: 10 });
            if (service !== down)
              expect(status, `${service.service.id} while ${down.service.id} is down`).toBe(200);
            else {
              expect([502, 503], `${service.service.id}, which is down`).toContain(status);
              expect(text, "the site's own page").toContain(plan.site.canonical);
            }
          }
        } finally {
          await host.shell(`systemctl start ${units}`);
        }
      }
      note(`${plan.services.length} services; each restart left the processes of the others`);
    },
  },
  {
    id: 'V4',
    lines: /client_max_body_size|LimitRequestBody|_read_timeout|timeout|workers|ProxyTimeout/,
    hurries: true,
    async prove({ stack, note }) {
      const { plan } = stack;
      for (const service of plan.services) {
        const { bytes, max } = service.body;
        // However the path is written, and whether the length is told or comes in chunks.
        for (const path of [page(service), ...otherwise(page(service))])
          for (const headers of [{}, { 'transfer-encoding': 'chunked' }]) {
            const sent = (length: number) =>
              stack.fetch(path, { method: 'POST', headers, body: Buffer.alloc(length, 'x') });
            const [under, over] = [await sent(bytes), await sent(bytes + 1)];
            const how = `to ${path}${'transfer-encoding' in headers ? ', in chunks' : ''}`;
            expect(under.status, `${max} ${how}`).toBe(200);
            expect(JSON.parse(under.text)).toMatchObject({ length: bytes });
            expect(over.status, `more than ${max} ${how}`).toBe(413);
          }
        note(
          `${service.service.id}: up to ${max}, ${service.timeouts.request} s, ${service.workers.count} workers`,
        );
      }
      const limits = plan.services.map(({ body }) => body.bytes);
      const times = plan.services.map(({ timeouts }) => timeouts.request);
      expect(new Set(limits).size, 'limits that differ').toBeGreaterThan(1);
      expect(new Set(times).size, 'timeouts that differ').toBeGreaterThan(1);

      for (const service of plan.services) {
        const { main, workers } = await processes(stack, service);
        expect(main, `the main process of ${service.service.id}`).toBeGreaterThan(0);
        expect(workers, `workers of ${service.service.id}`).toHaveLength(service.workers.count);
      }

      // As long as the shortest allows and a little more: 504 of that one, and an answer of those with more time.
      const shortest = Math.min(...times);
      const late = await Promise.all(
        plan.services.map(async (service) => ({
          service,
          answer: await stack.fetch(page(service, `?slow=${shortest + 2}`)),
        })),
      );
      for (const { service, answer } of late) {
        const { request } = service.timeouts;
        note(
          `${service.service.id}, ${request} s allowed: ${answer.status} after ${(answer.ms / 1000).toFixed(1)} s`,
        );
        expect(answer.status, service.service.id).toBe(request > shortest + 2 ? 200 : 504);
        if (answer.status === 504) expect(answer.ms / 1000).toBeGreaterThan(request - 0.5);
      }
      await until('all services to have their workers again', 20, async () => {
        const all = await Promise.all(plan.services.map((service) => processes(stack, service)));
        return (
          all.every(({ workers }, at) => workers.length === plan.services[at]?.workers.count) || undefined
        );
      });

      // All workers of one are busy: the others are as quick as ever.
      const [few] = [...plan.services].sort((one, other) => one.workers.count - other.workers.count);
      if (few === undefined) throw new Error('there are no services');
      const busy = Array.from({ length: few.workers.count + 1 }, () => stack.fetch(page(few, '?slow=3')));
      await pause(300);
      for (const service of plan.services.filter((one) => one !== few)) {
        const { status, ms } = await stack.fetch(page(service));
        expect(status).toBe(200);
        expect(ms, `${service.service.id} while ${few.service.id} is busy`).toBeLessThan(1500);
      }
      expect((await Promise.all(busy)).map(({ status }) => status)).not.toContain(502);
    },
  },
  {
    id: 'V5',
    lines: /restart|ListenStream|ExecStart/,
    hurries: true,
    seconds: 900,
    async prove({ stack, note }) {
      const [before = '', ...others] = await versions(stack);
      expect(others, 'other versions before').toEqual([]);
      const words = [before, 'released'].map((version) => `"version": "${version}"`);
      const [older = '', newer = ''] = words;

      stack.setVersion('released');
      // Whenever the switch comes, some that take their time are on their way.
      let installing = true;
      const patient = stack.plan.services.filter(({ workers }) => workers.count > 1);
      const slow = patient.map(async (service) => {
        const statuses: number[] = [];
        while (installing) {
          const answer = await stack.fetch(page(service, '?slow=2')).catch(() => undefined);
          statuses.push(answer?.status ?? 0);
        }
        return statuses;
      });
      const forward = await onTour(stack, words, () =>
        stack.install().finally(() => {
          installing = false;
        }),
      );
      note(`a release: ${wentWell(forward, older, newer)}`);
      const statuses = (await Promise.all(slow)).flat();
      expect(
        statuses.filter((status) => status !== 200),
        `of ${statuses.length} slow requests`,
      ).toEqual([]);
      expect(await versions(stack)).toEqual(['released']);

      const back = await onTour(stack, words, async () => {
        expect((await stack.installer('--rollback')).status).toBe(0);
      });
      note(`a rollback: ${wentWell(back, newer, older)}`);
      expect(await versions(stack)).toEqual([before]);

      // One service that does not start is enough for the whole release to be stopped.
      const { file, restore } = stack.breakModule(
        part('a module of one service alone', stack.site.breakable),
      );
      try {
        stack.setVersion('broken');
        const stages = await onTour(stack, [older, '"version": "broken"'], async () => {
          const { status, output } = await stack.tryInstall();
          expect(status, output).not.toBe(0);
          note(`${file} broken: the installer ended with ${status}`);
        });
        expect(
          stages.filter(({ status, words }) => status !== 200 || words.join() !== older).slice(0, 5),
        ).toEqual([]);
      } finally {
        restore();
      }
      expect(await versions(stack)).toEqual([before]);
    },
  },
  {
    id: 'V6',
    lines: /SCRIPT_NAME|root_path|script|location|ProxyPass|alias/,
    async prove({ stack, note }) {
      const { plan } = stack;
      const { origin } = plan.site;
      const home = part('a site below a path', stack.site.mounted);
      const claims = { 'X-Forwarded-Prefix': '/evil', 'X-Script-Name': '/evil', SCRIPT_NAME: '/evil' };
      const mounted = plan.services.filter(({ service }) => service.script !== '');
      for (const { service } of mounted) {
        const told = async (headers: Record<string, string> = {}) =>
          JSON.parse((await stack.fetch(`${service.url}${home.seen}a%20b?x=%2F`, { headers })).text);
        const seen = await told();
        expect(seen).toMatchObject({
          script_name: service.script,
          path: `${service.url}${home.seen}a b`,
          path_info: `/${home.seen}a b`,
          absolute_uri: `${origin}${service.url}${home.seen}a%20b?x=%2F`,
        });
        expect(await told({ ...claims, Script_Name: '/evil', 'SCRIPT-NAME': '/evil' })).toEqual(seen);
      }
      const { url, script } = serviceOf(stack, '').service;

      // From its home page, by every link.
      const below = (link: string) => link.startsWith(url) || link.startsWith(origin + url);
      const visited = new Map<string, number>();
      const left = [url, ...home.pages.map((path) => url + path)];
      const astray: string[] = [];
      while (left.length > 0 && visited.size < 60) {
        const path = left.shift() as string;
        if (visited.has(path)) continue;
        const answer = await stack.fetch(path.replace(origin, ''));
        visited.set(path, answer.status);
        if (answer.status >= 400) astray.push(`${path}: ${answer.status}`);
        const { location } = answer.headers;
        const links = [
          ...(location === undefined ? [] : [location]),
          ...(answer.headers['content-type']?.startsWith('text/html') ? linksOf(answer.text) : []),
        ];
        astray.push(...links.filter((link) => !below(link)).map((link) => `${path} leads to ${link}`));
        astray.push(
          ...cookiePaths(answer)
            .filter((place) => place !== url && place !== url.slice(0, -1))
            .map((place) => `${path} sets a cookie for ${place}`),
        );
        left.push(...links.filter(below));
      }
      expect(astray).toEqual([]);
      expect(visited.size, 'pages, redirects and assets').toBeGreaterThan(home.pages.length + 2);
      const assets = [...visited.keys()].filter((path) => /\.(?:css|js|svg)$/.test(path));
      expect(assets.length, 'assets').toBeGreaterThan(1);
      for (const asset of assets)
        expect((await stack.fetch(asset)).headers['cache-control'], asset).toMatch(/max-age=31536000/);

      const signedIn = await home.signIn(stack, url);
      for (const place of signedIn.flatMap(cookiePaths)) expect([url, script]).toContain(place);
      expect(signedIn.at(-1)?.text).toContain('Signed in as');
      const bare = await stack.fetch(script);
      expect([301, 302, 307, 308], `${script} without its slash`).toContain(bare.status);
      expect([url, origin + url]).toContain(bare.headers.location);
      const above = home.pages.map((path) => `/${path}`);
      for (const path of above) expect((await stack.fetch(path)).text, path).not.toContain(home.word);
      note(`${visited.size} addresses below ${url}, ${assets.length} of them assets`);
    },
  },
];
