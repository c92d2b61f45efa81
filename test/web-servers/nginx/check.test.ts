import { describe, expect, it } from 'vitest';
import type { StagedFile } from '../../../src/contract/validator.ts';
import { nginxAccepts } from '../../../src/web-servers/nginx/check.ts';
import { readNginx } from '../../../src/web-servers/nginx/complaints.ts';
import {
  editedFiles,
  reading,
  SITE,
  said,
  sampleFiles,
  samplePlan,
  TLS,
  treeFile,
} from '../../check/samples.ts';

const CONF = '/stage/etc/nginx/conf.d/shop.conf';
const TIME = '2026/11/22 09:11:57';

function prepared(files = sampleFiles(), root = false) {
  const plan = samplePlan();
  const staging = nginxAccepts.prepare({ plan, files, stage: '/stage', tool: '/usr/sbin/nginx', root });
  if (!staging) throw new Error('nothing to check');
  return staging;
}

function textOf(files: readonly StagedFile[], path: string): string {
  return files.find((file) => file.path === path)?.text ?? '';
}

function complaint(message: string, more: Parameters<typeof reading>[1] = {}, files = sampleFiles()) {
  return readNginx(
    said(`${TIME} [emerg] 7#7: ${message}\nnginx: configuration file /stage/x test failed\n`),
    reading(files, more),
  );
}

describe('the staged copy for nginx', () => {
  it('has nothing to do without files for nginx', () => {
    const context = { plan: samplePlan(), files: [], stage: '/stage', tool: 'nginx', root: false };
    expect(nginxAccepts.prepare(context)).toBeUndefined();
  });

  it('keeps every line in its place', () => {
    const { files } = prepared();
    expect(textOf(files, 'etc/nginx/conf.d/shop.conf').split('\n')).toHaveLength(SITE.split('\n').length);
    expect(textOf(files, 'etc/nginx/snippets/shop-tls.conf').split('\n')).toHaveLength(
      TLS.split('\n').length,
    );
  });

  it('exchanges certificates and logs, and nothing else', () => {
    const { files } = prepared();
    expect(textOf(files, 'etc/nginx/snippets/shop-tls.conf')).toBe(
      TLS.replace('"/etc/letsencrypt/live/shop/fullchain.pem"', '"/stage/stubs/certificate.pem"').replace(
        '"/etc/letsencrypt/live/shop/privkey.pem"',
        '"/stage/stubs/key.pem"',
      ),
    );
    expect(textOf(files, 'etc/nginx/conf.d/shop.conf')).toBe(
      SITE.replace('/var/log/nginx/shop.access.log', '"/stage/logs/_var_log_nginx_shop.access.log"').replace(
        '/var/log/nginx/shop.error.log',
        '"/stage/logs/_var_log_nginx_shop.error.log"',
      ),
    );
  });

  it.each([
    'access_log off;',
    'access_log syslog:server=unix:/dev/log;',
    'access_log /var/log/nginx/$host.log;',
    'error_log stderr;',
    'ssl_certificate $certificate;',
    'ssl_certificate data:$pem;',
    'ssl_certificate_key "engine:pkcs11:x";',
    'include snippets/other.conf;',
    'alias /etc/nginx/x/;',
  ])('leaves %s as it is', (line) => {
    const { files } = prepared([treeFile('/etc/nginx/conf.d/a.conf', line)]);
    expect(textOf(files, 'etc/nginx/conf.d/a.conf')).toBe(line);
  });

  it('makes a certificate only where one is named', () => {
    expect(prepared().before).toHaveLength(1);
    expect(prepared([treeFile('/etc/nginx/conf.d/a.conf', 'server { listen 80; }')]).before).toEqual([]);
  });

  it('names a user only for root', () => {
    expect(textOf(prepared(sampleFiles(), true).files, 'etc/nginx/nginx.conf')).toContain('user root root;');
    expect(textOf(prepared(sampleFiles(), false).files, 'etc/nginx/nginx.conf')).not.toContain('user ');
  });

  it('puts its own nginx.conf in the place of any other', () => {
    const { files } = prepared([...sampleFiles(), treeFile('/etc/nginx/nginx.conf', 'events {}')]);
    expect(files.filter(({ path }) => path === 'etc/nginx/nginx.conf')).toHaveLength(1);
    expect(textOf(files, 'etc/nginx/nginx.conf')).toContain('include conf.d/*.conf;');
  });

  it("does not stage the web server's pages", () => {
    const page = treeFile('/usr/local/share/shop/unavailable.html', '<p>');
    expect(prepared([...sampleFiles(), page]).files.some(({ path }) => path.endsWith('.html'))).toBe(false);
  });
});

