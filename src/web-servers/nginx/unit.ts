/** nginx: https://nginx.org/en/docs/ */
import * as z from 'zod/mini';
import { field, type Known } from '../../contract/field.ts';
import { unitPlan, webServerContract } from '../../contract/plan.ts';
import { defineWebServer, type LazyFile } from '../../contract/unit.ts';
import { atLeast, versionFrom } from '../../contract/values.ts';
import { packaged } from '../../words/targets.ts';
import { http2 } from '../http2.ts';

const CONF = '/etc/nginx/conf.d';
/** Read after all of the former, and only by Debian's own nginx.conf. https://packages.debian.org/nginx-common */
const SITES = '/etc/nginx/sites-enabled';
const SNIPPETS = '/etc/nginx/snippets';
/** What Debian's nginx.conf includes outside of `http`. */
const MAIN = '/etc/nginx/modules-enabled';
const MAIN_FILE = '/etc/nginx/nginx.conf';
const text = { mode: 0o644, owner: 'root:root' };

/** The oldest that the files were tried with: Debian 12's. */
const OLDEST = '1.22';
/** The first with `http2 on;`: https://nginx.org/en/docs/http/ngx_http_v2_module.html */
const HTTP2 = '1.25.1';
/** The first that keeps connections to the upstream by itself: https://nginx.org/en/CHANGES */
const KEEPALIVE = '1.29.7';

/** nginx's server_names_hash bucket holds a name and some bytes of its own; the default is 64 on today's machines. */
const LONGEST_NAME = 40;

/** Memory for so many is set aside when a process starts: about 8 MB. Debian's nginx.conf has 768. */
const CONNECTIONS = 16_384;

