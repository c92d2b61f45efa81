/** What other sites of the host have (names, ports, to be the default of one) is theirs before, beside and after an app. */
import { describe, expect } from 'vitest';
import { makeCertificate } from '../harness/certificates.ts';
import { expectRefusal, stateOf } from '../harness/refusal.ts';
import type { Stack } from '../harness/stack.ts';
import { onTarget, scene, served } from './scene.ts';

interface WebServer {
  flags: readonly string[];
  /** Debian's own example: the link, and the file with its text. */
  example: { link: string; text: string };
  /** A file that is read before those of the app, and one that is read after them. */
  early: string;
  late: string;
  /** A site for the port; it has a name, or none, and may say that it is the default. */
  site(port: number, options: { name?: string; says?: boolean }): string;
  prepare: string;
  reload: string;
  /** Prints what of the host's own files is not as the package brought it. */
  verify: string;
}

const KEY = '/etc/ssl/old';

const WEB_SERVERS: Record<string, WebServer> = {
  nginx: {
    flags: ['--web-server', 'nginx'],
    example: { link: '/etc/nginx/sites-enabled/default', text: '/etc/nginx/sites-available/default' },
    early: '/etc/nginx/sites-enabled/old',
    late: '/etc/nginx/sites-enabled/zzz-old',
    site(port, { name = '_', says = false }) {
      const words = `${port === 443 ? ' ssl' : ''}${says ? ' default_server' : ''}`;
      return `server {
  listen ${port}${words};
  listen [::]:${port}${words};
  server_name ${name};
  ${port === 443 ? `ssl_certificate ${KEY}/chain.pem; ssl_certificate_key ${KEY}/key.pem;` : ''}
  root /var/www/old;
}
`;
    },
    prepare: 'true',
    reload: 'nginx -t -q && systemctl reload nginx && sleep 1',
    verify: 'dpkg --verify nginx-common || true',
  },
  apache: {
    flags: ['--web-server', 'apache'],
    example: {
      link: '/etc/apache2/sites-enabled/000-default.conf',
      text: '/etc/apache2/sites-available/000-default.conf',
    },
    early: '/etc/apache2/sites-enabled/old.conf',
    late: '/etc/apache2/sites-enabled/zzz-old.conf',
    site: (port, { name }) => `<VirtualHost *:${port}>
  ${name === undefined ? '' : `ServerName ${name}`}
  ${port === 443 ? `SSLEngine on\n  SSLCertificateFile ${KEY}/chain.pem\n  SSLCertificateKeyFile ${KEY}/key.pem` : ''}
  DocumentRoot /var/www/old
</VirtualHost>
`,
    prepare: 'a2enmod -q ssl',
    reload: 'apache2ctl -t 2>/dev/null && systemctl restart apache2 && sleep 1',
    verify: 'dpkg --verify apache2 || true',
  },
};

/** All that visitors get of the ports that an app would like to have, whatever name they ask for; "-" for no answer. */
async function answersOf({ host }: Stack, ports: readonly number[]): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const port of ports)
    for (const name of ['old.example', 'nobody.example', '10.231.0.1'])
      for (const ipv6 of [false, true]) {
        const url = `${port === 443 ? 'https' : 'http'}://${name}/`;
        found[`${url}${ipv6 ? ' over IPv6' : ''}`] = await host.fetch(url, { ipv6, insecure: true }).then(
          ({ status, text, headers: { date: _date, server: _server, ...headers } }) => ({
            status,
            text,
            headers,
          }),
          () => '-',
        );
      }
  return found;
}

