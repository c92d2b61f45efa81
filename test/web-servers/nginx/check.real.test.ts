import { describe, expect } from 'vitest';
import { check } from '../../../src/check/run.ts';
import type { TreeFile } from '../../../src/contract/validator.ts';
import { nginxAccepts } from '../../../src/web-servers/nginx/check.ts';
import { editedFiles, lineOfText, sampleFiles, samplePlan, treeFile } from '../../check/samples.ts';
import { itWith, tools, versionHere } from '../../check/tools/real.ts';

const it = await itWith(nginxAccepts);
const plan = samplePlan({ nginx: await versionHere(nginxAccepts) });
const SITE = '/etc/nginx/conf.d/shop.conf';
const SNIPPET = '/etc/nginx/snippets/shop-tls.conf';

/** Deprecations depend on the nginx that is here. */
async function findings(files: TreeFile[]) {
  const found = await check({ plan, files, validators: [nginxAccepts], runner: tools });
  return found.filter(({ message }) => !message.includes('deprecated'));
}

describe('real nginx', () => {
  it('accepts a good site, whose certificates are not here', async () => {
    expect(await findings(sampleFiles())).toEqual([]);
  });

  it('names file and line of an unknown directive, and the one that was meant', async () => {
    const files = editedFiles(SITE, 'proxy_pass http', 'proxy_pas http');
    expect(await findings(files)).toEqual([
      {
        code: 'nginx-complains',
        tool: 'nginx',
        level: 'error',
        file: 'root/etc/nginx/conf.d/shop.conf',
        line: lineOfText(files, SITE, 'proxy_pas '),
        message: 'unknown directive "proxy_pas"',
        remedy: expect.any(String),
      },
    ]);
  });

  it('suggests the directive that the files have elsewhere', async () => {
    const files = editedFiles(SITE, 'error_log ', 'acces_log ');
    expect((await findings(files))[0]?.remedy).toBe('Did you mean access_log?');
  });

  it('names the line of a fault in an included file', async () => {
    const files = editedFiles(SNIPPET, 'TLSv1.2', 'TLSv1.2.3');
    expect(await findings(files)).toMatchObject([{ file: 'root/etc/nginx/snippets/shop-tls.conf', line: 4 }]);
  });

  it('finds a warning although nginx exits with 0', async () => {
    const copy = treeFile(
      '/etc/nginx/conf.d/zz-copy.conf',
      'server {\n  listen 80;\n  server_name a.example;\n}\n'.repeat(2),
    );
    expect(await findings([...sampleFiles(), copy])).toMatchObject([
      {
        level: 'warning',
        file: 'root/etc/nginx/conf.d/zz-copy.conf',
        line: 7,
        message: expect.stringContaining('"a.example"'),
      },
    ]);
  });

  it('finds two default servers', async () => {
    const two = 'server { listen 80 default_server; return 444; }\n'.repeat(2);
    const file = treeFile('/etc/nginx/conf.d/00-default.conf', two);
    expect(await findings([...sampleFiles(), file])).toMatchObject([
      { level: 'error', line: 2, message: expect.stringContaining('duplicate default server') },
    ]);
  });

  it("finds what Debian's nginx.conf already sets", async () => {
    const file = treeFile('/etc/nginx/conf.d/gzip.conf', '\ngzip on;\n');
    expect(await findings([...sampleFiles(), file])).toMatchObject([
      {
        level: 'error',
        file: 'root/etc/nginx/conf.d/gzip.conf',
        line: 2,
        message: '"gzip" directive is duplicate',
      },
    ]);
  });

  it('does not mind an address that this machine does not have', async () => {
    expect(await findings(editedFiles(SITE, 'listen 443', 'listen 203.0.113.9:443'))).toEqual([]);
  });

  it('calls a snippet missing that the deployment ought to have', async () => {
    const files = editedFiles(SITE, 'snippets/shop-tls.conf', 'snippets/shop-tsl.conf');
    expect(await findings(files)).toMatchObject([
      { level: 'error', line: 9, message: expect.stringContaining('No such file') },
    ]);
  });

  it('stages absolute paths of includes', async () => {
    const files = editedFiles(SITE, 'include snippets', "include '/etc/nginx/snippets");
    const closed = files.map((file) => ({
      ...file,
      text: file.text.replace('shop-tls.conf;', "shop-tls.conf';"),
    }));
    expect(await findings(closed)).toEqual([]);
  });

  it('cannot judge a name that does not resolve here', async () => {
    const files = editedFiles(SITE, 'http://shop', 'http://nowhere.invalid');
    expect(await findings(files)).toMatchObject([
      { level: 'unchecked', message: expect.stringContaining('host not found') },
    ]);
  });

  it('cannot judge a file that only the host has', async () => {
    const files = editedFiles(SNIPPET, 'ssl_protocols', 'ssl_crl /srv/nowhere/crl.pem;ssl_protocols');
    expect(await findings(files)).toMatchObject([
      { level: 'unchecked', message: expect.stringContaining('/srv/nowhere/crl.pem') },
    ]);
  });

  it('has stand-ins for every kind of file that nginx reads at once', async () => {
    const more = [
      'ssl_dhparam /srv/dh.pem;',
      'ssl_session_ticket_key /srv/ticket.key;',
      'ssl_password_file /srv/words;',
      'ssl_client_certificate /srv/ca.pem;',
      'ssl_trusted_certificate /srv/ca.pem;',
    ].join(' ');
    expect(await findings(editedFiles(SNIPPET, 'ssl_protocols', `${more} ssl_protocols`))).toEqual([]);
  });

  it('leaves no scratch folder of the person in the way', async () => {
    const file = treeFile(
      '/etc/nginx/conf.d/cache.conf',
      'proxy_temp_path /srv/nowhere/t;\nproxy_cache_path /srv/nowhere/c keys_zone=c:1m;\n',
    );
    expect(await findings([...sampleFiles(), file])).toEqual([]);
  });
});
