/** Apache: https://httpd.apache.org/docs/2.4/ */
import * as z from 'zod/mini';
import { innermostFirst } from '../../contract/host-folders.ts';
import { type CommonPlan, unitPlan, webServerContract } from '../../contract/plan.ts';
import { defineWebServer, type LazyFile } from '../../contract/unit.ts';
import { packaged } from '../../words/targets.ts';
import { http2 } from '../http2.ts';

/** Files are read in the order of their names, and the first site of a port is its default: the app's come last. */
const SITES = '/etc/apache2/sites-enabled';
const REHEARSAL = '/usr/local/sbin/apache2-rehearsal';
const text = { mode: 0o644, owner: 'root:root' };

/** The first packages of mod_xsendfile that decode the name of a file. https://tracker.debian.org/pkg/libapache2-mod-xsendfile */
const UNESCAPES = '0.12+git';

/** Those of Debian's that every site here needs; the ones that it enables by itself are among them. */
const MODULES = [
  ...[
    'alias',
    'asis',
    'authz_core',
    'buffer',
    'dir',
    'env',
    'headers',
    'mime',
    'reqtimeout',
    'request',
    'rewrite',
  ],
  ...['setenvif', 'unique_id'],
];

/** What is set anew here: a client's own goes first, in whatever spelling. */
const SET = ['X-Forwarded-For', 'X-Forwarded-Proto', 'X-Real-IP', 'X-Request-ID'];

/** Some app servers take the request's own path from these. */
const PATHS = ['SCRIPT_NAME', 'PATH_INFO'];

/** The ways to write a header that are one to WSGI: each hyphen may be an underscore. https://peps.python.org/pep-3333/#environ-variables */
function spellings(name: string): string[] {
  return name
    .split('-')
    .slice(1)
    .reduce(
      (heads, word) => heads.flatMap((head) => [`${head}-${word}`, `${head}_${word}`]),
      [name.split('-')[0] ?? ''],
    );
}

/** Of a mount, what Apache is told. */
const served = (one: CommonPlan['static'][number]) => ({ url: one.url, path: () => one.path });

/** A path as it stands in a URL. */
const inUrl = (path: string) => path.split('/').map(encodeURIComponent).join('/');