export const nginx = defineWebServer({
  kind: 'nginx',
  title: 'nginx',
  why: 'Fast with files and slow clients, and the one that most guides and administrators know.',
  docs: 'https://nginx.org/en/docs/',
  packages: ['nginx'],
  wants: ({ webServer: { http2Directive, keepaliveDefault } }) => [
    {
      package: 'nginx',
      relation: 'ge',
      version: keepaliveDefault ? KEEPALIVE : http2Directive ? HTTP2 : OLDEST,
    },
    // The files of an older one do not say that connections are not to be kept.
    ...(keepaliveDefault ? [] : [{ package: 'nginx', relation: 'lt' as const, version: KEEPALIVE }]),
  ],
  fields: {
    'nginx-version': field({
      schema: versionFrom(OLDEST),
      derived: true,
      form: 'text',
      placeholder: 'VERSION',
      question: 'Which nginx does the host have?',
      help: "nginx on the host; default: the target's own.",
      fallback: ({ target }: Known) => packaged(target, 'nginx'),
    }),
    http2,
  },
  section: () =>
    z.object({
      ...unitPlan(),
      ...webServerContract(),
      version: z.string(),
      /** Some app can hold connections open. */
      live: z.boolean(),
      /** Name of the app as nginx's variables may have it. */
      variable: z.string(),
      /** `http2 on;`, where nginx has it. */
      http2Directive: z.boolean(),
      /** `listen ... http2`, before. */
      http2Listen: z.boolean(),
      /** From 1.29.7 connections to the upstream are kept by default, and can be switched off. */
      keepaliveDefault: z.boolean(),
      /** Tickets are sound by themselves from 1.23.2, which rotates their keys. */
      ticketsOff: z.boolean(),
      /** Where the sites lie, and come last: who is the default of a port by being the first stays it. */
      sites: z.string(),
      /** The same as nginx.conf may have it, which is relative to its own folder. */
      sitesInside: z.string(),
      /** What one process of nginx should take; a visitor of the app needs two of each. */
      connections: z.number(),
      openFiles: z.number(),
    }),

  plan(plan, answers) {
    const since = (version: string) => atLeast(answers['nginx-version'], version);
    const offersHttp2 = () => plan.tls.here && answers.http2 === true;
    const sites = () => (answers['nginx-version'] === packaged(answers.target, 'nginx') ? SITES : CONF);
    return {
      kind: 'nginx',
      title: 'nginx',
      docs: 'https://nginx.org/en/docs/',
      accessLog: () => `/var/log/nginx/${plan.name}.access.log`,
      errorLog: () => `/var/log/nginx/${plan.name}.error.log`,
      rotation: '/etc/logrotate.d/nginx',
      service: 'nginx.service',
      // The example site says that it is the default, as the one that refuses unknown names does.
      enable: 'rm -f /etc/nginx/sites-enabled/default',
      check: 'nginx -t',
      reload: 'systemctl reload nginx',
      durations: 'the last but two figures are seconds',
      headers: { request: '8 KB', answer: '4 KB', logs: 'upstream sent too big header' },
      collectsAnswers: true,
      version: () => answers['nginx-version'],
      live: () => plan.services.some(({ upstream }) => upstream.live),
      variable: () => plan.name.replaceAll('-', '_'),
      http2Directive: () => offersHttp2() && since(HTTP2),
      http2Listen: () => offersHttp2() && !since(HTTP2),
      keepaliveDefault: () => since(KEEPALIVE),
      ticketsOff: () => !since('1.23.2'),
      sites,
      sitesInside: () => sites().replace('/etc/nginx/', ''),
      saysDefault: true,
      connections: CONNECTIONS,
      openFiles: 2 * CONNECTIONS,
      byHand: [
        {
          file: MAIN_FILE,
          place: 'at its top',
          line: `worker_rlimit_nofile ${2 * CONNECTIONS};`,
          why: 'Lets a process of nginx have files for as many connections.',
        },
        {
          file: MAIN_FILE,
          place: 'inside of its `events` block, in the place of the one there',
          line: `worker_connections ${CONNECTIONS};`,
          why: `Debian's file allows 768 connections a process, and a visitor of the app takes two.`,
        },
      ],
    };
  },

  files(plan) {
    const { tls, site, paths, services, webServer } = plan;
    const template = (file: string) => `web-servers/nginx/${file}`;
    const redirects = tls.here || site.aliases.length > 0;
    const files: (LazyFile | false)[] = [
      {
        ...text,
        template: template('site.conf'),
        path: () => `${webServer.sites}/zz-${plan.name}.conf`,
        needsCertificate: tls.letsencrypt,
        purpose: 'The site: what nginx serves from disk, and what it passes to the app.',
      },
      redirects && {
        ...text,
        template: template('redirects.conf'),
        path: () => `${webServer.sites}/zz-${plan.name}-redirects.conf`,
        purpose: 'Redirects every other address of the site (plain HTTP, other names) to the canonical one.',
      },
      {
        ...text,
        template: template('default-http.conf'),
        path: `${CONF}/00-default-http.conf`,
        shared: true,
        purpose:
          'Refuses requests on port 80 for names that no site on this host has. All sites share this file, and it is left out where another site is the default.',
      },
      tls.here && {
        ...text,
        template: template('default-https.conf'),
        path: `${CONF}/00-default-https.conf`,
        shared: true,
        purpose: 'The same on port 443.',
      },
      site.domains.some((domain) => domain.length > LONGEST_NAME) && {
        ...text,
        template: template('long-names.conf'),
        path: `${CONF}/00-long-names.conf`,
        shared: true,
        purpose: 'Makes room for long host names.',
      },
      webServer.live && {
        ...text,
        template: template('shutdown.conf'),
        path: `${MAIN}/90-shutdown.conf`,
        shared: true,
        purpose: 'Ends old nginx processes that WebSockets would keep alive after a reload.',
      },
      ...services.map(({ service, upstream }, index) => ({
        ...text,
        service: index,
        template: () => template(upstream.uwsgi ? 'uwsgi.conf' : 'proxy.conf'),
        path: () => `${SNIPPETS}/${service.id}-proxy.conf`,
        purpose: 'How requests are passed to the app, and which headers it may trust.',
      })),
      {
        ...text,
        template: template('headers.conf'),
        path: () => `${SNIPPETS}/${plan.name}-headers.conf`,
        purpose: 'Security headers for everything that nginx serves itself.',
      },
      tls.here && {
        ...text,
        template: template('tls.conf'),
        path: () => `${SNIPPETS}/${plan.name}-tls.conf`,
        // A site with another certificate may still be live, and reads this file.
        needsCertificate: tls.letsencrypt,
        purpose: "The certificate, and the protocols and ciphers of Mozilla's profile.",
      },
      {
        ...text,
        template: 'host/unavailable.html',
        path: () => `${paths.pages}/unavailable.html`,
        purpose: 'The page that visitors see while the app is down or too slow.',
      },
      tls.letsencrypt && {
        template: template('renewal-hook.sh'),
        path: () => `/etc/letsencrypt/renewal-hooks/deploy/${plan.name}`,
        mode: 0o755,
        owner: 'root:root',
        purpose: 'Makes nginx load a renewed certificate.',
      },
    ];
    return files.filter((file) => file !== false);
  },

  scan: async (judged) => (await import('./headers.ts')).judgeHeaders(judged),
  validators: async () => {
    const [{ nginxAccepts }, { gixyAccepts }] = await Promise.all([
      import('./check.ts'),
      import('./gixy.ts'),
    ]);
    return [nginxAccepts, gixyAccepts];
  },
});