for (const [kind, web] of Object.entries(WEB_SERVERS)) {
  const deployment = onTarget('debian-13');
  const flags = [...deployment.flags, ...web.flags];

  describe(`another site of the host, with ${kind}`, () => {
    const { it, stack } = scene({ ...deployment, flags }, { installed: false });

    /** The other sites, and nothing else: files with their texts. */
    async function sites(files: Record<string, string>): Promise<void> {
      const { host } = stack();
      await stack().bringCertificates();
      const { chain, key } = await makeCertificate(['old.example']);
      await host.put(`${KEY}/chain.pem`, chain);
      await host.put(`${KEY}/key.pem`, key);
      await host.put('/var/www/old/index.html', 'the old site\n');
      await host.shell(`rm -f ${web.early} ${web.late} ${web.example.link}; ${web.prepare}`);
      for (const [path, text] of Object.entries(files)) await host.put(path, text);
      await host.shell(web.reload);
    }

    /** Installs, looks, and takes away again: visitors of the other site see nothing of it. */
    async function comesAndGoes(app: Stack, ports: readonly number[], look: () => Promise<void>) {
      const { host, plan } = app;
      const before = await answersOf(app, ports);
      expect(JSON.stringify(before)).toContain('the old site');
      const told = await app.install();
      expect(await answersOf(app, ports), 'beside the app').toEqual(before);
      expect(await served(app)).toBe('1.0.0');
      expect(await host.shell(web.verify), "the host's own files").toBe('');
      await look();
      await host.shell(`sh ${plan.paths.current}/kit/install.sh --uninstall --purge 2>&1`);
      expect(await answersOf(app, ports), 'after the app').toEqual(before);
      return told;
    }

    it('keeps its name: refused before anything changes, with file and line', async () => {
      await sites({
        [web.early]: `# one\n${web.site(80, { name: 'a.example' })}${web.site(80, { name: 'www.shop.example' })}`,
      });
      const output = await expectRefusal(stack(), /serves www\.shop\.example already/);
      const line = Number(new RegExp(`${web.early}:(\\d+) serves www`).exec(output)?.[1]);
      const text = (await stack().host.shell(`sed -n ${line}p ${web.early}`)).trim();
      expect(text).toMatch(kind === 'nginx' ? /^server_name www\.shop\.example;$/ : /^<VirtualHost/);
    });

    it('stays the default of both ports that it is by its place alone', async () => {
      await sites({ [web.early]: web.site(80, {}) + web.site(443, { name: 'old.example' }) });
      const before = await stateOf(stack());
      const { output, status } = await stack().tryInstall('--dry-run');
      expect(status, output).toBe(0);
      for (const address of ['\\*:80', '\\*:443'])
        expect(output).toMatch(
          new RegExp(`${web.early}:\\d+ remains the default of ${address}, as the first to be read`),
        );
      expect(await stateOf(stack()), 'after a dry run').toBe(before);
      const told = await comesAndGoes(stack(), [80, 443], async () => {});
      expect(told).toMatch(/remains the default of \*:80/);
    });

    it('is refused where it would not be the first any more', async () => {
      await sites({ [web.late]: web.site(80, { name: 'old.example' }) });
      await expectRefusal(stack(), /zzz-old\S* would no longer be read first/);
    });

    it("is Debian's example once somebody has edited it", async () => {
      const { host } = stack();
      const { link, text } = web.example;
      await sites({});
      await host.shell(
        `cp -a ${text} /root/example; echo '# mine' >>${text}; ln -s ${text} ${link}; ${web.reload}`,
      );
      const { output } = await stack().tryInstall('--dry-run');
      expect(output).toMatch(new RegExp(`${link}:\\d+ remains the default of \\*:80, `));
      await host.shell(`cp -a /root/example ${text}`);
      const { output: untouched } = await stack().tryInstall('--dry-run');
      expect(untouched).not.toContain('remains the default of');
      expect(untouched).toContain(`${link} would be removed`);
    });

    it('keeps port 443 to itself where the app has no TLS', async () => {
      const plain = await stack().answered(...flags.map((flag) => (flag === 'files' ? 'none' : flag)));
      await sites({ [web.early]: web.site(443, { name: 'old.example' }) });
      await comesAndGoes(plain, [443], async () => {
        expect(plain.lines(/443/), 'what is said of the port').toEqual([]);
        const get = 'GET / HTTP/1.1\r\nHost: nobody.example\r\nConnection: close\r\n\r\n';
        const answer = await plain.host.visitor.raw('http://nobody.example', get);
        expect(plain.front.refuses(answer), `on port 80, which is nobody's: ${answer.text}`).toBe(true);
      });
    });

    if (kind !== 'nginx') return;

    it('stays the default that it says it is', async () => {
      const tls = await stack().answered(...flags);
      await sites({
        '/etc/nginx/conf.d/old.conf': web.site(80, { says: true }) + web.site(443, { says: true }),
      });
      const told = await comesAndGoes(tls, [80, 443], async () => {});
      expect(told).toMatch(/conf\.d\/old\.conf:2 remains the default of \*:80, as it says/);
      await tls.host.shell('rm /etc/nginx/conf.d/old.conf');
    });

    it("gives nginx's main file back, which version 0.1.0 wrote to", async () => {
      const { host } = stack();
      const records = '/var/lib/deploy-scaffold';
      const main = '/etc/nginx/nginx.conf';
      await sites({});
      await host.shell(`
        for kept in .displaced .replaced; do install -d -m 0700 ${records}/$kept/etc/nginx; done
        cp -a ${main} ${records}/.displaced${main}
        sed -i 's/^events {/worker_rlimit_nofile 32768;\\n&/; s/worker_connections .*/worker_connections 16384;/' ${main}
        cp ${main} ${records}/.replaced${main}`);
      expect(await stack().install()).toMatch(/worker_connections 16384; in its events block/);
      expect(await host.shell(web.verify)).toBe('');
      await host.shell(`sh ${stack().plan.paths.current}/kit/install.sh --uninstall --purge 2>&1`);
      expect(await host.shell(`${web.verify}; ls -A ${records} 2>/dev/null || true`)).toBe('');
    });
  });
}