export const apache = defineWebServer({
  kind: 'apache',
  title: 'Apache',
  why: 'Where it already runs, or the app should run inside it with mod_wsgi. Large answers to slow clients hold the app up, and links in a folder of protected downloads are followed.',
  docs: 'https://httpd.apache.org/docs/2.4/',
  // Debian's ssl-cert has a certificate for handshakes that fail in any case; xsendfile sends protected downloads.
  packages: ['apache2', 'libapache2-mod-xsendfile', 'ssl-cert'],
  // Debian 12's; security updates make it newer.
  wants: (plan) => [
    { package: 'apache2', relation: 'ge', version: '2.4.57' },
    ...(plan.protected.length > 0
      ? [
          {
            package: 'libapache2-mod-xsendfile',
            relation: plan.webServer.unescapes ? ('ge' as const) : ('lt' as const),
            version: UNESCAPES,
          },
        ]
      : []),
  ],
  // https://httpd.apache.org/docs/2.4/mod/mod_proxy_http.html
  lacks: () => ({
    R7: 'Apache passes a response on as it is produced, so a slow client keeps its worker busy until it has received everything',
  }),
  fields: { http2 },
  section: () =>
    z.object({
      ...unitPlan(),
      ...webServerContract(),
      /** Of Debian's, by their names for a2enmod, which are those of the files. */
      modules: z.array(z.string()),
      http2: z.boolean(),
      /** Apache itself sends visitors on, to https, and does not speak it. */
      https: z.boolean(),
      /** The app runs inside of Apache. */
      inside: z.boolean(),
      /** Paths that lead to services and folders, the innermost first: of those that fit, the first counts. */
      ways: z.array(
        z.object({
          url: z.string(),
          /** The same as rules begin with; "" for "/". */
          prefix: z.string(),
          /** Without the slash at its end; "" for "/". */
          bare: z.string(),
          /** What tells its connections from those to another service. */
          tail: z.string(),
          socket: z.string(),
          live: z.boolean(),
          /** A folder is there, and no service. */
          folder: z.boolean(),
          /** Seconds for a request, and of silence for what lasts. */
          timeout: z.number(),
          patience: z.number(),
        }),
      ),
      /** The folders among them. */
      pages: z.array(
        z.object({
          ...{ url: z.string(), bare: z.string(), path: z.string(), inProject: z.string(), slug: z.string() },
          singlePage: z.boolean(),
          /** Paths below it that Apache itself runs an app at: what the folder says is not meant for them. */
          inner: z.array(z.string()),
        }),
      ),
      /** Bytes of a request, where no path below says otherwise: what answers at "/" decides, if it is a service. */
      rest: z.number(),
      /** Paths whose limit is another than that, or that lie in one: the innermost first, and last. */
      limits: z.array(z.object({ url: z.string(), bytes: z.number(), skips: z.number() })),
      chunkedLimits: z.array(z.object({ url: z.string(), bytes: z.number() })),
      /** Headers by which a client could say how it came. */
      forwarding: z.array(z.string()),
      /** mod_xsendfile decodes the name of a file. */
      unescapes: z.boolean(),
      /** What never reaches the app, the innermost first: mod_alias takes the first that fits. */
      mounts: z.array(
        z.object({
          url: z.string(),
          path: z.string(),
          assets: z.boolean(),
          uploads: z.boolean(),
        }),
      ),
      /** Protected downloads: the folder as it stands in a URL, since that is how the app names a file. */
      downloads: z.array(
        z.object({
          url: z.string(),
          path: z.string(),
          inUrl: z.string(),
        }),
      ),
    }),

  plan(plan, answers) {
    const { tls, trusted } = plan;
    const ways = () => innermostFirst(({ service }) => service.url, plan.services);
    const rest = () => ways().find(({ service }) => service.bare === '')?.body.bytes ?? plan.limit.bytes;
    /** Of several within each other, only the innermost counts. */
    const limits = () => {
      const further = ways().filter(({ service }) => service.bare !== '');
      const all = further.some(({ body }) => body.bytes !== rest()) ? further : [];
      return all.map(({ service, body }, index) => ({
        ...{ url: service.url, bytes: body.bytes },
        // Two rules of each that comes behind, and the last.
        skips: 2 * (all.length - 1 - index) + 1,
      }));
    };
    const inside = () => plan.services.some(({ upstream }) => upstream.inside !== null);
    const offersHttp2 = () => tls.here && answers.http2 === true;
    const modules = () => [
      ...MODULES,
      'proxy',
      ...new Set(plan.services.map(({ upstream }) => (upstream.inside === null ? 'proxy_http' : 'wsgi'))),
      ...(tls.here ? ['socache_shmcb', 'ssl'] : []),
      ...(offersHttp2() ? ['http2'] : []),
      ...(tls.behindProxy ? ['remoteip'] : []),
      ...(plan.protected.length > 0 ? ['xsendfile'] : []),
    ];
    return {
      kind: 'apache',
      title: 'Apache',
      docs: 'https://httpd.apache.org/docs/2.4/',
      accessLog: () => `/var/log/apache2/${plan.name}.access.log`,
      errorLog: () => `/var/log/apache2/${plan.name}.error.log`,
      rotation: '/etc/logrotate.d/apache2',
      service: 'apache2.service',
      // The example site would be the first, and so the default.
      enable: () => `a2dissite -q 000-default; a2enmod -q ${modules().join(' ')}`,
      check: REHEARSAL,
      reload: 'systemctl reload apache2',
      durations: 'the last two figures are microseconds, in all and until the first byte of the answer',
      headers: {
        request: '8 KB',
        // mod_wsgi takes 32 KB by itself, which is the most that the answer can say.
        answer: () => (inside() ? '' : '8 KB'),
        logs: 'AH10124: header size is over the limit',
      },
      collectsAnswers: false,
      byHand: [],
      saysDefault: false,
      modules,
      http2: offersHttp2,
      https: () => tls.behindProxy && plan.pages.length > 0,
      inside,
      ways: () =>
        innermostFirst(
          ({ url }) => url,
          [
            ...plan.services.map((one) => ({
              ...{ url: one.service.url, folder: false },
              prefix: () => one.service.prefix,
              bare: () => one.service.bare,
              tail: () => one.service.tail,
              socket: () => one.upstream.socket,
              live: () => one.upstream.live,
              timeout: () => one.timeouts.request,
              patience: () => one.timeouts.live,
            })),
            ...plan.pages.map((one) => ({
              ...{ url: one.url, folder: true, tail: '', socket: '', live: false, timeout: 0, patience: 0 },
              prefix: () => (one.bare === '' ? '' : one.url),
              bare: () => one.bare,
            })),
          ],
        ),
      pages: () =>
        innermostFirst(({ url }) => url, plan.pages).map((one) => ({
          ...one,
          inner: () =>
            plan.services
              .filter(({ upstream }) => upstream.inside !== null)
              .map(({ service }) => service.url)
              .filter((url) => url.startsWith(one.url) && url !== one.url),
        })),
      rest,
      limits,
      chunkedLimits: () =>
        limits()
          .map(({ url, bytes }) => ({ url, bytes }))
          .reverse(),
      unescapes: () => packaged(answers.target, 'xsendfile') !== '0.12',
      forwarding: () =>
        [...trusted.blanked.map(({ header }) => header), ...SET].flatMap(spellings).concat(PATHS),
      mounts: () =>
        innermostFirst(
          ({ url }) => url,
          [
            ...plan.static.map((one) => ({ ...served(one), assets: true, uploads: false })),
            ...plan.media.map((one) => ({ ...served(one), assets: false, uploads: true })),
            ...plan.protected.map((one) => ({ ...served(one), assets: false, uploads: false })),
          ],
        ),
      downloads: () => plan.protected.map((one) => ({ ...served(one), inUrl: () => inUrl(one.path) })),
    };
  },

  files(plan) {
    const { tls, site, paths } = plan;
    const template = (file: string) => `web-servers/apache/${file}`;
    const redirects = tls.here || site.aliases.length > 0;
    const files: (LazyFile | false)[] = [
      {
        ...text,
        template: template('site.conf'),
        path: () => `${SITES}/zz-${plan.name}.conf`,
        needsCertificate: tls.letsencrypt,
        purpose: 'The site: what Apache serves from disk, and what it passes to the app.',
      },
      redirects && {
        ...text,
        template: template('redirects.conf'),
        path: () => `${SITES}/zz-${plan.name}-redirects.conf`,
        purpose: 'Redirects every other address of the site (plain HTTP, other names) to the canonical one.',
      },
      {
        ...text,
        template: template('default-http.conf'),
        path: `${SITES}/000-default-http.conf`,
        shared: true,
        purpose:
          'Refuses requests on port 80 for names that no site on this host has. All sites share this file, and it is left out where another site is the default.',
      },
      tls.here && {
        ...text,
        template: template('default-https.conf'),
        path: `${SITES}/000-default-https.conf`,
        shared: true,
        purpose: 'The same on port 443.',
      },
      {
        ...text,
        template: template('server.conf'),
        path: '/etc/apache2/conf-enabled/zz-server.conf',
        shared: true,
        purpose:
          'Settings that all sites on the host share, such as how many visitors Apache serves at once.',
      },
      plan.headers.bytes > 0 && {
        ...text,
        template: template('headers.conf'),
        // By size: of several sites' files the last counts, for all sites of the host.
        path: () =>
          `/etc/apache2/conf-enabled/zz-headers-${String(plan.headers.bytes).padStart(5, '0')}-${plan.name}.conf`,
        purpose:
          'How large a header of a request may be. On one host it is the same for all sites: the largest.',
      },
      {
        ...text,
        template: 'host/unavailable.html',
        path: () => `${paths.pages}/unavailable.html`,
        purpose: 'The page that visitors see while the app is down.',
      },
      {
        ...text,
        template: template('late.html'),
        path: () => `${paths.pages}/unavailable1.html`,
        purpose: 'The page that visitors see when the app takes too long to answer.',
      },
      {
        template: template('rehearsal.sh'),
        path: REHEARSAL,
        mode: 0o755,
        owner: 'root:root',
        shared: true,
        purpose: 'Checks whether Apache would start with its current files, certificates included.',
      },
      {
        ...text,
        template: template('reload.service'),
        path: '/etc/systemd/system/apache2.service.d/rehearsal.conf',
        shared: true,
        purpose: 'Checks each reload of Apache first, since Apache exits when a reload fails.',
      },
      tls.letsencrypt && {
        template: template('renewal-hook.sh'),
        path: () => `/etc/letsencrypt/renewal-hooks/deploy/${plan.name}`,
        mode: 0o755,
        owner: 'root:root',
        purpose: 'Makes Apache load a renewed certificate.',
      },
    ];
    return files.filter((file) => file !== false);
  },

  scan: async (judged) => (await import('./headers.ts')).judgeHeaders(judged),
  validators: async () => [(await import('./check.ts')).apacheAccepts],
});