describe("nginx's words", () => {
  it('are not findings when all is well', () => {
    const output = `nginx: the configuration file /stage/x syntax is ok\nnginx: configuration file /stage/x test is successful\n`;
    expect(readNginx(said(output, 0), reading(sampleFiles()))).toEqual([]);
  });

  it('become a finding with file and line', () => {
    expect(complaint(`unknown directive "proxy_pas" in ${CONF}:15`)).toEqual([
      {
        code: 'nginx-complains',
        tool: 'nginx',
        level: 'error',
        file: 'root/etc/nginx/conf.d/shop.conf',
        line: 15,
        message: 'unknown directive "proxy_pas"',
        remedy: 'Did you mean proxy_pass?',
      },
    ]);
  });

  it('are understood without a time too', () => {
    const result = said(`nginx: [emerg] unexpected "}" in ${CONF}:20\n`);
    expect(readNginx(result, reading(sampleFiles()))).toMatchObject([
      { line: 20, message: 'unexpected "}"' },
    ]);
  });

  it('say since when a directive is known', () => {
    const [finding] = complaint(`unknown directive "http2" in ${CONF}:7`, {
      versions: { here: '1.22.1', wanted: '1.22.1' },
    });
    expect(finding?.remedy).toContain('from 1.25.1');
  });

  it.each([
    [`a duplicate default server for 0.0.0.0:80 in ${CONF}:2`, 'error', 'default_server'],
    [
      'could not build server_names_hash, you should increase server_names_hash_bucket_size: 64',
      'error',
      'server_names_hash_bucket_size 128',
    ],
    [`host not found in upstream "backend" in ${CONF}:14`, 'unchecked', 'resolve'],
    [`"gzip" directive is duplicate in ${CONF}:1`, 'error', 'gzip is already set'],
    [`"proxy_pass" directive is not allowed here in ${CONF}:1`, 'error', 'proxy_pass may stand'],
    [`unexpected end of file, expecting "}" in ${CONF}:21`, 'error', 'not closed'],
    [`directive "listen" is not terminated by ";" in ${CONF}:7`, 'error', '";" is missing'],
    [`unknown "shop_scheme" variable`, 'error', '$shop_scheme'],
    [`invalid number of arguments in "listen" directive in ${CONF}:7`, 'error', 'Correct the line'],
    [
      `cannot load certificate "/etc/x.pem": BIO_new_file() failed (SSL: error:80000002:system library::No such file or directory)`,
      'unchecked',
      'on this machine',
    ],
    [
      `open() "/stage/etc/nginx/snippets/none.conf" failed (2: No such file or directory) in ${CONF}:9`,
      'error',
      'Correct the path',
    ],
    [
      'dlopen() "/usr/lib/x.so" failed in /etc/nginx/modules-enabled/50-x.conf:1',
      'unchecked',
      'not of the deployment',
    ],
  ])('%s', (message, level, remedy) => {
    expect(complaint(message)).toMatchObject([{ level, remedy: expect.stringContaining(remedy) }]);
  });

  it.each([
    'bind() to 203.0.113.9:443 failed (99: Cannot assign requested address)',
    'bind() to 0.0.0.0:80 failed (13: Permission denied)',
    'socket() [::]:80 failed (97: Address family not supported by protocol)',
  ])('about addresses of this machine are not findings once the syntax is ok: %s', (message) => {
    const output = `nginx: the configuration file /stage/x syntax is ok\n${TIME} [emerg] 7#7: ${message}\n`;
    expect(readNginx(said(output), reading(sampleFiles()))).toEqual([]);
  });

  it.each([
    'the "user" directive makes sense only if the master process runs with super-user privileges, ignored in /stage/etc/nginx/nginx.conf:1',
    '"ssl_stapling" ignored, issuer certificate not found for certificate "/stage/stubs/certificate.pem"',
  ])('that only the stage provokes are not findings: %s', (message) => {
    expect(readNginx(said(`${TIME} [warn] 7#7: ${message}\n`, 0), reading(sampleFiles()))).toEqual([]);
  });

  it('name the later of two blocks with the same server name', () => {
    const copy = treeFile(
      '/etc/nginx/conf.d/zz.conf',
      '\nserver { listen 443 ssl; server_name x shop.example; }\n',
    );
    const result = said(
      `${TIME} [warn] 7#7: conflicting server name "shop.example" on 0.0.0.0:443, ignored\n`,
      0,
    );
    expect(readNginx(result, reading([copy, ...sampleFiles()]))).toMatchObject([
      { level: 'warning', file: 'root/etc/nginx/conf.d/zz.conf', line: 2 },
    ]);
  });

  describe('about deprecations', () => {
    const line = `${TIME} [warn] 7#7: the "listen ... http2" directive is deprecated, use the "http2" directive instead in ${CONF}:6\n`;

    it('are warnings where the host will have the same nginx', () => {
      const versions = { here: '1.26.3', wanted: '1.26.3' };
      expect(readNginx(said(line, 0), reading(sampleFiles(), { versions }))).toMatchObject([
        { level: 'warning', line: 6 },
      ]);
    });

    it('are not warnings where the host will have an older one, and are told once', () => {
      const versions = { here: '1.26.3', wanted: '1.22.1' };
      const found = nginxAccepts.read(
        said(line + line.replace(':6', ':7'), 0),
        reading(sampleFiles(), { versions }),
      );
      expect(found).toMatchObject([{ level: 'unchecked', remedy: expect.stringContaining('1.26.3') }]);
    });
  });

  it('about listen options are not warnings either where the host will have an older nginx', () => {
    const line = `${TIME} [warn] 7#7: protocol options redefined for 0.0.0.0:443 in ${CONF}:6\n`;
    const at = (wanted: string) =>
      readNginx(said(line, 0), reading(sampleFiles(), { versions: { here: '1.26.3', wanted } }))[0]?.level;
    expect([at('1.22.1'), at('1.26.3')]).toEqual(['unchecked', 'warning']);
  });

  it('about curves blame this machine where the plan chose them', () => {
    const message = `SSL_CTX_set1_curves_list("X25519:prime256v1:secp384r1") failed (SSL:) in ${CONF}:1`;
    expect(complaint(message)).toMatchObject([{ level: 'unchecked' }]);
    expect(complaint(message.replace('X25519:', 'X25519MLKEM768:'))).toMatchObject([{ level: 'error' }]);
  });

  it('that are none of nginx mean that it does not work', () => {
    expect(
      readNginx(said('nginx: error while loading shared libraries'), reading(sampleFiles())),
    ).toMatchObject([{ level: 'unchecked', message: expect.stringContaining('shared libraries') }]);
  });

  it('have no path of the stage left', () => {
    const files = editedFiles('/etc/nginx/conf.d/shop.conf', 'snippets/shop-tls', 'snippets/none');
    const [finding] = complaint(
      `open() "/stage/etc/nginx/snippets/none.conf" failed (2: No such file or directory) in ${CONF}:9`,
      {},
      files,
    );
    expect(finding?.message).not.toContain('/stage');
  });
});
